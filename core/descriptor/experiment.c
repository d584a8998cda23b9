/* experiment.c - a descriptor's tree, checked key by key, into an experiment.
 *
 * Everything is looked at, so that all mistakes are found at once. GEDI_NOMEM is the only
 * status that stops the reading; mistakes go into gedi__mistakes.
 */
#include "core/base/file.h"
#include "core/descriptor/init.h"
#include "core/descriptor/print.h"
#include "core/descriptor/source.h"
#include "core/descriptor/reading.h"
#include "core/descriptor/trees.h"
#include "core/descriptor/validation.h"
#include "core/exec/machine.h"
#include "core/plugin/option.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_THREADS = 64 }; /* taken by default; more can be asked for */

/* ---- the keys ---- */

/* {clusters: {format: pdf}}: the options of that figure. */
static gedi_status read_print(gedi__reading *r, const gedi__key *k, const char *figure,
                              const gedi__tree *t, gedi__print *print)
{
    int before = r->m->n;
    const gedi_option *options = gedi__figure_options(figure);
    *print = (gedi__print){0};
    GEDI_TRY(gedi__option_defaults(options, print, NULL));
    if (!t || gedi__tree_is_null(t))
        return GEDI_OK;
    GEDI_TRY(gedi__options_fill(&r->fill, t->key, options, print, t));
    if (r->m->n == before && !gedi__print_has_width(print->width))
        gedi__mistake(r->m, t->at, GEDI__PRINT_NO_WIDTH, k->key, print->width);
    return GEDI_OK;
}

static gedi_status read_figure(gedi__reading *r, const gedi__key *k, const gedi__tree *t)
{
    const char **figure = gedi__key_target(r, k);
    int *n = gedi__key_count(r, k);
    const gedi__tree *own = t->kind == GEDI__MAP ? t->child : NULL;
    if (t->kind != GEDI__SCALAR && (!own || own->next)) {
        gedi__mistake(r->m, t->at,
                      "%s: %s is given, but it must be a name, or one with options: "
                      "{clusters: {format: pdf}}",
                      k->key, gedi__tree_what(t));
        return GEDI_OK;
    }
    const char *name = own ? own->key : t->text;
    if (!gedi__words_have(k->words, name))
        return gedi__mistake_word(r->m, t->at, "figure", name, k->words);
    for (int i = 0; i < *n; i++)
        if (!strcmp(figure[i], name)) {
            gedi__mistake(r->m, t->at, "%s: duplicate '%s'", k->key, name);
            return GEDI_OK;
        }
    GEDI_TRY(read_print(r, k, name, own, &r->e->print[*n]));
    figure[*n] = gedi__arena_text(&r->e->arena, name);
    return figure[*n] ? gedi__place_keep(r, figure[(*n)++], t->at) : GEDI_NOMEM;
}

static gedi_status read_figures(gedi__reading *r, const gedi__key *k, const gedi__tree *t)
{
    if (gedi__need_list(r, k->key, "[clusters, losses]", t))
        for (const gedi__tree *c = t->child; c; c = c->next)
            GEDI_TRY(read_figure(r, k, c));
    return GEDI_OK;
}

static gedi_status read_value(gedi__reading *r, const gedi__key *k, const gedi__tree *t)
{
    return gedi__option_fill(&r->fill, gedi__option_find(k->options, k->key), r->e, t);
}

/* A path written in the descriptor or a base starts at the folder of that file, one in an
 * override at the descriptor's. Absolute; free() it; NULL when out of memory. */
static char *path_from(const gedi__reading *r, const gedi__tree *t)
{
    if (!t->at.line)
        return gedi__path_join(r->folder, t->text);
    const char *file = t->at.source;
    const char *slash = gedi__source_stream(file) < 0 ? strrchr(file, '/') : NULL;
    char *folder = slash ? strndup(file, (size_t)(slash - file) + 1) : strdup(".");
    char *real = folder ? realpath(folder, NULL) : NULL;
    char *path = real ? gedi__path_join(real, t->text) : NULL;
    free(real);
    free(folder);
    return path;
}

