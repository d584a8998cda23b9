/* merge.c - a descriptor's tree from its file, the files it is based on, and overrides.
 */
#include "core/descriptor/merge.h"
#include "core/base/file.h"
#include "core/descriptor/entry.h"
#include "core/descriptor/fill.h"
#include "core/descriptor/objectives.h"
#include "core/descriptor/source.h"
#include "core/plugin/option.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LARGEST = 256 * 1024, /* bytes: beyond, it is no descriptor but data */
    MOST_BASES = 32       /* files, each the base of the one before */
};

/* ---- one form for components ---- */

gedi_status gedi__component_normalise(gedi__tree *t, gedi__arena *arena)
{
    if (t->kind == GEDI__SCALAR && !gedi__tree_is_null(t)) {
        gedi__tree *options = gedi__arena_alloc(arena, sizeof *options);
        if (!options)
            return GEDI_NOMEM;
        options->kind = GEDI__MAP;
        options->at = options->key_at = t->at;
        options->key = t->text;
        t->kind = GEDI__MAP;
        t->child = options;
    }
    if (t->kind == GEDI__MAP)
        for (gedi__tree *c = t->child; c; c = c->next)
            if (gedi__tree_is_null(c))
                c->kind = GEDI__MAP;
    return GEDI_OK;
}

/* Those that lie `depth` steps above `t`, in lists; none where it is 0. */
static gedi_status normalise_components(gedi__tree *t, int depth, gedi__arena *arena)
{
    if (depth == 1)
        return gedi__component_normalise(t, arena);
    for (gedi__tree *c = depth && t->kind == GEDI__LIST ? t->child : NULL; c; c = c->next)
        GEDI_TRY(normalise_components(c, depth - 1, arena));
    return GEDI_OK;
}

/* Of a descriptor, or of one of its stages. */
static gedi_status normalise_all(gedi__tree *root, gedi__arena *arena)
{
    for (gedi__tree *t = root->kind == GEDI__MAP ? root->child : NULL; t; t = t->next) {
        const gedi__key *k = gedi__key_find(t->key);
        if (!k)
            continue;
        int depth = gedi__key_component_depth(k);
        depth += k->form == GEDI__OBJECTIVES && t->kind == GEDI__LIST;
        GEDI_TRY(normalise_components(t, depth, arena));
        if (k->form == GEDI__STAGES && t->kind == GEDI__LIST)
            for (gedi__tree *c = t->child; c; c = c->next)
                GEDI_TRY(normalise_all(c, arena));
    }
    return GEDI_OK;
}

/* ---- inheritance ---- */

/* `t` becomes what `from` is, but stays where it is in its parent. */
static void replace(gedi__tree *t, const gedi__tree *from)
{
    gedi__tree *next = t->next;
    const char *key = t->key;
    *t = *from;
    t->next = next;
    t->key = key;
}

/* Another plugin replaces the base's with all its options. */
static bool is_same_plugin(const gedi__tree *a, const gedi__tree *b)
{
    return a->child && b->child && !strcmp(a->child->key, b->child->key);
}

/* `{gedi_no_inv: {}, from: gedi}` in place of `{gedi: {...}}` gets the options of gedi that it does not
 * state itself, and `from` has done its work. Where something else is replaced it stays, for the
 * reader to refuse.
 *   Errors: GEDI_NOMEM.  */
static gedi_status lend(gedi__tree *t, const gedi__tree *old, gedi__arena *arena)
{
    gedi__tree *from = t->kind == GEDI__MAP ? gedi__tree_get(t, GEDI__FROM) : NULL;
    if (!from || from->kind != GEDI__SCALAR || old->kind != GEDI__MAP || !old->child ||
        strcmp(old->child->key, from->text))
        return GEDI_OK;
    gedi__tree **link = &t->child;
    while (*link != from)
        link = &(*link)->next;
    *link = from->next;
    gedi__tree *plugin = t->child;
    if (!plugin || plugin->kind != GEDI__MAP || old->child->kind != GEDI__MAP)
        return GEDI_OK;
    for (const gedi__tree *o = old->child->child; o; o = o->next) {
        if (gedi__tree_get(plugin, o->key))
            continue;
        gedi__tree *copy = gedi__tree_copy(o, arena);
        if (!copy)
            return GEDI_NOMEM;
        copy->lent = true;
        copy->at = copy->key_at = from->at; /* where it was stated it may be right */
        gedi__tree_append(plugin, copy);
    }
    return GEDI_OK;
}

