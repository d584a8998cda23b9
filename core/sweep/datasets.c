/* datasets.c - are the files of a sweep's datasets there? */
#include "core/sweep/datasets.h"
#include "core/descriptor/trees.h"
#include "core/plugin/call.h"
#include "core/sweep/label.h"

#include <stdlib.h>
#include <string.h>

typedef struct seen { /* datasets that could be opened, each as its descriptors have it */
    char **text;
    int n;
    gedi__trees trees; /* the descriptor, read for the first of them */
} seen;

static bool is_seen(const seen *all, const char *text)
{
    int i = 0;
    while (i < all->n && strcmp(all->text[i], text))
        i++;
    return i < all->n;
}

static gedi_status open_one(const gedi__experiment *e, gedi_err *err)
{
    gedi_data_info info;
    GEDI_TRY(gedi__dataset_open(&e->dataset, e->seed, e->directory, &info, err));
    gedi__dataset_close(&e->dataset);
    return GEDI_OK;
}

static gedi_status open_point(const gedi__plan *p, int i, const char *file,
                              const char *const *override, int n, gedi__setting *set,
                              gedi__trees *trees, gedi_err *err)
{
    gedi__experiment *e;
    gedi__mistakes m = {0};
    int k = gedi__sweep_point(p->sweep, i, set);
    gedi_status s =
        gedi__experiment_read_point(file, trees, override, n, set, k, &e, &m, err);
    gedi__text_clear(&m.text);
    if (s == GEDI_OK)
        s = open_one(e, err);
    gedi__experiment_free(e);
    return s;
}

/* What a dataset is: its name, its options, and where their relative paths start. */
static gedi_status describe(const char *resolved, gedi__text *out)
{
    gedi__text path = {0};
    gedi_status s = gedi__descriptor_label(resolved, "dataset", out);
    gedi__text_add(&path, "dataset.%s", out->s ? out->s : "");
    if (s == GEDI_OK && !path.failed)
        s = gedi__descriptor_label(resolved, path.s, out);
    if (s == GEDI_OK)
        s = gedi__descriptor_label(resolved, "directory", out);
    s = path.failed ? GEDI_NOMEM : s;
    gedi__text_clear(&path);
    return s;
}

/* Opens the dataset of point i unless it is one of `all`. */
static gedi_status look(const gedi__plan *p, int i, const char *file,
                        const char *const *override, int n, gedi__setting *set, seen *all,
                        gedi_err *err)
{
    gedi__text t = {0};
    gedi_status s = describe(p->point[i].resolved, &t);
    if (s != GEDI_OK) {
        gedi_no_memory(err, "the datasets of a sweep");
    } else if (!is_seen(all, t.s)) {
        s = open_point(p, i, file, override, n, set, &all->trees, err);
        all->text[all->n++] = t.s;
        return s;
    }
    gedi__text_clear(&t);
    return s;
}

gedi_status gedi__datasets_open(const gedi__plan *p, const bool *todo, const char *file,
                                const char *const *override, int n, gedi_err *err)
{
    int most = gedi__sweep_most_settings(p->sweep);
    gedi__setting *set = calloc((size_t)most + 1, sizeof *set);
    seen all = {.text = calloc((size_t)p->points, sizeof *all.text)};
    gedi_status s =
        set && all.text ? GEDI_OK : gedi_no_memory(err, "the datasets of a sweep");
    for (int i = 0; s == GEDI_OK && i < p->points; i++)
        if (todo[i])
            s = look(p, i, file, override, n, set, &all, err);
    for (int i = 0; i < all.n; i++)
        free(all.text[i]);
    free(all.text);
    gedi__trees_clear(&all.trees);
    free(set);
    return s;
}