static bool is_path(gedi__reading *r, const char *what, const gedi__tree *t)
{
    bool is = t->kind == GEDI__SCALAR && *t->text && !gedi__tree_is_null(t);
    if (!is)
        gedi__mistake(r->m, t->at, "%s: %s is given, but it must be a path", what,
                      gedi__tree_what(t));
    return is;
}

static gedi_status read_plugins(gedi__reading *r, const gedi__key *k, const gedi__tree *t)
{
    gedi_err why;
    if (!gedi__need_list(r, k->key, "[FOLDER, KIND_NAME.so]", t))
        return GEDI_OK;
    if (t->child && gedi__registry_is_closed()) {
        gedi__mistake(r->m, t->key_at,
                      "%s: a descriptor with plugins is a program, and --no-plugins says "
                      "that none is to run",
                      k->key);
        return GEDI_OK;
    }
    for (const gedi__tree *c = t->child; c; c = c->next) {
        if (!is_path(r, k->key, c))
            continue;
        char *path = path_from(r, c);
        gedi_status s =
            path ? gedi__registry_add_path(r->e->registry, path, &why) : GEDI_NOMEM;
        free(path);
        if (s == GEDI_NOMEM)
            return s;
        if (s)
            gedi__mistake(r->m, c->at, "%s", why.msg);
    }
    return GEDI_OK;
}

/* A base does not hand its name on: what is made of it is another experiment. */
static gedi_status read_name(gedi__reading *r, const gedi__key *k, const gedi__tree *t)
{
    if (t->at.line && strcmp(t->at.source, r->file))
        return GEDI_OK;
    if (t->kind != GEDI__SCALAR || !*t->text || gedi__tree_is_null(t)) {
        gedi__mistake(r->m, t->at, "%s: %s is given, but it must be a name", k->key,
                      gedi__tree_what(t));
        return GEDI_OK;
    }
    if (!gedi__text_is_name(t->text)) { /* the folder of a run or sweep has it */
        gedi__mistake(r->m, t->at, "%s: '%.64s' is not " GEDI__NAME_RULE, k->key,
                      t->text);
        return GEDI_OK;
    }
    r->e->named = true;
    r->e->name = gedi__arena_text(&r->e->arena, t->text);
    return r->e->name ? GEDI_OK : GEDI_NOMEM;
}

