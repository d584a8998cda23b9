/* twins.c - points of a sweep that are one and the same experiment.
 *
 * They come in families, such as every seed of two methods that do not differ: a family is
 * the pairs whose labels differ in the same axes and values.
 */
#include "core/sweep/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct family {
    int a, b; /* the first pair */
    int pairs;
    bool *common; /* [axes]: all second points have the same value there */
} family;

typedef struct finder {
    const gedi__plan *p;
    family *of; /* [points] */
    int n;
    gedi__arena arena;
} finder;

static int by_hash(const void *a, const void *b)
{
    const gedi__point *const *p = a, *const *q = b;
    int order = strcmp((*p)->hash, (*q)->hash);
    return order ? order : (*p > *q) - (*p < *q);
}

static int level(const finder *f, int point, int axis)
{
    return f->p->sweep->level[point * f->p->sweep->axes + axis];
}

/* Do a and b differ as the first pair of the family does? */
static bool is_of(const finder *f, const family *k, int a, int b)
{
    for (int x = 0; x < f->p->sweep->axes; x++) {
        bool own = level(f, a, x) != level(f, b, x);
        if (own != (level(f, k->a, x) != level(f, k->b, x)))
            return false;
        if (own &&
            (level(f, a, x) != level(f, k->a, x) || level(f, b, x) != level(f, k->b, x)))
            return false;
    }
    return true;
}

static gedi_status add_pair(finder *f, int a, int b)
{
    int axes = f->p->sweep->axes, i = 0;
    while (i < f->n && !is_of(f, &f->of[i], a, b))
        i++;
    family *k = &f->of[i];
    if (i == f->n) {
        *k = (family){.a = a, .b = b};
        k->common = gedi__arena_alloc(&f->arena, (size_t)axes * sizeof *k->common);
        if (!k->common)
            return GEDI_NOMEM;
        for (int x = 0; x < axes; x++)
            k->common[x] = true;
        f->n++;
    }
    for (int x = 0; x < axes; x++)
        k->common[x] &= level(f, b, x) == level(f, k->b, x);
    if (b < k->b) { /* hashes come in any order */
        k->a = a;
        k->b = b;
    }
    k->pairs++;
    return GEDI_OK;
}

/* "method: same, inv: 50": the second points of a family, for `exclude`. */
static void add_second(const finder *f, const family *k, gedi__text *out)
{
    const gedi__sweep *s = f->p->sweep;
    for (int x = 0; x < s->axes; x++)
        for (int i = 0; k->common[x] && s->axis[x].levels > 1 && i < s->axis[x].names;
             i++)
            gedi__text_add(out, "%s%s: %s", out->len ? ", " : "", s->axis[x].name[i],
                           s->axis[x].level[level(f, k->b, x)].label[i]);
}

static void say(const finder *f, const family *k, const char *file, gedi__mistakes *m)
{
    gedi__text second = {0};
    char more[48] = "";
    if (k->pairs > 1)
        snprintf(more, sizeof more, ", the first of %d such pairs", k->pairs);
    add_second(f, k, &second);
    gedi__mistake(
        m, (gedi__place){file, 0, 0},
        "two points are the same experiment, (%.200s) and (%.200s)%s: leave one out, "
        "exclude: [{%.200s}]",
        f->p->point[k->a].title, f->p->point[k->b].title, more, second.s ? second.s : "");
    m->text.failed |= second.failed;
    gedi__text_clear(&second);
}

static gedi_status find(finder *f, const gedi__point **sorted)
{
    const gedi__point *all = f->p->point;
    for (int i = 0; i < f->p->points; i++)
        sorted[i] = &all[i];
    qsort(sorted, (size_t)f->p->points, sizeof *sorted, by_hash);
    const gedi__point *first = sorted[0];
    for (int i = 1; i < f->p->points; i++)
        if (strcmp(sorted[i]->hash, first->hash))
            first = sorted[i];
        else
            GEDI_TRY(add_pair(f, (int)(first - all), (int)(sorted[i] - all)));
    return GEDI_OK;
}

static int by_place(const void *a, const void *b)
{
    const family *k = a, *l = b;
    return k->b - l->b;
}

gedi_status gedi__plan_check_twins(const gedi__plan *p, const char *file,
                                   gedi__mistakes *m)
{
    finder f = {.p = p};
    const gedi__point **sorted = calloc((size_t)p->points, sizeof *sorted);
    f.of = calloc((size_t)p->points, sizeof *f.of);
    gedi_status s = sorted && f.of ? find(&f, sorted) : GEDI_NOMEM;
    if (!s)
        qsort(f.of, (size_t)f.n, sizeof *f.of, by_place);
    for (int i = 0; !s && i < f.n; i++)
        say(&f, &f.of[i], file, m);
    free(sorted);
    free(f.of);
    gedi__arena_clear(&f.arena);
    return s;
}
