/* sweep_points.c - the product of the axes of a sweep, without what is excluded. */
#include "core/descriptor/fill.h"
#include "core/descriptor/sweep_blocks.h"

#include <string.h>

/* One entry of `exclude:`: for each axis NULL, or which of its levels are meant. */
typedef struct exclusion {
    bool **hit;
} exclusion;

typedef struct expansion {
    gedi__sweep *s;
    gedi__mistakes *m;
    int exclusions;
    exclusion *exclude;
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
    return n;
}

int gedi__sweep_point(const gedi__sweep *s, int i, gedi__setting *out)
{
    int n = 0;
    for (int a = 0; a < s->axes; a++) {
        const gedi__axis_point *l = &s->axis[a].level[s->level[i * s->axes + a]];
        for (int k = 0; k < l->settings; k++)
            out[n++] = l->setting[k];
    }
    return n;
}

/* ---- exclusions ---- */

/* Marks the levels of `x` that have this label. */
static void hit_label(expansion *x, const gedi__axis *axis, int k, const gedi__tree *t,
                      const char *name, bool *hit)
{
    bool any = false;
    for (int i = 0; i < axis->levels && t->kind == GEDI__SCALAR; i++)
        if (!strcmp(axis->level[i].label[k], t->text))
            any = hit[i] = true;
    if (any)
        return;
    gedi__text legal = {0};
    for (int i = 0; i < axis->levels && i < 20; i++)
        gedi__text_add(&legal, "%s%s", i ? ", " : "", axis->level[i].label[k]);
    gedi__mistake(x->m, t->at, "exclude: '%.64s' is no value of %s (there are: %s%s)",
                  t->kind == GEDI__SCALAR ? t->text : gedi__tree_what(t), name,
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

/* {axis: label, axis: [label, label]}: all of it must hold. */
static gedi_status read_exclusion(expansion *x, const gedi__tree *t, exclusion *e)
{
    gedi__arena *arena = &x->s->arena;
    e->hit = gedi__arena_alloc(arena, (size_t)x->s->axes * sizeof *e->hit);
    if (!e->hit)
        return GEDI_NOMEM;
    if (t->kind != GEDI__MAP || !t->child)
        gedi__mistake(x->m, t->at,
                      "exclude: %s is given, but it must be a mapping of axes to values: "
                      "{seed: 0, dataset: moons}",
                      t->kind == GEDI__MAP ? "an empty mapping" : gedi__tree_what(t));
    for (const gedi__tree *c = t->kind == GEDI__MAP ? t->child : NULL; c; c = c->next) {
        int k;
        const gedi__axis *axis = gedi__sweep_axis(x->s, c->key, &k);
        if (!axis) {
            no_axis(x, c);
            continue;
        }
        bool *hit = gedi__arena_alloc(arena, (size_t)axis->levels * sizeof *hit);
        if (!hit)
            return GEDI_NOMEM;
        if (c->kind == GEDI__LIST)
            for (const gedi__tree *v = c->child; v; v = v->next)
                hit_label(x, axis, k, v, c->key, hit);
        else
            hit_label(x, axis, k, c, c->key, hit);
        bool **of = &e->hit[axis - x->s->axis];
        for (int i = 0; *of && i < axis->levels; i++) /* the other of two zipped names */
            hit[i] &= (*of)[i];
        *of = hit;
    }
    return GEDI_OK;
}

static gedi_status read_exclusions(expansion *x, const gedi__tree *list)
{
    if (!list)
        return GEDI_OK;
    if (list->kind != GEDI__LIST) {
        gedi__mistake(x->m, list->at,
                      "exclude: %s is given, but it must be a list of mappings: "
                      "[{seed: 0, dataset: moons}]",
                      gedi__tree_what(list));
        return GEDI_OK;
    }
    x->exclude = gedi__arena_alloc(&x->s->arena,
                                   (size_t)gedi__tree_count(list) * sizeof *x->exclude);
    if (!x->exclude)
        return GEDI_NOMEM;
    for (const gedi__tree *t = list->child; t; t = t->next)
        GEDI_TRY(read_exclusion(x, t, &x->exclude[x->exclusions++]));
    return GEDI_OK;
}

static bool is_excluded(const expansion *x, const int *level)
{
    for (int i = 0; i < x->exclusions; i++) {
        int a = 0;
        while (a < x->s->axes &&
               (!x->exclude[i].hit[a] || x->exclude[i].hit[a][level[a]]))
            a++;
        if (a == x->s->axes)
            return true;
    }
    return false;
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

gedi_status gedi__sweep_expand(gedi__sweep *s, const gedi__tree *sweep, gedi__mistakes *m)
{
    expansion x = {.s = s, .m = m};
    int before = m->n;
    GEDI_TRY(read_exclusions(&x, gedi__tree_get(sweep, "exclude")));
    return m->n > before ? GEDI_OK : multiply(&x, sweep);
}
