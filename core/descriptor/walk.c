/* walk.c - the keys of a descriptor and of its stages, each by the reader of its form. */
#include "core/descriptor/reading.h"
#include "core/plugin/option.h"
#include "core/plugin/registry.h"

#include <stdio.h>
#include <string.h>

static gedi_status read_value(gedi__reading *r, const gedi__key *k, const gedi__tree *t)
{
    return gedi__option_fill(&r->fill, gedi__option_find(k->options, k->key), r->e, t);
}

/* What a sweep shows: `sweep` itself was not there, or we would not be here. */
static gedi_status read_block(gedi__reading *r, const gedi__key *k, const gedi__tree *t)
{
    if (!r->is_point)
        gedi__mistake(r->m, t->key_at, "%s: there is no `sweep:` whose points it shows",
                      k->key);
    return GEDI_OK;
}

static gedi_status read_stages(gedi__reading *r, const gedi__key *k, const gedi__tree *t);

typedef gedi_status reader(gedi__reading *r, const gedi__key *k, const gedi__tree *t);

/* `base` was read before, and has none. */
static reader *const readers[GEDI__FORMS] = {
    [GEDI__NAME] = gedi__read_name,
    [GEDI__FOLDER] = gedi__read_directory,
    [GEDI__PLUGINS] = gedi__read_plugins,
    [GEDI__VALUE] = read_value,
    [GEDI__COMPONENT] = gedi__read_one,
    [GEDI__OBJECTIVES] = gedi__read_objectives,
    [GEDI__OPTIMIZER] = gedi__read_optimizer,
    [GEDI__GROUPS] = gedi__read_groups,
    [GEDI__COMPONENTS] = gedi__read_evaluations,
    [GEDI__PIPELINES] = gedi__read_views,
    [GEDI__PARAMETERS] = gedi__read_parameters,
    [GEDI__OPTIONS] = gedi__read_options,
    [GEDI__INIT] = gedi__read_init,
    [GEDI__STAGES] = read_stages,
    [GEDI__FIGURES] = gedi__read_figures,
    [GEDI__COUNTED] = gedi__read_counted,
    [GEDI__HISTORY] = gedi__read_history,
    [GEDI__AXES] = read_block,
    [GEDI__SHOW] = read_block,
};

static int legal_keys(const char *owner, const char **legal)
{
    int n = 0;
    for (const gedi__key *k = gedi__keys; k->key; k++)
        if (!owner || k->staged)
            legal[n++] = k->key;
    return n;
}

enum { LONG = 7 }; /* a word that is nearly another one by no accident */

/* Of a table, the option of that name, or what the name is most likely to mean; NULL for neither. */
static const char *option_of(const gedi_option *table, const char *word, bool nearly)
{
    const char *legal[64];
    int n = 0;
    for (const gedi_option *o = table; o && o->key && n < 64; o++)
        legal[n++] = o->key;
    if (nearly)
        return strlen(word) < LONG ? gedi__text_related(word, legal, n)
                                   : gedi__text_nearest(word, legal, n);
    for (int i = 0; i < n; i++)
        if (!strcmp(legal[i], word))
            return legal[i];
    return NULL;
}

/* The first component below `t`, {plugin: options} or a list of them, that has such an option. */
static const char *owner_of_option(gedi__reading *r, gedi_kind kind, const gedi__tree *t,
                                   const char *word, bool nearly, const char **option)
{
    const gedi_plugin *p;
    const gedi__tree *one = t->kind == GEDI__LIST ? t->child : t;
    for (; one; one = one == t ? NULL : one->next) {
        const char *name = one->kind == GEDI__MAP && one->child ? one->child->key : NULL;
        if (name && !gedi__registry_find(r->e->registry, kind, name, &p, NULL) &&
            (*option = option_of(p->options, word, nearly)))
            return p->name;
    }
    return NULL;
}

/* A word that stands at the top, but is an option of what is below. */
static bool belongs_deeper(gedi__reading *r, const gedi__tree *t, bool nearly)
{
    const char *option;
    for (const gedi__tree *c = r->root->child; c; c = c->next) {
        const gedi__key *k =
            c->child ? gedi__key_find(c->key) : NULL; /* no scalar is one */
        if (!k || gedi__key_component_depth(k) != 1)
            continue;
        const char *name =
            owner_of_option(r, (gedi_kind)k->kind, c, t->key, nearly, &option);
        if (!name)
            continue;
        gedi__mistake(
            r->m, t->key_at,
            "unknown key '%.64s': %s%s%san option of %s, which is %s here: write "
            "%s: {%s: {%s: ...}}, or %s.%s.%s=VALUE",
            t->key, nearly ? "did you mean '" : "", nearly ? option : "",
            nearly ? "'? It is " : "", k->key, name, k->key, name, option, k->key, name,
            option);
        return true;
    }
    return false;
}