/* It need not exist: an experiment without relative paths does not care. */
static gedi_status read_directory(gedi__reading *r, const gedi__key *k,
                                  const gedi__tree *t)
{
    char real[PATH_MAX];
    if (!is_path(r, k->key, t))
        return GEDI_OK;
    char *path = path_from(r, t);
    if (!path)
        return GEDI_NOMEM;
    if (realpath(path, real))
        r->e->directory = gedi__arena_text(&r->e->arena, real);
    else
        r->e->directory = gedi__arena_text(&r->e->arena, path);
    bool failed = !r->e->directory;
    free(path);
    return failed ? GEDI_NOMEM : GEDI_OK;
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
    [GEDI__NAME] = read_name,
    [GEDI__FOLDER] = read_directory,
    [GEDI__PLUGINS] = read_plugins,
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
    [GEDI__FIGURES] = read_figures,
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

static void unknown_key(gedi__reading *r, const gedi__tree *t, const char *owner)
{
    const char *legal[GEDI__MAX_KEYS];
    const gedi__key *train = gedi__key_of_form(GEDI__OPTIONS);
    int n = legal_keys(owner, legal);
    if (gedi__option_find(train->options, t->key))
        gedi__mistake(r->m, t->key_at,
                      "unknown key '%.64s': it belongs to %s: {%.64s: ...}", t->key,
                      train->key, t->key);
    else
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
            GEDI_TRY(readers[k->form](r, k, t));
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

static gedi_status read_root(gedi__reading *r)
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
        GEDI_TRY(read_plugins(r, gedi__key_of_form(GEDI__PLUGINS), plugins));
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

/* ---- the whole ---- */

typedef struct asked { /* besides the file */
    const char *const *override;
    int overrides;
    const gedi__setting *set;
    int sets;
    gedi__trees *trees; /* of a point of a sweep; else NULL */
} asked;

/* What is varied is set by points; an override of it has changed them. */
static bool is_of_sweep(const char *path)
{
    char first[16];
    snprintf(first, sizeof first, "%.*s", (int)strcspn(path, "."), path);
    return gedi__key_is(first, GEDI__AXES);
}

static gedi_status set_names(gedi__reading *r, const char *file)
{
    bool piped = gedi__source_stream(file) >= 0;
    char *real = realpath(piped ? "." : file, NULL);
    if (!real)
        return GEDI_NOMEM; /* it was there a moment ago */
    char *slash = piped ? NULL : strrchr(real, '/');
    const char *base = strrchr(file, '/');
    char *name = gedi__arena_text(&r->e->arena, piped ? "stdin" : base ? base + 1 : file);
    char *dot = name ? strrchr(name, '.') : NULL;
    if (dot && dot != name)
        *dot = 0;
    if (slash)
        slash[slash == real] = 0;
    r->e->named = !piped;
    r->e->file = gedi__arena_text(&r->e->arena, file);
    r->folder = gedi__arena_text(&r->e->arena, real);
    free(real);
    r->e->name = name;
    r->e->directory = r->folder;
    return r->folder && name && r->e->file ? GEDI_OK : GEDI_NOMEM;
}

/* Puts the overrides in, and then what the point of a sweep sets. */
static gedi_status put_in(gedi__reading *r, gedi__tree *root, const asked *a)
{
    size_t n = (size_t)(a->overrides + a->sets);
    r->setting = gedi__arena_alloc(r->scratch, n * sizeof *r->setting);
    if (!r->setting)
        return GEDI_NOMEM;
    for (int i = 0; i < a->overrides; i++) {
        gedi__setting *s = &r->setting[r->settings];
        GEDI_TRY(gedi__setting_parse(a->override[i], r->scratch, r->m, s));
        r->settings += s->path && !(a->trees && is_of_sweep(s->path));
    }
    for (int i = 0; i < a->sets; i++)
        if (!gedi__key_is(a->set[i].path, GEDI__BASE)) /* by which the file was read */
            r->setting[r->settings++] = a->set[i];
    for (int i = 0; i < r->settings; i++)
        GEDI_TRY(gedi__tree_set(root, &r->setting[i], r->scratch, r->m));
    gedi__text all = {0};
    for (int i = 0; i < a->overrides; i++)
        gedi__text_add(&all, "%s%s", i ? ", " : "", a->override[i]);
    r->e->overrides =
        all.failed ? NULL : gedi__arena_text(&r->e->arena, all.s ? all.s : "");
    gedi__text_clear(&all);
    return r->e->overrides ? GEDI_OK : GEDI_NOMEM;
}

static gedi_status read_all(gedi__reading *r, const asked *a, gedi_err *err)
{
    gedi__tree *root = NULL;
    const gedi__tree *base = NULL;
    for (int i = 0; i < a->sets; i++)
        if (gedi__key_is(a->set[i].path, GEDI__BASE))
            base = a->set[i].value;
    GEDI_TRY(a->trees
                 ? gedi__trees_load(a->trees, r->file, base, r->scratch, r->m, &root,
                                    &r->whole)
                 : gedi__tree_load(r->file, base, r->scratch, r->m, &root, &r->whole));
    if (!root)
        return GEDI_OK;
    r->root = root;
    GEDI_TRY(put_in(r, root, a));
    GEDI_TRY(set_names(r, r->file));
    GEDI_TRY(a->trees ? gedi__trees_registry(a->trees, root, &r->e->registry, err)
                      : gedi__registry_new(&r->e->registry, err));
    gedi_status s =
        gedi__option_defaults(gedi__key_of_form(GEDI__VALUE)->options, r->e, err);
    GEDI_ASSERT(s == GEDI_OK);
    s = gedi__option_defaults(gedi__validation_options, &r->e->validation, err);
    GEDI_ASSERT(s == GEDI_OK);
    s = gedi__option_defaults(gedi__init_options, &r->e->init, err);
    GEDI_ASSERT(s == GEDI_OK);
    GEDI_TRY(gedi__stages_make(r, 1));
    GEDI_TRY(read_root(r));
    gedi__validation_check(r);
    const gedi__tree *counted = gedi__tree_of_form(root, GEDI__COUNTED);
    if (counted)
        GEDI_TRY(gedi__read_counted(r, gedi__key_of_form(GEDI__COUNTED), counted));
    gedi__stages_join(r->e);
    int threads = gedi__machine_threads();
    if (!r->e->threads)
        r->e->threads = threads < MOST_THREADS ? threads : MOST_THREADS;
    return gedi__open_components(r);
}

static gedi_status read_experiment(const char *file, const asked *a,
                                   gedi__experiment **out, gedi__mistakes *m,
                                   gedi_err *err)
{
    gedi__arena scratch = {0};
    int before = m->n;
    gedi__reading r = {
        .m = m, .file = file, .scratch = &scratch, .is_point = a->trees != NULL};
    *out = NULL;
    r.e = calloc(1, sizeof *r.e);
    r.fill = (gedi__filler){r.e ? &r.e->arena : NULL, m, gedi__read_entry, &r};
    gedi_status s = r.e ? read_all(&r, a, err) : GEDI_NOMEM;
    gedi__arena_clear(&scratch);
    int n = m->n - before;
    if (s || m->text.failed)
        s = gedi_no_memory(err, "%s", file);
    else if (n > 0)
        s = GEDI_FAIL(err, GEDI_DESCRIPTOR, "%s: %d mistake%s", file, n,
                      n == 1 ? "" : "s");
    if (s)
        gedi__experiment_free(r.e);
    else
        *out = r.e;
    return s;
}

gedi_status gedi__experiment_read(const char *file, const char *const *override, int n,
                                  gedi__experiment **out, gedi__mistakes *m,
                                  gedi_err *err)
{
    asked a = {.override = override, .overrides = n};
    return read_experiment(file, &a, out, m, err);
}

gedi_status gedi__experiment_read_stored(const char *file, const char *const *override,
                                         int n, gedi__experiment **out, gedi__mistakes *m,
                                         gedi_err *err)
{
    const char *key = gedi__key_of_form(GEDI__FOLDER)->key, *folder = NULL;
    for (int i = 0; i < n; i++)
        if (!strncmp(override[i], key, strlen(key)) && override[i][strlen(key)] == '=')
            folder = override[i];
    return gedi__experiment_read(file, &folder, folder != NULL, out, m, err);
}

gedi_status gedi__experiment_read_point(const char *file, gedi__trees *trees,
                                        const char *const *override, int n,
                                        const gedi__setting *set, int k,
                                        gedi__experiment **out, gedi__mistakes *m,
                                        gedi_err *err)
{
    asked a = {override, n, set, k, trees};
    return read_experiment(file, &a, out, m, err);
}

/* ---- where things were written ---- */

typedef struct gedi__placed {
    const void *of;
    gedi__place at;
    struct gedi__placed *next;
} gedi__placed;

gedi_status gedi__place_keep(gedi__reading *r, const void *of, gedi__place at)
{
    gedi__placed *p = gedi__arena_alloc(&r->e->arena, sizeof *p);
    const char *source = gedi__arena_text(&r->e->arena, at.source);
    if (!p || !source)
        return GEDI_NOMEM;
    *p = (gedi__placed){of, {source, at.line, at.column}, r->e->placed};
    r->e->placed = p;
    return GEDI_OK;
}

gedi__place gedi__experiment_place(const gedi__experiment *e, const void *of)
{
    const gedi__placed *p = e->placed;
    while (p && p->of != of)
        p = p->next;
    return p ? p->at : (gedi__place){e->name, 0, 0};
}

void gedi__experiment_free(gedi__experiment *e)
{
    if (!e)
        return;
    for (const gedi__opened *o = e->opened; o; o = o->next)
        if (o->is_open && o->close)
            o->close(o->self);
    gedi__registry_free(e->registry);
    gedi__arena_clear(&e->arena);
    free(e);
}
