/* besides.c - what the values of an axis change besides what they name. */
#include "core/sweep/besides.h"
#include "core/base/memory.h"
#include "core/descriptor/keys.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct pair {                /* two points that differ along one axis */
    const gedi__tree *first, *other; /* their descriptors */
    const gedi__setting *set;        /* what the other one sets */
    int settings;
    bool stated; /* the first is what a user has written, not resolved */
} pair;

/* What lies at a path of keys and numbers below `t`; NULL where there is nothing. */
static const gedi__tree *follow(const gedi__tree *t, const char *path)
{
    char key[64];
    while (t && *path) {
        size_t n = strcspn(path, ".");
        snprintf(key, sizeof key, "%.*s", (int)n, path);
        bool number = *key && !key[strspn(key, "0123456789")];
        t = t->kind == GEDI__MAP              ? gedi__tree_get(t, key)
            : t->kind == GEDI__LIST && number ? gedi__tree_at(t, atoi(key))
                                              : NULL;
        path += n + (path[n] == '.');
    }
    return t;
}

/* Does the point state what lies at that path? */
static bool states(const pair *p, const char *path)
{
    for (int i = 0; i < p->settings; i++) {
        size_t n = strlen(p->set[i].path);
        if (!strncmp(path, p->set[i].path, n) && (!path[n] || path[n] == '.') &&
            follow(p->set[i].value, path + n + (path[n] == '.')))
            return true;
    }
    return false;
}

/* What a stage does not state it has from the descriptor as a whole. */
static const char *of_all_stages(const char *path)
{
    int index, n = 0;
    return sscanf(path, "stages.%d.%n", &index, &n) == 1 && n ? path + n : path;
}

static bool is_number(const gedi__tree *t)
{
    char *end;
    if (t->kind != GEDI__SCALAR || !*t->text)
        return false;
    strtod(t->text, &end);
    return !*end;
}

/* Options of one name that one plugin counts by and the other chooses by are two. */
static void compare_option(const char *key, const gedi__tree *a, const gedi__tree *b,
                           gedi__text *out)
{
    gedi__text x = {0}, y = {0};
    gedi__tree_flow(a, &x);
    gedi__tree_flow(b, &y);
    out->failed |= x.failed || y.failed;
    bool scalars = a->kind == GEDI__SCALAR && b->kind == GEDI__SCALAR;
    bool equal = scalars && is_number(a) && is_number(b) &&
                 strtod(a->text, NULL) == strtod(b->text, NULL); /* 1.0e-3 is 0.001 */
    if (!equal && x.s && y.s && strcmp(x.s, y.s) &&
        (!scalars || is_number(a) == is_number(b)))
        gedi__text_add(out, "%s%s.%s: %s -> %s", out->len ? ", " : "", key, a->key, x.s,
                       y.s);
    gedi__text_clear(&x);
    gedi__text_clear(&y);
}

/* Two components, {name: options}, at that path; NULL for none. */
static void compare_components(const pair *p, const char *path, const gedi__tree *a,
                               const gedi__tree *b, gedi__text *out)
{
    const char *dot = strrchr(path, '.');
    const gedi__key *k = gedi__key_find(dot ? dot + 1 : path);
    if (!a || !b || !k || gedi__key_component_depth(k) != 1 || a->kind != GEDI__MAP ||
        b->kind != GEDI__MAP || !a->child || !b->child)
        return;
    for (const gedi__tree *o = a->child->child; o; o = o->next) {
        char whole[256];
        const gedi__tree *other = gedi__tree_get(b->child, o->key);
        bool one = other && o->kind == GEDI__SCALAR && other->kind == GEDI__SCALAR;
        snprintf(whole, sizeof whole, "%s.%s.%s", path, b->child->key, o->key);
        if (other && (one || !p->stated) && !states(p, whole) &&
            !states(p, of_all_stages(whole)))
            compare_option(path, o, other, out);
    }
}

static bool same_plugin(const gedi__tree *a, const gedi__tree *b)
{
    return b && a->kind == GEDI__MAP && b->kind == GEDI__MAP && a->child && b->child &&
           !strcmp(a->child->key, b->child->key);
}

/* What two descriptors have, or a stage of each, which `prefix` leads to. */
static void compare(const pair *p, const char *prefix, const gedi__tree *first,
                    const gedi__tree *other, gedi__text *out)
{
    char path[128];
    for (const gedi__tree *a = first->child; a; a = a->next) {
        const gedi__tree *b = gedi__tree_get(other, a->key);
        const gedi__key *k = gedi__key_find(a->key);
        bool stages = b && k && k->form == GEDI__STAGES && a->kind == GEDI__LIST &&
                      b->kind == GEDI__LIST;
        snprintf(path, sizeof path, "%s%s", prefix, a->key);
        if (!stages && !same_plugin(a, b))
            compare_components(p, path, a, b, out);
        for (int i = 0; stages && i < gedi__tree_count(a) && i < gedi__tree_count(b);
             i++) {
            snprintf(path, sizeof path, "%s.%d.", a->key, i);
            compare(p, path, gedi__tree_at(a, i), gedi__tree_at(b, i), out);
        }
    }
}

