/* setting.c - values that are put into a descriptor's tree: overrides, and what points of a sweep set. */
#include "core/descriptor/entry.h"
#include "core/descriptor/fill.h"
#include "core/descriptor/merge.h"
#include "core/descriptor/objectives.h"
#include "core/plugin/option.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct override {
    gedi__arena *arena;
    gedi__mistakes *m;
    gedi__place at;
    char *path;        /* a copy that is cut into its steps */
    char *rest;        /* steps still to come; NULL behind the last */
    gedi__tree **made; /* the link to the first node that was added for it, or NULL */
    char done[256];    /* steps taken, for messages */
} override;

/* The plugin that lies at `t`, if it is another than `word`, and `word` is no option of the
 * entry beside it; else NULL. `depth` steps were taken, the first of them `key`. */
static const gedi__tree *other_plugin(const char *key, int depth, const gedi__tree *t,
                                      const char *word)
{
    const gedi__key *k = depth ? gedi__key_find(key) : NULL;
    if (!k || gedi__key_component_depth(k) != depth)
        return NULL;
    const gedi_option *beside = k->form == GEDI__COMPONENTS ? k->options : NULL;
    const gedi__tree *p = gedi__entry_plugin(t, beside);
    bool is_option = beside && gedi__option_find(beside, word);
    return p && !is_option && strcmp(p->key, word) ? p : NULL;
}

/* The entry of that number; of objectives, the options of the one of that name as well. */
static gedi__tree *step_into_list(override *o, const char *first, int depth,
                                  gedi__tree *list, const char *word)
{
    int n = gedi__tree_count(list);
    char *end;
    long i = strtol(word, &end, 10);
    bool digits = *word && !word[strspn(word, "0123456789")] && strlen(word) < 6;
    gedi__tree *t = digits ? gedi__tree_at(list, (int)i) : NULL;
    if (!t && depth == 1 && gedi__key_is(first, GEDI__OBJECTIVES))
        t = gedi__objectives_find(list, word, strlen(word));
    if (t)
        return t;
    if (n)
        gedi__mistake(o->m, o->at, "'%.64s' is no entry of %s: it has 0 to %d", word,
                      o->done, n - 1);
    else
        gedi__mistake(o->m, o->at, "'%.64s' is no entry of %s: the list is empty", word,
                      o->done);
    return NULL;
}

/* The entry of that key, made if it is not there. */
static gedi_status step_into_map(override *o, gedi__tree *map, const char *word,
                                 gedi__tree **out)
{
    *out = gedi__tree_get(map, word);
    if (*out)
        return GEDI_OK;
    gedi__tree *t = gedi__arena_alloc(o->arena, sizeof *t);
    if (!t || !(t->key = gedi__arena_text(o->arena, word)))
        return GEDI_NOMEM;
    t->kind = GEDI__SCALAR;
    t->text = "";
    t->at = t->key_at = o->at;
    gedi__tree **link = &map->child;
    while (*link)
        link = &(*link)->next;
    *link = *out = t;
    if (!o->made)
        o->made = link;
    return GEDI_OK;
}

/* One step from `t`; *out is NULL after a mistake. */
static gedi_status step(override *o, const char *first, int depth, gedi__tree *t,
                        const char *word, gedi__tree **out)
{
    *out = NULL;
    if (t->kind == GEDI__LIST) {
        *out = step_into_list(o, first, depth, t, word);
        return GEDI_OK;
    }
    const gedi__key *k = gedi__key_find(first);
    if (depth == 1 && k && k->form == GEDI__STAGES) {
        gedi__mistake(
            o->m, o->at,
            "the descriptor has no list 'stages': set it as a whole, or, where a "
            "point of a sweep has one, in it: sweep.AXIS.POINT.stages...");
        return GEDI_OK;
    }
    if (depth == 1 && k && gedi__key_component_depth(k) > 1) {
        gedi__mistake(o->m, o->at, "the descriptor has no list '%s': set it as a whole",
                      o->done);
        return GEDI_OK;
    }
    if (gedi__tree_is_null(t))
        t->kind = GEDI__MAP; /* nothing yet: something is being put there */
    if (t->kind == GEDI__SCALAR) {
        gedi__mistake(o->m, o->at, "%s is a value and has no '%.64s'", o->done, word);
        return GEDI_OK;
    }
    const gedi__tree *other = other_plugin(first, depth, t, word);
    if (other && !o->rest) /* no plugin by itself, but an option of one, most likely */
        gedi__mistake(o->m, o->at,
                      "%s is '%.64s' here, not '%.64s': an option of it is written "
                      "%s.%.64s.%.64s, another plugin is put in by %s=NAME",
                      o->done, other->key, word, o->done, other->key, word, o->done);
    else if (other)
        gedi__mistake(o->m, o->at,
                      "%s is '%.64s' here, not '%.64s': to change the plugin, override "
                      "%s={%.64s: {...}}",
                      o->done, other->key, word, o->done, word);
    if (other)
        return GEDI_OK;
    return step_into_map(o, t, word, out);
}