/* A schedule is one value, and a component is one plugin, if it is another. */
static bool replaces(const gedi__tree *b, const gedi__tree *o, bool components)
{
    if (components && gedi__key_is_component(o->key))
        return !is_same_plugin(b, o);
    return gedi__is_schedule(o);
}

/* `over` wins: maps are merged by key, all else is replaced. Nodes move into `base`.
 * Components are at the top, where `block` is NULL, and in the points of `sweep`. */
static gedi_status merge(gedi__tree *base, gedi__tree *over, const char *block,
                         gedi__arena *arena)
{
    bool components = !block || gedi__key_is(block, GEDI__AXES);
    base->at = over->at;
    base->key_at = over->key_at;
    for (gedi__tree *o = over->child, *next; o; o = next) {
        next = o->next;
        gedi__tree *b = gedi__tree_get(base, o->key);
        if (b && !block && gedi__key_is_component(o->key))
            GEDI_TRY(lend(o, b, arena));
        if (!b)
            gedi__tree_append(base, o);
        else if (b->kind == GEDI__MAP && o->kind == GEDI__MAP &&
                 !replaces(b, o, components))
            GEDI_TRY(merge(b, o, block ? block : o->key, arena));
        else
            replace(b, o);
    }
    return GEDI_OK;
}

gedi__tree *gedi__tree_over(const gedi__tree *base, gedi__tree *over, gedi__arena *arena)
{
    gedi__tree *copy = gedi__tree_copy(base, arena);
    return copy && !merge(copy, over, NULL, arena) ? copy : NULL;
}

typedef struct loader {
    gedi__arena *arena;
    gedi__mistakes *m;
    bool *whole;
    const gedi__tree *varied; /* the base of a point of a sweep, or NULL */
} loader;

typedef struct visit { /* the files that lead here, to notice a circle */
    const char *shown, *real;
    const struct visit *from;
} visit;

static gedi_status load(loader *l, visit *v, const gedi__tree *named, gedi__tree **out);

/* A mistake about a file: where it is named, or alone for the outermost. */
static void blame(const loader *l, const visit *v, const gedi__tree *named,
                  const char *why)
{
    if (named)
        gedi__mistake(l->m, named->at, "base: %s: %s", v->shown, why);
    else
        gedi__mistake(l->m, (gedi__place){v->shown, 0, 0}, "%s", why);
}

static gedi_status read_bytes(loader *l, const visit *v, const gedi__tree *named,
                              char **data, size_t *size)
{
    gedi_err why = {0};
    gedi_status s = gedi__file_read(gedi__source_path(v->shown), data, size, &why);
    if (s == GEDI_NOMEM)
        return s;
    if (s) {
        /* The message begins with the path, which blame() says already. */
        size_t n = strlen(v->shown);
        bool said = !strncmp(why.msg, v->shown, n) && !strncmp(why.msg + n, ": ", 2);
        blame(l, v, named, said ? why.msg + n + 2 : why.msg);
    } else if (*size > LARGEST) {
        blame(l, v, named, "too large for a descriptor (more than 256 KiB)");
        free(*data);
        *data = NULL;
    }
    return GEDI_OK;
}

/* "a.yaml -> b.yaml -> a.yaml" */
static void add_path_to(const visit *v, gedi__text *t)
{
    if (v->from)
        add_path_to(v->from, t);
    gedi__text_add(t, "%s%s", v->from ? " -> " : "", v->shown);
}

static bool is_circle(const loader *l, const visit *v, const gedi__tree *named)
{
    const visit *f = v->from;
    while (f && strcmp(f->real, v->real))
        f = f->from;
    if (!f)
        return false;
    gedi__text t = {0};
    add_path_to(v, &t);
    gedi__mistake(l->m, named->at, "base: the files are based on each other: %s",
                  t.s ? t.s : "");
    l->m->text.failed |= t.failed;
    gedi__text_clear(&t);
    return true;
}

static bool is_too_deep(const loader *l, const visit *v, const gedi__tree *named)
{
    int n = 0;
    for (const visit *f = v->from; f; f = f->from)
        n++;
    if (n > MOST_BASES)
        gedi__mistake(l->m, named->at,
                      "base: more than %d files, each the base of the one before: join "
                      "some of them",
                      MOST_BASES);
    return n > MOST_BASES;
}

