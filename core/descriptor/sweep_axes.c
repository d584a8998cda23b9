/* sweep_axes.c - the axes of a sweep, each value with its label. */
#include "core/descriptor/sweep_blocks.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct reader {
    gedi__sweep *s;
    const gedi__draws *draws; /* of a search; NULL: the first ones */
    gedi__mistakes *m;
} reader;

/* One path with the list of its values. */
typedef struct strand {
    const gedi__tree *key; /* what the path is written in */
    const gedi__tree *list;
    int n;
    const char **text; /* each value on one line */
} strand;

void gedi__tree_flow(const gedi__tree *t, gedi__text *out)
{
    bool map = t->kind == GEDI__MAP;
    if (t->kind == GEDI__SCALAR) {
        gedi__text_add(out, "%s", gedi__tree_is_null(t) ? "none" : t->text);
        return;
    }
    gedi__text_add(out, map ? "{" : "[");
    for (const gedi__tree *c = t->child; c; c = c->next) {
        if (map)
            gedi__text_add(out, "%s: ", c->key);
        gedi__tree_flow(c, out);
        gedi__text_add(out, c->next ? ", " : "");
    }
    gedi__text_add(out, map ? "}" : "]");
}

const char *gedi__sweep_text(gedi__sweep *s, gedi__text *t)
{
    const char *text = t->failed ? NULL : gedi__arena_text(&s->arena, t->s ? t->s : "");
    gedi__text_clear(t);
    return text;
}

/* ---- values ---- */

/* FIRST..LAST..STEP: how many values that are, 0 for none or too many. */
typedef struct range {
    int64_t first, step, n;
} range;

/* Reads a number and ".." or the end behind it; NULL where there is another text. */
static const char *number_of(const char *text, int64_t *out)
{
    char *end;
    errno = 0;
    *out = strtoll(text, &end, 10);
    if (end == text || errno || isspace((unsigned char)*text) || *text == '+')
        return NULL;
    if (!*end)
        return end;
    return strncmp(end, "..", 2) || !end[2] ? NULL : end + 2;
}

/* "0..4" or "0..40..10"; false if it is no range. */
static bool is_range(const gedi__tree *t, range *out)
{
    int64_t last;
    *out = (range){.step = 1};
    if (t->kind != GEDI__SCALAR || t->quoted)
        return false;
    const char *at = number_of(t->text, &out->first);
    if (at && *at)
        at = number_of(at, &last);
    else
        return false;
    if (at && *at)
        at = number_of(at, &out->step);
    if (!at || *at)
        return false;
    int64_t span;
    if (last >= out->first && out->step > 0 &&
        !__builtin_sub_overflow(last, out->first, &span) &&
        span / out->step < GEDI__MAX_POINTS)
        out->n = span / out->step + 1;
    return true;
}

/* The range as a list; NULL with GEDI_OK after a mistake. */
static gedi_status list_of_range(reader *r, const gedi__tree *t, range of,
                                 const gedi__tree **out)
{
    *out = NULL;
    if (!of.n) {
        gedi__mistake(r->m, t->at,
                      "%s: the range '%.64s' has no values or more than %d; write "
                      "FIRST..LAST or FIRST..LAST..STEP",
                      t->key, t->text, GEDI__MAX_POINTS);
        return GEDI_OK;
    }
    gedi__tree *list = gedi__tree_copy(t, &r->s->arena);
    if (!list)
        return GEDI_NOMEM;
    list->kind = GEDI__LIST;
    gedi__tree **end = &list->child;
    for (int64_t i = 0, v = of.first; i < of.n; i++, end = &(*end)->next) {
        char text[32];
        v += i ? of.step : 0; /* at most the last: it cannot overflow */
        snprintf(text, sizeof text, "%" PRId64, v);
        gedi__tree *c = gedi__arena_alloc(&r->s->arena, sizeof *c);
        if (!c || !(c->text = gedi__arena_text(&r->s->arena, text)))
            return GEDI_NOMEM;
        c->at = c->key_at = t->at;
        *end = c;
    }
    *out = list;
    return GEDI_OK;
}

/* "0,1,2": meant as a list. */
static bool is_numbers(const gedi__tree *t)
{
    return t->kind == GEDI__SCALAR && !t->quoted && strchr(t->text, ',') &&
           !t->text[strspn(t->text, "0123456789., ")];
}

