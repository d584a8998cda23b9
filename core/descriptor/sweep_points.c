/* sweep_points.c - the product of the axes of a sweep, without what is excluded. */
#include "core/descriptor/fill.h"
#include "core/descriptor/sweep_blocks.h"

#include <string.h>

typedef struct expansion {
    gedi__sweep *s;
    gedi__mistakes *m;
    bool partial; /* axes have mistakes: some may not be there */
    int exclusions;
    bool ***exclude; /* [exclusions]: as `hit` of an adjust */
} expansion;

const gedi__axis *gedi__sweep_axis(const gedi__sweep *s, const char *name, int *k)
{
    for (int a = 0; a < s->axes; a++)
        for (*k = 0; *k < s->axis[a].names; ++*k)
            if (!strcmp(s->axis[a].name[*k], name))
                return &s->axis[a];
    return NULL;
}

int gedi__sweep_most_settings(const gedi__sweep *s)
{
    int n = 0;
    for (int a = 0; a < s->axes; a++) {
        int most = 0;
        for (int i = 0; i < s->axis[a].levels; i++)
            if (s->axis[a].level[i].settings > most)
                most = s->axis[a].level[i].settings;
        n += most;
    }
    for (int i = 0; i < s->adjusts; i++)
        n += s->adjust[i].settings;
    return n;
}

/* Are these levels, one an axis, among those meant? */
static bool is_meant(const gedi__sweep *s, bool **hit, const int *level)
{
    int a = 0;
    while (a < s->axes && (!hit[a] || hit[a][level[a]]))
        a++;
    return a == s->axes;
}

int gedi__sweep_point(const gedi__sweep *s, int i, gedi__setting *out)
{
    int n = 0;
    for (int a = 0; a < s->axes; a++) {
        const gedi__axis_point *l = &s->axis[a].level[s->level[i * s->axes + a]];
        for (int k = 0; k < l->settings; k++)
            out[n++] = l->setting[k];
    }
    for (int a = 0; a < s->adjusts; a++)
        for (int k = 0; k < s->adjust[a].settings; k++)
            if (is_meant(s, s->adjust[a].hit, s->level + i * s->axes))
                out[n++] = s->adjust[a].setting[k];
    return n;
}

/* ---- some of the points ---- */

/* Marks the levels of `axis` that have this label; `block` is for messages. */
static void hit_label(expansion *x, const char *block, const gedi__axis *axis, int k,
                      const gedi__tree *t, bool *hit)
{
    bool any = false;
    for (int i = 0; i < axis->levels && t->kind == GEDI__SCALAR; i++)
        if (!strcmp(axis->level[i].label[k], t->text))
            any = hit[i] = true;
    if (any || axis->flawed)
        return;
    gedi__text legal = {0};
    for (int i = 0; i < axis->levels && i < 20; i++)
        gedi__text_add(&legal, "%s%s", i ? ", " : "", axis->level[i].label[k]);
    gedi__mistake(x->m, t->at, "%s: '%.64s' is no value of %s (there are: %s%s)", block,
                  t->kind == GEDI__SCALAR ? t->text : gedi__tree_what(t), axis->name[k],
                  legal.s ? legal.s : "", axis->levels > 20 ? ", ..." : "");
    x->m->text.failed |= legal.failed;
    gedi__text_clear(&legal);
}

static void no_axis(expansion *x, const gedi__tree *t)
{
    const char *legal[64];
    int n = 0;
    for (int a = 0; a < x->s->axes; a++)
        for (int k = 0; k < x->s->axis[a].names && n < 64; k++)
            legal[n++] = x->s->axis[a].name[k];
    gedi__mistake_unknown(x->m, t->key_at, "axis", t->key, NULL, legal, n);
}