/* The path of a file named in another one; in a pipe, it starts at the working folder. */
static gedi_status beside(gedi__arena *arena, const char *file, const char *name,
                          const char **out)
{
    const char *slash = gedi__source_stream(file) < 0 ? strrchr(file, '/') : NULL;
    char *folder = strndup(file, slash ? (size_t)(slash - file) + 1 : 0);
    char *path = folder ? gedi__path_join(folder, name) : NULL;
    *out = path ? gedi__arena_text(arena, path) : NULL;
    free(path);
    free(folder);
    return *out ? GEDI_OK : GEDI_NOMEM;
}

/* Takes `base` out of a file's tree. In the file that has the axis `base` of a sweep, it is
 * what the point says. */
static const gedi__tree *take_base(const loader *l, const visit *v, gedi__tree *root)
{
    gedi__tree **link = &root->child;
    while (*link && !gedi__key_is((*link)->key, GEDI__BASE))
        link = &(*link)->next;
    const gedi__tree *named = *link, *varied = l->varied;
    if (named)
        *link = named->next;
    if (!varied ||
        (varied->at.line ? strcmp(varied->at.source, v->shown) : v->from != NULL))
        return named;
    if (named)
        gedi__mistake(l->m, named->at,
                      "base: the sweep varies it, too: leave it out here, or there");
    return varied;
}

/* Replaces *root by its base with *root merged over it. */
static gedi_status inherit(loader *l, const visit *v, gedi__tree **root)
{
    gedi__tree *base = NULL;
    const gedi__tree *named = take_base(l, v, *root);
    if (!named)
        return GEDI_OK;
    if (named->kind != GEDI__SCALAR || gedi__tree_is_null(named)) {
        gedi__mistake(l->m, named->at, "base: %s is given, but it must name a file",
                      gedi__tree_what(named));
        *l->whole = false;
        return GEDI_OK;
    }
    visit next = {.from = v};
    GEDI_TRY(beside(l->arena, v->shown, named->text, &next.shown));
    GEDI_TRY(load(l, &next, named, &base));
    if (base && named == l->varied && gedi__tree_of_form(base, GEDI__AXES))
        gedi__mistake(l->m, named->at,
                      "base: %s states a sweep itself: a point of a sweep is one "
                      "experiment",
                      next.shown);
    if (base) {
        GEDI_TRY(merge(base, *root, NULL, l->arena));
        *root = base;
    } else {
        *l->whole = false;
    }
    return GEDI_OK;
}

static gedi_status load(loader *l, visit *v, const gedi__tree *named, gedi__tree **out)
{
    char *data = NULL, real[PATH_MAX];
    size_t size;
    gedi__tree *root = NULL;
    *out = NULL;
    v->real = gedi__arena_text(l->arena, realpath(v->shown, real) ? real : v->shown);
    if (!v->real)
        return GEDI_NOMEM;
    if (is_circle(l, v, named) || is_too_deep(l, v, named))
        return GEDI_OK;
    GEDI_TRY(read_bytes(l, v, named, &data, &size));
    if (!data)
        return GEDI_OK;
    gedi_status s = gedi__tree_parse(data, size, v->shown, true, l->arena, l->m, &root);
    free(data);
    if (s || !root)
        return s;
    if (root->kind != GEDI__MAP) {
        gedi__mistake(l->m, root->at,
                      "%s is given, but a descriptor is a mapping: `dataset: ...`, "
                      "`model: ...`",
                      gedi__tree_what(root));
        return GEDI_OK;
    }
    GEDI_TRY(normalise_all(root, l->arena));
    GEDI_TRY(inherit(l, v, &root));
    *out = root;
    return GEDI_OK;
}

gedi_status gedi__tree_load(const char *file, const gedi__tree *varied,
                            gedi__arena *arena, gedi__mistakes *m, gedi__tree **root,
                            bool *whole)
{
    loader l = {arena, m, whole, varied};
    visit first = {0};
    *whole = true;
    first.shown = gedi__arena_text(arena, file);
    return first.shown ? load(&l, &first, NULL, root) : GEDI_NOMEM;
}

/* ---- overrides ---- */

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
                      "%s is '%.64s' here, not '%.64s': an option of it is "
                      "%s.%.64s.%.64s",
                      o->done, other->key, word, o->done, other->key, word);
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
    replace(t, value);
    t->key_at = s->at; /* a path is blamed where it is written */
    GEDI_TRY(normalise_all(root, arena));
    return is_component_at(s->path) ? lend(t, &old, arena) : GEDI_OK;
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