/* The key of `map` that `path` is, or begins with up to a dot: the longest one. */
static const gedi__tree *key_before(const gedi__tree *map, const char *path)
{
    const gedi__tree *best = NULL;
    for (const gedi__tree *t = map->child; t; t = t->next) {
        size_t n = strlen(t->key);
        if (!strncmp(path, t->key, n) && (!path[n] || path[n] == '.') &&
            (!best || n > strlen(best->key)))
            best = t;
    }
    return best;
}

/* The dot behind a key of `sweep:`, NULL where it is all of `word`. An axis is a path, so one
 * key; but one of points with names has points, and these have paths. `t` is where the key
 * is looked for, `depth` steps from the top. */
static char *dot_in_sweep(const gedi__tree *t, int depth, char *word)
{
    const gedi__tree *at = depth < 3 && t->kind == GEDI__MAP ? key_before(t, word) : NULL;
    if (!at || (depth == 1 && (at->kind != GEDI__MAP || !strcmp(at->key, "zip"))))
        return NULL;
    size_t n = strlen(at->key);
    return word[n] ? word + n : NULL;
}

/* Follows the path to the node to be set; *out is NULL after a mistake. */
static gedi_status walk(override *o, gedi__tree *root, gedi__tree **out)
{
    char *word = o->path, *first = o->path;
    gedi__tree *t = root;
    *out = NULL;
    for (int depth = 0; word; depth++) {
        if (depth == 2 &&
            gedi__key_is(first, GEDI__STAGES)) { /* in a stage, as in a descriptor */
            first = word;
            depth = 0;
        }
        bool in_sweep = depth > 0 && gedi__key_is(first, GEDI__AXES);
        char *dot = in_sweep ? dot_in_sweep(t, depth, word) : strchr(word, '.');
        if (dot)
            *dot = 0;
        if (!*word || gedi__key_is(first, GEDI__BASE)) {
            gedi__mistake(o->m, o->at,
                          *word ? "base cannot be overridden, only read from the file"
                                : "a key is missing: write KEY.KEY=VALUE, such as "
                                  "train.batch=100");
            return GEDI_OK;
        }
        o->rest = dot ? dot + 1 : NULL;
        GEDI_TRY(step(o, first, depth, t, word, &t));
        if (!t)
            return GEDI_OK;
        size_t n = strlen(o->done);
        snprintf(o->done + n, sizeof o->done - n, "%s%s", n ? "." : "", word);
        word = dot ? dot + 1 : NULL;
    }
    *out = t;
    return GEDI_OK;
}

/* Does the path end in the key of a component: "objective", "stages.1.objective"? */
static bool is_component_at(const char *path)
{
    const char *dot = strrchr(path, '.');
    const gedi__key *k = gedi__key_of_path(path);
    return gedi__key_is_component(dot ? dot + 1 : path) &&
           (!dot || (k && k->form == GEDI__STAGES));
}

gedi_status gedi__tree_set(gedi__tree *root, const gedi__setting *s, gedi__arena *arena,
                           gedi__mistakes *m)
{
    override o = {.arena = arena, .m = m, .at = s->at};
    gedi__tree *t, *value = gedi__tree_copy(s->value, arena);
    o.path = gedi__arena_text(arena, s->path);
    if (!value || !o.path)
        return GEDI_NOMEM;
    GEDI_TRY(walk(&o, root, &t));
    if (!t) {
        if (o.made) /* one mistake is enough: not what is missing in it as well */
            *o.made = NULL;
        return GEDI_OK;
    }
    const gedi__tree old = *t;
    gedi__tree_replace(t, value);
    t->key_at = s->at; /* a path is blamed where it is written */
    GEDI_TRY(gedi__tree_normalise(root, arena));
    return is_component_at(s->path) ? gedi__tree_lend(t, &old, arena) : GEDI_OK;
}

gedi_status gedi__setting_parse(const char *text, gedi__arena *arena, gedi__mistakes *m,
                                gedi__setting *s)
{
    gedi__tree *value;
    char *source = gedi__arena_alloc(arena, strlen(text) + 10);
    char *path = gedi__arena_text(arena, text);
    *s = (gedi__setting){0};
    if (!source || !path)
        return GEDI_NOMEM;
    snprintf(source, strlen(text) + 10, "override %s", text);
    s->at.source = source;
    char *equals = strchr(path, '=');
    if (!equals) {
        gedi__mistake(m, s->at, "there is no '=': write KEY=VALUE, such as seed=3");
        return GEDI_OK;
    }
    *equals = 0;
    GEDI_TRY(gedi__tree_parse(equals + 1, strlen(equals + 1), source, false, arena, m,
                              &value));
    s->value = value;
    s->path = value ? path : NULL;
    return GEDI_OK;
}
