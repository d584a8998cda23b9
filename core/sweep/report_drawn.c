/* report_drawn.c - which pictures a folder is to have: those of an earlier descriptor stay in it, and are not shown. */
#include "core/base/file.h"
#include "core/descriptor/tree.h"
#include "core/report/run_figures.h"
#include "core/store/folder.h"
#include "core/store/summary.h"
#include "core/sweep/points.h"
#include "core/sweep/report_parts.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_DESCRIPTOR = 1 << 18 };

/* The names in "figures: [losses, {clusters: {...}}]"; NULL where there is no such key. */
static json_t *names_in(const gedi__tree *root)
{
    const gedi__tree *list = gedi__tree_get(root, "figures");
    json_t *out = list ? json_array() : NULL;
    for (const gedi__tree *t = list ? list->child : NULL; t; t = t->next) {
        const char *name = t->kind == GEDI__SCALAR ? t->text
                           : t->child              ? t->child->key
                                                   : NULL;
        if (name)
            json_array_append_new(out, gedi__report_word(name));
    }
    return out;
}

/* What the run's own descriptor states; NULL where it cannot be read. */
static json_t *stated_by(const char *folder, bool *failed)
{
    char *path = gedi__store_path(folder, GEDI__FILE_DESCRIPTOR, NULL), *text = NULL;
    size_t size;
    gedi__arena arena = {0};
    gedi__mistakes m = {0};
    gedi__tree *root = NULL;
    json_t *out = NULL;
    *failed |= !path;
    if (path && !gedi__file_read_most(path, MOST_DESCRIPTOR, &text, &size, NULL))
        *failed |= gedi__tree_parse(text, size, "", true, &arena, &m, &root) != GEDI_OK;
    if (root)
        out = names_in(root);
    gedi__text_clear(&m.text);
    gedi__arena_clear(&arena);
    free(text);
    free(path);
    return out;
}

static bool is_among(const json_t *names, const char *name)
{
    const json_t *v;
    size_t i;
    json_array_foreach(names, i, v)
    {
        if (json_is_string(v) && !strcmp(json_string_value(v), name))
            return true;
    }
    return false;
}

gedi_status gedi__report_drawn(const gedi__study *s, const gedi__result *r, json_t **out,
                               gedi_err *err)
{
    bool failed = false;
    /* A point that is finished keeps the descriptor it was run with: what is wanted now the sweep knows. */
    json_t *all = r->document ? gedi__points_drawn(s->document[r->document - 1]) : NULL;
    if (!all)
        all = stated_by(r->folder, &failed);
    for (size_t i = json_array_size(all); i-- > 0;) {
        const char *name = json_string_value(json_array_get(all, i));
        if (!name || !gedi__summary_drew(r->summary, name))
            json_array_remove(all, i);
    }
    if (is_among(all, "samples") &&
        gedi__summary_drew_with(r->summary, "samples", "every"))
        json_array_append_new(all, json_string(GEDI__SAMPLES_ALONG));
    *out = all;
    return failed ? gedi_no_memory(err, "%s", r->folder) : GEDI_OK;
}