/* A list as it is, a range as one, a value as a list of it alone. */
static gedi_status list_of(reader *r, const gedi__tree *t, const gedi__tree **out)
{
    range of;
    *out = NULL;
    if (is_range(t, &of))
        return list_of_range(r, t, of, out);
    if ((t->kind == GEDI__LIST && !t->child) || gedi__tree_is_null(t)) {
        gedi__mistake(r->m, t->at, "%s: the axis has no values", t->key);
    } else if (t->kind == GEDI__LIST) {
        *out = t;
    } else if (t->kind == GEDI__MAP) {
        gedi__mistake(r->m, t->at,
                      "%s: a mapping is given, but the values of a path are a list: %s",
                      t->key,
                      t->child && gedi__words_have(GEDI__SPACE_WORDS, t->child->key)
                          ? "a space is for `over` of a search"
                          : "[{...}, {...}]");
    } else if (is_numbers(t)) {
        gedi__mistake(r->m, t->at,
                      "%s: '%.64s' is one value: write a list, [%.64s], or a range, "
                      "FIRST..LAST",
                      t->key, t->text, t->text);
    } else {
        gedi__tree *list = gedi__tree_copy(t, &r->s->arena);
        gedi__tree *only = gedi__tree_copy(t, &r->s->arena);
        if (!list || !only)
            return GEDI_NOMEM;
        list->kind = GEDI__LIST;
        list->child = only;
        *out = list;
    }
    return GEDI_OK;
}

bool gedi__sweep_check_path(const gedi__tree *t, gedi__mistakes *m)
{
    const gedi__key *k = gedi__key_of_path(t->key);
    if (!k || k->varied)
        return true;
    gedi__mistake(m, t->key_at,
                  k->form == GEDI__SHOW
                      ? "%s: it belongs beside `sweep`, not in it"
                      : "%s: this is one for the whole sweep and cannot be varied",
                  k->key);
    return false;
}

gedi_status gedi__sweep_list(gedi__sweep *s, const gedi__tree *t, gedi__mistakes *m,
                             const gedi__tree **out)
{
    reader r = {.s = s, .m = m};
    return list_of(&r, t, out);
}

/* The same for an axis: other than `adjust` it can vary the base. */
static bool check_axis_path(const gedi__tree *t, gedi__mistakes *m)
{
    return gedi__key_is(t->key, GEDI__BASE) || gedi__sweep_check_path(t, m);
}

bool gedi__sweep_varies_base(const gedi__tree *sweep)
{
    for (const gedi__tree *t = sweep->child; t; t = t->next)
        if ((sweep->kind == GEDI__MAP && gedi__key_is(t->key, GEDI__BASE)) ||
            gedi__sweep_varies_base(t))
            return true;
    return false;
}

/* Each value of a list on one line. */
static gedi_status texts_of(gedi__sweep *s, const gedi__tree *list, const char **out)
{
    for (const gedi__tree *c = list->child; c; c = c->next) {
        gedi__text flow = {0};
        gedi__tree_flow(c, &flow);
        if (!(*out++ = gedi__sweep_text(s, &flow)))
            return GEDI_NOMEM;
    }
    return GEDI_OK;
}

gedi_status gedi__sweep_values(gedi__sweep *s, const gedi__tree *list, const char *path,
                               const char **out)
{
    int n = gedi__tree_count(list);
    const char **text = gedi__arena_alloc(&s->arena, (size_t)n * sizeof *text);
    if (!text)
        return GEDI_NOMEM;
    GEDI_TRY(texts_of(s, list, text));
    return gedi__sweep_labels(s, list, path, text, out);
}

static gedi_status read_strand(reader *r, const gedi__tree *t, strand *out)
{
    *out = (strand){.key = t};
    if (!check_axis_path(t, r->m))
        return GEDI_OK;
    GEDI_TRY(list_of(r, t, &out->list));
    if (!out->list)
        return GEDI_OK;
    out->n = gedi__tree_count(out->list);
    out->text = gedi__arena_alloc(&r->s->arena, (size_t)out->n * sizeof *out->text);
    if (!out->text)
        return GEDI_NOMEM;
    return texts_of(r->s, out->list, out->text);
}