/* What the first value of the axis replaces of the descriptor, which may well be the same plugin. */
static void compare_own(const pair *p, const gedi__axis_point *level, gedi__text *out)
{
    for (int i = 0; i < level->settings; i++) {
        const char *path = level->setting[i].path;
        compare_components(p, path, follow(p->first, path), follow(p->other, path), out);
    }
}

/* A point with that value of axis a, and one with its first, alike in all else; false where
 * there is none. */
static bool find_pair(const gedi__plan *p, int a, int level, int *first, int *other)
{
    const gedi__sweep *s = p->sweep;
    for (*other = 0; *other < p->points; ++*other) {
        const int *of = s->level + *other * s->axes;
        if (of[a] != level)
            continue;
        for (*first = 0; *first < p->points; ++*first) {
            const int *to = s->level + *first * s->axes;
            int k = 0;
            while (k < s->axes && to[k] == (k == a ? 0 : of[k]))
                k++;
            if (k == s->axes)
                return true;
        }
    }
    return false;
}

static gedi_status parse(const char *text, gedi__arena *arena, gedi__tree **out)
{
    gedi__mistakes m = {0};
    gedi_status s = gedi__tree_parse(text, strlen(text), "", false, arena, &m, out);
    bool failed = m.text.failed || s == GEDI_NOMEM;
    gedi__text_clear(&m.text);
    return failed ? GEDI_NOMEM : GEDI_OK;
}

/* Point `first` and another one; or, where it is -1, the descriptor and a point with the first value of an
 * axis. */
static gedi_status look(const gedi__plan *p, int first, int other,
                        const gedi__axis_point *level, gedi__text *out)
{
    gedi__arena arena = {0};
    gedi__tree *x = NULL, *y = NULL;
    gedi__setting *set =
        calloc((size_t)gedi__sweep_most_settings(p->sweep) + 1, sizeof *set);
    gedi_status s = set ? GEDI_OK : GEDI_NOMEM;
    if (!s && first >= 0)
        s = parse(p->point[first].resolved, &arena, &x);
    if (!s)
        s = parse(p->point[other].resolved, &arena, &y);
    pair two = {first < 0 ? p->sweep->root : x, y, set, 0, first < 0};
    if (!s && two.first && y) {
        two.settings = gedi__sweep_point(p->sweep, other, set);
        if (first < 0)
            compare_own(&two, level, out);
        else
            compare(&two, "", two.first, y, out);
    }
    free(set);
    gedi__arena_clear(&arena);
    return s || out->failed ? GEDI_NOMEM : GEDI_OK;
}

json_t *gedi__besides_of(const gedi__plan *p)
{
    json_t *all = json_object();
    gedi_status s = all ? GEDI_OK : GEDI_NOMEM;
    for (int a = 0; !s && a < p->sweep->axes; a++) {
        const gedi__axis *axis = &p->sweep->axis[a];
        json_t *of = json_object();
        for (int l = 0; !s && l < axis->levels; l++) {
            int first, other;
            gedi__text text = {0};
            if (find_pair(p, a, l, &first, &other))
                s = look(p, l ? first : -1, other, &axis->level[l], &text);
            if (!s && text.len)
                s = json_object_set_new(of, axis->level[l].label[0], json_string(text.s))
                        ? GEDI_NOMEM
                        : GEDI_OK;
            gedi__text_clear(&text);
        }
        if (!s && json_object_size(of))
            s = json_object_set(all, axis->name[0], of) ? GEDI_NOMEM : GEDI_OK;
        json_decref(of);
    }
    if (s) {
        json_decref(all);
        all = NULL;
    }
    return all;
}

void gedi__besides_text(const json_t *besides, const json_t *axes, const char *axis,
                        const char *const *label, int n, gedi__text *out)
{
    const char *own;
    json_t *what, *of = json_object_get(besides, axis);
    const char *first = json_string_value(json_array_get(json_object_get(axes, axis), 0));
    json_object_foreach(of, own, what)
    {
        int i = 0;
        while (i < n && strcmp(label[i], own))
            i++;
        if ((n >= 0 && i == n) || !json_is_string(what) || !first)
            continue;
        gedi__text_add(out, "%s%s: %s differs from %s also in %s", out->len ? "\n" : "",
                       axis, own,
                       strcmp(own, first) ? first : "the descriptor without the sweep",
                       json_string_value(what));
    }
}