/* A list in `sweep:` whose name is no path: is it to be the name of points? */
static bool is_axis(gedi__reading *r, const gedi__tree *t)
{
    char given[96];
    bool set = false;
    snprintf(given, sizeof given, "override %.64s=", t->key);
    for (int i = 0; i < r->settings && !set; i++)
        set = !strcmp(r->setting[i].path, t->key);
    if (!r->is_point || !set || !strncmp(t->key_at.source, given, strlen(given)))
        return false;
    gedi__mistake(
        r->m, t->key_at,
        "'%.64s' is no key: give a path, such as optimizer.adam.lr, or say what each "
        "point sets: %.64s: {A: {PATH: VALUE, ...}, B: {...}}",
        t->key, t->key);
    return true;
}

/* What was put in under sweep, but below no axis of it: `sweep.methd=...`. */
static bool is_near_axis(gedi__reading *r, const gedi__tree *t)
{
    const gedi__tree *sweep = NULL;
    const char *axis[64];
    size_t length = strlen(t->key);
    bool set = false;
    int n = 0;
    for (int i = 0; i < r->settings && !set; i++)
        set = !strncmp(r->setting[i].path, t->key, length) &&
              strchr(".", r->setting[i].path[length]);
    if (r->is_point && set)
        sweep = gedi__tree_of_form(r->root, GEDI__AXES);
    for (const gedi__tree *c = sweep ? sweep->child : NULL; c && n < 64; c = c->next)
        if (strncmp(c->key, t->key, length) || !strchr(".", c->key[length]))
            axis[n++] = c->key;
    const char *near = gedi__text_nearest(t->key, axis, n);
    if (near)
        gedi__mistake(r->m, t->key_at,
                      "'%.64s' is no axis of the sweep: did you mean 'sweep.%.64s'?",
                      t->key, near);
    return near;
}

/* The key whose options have one that is nearly called so: `batch_size` of train. */
static bool is_near_option(gedi__reading *r, const gedi__tree *t)
{
    const char *near = NULL, *key = NULL;
    for (const gedi__key *k = gedi__keys; k->key && !near; k++) {
        near = k->form == GEDI__OPTIONS ? option_of(k->options, t->key, true) : NULL;
        key = k->key;
    }
    if (near)
        gedi__mistake(r->m, t->key_at,
                      "unknown key '%.64s': did you mean '%s'? It belongs to %s: {%s: "
                      "...}",
                      t->key, near, key, near);
    return near;
}

enum { HINTED = 100 }; /* of thousands, the hints would take longer than all else */

static void unknown_key(gedi__reading *r, const gedi__tree *t, const char *owner)
{
    const char *legal[GEDI__MAX_KEYS];
    const gedi__key *k = gedi__keys;
    int n = legal_keys(owner, legal);
    while (k->key && (k->form != GEDI__OPTIONS || !gedi__option_find(k->options, t->key)))
        k++;
    if (k->key)
        gedi__mistake(r->m, t->key_at,
                      "unknown key '%.64s': it belongs to %s: {%.64s: ...}", t->key,
                      k->key, t->key);
    else if (r->m->n >= HINTED ||
             (!belongs_deeper(r, t, false) && !is_near_axis(r, t) && !is_axis(r, t) &&
              (gedi__text_nearest(t->key, legal, n) ||
               (!is_near_option(r, t) && !belongs_deeper(r, t, true)))))
        gedi__mistake_unknown(r->m, t->key_at, "key", t->key, owner, legal, n);
}

/* A key that is there under a name that is nearly its own has been complained of. */
static bool is_misspelt(const gedi__tree *map, const gedi__key *k)
{
    const char *legal[GEDI__MAX_KEYS];
    int n = legal_keys(NULL, legal);
    for (const gedi__tree *t = map->child; t; t = t->next) {
        const char *near =
            gedi__key_find(t->key) ? NULL : gedi__text_nearest(t->key, legal, n);
        if (near && !strcmp(near, k->key))
            return true;
    }
    return false;
}

/* Which keys are read: those of the whole experiment, those that a stage may state. */
typedef struct which {
    bool shared, staged;
} which;

static bool is_meant(const gedi__key *k, which w)
{
    return k->staged ? w.staged : w.shared;
}

/* Components keep the places of their own. */
static gedi_status read_key(gedi__reading *r, const gedi__key *k, const gedi__tree *t)
{
    if (k->form == GEDI__PARAMETERS || k->form == GEDI__PIPELINES)
        GEDI_TRY(gedi__place_keep(r, gedi__key_target(r, k), t->at));
    return readers[k->form](r, k, t);
}

/* In the order of the file, so that mistakes are too; but `plugins` were first, as the others
 * need them, and `groups` are last, as they need the optimizer. `counted` waits for all stages. */