/* ---- axes ---- */

gedi__axis *gedi__sweep_new_axis(gedi__sweep *s, int names, int levels, int settings)
{
    gedi__arena *a = &s->arena;
    gedi__axis *x = &s->axis[s->axes];
    *x = (gedi__axis){.names = names, .levels = levels};
    x->name = gedi__arena_alloc(a, (size_t)names * sizeof *x->name);
    x->level = gedi__arena_alloc(a, (size_t)levels * sizeof *x->level);
    for (int i = 0; x->level && i < levels; i++) {
        gedi__axis_point *l = &x->level[i];
        l->label = gedi__arena_alloc(a, (size_t)names * sizeof *l->label);
        l->setting = gedi__arena_alloc(a, (size_t)settings * sizeof *l->setting);
        if (!l->label || (settings && !l->setting))
            return NULL;
    }
    if (!x->name || !x->level)
        return NULL;
    s->axes++;
    return x;
}

/* Two levels that are called the same, and so set the same; `t` is the first strand. */
static bool is_twice(reader *r, const gedi__axis *x, const strand *t, int i)
{
    int k = x->names;
    for (int j = 0; j < i; j++) {
        int same = 0;
        while (same < k && !strcmp(x->level[i].label[same], x->level[j].label[same]))
            same++;
        if (same < k)
            continue;
        gedi__mistake(r->m, gedi__tree_at(t->list, i)->at, "%s: duplicate '%.64s'",
                      t->key->key, t->text[i]);
        return true;
    }
    return false;
}

/* k paths whose i-th values go together. */
static gedi_status axis_of(reader *r, const strand *t, int k)
{
    int n = t->n;
    gedi__axis *x = gedi__sweep_new_axis(r->s, k, n, k);
    const char **text = gedi__arena_alloc(&r->s->arena, (size_t)n * sizeof *text);
    if (!x || !text)
        return GEDI_NOMEM;
    for (int j = 0; j < k; j++) {
        x->name[j] = t[j].key->key;
        GEDI_TRY(gedi__sweep_labels(r->s, t[j].list, t[j].key->key, t[j].text, text));
        int i = 0;
        for (const gedi__tree *c = t[j].list->child; c; c = c->next, i++) {
            gedi__axis_point *l = &x->level[i];
            l->label[j] = text[i];
            l->setting[l->settings++] =
                (gedi__setting){t[j].key->key, c, t[j].key->key_at};
        }
    }
    for (int i = 1; i < n && t->key->kind == GEDI__LIST; i++)
        if (is_twice(r, x, t, i))
            break;
    return GEDI_OK;
}

static gedi_status read_path(reader *r, const gedi__tree *t)
{
    strand one;
    GEDI_TRY(read_strand(r, t, &one));
    return one.list ? axis_of(r, &one, 1) : GEDI_OK;
}

/* {path: values, path: values}: side by side. */
static gedi_status read_zipped(reader *r, const gedi__tree *map)
{
    int k = gedi__tree_count(map);
    if (map->kind != GEDI__MAP || k < 2) {
        gedi__mistake(
            r->m, map->at,
            "zip: %s is given, but it must be a mapping of two paths or more to their "
            "values: {PATH: [...], PATH: [...]}",
            map->kind == GEDI__MAP ? "a single path" : gedi__tree_what(map));
        return GEDI_OK;
    }
    strand *t = gedi__arena_alloc(&r->s->arena, (size_t)k * sizeof *t);
    if (!t)
        return GEDI_NOMEM;
    bool whole = true;
    int i = 0;
    for (const gedi__tree *c = map->child; c; c = c->next, i++) {
        GEDI_TRY(read_strand(r, c, &t[i]));
        whole &= t[i].list != NULL;
        if (whole && t[i].n != t[0].n) {
            gedi__mistake(r->m, c->at, "zip: %.64s has %d values, but %.64s has %d",
                          c->key, t[i].n, t[0].key->key, t[0].n);
            whole = false;
        }
    }
    return whole ? axis_of(r, t, k) : GEDI_OK;
}