/* One condition, {axis: label} or {axis: [label, label]}. */
static gedi_status read_condition(expansion *x, const char *block, const gedi__tree *c,
                                  bool **of)
{
    int k;
    const gedi__axis *axis = gedi__sweep_axis(x->s, c->key, &k);
    if (!axis) {
        if (!x->partial)
            no_axis(x, c);
        return GEDI_OK;
    }
    bool *hit = gedi__arena_alloc(&x->s->arena, (size_t)axis->levels * sizeof *hit);
    if (!hit)
        return GEDI_NOMEM;
    if (c->kind == GEDI__LIST)
        for (const gedi__tree *v = c->child; v; v = v->next)
            hit_label(x, block, axis, k, v, hit);
    else
        hit_label(x, block, axis, k, c, hit);
    bool **already = &of[axis - x->s->axis];
    for (int i = 0; *already && i < axis->levels; i++) /* the other of two zipped names */
        hit[i] &= (*already)[i];
    *already = hit;
    return GEDI_OK;
}

/* All conditions of an entry, which must hold together; `set` is none of them. */
static gedi_status read_conditions(expansion *x, const char *block, const gedi__tree *t,
                                   bool ***out)
{
    int n = 0;
    *out = gedi__arena_alloc(&x->s->arena, (size_t)x->s->axes * sizeof **out);
    if (!*out)
        return GEDI_NOMEM;
    for (const gedi__tree *c = t->kind == GEDI__MAP ? t->child : NULL; c; c = c->next) {
        if (!strcmp(block, "adjust") && !strcmp(c->key, "set"))
            continue;
        GEDI_TRY(read_condition(x, block, c, *out));
        n++;
    }
    if (!n)
        gedi__mistake(
            x->m, t->at,
            "%s: %s is given, but it must be a mapping of axes to values: {seed: "
            "0, dataset: moons%s}",
            block, t->kind == GEDI__MAP ? "no axis" : gedi__tree_what(t),
            strcmp(block, "adjust") ? "" : ", set: {...}");
    return GEDI_OK;
}

/* The value of an axis is what tables call its points by, so it must be what they run with.
 * What lies below it may change, and so may what points with names set. */
static bool spares_axes(expansion *x, const gedi__tree *v)
{
    size_t n = strlen(v->key);
    for (int a = 0; a < x->s->axes; a++)
        for (int k = 0; k < x->s->axis[a].names && !x->s->axis[a].named; k++) {
            const char *path = x->s->axis[a].name[k];
            if (strncmp(path, v->key, n) || (path[n] && path[n] != '.'))
                continue;
            gedi__mistake(x->m, v->key_at,
                          "adjust: %.64s would replace the value of the axis %.64s, by "
                          "which tables call the point",
                          v->key, path);
            return false;
        }
    return true;
}

/* What an entry of `adjust:` sets. */
static gedi_status read_set(expansion *x, const gedi__tree *entry, gedi__adjust *a)
{
    const gedi__tree *set = gedi__tree_get(entry, "set");
    if (!set || set->kind != GEDI__MAP || !set->child) {
        gedi__mistake(x->m, set ? set->at : entry->at,
                      "adjust: %s, but `set` must be a mapping of paths to values: {set: "
                      "{train.batch: 100}}",
                      set ? "this is something else" : "nothing is set");
        return GEDI_OK;
    }
    a->setting = gedi__arena_alloc(&x->s->arena,
                                   (size_t)gedi__tree_count(set) * sizeof *a->setting);
    if (!a->setting)
        return GEDI_NOMEM;
    for (const gedi__tree *v = set->child; v; v = v->next)
        if (gedi__sweep_check_path(v, x->m) && spares_axes(x, v))
            a->setting[a->settings++] = (gedi__setting){v->key, v, v->key_at};
    return GEDI_OK;
}

/* The list under `block`; *n is 0 where there is none, or after a mistake. */
static const gedi__tree *list_of(expansion *x, const gedi__tree *sweep, const char *block,
                                 int *n)
{
    const gedi__tree *list = gedi__tree_get(sweep, block);
    *n = list && list->kind == GEDI__LIST ? gedi__tree_count(list) : 0;
    if (list && list->kind != GEDI__LIST)
        gedi__mistake(x->m, list->at,
                      "%s: %s is given, but it must be a list of mappings: [{seed: 0, "
                      "dataset: moons}]",
                      block, gedi__tree_what(list));
    return list;
}

static gedi_status read_exclusions(expansion *x, const gedi__tree *sweep)
{
    int n;
    const gedi__tree *list = list_of(x, sweep, "exclude", &n);
    x->exclude = gedi__arena_alloc(&x->s->arena, (size_t)n * sizeof *x->exclude);
    if (!x->exclude)
        return GEDI_NOMEM;
    for (const gedi__tree *t = n ? list->child : NULL; t; t = t->next)
        GEDI_TRY(read_conditions(x, "exclude", t, &x->exclude[x->exclusions++]));
    return GEDI_OK;
}