static gedi_status read_keys(gedi__reading *r, const gedi__tree *map, which w)
{
    for (const gedi__tree *t = map->child; t; t = t->next) {
        const gedi__key *k = gedi__key_find(t->key);
        if (!k && w.shared) /* those of a stage were looked at before */
            unknown_key(r, t, NULL);
        else if (k && is_meant(k, w) && k->form != GEDI__PLUGINS &&
                 k->form != GEDI__GROUPS && k->form != GEDI__COUNTED)
            GEDI_TRY(read_key(r, k, t));
    }
    const gedi__tree *groups = gedi__tree_of_form(map, GEDI__GROUPS);
    if (groups && w.staged)
        GEDI_TRY(gedi__read_groups(r, gedi__key_of_form(GEDI__GROUPS), groups));
    for (const gedi__key *k = gedi__keys; r->whole && k->key; k++)
        if (k->required && is_meant(k, w) && !gedi__tree_get(map, k->key) &&
            !is_misspelt(map, k))
            gedi__mistake(r->m, map->at, "'%s' is missing", k->key);
    return GEDI_OK;
}

gedi_status gedi__read_root(gedi__reading *r)
{
    const gedi__tree *sweep = gedi__tree_of_form(r->root, GEDI__AXES);
    const gedi__tree *plugins = gedi__tree_of_form(r->root, GEDI__PLUGINS);
    const gedi__tree *stages = gedi__tree_of_form(r->root, GEDI__STAGES);
    bool alone =
        !stages || gedi__tree_is_null(stages); /* else they state it, one by one */
    if (sweep && !r->is_point) {               /* what is missing may be in its points */
        gedi__mistake(r->m, sweep->key_at,
                      "sweep: many experiments are stated here, not one: run them with "
                      "`gedi sweep %s`",
                      r->file);
        return GEDI_OK;
    }
    if (plugins)
        GEDI_TRY(gedi__read_plugins(r, gedi__key_of_form(GEDI__PLUGINS), plugins));
    return read_keys(r, r->root, (which){true, alone});
}

/* ---- stages ---- */

/* What a stage itself states; false after a mistake that leaves nothing to read. */
static bool check_stage(gedi__reading *r, int i, const gedi__tree *t)
{
    char owner[32];
    snprintf(owner, sizeof owner, "stages.%d", i);
    if (t->kind != GEDI__MAP) {
        gedi__mistake(
            r->m, t->at,
            "%s: %s is given, but it must be a mapping: {objective: {NAME: {}}, "
            "train: {iterations: 1000}}",
            owner, gedi__tree_what(t));
        return false;
    }
    for (const gedi__tree *c = t->child; c; c = c->next) {
        const gedi__key *k = gedi__key_find(c->key);
        if (!k)
            unknown_key(r, c, owner);
        else if (k->form == GEDI__STAGES)
            gedi__mistake(r->m, c->key_at, "%s: a stage has no stages of its own", owner);
        else if (!k->staged)
            gedi__mistake(r->m, c->key_at,
                          "%s: '%s' is the same in all stages: state it beside `stages:`",
                          owner, c->key);
    }
    return true;
}

/* One stage; `said` is where the mistakes of this reading begin. What several stages inherit is
 * wrong in each, but said once. */
static gedi_status read_stage(gedi__reading *r, int i, const gedi__tree *tree,
                              size_t said)
{
    gedi__mistakes own = {0}, *all = r->m;
    r->stage = &r->e->stage[i];
    r->m = r->fill.m = &own;
    gedi_status s = read_keys(r, tree, (which){false, true});
    r->m = r->fill.m = all;
    gedi__mistakes_join(all, said, &own);
    return s;
}

/* What was put in around the stages must reach one of them. */
static void check_settings(gedi__reading *r, gedi__tree *const *tree, int n)
{
    for (int i = 0; i < r->settings; i++) {
        const gedi__setting *s = &r->setting[i];
        const gedi__key *k = gedi__key_of_path(s->path);
        if (k && k->staged)
            gedi__stages_check_reach(r->root, tree, n, s, r->m);
    }
}

static gedi_status read_stages(gedi__reading *r, const gedi__key *k, const gedi__tree *t)
{
    int n = gedi__tree_count(t);
    size_t said = r->m->text.len;
    if (gedi__tree_is_null(t) && *t->text) /* none, whatever a base states */
        return GEDI_OK;
    if (!gedi__need_list(r, k->key, "[{objective: {NAME: {}}, train: {...}}, {...}]", t))
        return GEDI_OK;
    if (n < 1 || n > GEDI__MAX_STAGES) {
        if (n)
            gedi__mistake(r->m, t->at, "stages: %d are listed, but there are at most %d",
                          n, GEDI__MAX_STAGES);
        else
            gedi__mistake(
                r->m, t->at,
                "stages: the list is empty: leave it out, or state at least one");
        return GEDI_OK;
    }
    gedi__tree **tree = gedi__arena_alloc(r->scratch, (size_t)n * sizeof *tree);
    if (!tree)
        return GEDI_NOMEM;
    GEDI_TRY(gedi__stages_make(r, n));
    bool all = true;
    int i = 0;
    for (const gedi__tree *c = t->child; c; c = c->next, i++) {
        if (!check_stage(r, i, c)) {
            all = false;
            continue;
        }
        if (!(tree[i] = gedi__stage_tree(r->root, c, r->scratch)))
            return GEDI_NOMEM;
        GEDI_TRY(read_stage(r, i, tree[i], said));
    }
    if (all)
        check_settings(r, tree, n);
    return GEDI_OK;
}