static gedi_status read_zip(reader *r, const gedi__tree *t)
{
    if (t->kind != GEDI__LIST)
        return read_zipped(r, t);
    for (const gedi__tree *c = t->child; c; c = c->next)
        GEDI_TRY(read_zipped(r, c));
    return GEDI_OK;
}

/* sweep.method.JEN.seed=3, where there is no such point: then the whole is taken for a name. */
static void say_no_point(reader *r, const gedi__tree *axis, const gedi__tree *t)
{
    gedi__text legal = {0};
    for (const gedi__tree *c = axis->child; c; c = c->next)
        if (c != t && c->kind == GEDI__MAP)
            gedi__text_add(&legal, "%s%s", legal.len ? ", " : "", c->key);
    gedi__mistake(r->m, t->at, "%s: it has no point '%.*s' (there are: %s)", axis->key,
                  (int)strcspn(t->key, "."), t->key, legal.s ? legal.s : "none");
    r->m->text.failed |= legal.failed;
    gedi__text_clear(&legal);
}

/* {NAME: {path: value}}: the points of an axis that is no path. */
static gedi_status read_named(reader *r, const gedi__tree *t)
{
    int most = 0;
    for (const gedi__tree *c = t->child; c; c = c->next)
        most = gedi__tree_count(c) > most ? gedi__tree_count(c) : most;
    gedi__axis *x = gedi__sweep_new_axis(r->s, 1, gedi__tree_count(t), most);
    if (!x)
        return GEDI_NOMEM;
    x->name[0] = t->key;
    x->named = true;
    gedi__axis_point *l = x->level;
    for (const gedi__tree *c = t->child; c; c = c->next, l++) {
        l->label[0] = c->key;
        if (c->kind != GEDI__MAP && !c->at.line && strchr(c->key, '.')) {
            say_no_point(r, t, c);
            continue;
        }
        if (c->kind != GEDI__MAP && !gedi__tree_is_null(c)) {
            gedi__mistake(r->m, c->at,
                          "%s: %.64s: %s is given, but it must be a mapping of paths to "
                          "values: {objective: {gedi: {}}, train.batch: 100}",
                          t->key, c->key, gedi__tree_what(c));
            continue;
        }
        for (const gedi__tree *v = c->child; v; v = v->next)
            if (check_axis_path(v, r->m))
                l->setting[l->settings++] = (gedi__setting){v->key, v, v->key_at};
    }
    return GEDI_OK;
}

static gedi_status read_axis(reader *r, const gedi__tree *t)
{
    if (!strcmp(t->key, "exclude") || !strcmp(t->key, "adjust"))
        return GEDI_OK; /* once the axes are known */
    if (!strcmp(t->key, "zip"))
        return read_zip(r, t);
    if (!strcmp(t->key, "search"))
        return gedi__sweep_search(r->s, t, r->draws, r->m);
    bool is_path = strchr(t->key, '.') || gedi__key_find(t->key);
    if (t->kind == GEDI__MAP && t->child && !is_path)
        return read_named(r, t);
    return read_path(r, t);
}

/* Two axes of one name: a table could not tell which is meant. */
static void check_draw(const gedi__sweep *s, const gedi__tree *sweep, gedi__mistakes *m)
{
    const gedi__tree *t = gedi__tree_get(sweep, GEDI__DRAW);
    if (s->search && t)
        gedi__mistake(m, t->key_at,
                      "'" GEDI__DRAW "' is the axis of the search: give this "
                      "one another name");
}

gedi_status gedi__sweep_axes(gedi__sweep *s, const gedi__tree *sweep,
                             const gedi__draws *draws, gedi__mistakes *m)
{
    reader r = {s, draws, m};
    int most = 0;
    for (const gedi__tree *t = sweep->child; t; t = t->next)
        most += !strcmp(t->key, "zip") ? gedi__tree_count(t) : 1;
    s->axis = gedi__arena_alloc(&s->arena, (size_t)most * sizeof *s->axis);
    if (!s->axis)
        return GEDI_NOMEM;
    for (const gedi__tree *t = sweep->child; t; t = t->next) {
        int before = m->n, first = s->axes;
        GEDI_TRY(read_axis(&r, t));
        for (int a = first; a < s->axes; a++)
            s->axis[a].flawed = m->n > before;
    }
    check_draw(s, sweep, m);
    return GEDI_OK;
}
