/* later.c - what evaluations that were made later say of a run, beside its own summary. */
#include "core/store/later.h"
#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/store/folder.h"
#include "core/store/json.h"
#include "core/store/summary.h"
#include "core/store/summary_parts.h"

#include <dirent.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

bool gedi__later_changes(const char *value)
{
    static const char *const free_key[] = {"evaluate", "figures", "threads", "directory",
                                           "name"};
    for (size_t k = 0; k < sizeof free_key / sizeof *free_key; k++) {
        size_t n = strlen(free_key[k]);
        if (!strncmp(value, free_key[k], n) && (value[n] == '=' || value[n] == '.'))
            return false;
    }
    return true;
}

/* The value that tells numbers apart is put into an evaluator. */
static bool changes_evaluators_alone(const json_t *with)
{
    json_t *v;
    size_t i;
    json_array_foreach(with, i, v)
    {
        if (!json_is_string(v) || gedi__later_changes(json_string_value(v)))
            return false;
    }
    return json_is_array(with);
}

static int64_t iterations_of(const json_t *summary)
{
    const json_t *best = json_object_get(json_object_get(summary, "best"), "iteration");
    const json_t *all = json_object_get(summary, "iterations");
    return json_integer_value(best ? best : all);
}

/* Does the evaluation speak of the weights that the summary does? */
static bool of_the_same(const json_t *evaluation, const json_t *summary)
{
    return changes_evaluators_alone(json_object_get(evaluation, "with")) &&
           iterations_of(evaluation) == iterations_of(summary);
}

typedef struct evaluations { /* newest first */
    int n;
    json_t **summary; /* NULL: it cannot be read */
} evaluations;

static gedi_status read_all(evaluations *all, const char *folder, gedi_err *err)
{
    struct dirent **entry = NULL;
    int n = scandir(folder, &entry, gedi__store_is_evaluation, versionsort);
    gedi_status s = GEDI_OK;
    *all = (evaluations){0};
    if (n > 0 &&
        !(all->summary = gedi__alloc((size_t)n, sizeof *all->summary, err, "%s", folder)))
        s = GEDI_NOMEM;
    for (int i = n - 1; i >= 0; i--) {
        char *within = gedi__path_join(folder, entry[i]->d_name);
        char *path = within ? gedi__store_path(within, GEDI__FILE_SUMMARY, NULL) : NULL;
        gedi_status own = path ? GEDI_OK : GEDI_NOMEM;
        if (!s && path && gedi__file_exists(path))
            own = gedi__summary_read(path, &all->summary[all->n++], NULL);
        if (own == GEDI_NOMEM)
            s = gedi_no_memory(err, "%s", folder);
        free(path);
        free(within);
        free(entry[i]);
    }
    free(entry);
    return s;
}

static void clear(evaluations *all)
{
    for (int i = 0; i < all->n; i++)
        json_decref(all->summary[i]);
    free(all->summary);
}

/* The newest of those that saw most iterations. */
static json_t *furthest(const evaluations *all)
{
    json_t *best = NULL;
    for (int i = 0; i < all->n; i++)
        if (changes_evaluators_alone(json_object_get(all->summary[i], "with")) &&
            (!best || iterations_of(all->summary[i]) > iterations_of(best)))
            best = all->summary[i];
    return json_incref(best);
}

gedi_status gedi__later_add(const char *folder, json_t **summary, gedi_err *err)
{
    evaluations all;
    gedi_status s = read_all(&all, folder, err);
    if (!s && !*summary && (*summary = furthest(&all)))
        gedi__summary_forget_descriptor(*summary); /* it is the evaluation's */
    for (int i = 0; !s && *summary && i < all.n; i++)
        if (all.summary[i] != *summary && of_the_same(all.summary[i], *summary))
            gedi__summary_join(*summary, all.summary[i]);
    clear(&all);
    if (!s && gedi__json_lacked_memory())
        s = gedi_no_memory(err, "%s", folder);
    return s;
}