static gedi_status read_adjusts(expansion *x, const gedi__tree *sweep)
{
    int n;
    const gedi__tree *list = list_of(x, sweep, "adjust", &n);
    x->s->adjust = gedi__arena_alloc(&x->s->arena, (size_t)n * sizeof *x->s->adjust);
    if (!x->s->adjust)
        return GEDI_NOMEM;
    for (const gedi__tree *t = n ? list->child : NULL; t; t = t->next) {
        gedi__adjust *a = &x->s->adjust[x->s->adjusts++];
        GEDI_TRY(read_conditions(x, "adjust", t, &a->hit));
        if (t->kind == GEDI__MAP)
            GEDI_TRY(read_set(x, t, a));
    }
    return GEDI_OK;
}

static bool is_excluded(const expansion *x, const int *level)
{
    for (int i = 0; i < x->exclusions; i++)
        if (is_meant(x->s, x->exclude[i], level))
            return true;
    return false;
}

/* An entry that adjusts nothing is a mistake like a misspelt one; but not where another file
 * excludes the points: a sweep may be a part of its base. */
static void check_adjusts(const expansion *x, const gedi__tree *sweep)
{
    const gedi__sweep *s = x->s;
    const gedi__tree *exclude = gedi__tree_get(sweep, "exclude");
    for (int a = 0; a < s->adjusts; a++) {
        int i = 0;
        while (i < s->points && !is_meant(s, s->adjust[a].hit, s->level + i * s->axes))
            i++;
        const gedi__tree *entry = gedi__tree_at(gedi__tree_get(sweep, "adjust"), a);
        if (i < s->points || !s->points)
            continue;
        if (!exclude)
            gedi__mistake(x->m, entry->at,
                          "adjust: there is no such point: no values go together so");
        else if (!strcmp(entry->at.source, exclude->at.source))
            gedi__mistake(x->m, entry->at,
                          "adjust: there is no such point: all of them are excluded");
    }
}

/* ---- the product ---- */

/* The next combination; false behind the last. */
static bool advance(const gedi__sweep *s, int *level)
{
    for (int a = s->axes - 1; a >= 0; a--) {
        if (++level[a] < s->axis[a].levels)
            return true;
        level[a] = 0;
    }
    return false;
}

static gedi_status multiply(expansion *x, const gedi__tree *sweep)
{
    gedi__sweep *s = x->s;
    double all = 1;
    for (int a = 0; a < s->axes; a++)
        all *= s->axis[a].levels;
    if (!s->axes || all > GEDI__MAX_POINTS) {
        if (s->axes)
            gedi__mistake(x->m, sweep->at, "sweep: %.0f points are more than %d", all,
                          GEDI__MAX_POINTS);
        else
            gedi__mistake(x->m, sweep->at, "sweep: there is no axis: {seed: 0..4}");
        return GEDI_OK;
    }
    size_t width = (size_t)s->axes * sizeof(int);
    int *level = gedi__arena_alloc(&s->arena, width);
    s->level = gedi__arena_alloc(&s->arena, (size_t)all * width);
    if (!level || !s->level)
        return GEDI_NOMEM;
    do
        if (!is_excluded(x, level))
            memcpy(s->level + s->points++ * s->axes, level, width);
    while (advance(s, level));
    if (!s->points)
        gedi__mistake(x->m, sweep->at, "sweep: every point is excluded");
    return GEDI_OK;
}

gedi_status gedi__sweep_expand(gedi__sweep *s, const gedi__tree *sweep, bool partial,
                               gedi__mistakes *m)
{
    expansion x = {.s = s, .m = m, .partial = partial};
    int before = m->n;
    GEDI_TRY(read_exclusions(&x, sweep));
    GEDI_TRY(read_adjusts(&x, sweep));
    if (partial || m->n > before)
        return GEDI_OK;
    GEDI_TRY(multiply(&x, sweep));
    check_adjusts(&x, sweep);
    return GEDI_OK;
}