int64_t gedi__later_last(const char *folder)
{
    evaluations all;
    int64_t last = 0;
    if (!read_all(&all, folder, NULL)) {
        json_t *o = furthest(&all);
        last = o ? iterations_of(o) : 0;
        json_decref(o);
    }
    clear(&all);
    return last;
}

static bool is_with(const json_t *evaluation, const char *const *with, int n)
{
    const json_t *own = json_object_get(evaluation, "with");
    bool same = json_array_size(own) == (size_t)n;
    for (int i = 0; same && i < n; i++) {
        const char *text = json_string_value(json_array_get(own, (size_t)i));
        same = text && !strcmp(text, with[i]);
    }
    return same;
}

static bool differs(const json_t *a, const json_t *b, const char *key, const char *name)
{
    const json_t *own = json_object_get(json_object_get(a, key), name);
    const json_t *other = json_object_get(json_object_get(b, key), name);
    return (own || other) && !json_equal(own, other);
}

/* Have both numbers by that name of an evaluator, and other ones? */
static bool contradicts(const json_t *a, const json_t *b, const char *name)
{
    return json_object_get(json_object_get(a, GEDI__SUMMARY_EVALUATION), name) &&
           json_object_get(json_object_get(b, GEDI__SUMMARY_EVALUATION), name) &&
           (differs(a, b, GEDI__SUMMARY_EVALUATION, name) ||
            differs(a, b, GEDI__SUMMARY_DEFINITIONS, name));
}

/* Do tables show other numbers in place of those of evaluation i, as a newer one has them? */
static bool is_replaced(const evaluations *all, int i, const json_t *summary)
{
    const char *name;
    json_t *numbers;
    for (int k = 0; k < i; k++)
        json_object_foreach(
            json_object_get(all->summary[k], GEDI__SUMMARY_EVALUATION), name,
            numbers) if (of_the_same(all->summary[k], summary) &&
                         contradicts(all->summary[i], all->summary[k], name)) return true;
    return false;
}

bool gedi__later_has(const char *folder, const char *const *with, int n)
{
    evaluations all;
    json_t *summary = NULL;
    bool has = false;
    char *path = gedi__store_path(folder, GEDI__FILE_SUMMARY, NULL);
    if (path && gedi__file_exists(path) && !gedi__summary_read(path, &summary, NULL)) {
        if (!read_all(&all, folder, NULL))
            for (int i = 0; i < all.n; i++)
                has |= is_with(all.summary[i], with, n) &&
                       !json_object_get(all.summary[i], GEDI__SUMMARY_UNEVALUATED) &&
                       iterations_of(all.summary[i]) == iterations_of(summary) &&
                       !is_replaced(&all, i, summary);
        clear(&all);
    }
    json_decref(summary);
    free(path);
    return has;
}

void gedi__later_hidden(const char *folder, gedi__text *hidden, gedi__text *replaced)
{
    evaluations all = {0};
    json_t *summary = NULL, *numbers;
    const char *name;
    char *path = gedi__store_path(folder, GEDI__FILE_SUMMARY, NULL);
    bool read = path && gedi__file_exists(path) &&
                !gedi__summary_read(path, &summary, NULL) &&
                !read_all(&all, folder, NULL);
    const json_t *newest = read && all.n ? all.summary[0] : NULL;
    json_object_foreach(json_object_get(newest, GEDI__SUMMARY_EVALUATION), name, numbers)
    {
        bool own =
            json_object_get(json_object_get(summary, GEDI__SUMMARY_EVALUATION), name);
        bool other = false;
        for (int i = 1; i < all.n && !own; i++)
            other |= of_the_same(all.summary[i], summary) &&
                     contradicts(newest, all.summary[i], name);
        if (contradicts(newest, summary, name))
            gedi__text_add(hidden, "%s%s", hidden->len ? ", " : "", name);
        if (other && of_the_same(newest, summary))
            gedi__text_add(replaced, "%s%s", replaced->len ? ", " : "", name);
    }
    clear(&all);
    json_decref(summary);
    free(path);
}
