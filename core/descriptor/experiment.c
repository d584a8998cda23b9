/* experiment.c - a descriptor's tree, checked key by key, into an experiment.
 *
 * Everything is looked at, so that all mistakes are found at once. GEDI_NOMEM is the only
 * status that stops the reading; mistakes go into gedi__mistakes.
 */
#include "core/descriptor/experiment.h"
#include "core/base/file.h"
#include "core/descriptor/fill.h"
#include "core/descriptor/merge.h"
#include "core/exec/machine.h"
#include "core/plugin/option.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_THREADS = 64 }; /* taken by default; more can be asked for */

const gedi_option gedi__train_options[] = {
    GEDI_INT(gedi__train, iterations, 1, 1, 1e9, "training steps; must be given"),
    GEDI_INT(gedi__train, batch, 128, 1, 1e7, "records in a batch"),
    GEDI_INT(gedi__train, log_every, 100, 1, 1e9,
             "iterations between two lines of metrics.jsonl"),
    GEDI_INT(gedi__train, checkpoint_every, 1000, 1, 1e9,
             "iterations between two checkpoints"),
    GEDI_REAL(gedi__train, explode, 1e8, 1, 1e30,
              "a loss term beyond +-explode, or a gradient whose norm is, stops the run"),
    GEDI_END,
};

typedef struct settings { /* the plain values at the top level */
    int64_t seed, threads;
} settings;

static const gedi_option setting_options[] = {
    GEDI_INT(settings, seed, 0, 0, 9223372036854775807.0, "of all random numbers"),
    GEDI_INT(settings, threads, 0, 0, 1024, "0: as many as there are processors"),
    GEDI_END,
};

static const char *const figure_names[] = {"clusters", "density", "losses"};
enum { FIGURES = sizeof figure_names / sizeof *figure_names };

typedef struct reading {
    gedi__experiment *e;
    gedi__mistakes *m;
    gedi__filler fill;
    settings set;
    const char *file;   /* the descriptor, as it was named */
    const char *folder; /* of the descriptor, absolute */
    bool whole;         /* false: what is missing may be in a base that is missing */
    bool is_point;      /* of a sweep: its blocks are not ours */
    const char *const *override;
    int overrides;
    const gedi__setting *set_in; /* after the overrides */
    int sets;
} reading;

typedef struct entry { /* a key of the top level */
    const char *key;
    gedi_status (*read)(reading *r, const struct entry *k, const gedi__tree *t);
    bool required;
    gedi_kind kind; /* of a component */
    size_t offset;  /* of a component in gedi__experiment */
} entry;

/* ---- components ---- */

/* The one {plugin: options} of `t`, or NULL after a mistake. */
static const gedi__tree *one_plugin(reading *r, const char *what, const gedi__tree *t)
{
    const gedi__tree *c = t->kind == GEDI__MAP ? t->child : NULL;
    if (!c)
        gedi__mistake(r->m, t->at,
                      "%s: %s is given, but it must name a plugin: {NAME: {OPTION: "
                      "VALUE}}",
                      what,
                      t->kind == GEDI__MAP ? "an empty mapping" : gedi__tree_what(t));
    else if (c->next)
        gedi__mistake(r->m, c->next->key_at,
                      "%s: only one plugin can be named, but '%.64s' follows '%.64s'",
                      what, c->next->key, c->key);
    else if (c->kind != GEDI__MAP)
        gedi__mistake(
            r->m, c->at,
            "%s: the options of '%.64s' must be a mapping, {OPTION: VALUE}, but "
            "%s is given",
            what, c->key, gedi__tree_what(c));
    else
        return c;
    return NULL;
}

static gedi_status read_component(reading *r, gedi_kind kind, const gedi__tree *t,
                                  gedi__component *out)
{
    gedi_err why = {0};
    const gedi_plugin *p;
    int before = r->m->n;
    const gedi__tree *c = one_plugin(r, t->key ? t->key : gedi__kind_name(kind), t);
    if (!c)
        return GEDI_OK;
    gedi_status s = gedi__registry_find(r->e->registry, kind, c->key, &p, &why);
    if (s == GEDI_NOMEM)
        return s;
    if (s) {
        gedi__mistake(r->m, c->key_at, "%s", why.msg);
        return GEDI_OK;
    }
    void *self = gedi__arena_alloc(&r->e->arena, p->self_size);
    if (!self)
        return GEDI_NOMEM;
    s = gedi__option_defaults(p->options, self, &why);
    GEDI_ASSERT(s == GEDI_OK); /* the registry has tried them */
    GEDI_TRY(gedi__options_fill(&r->fill, c->key, p->options, self, c));
    if (r->m->n == before && p->check && (s = p->check(self, &why)))
        gedi__mistake(r->m, c->key_at, "%s: %s", c->key,
                      *why.msg ? why.msg : gedi_status_text(s));
    out->plugin = p;
    out->self = self;
    return GEDI_OK;
}

static gedi_status read_one(reading *r, const entry *k, const gedi__tree *t)
{
    gedi__component *c = (gedi__component *)((char *)r->e + k->offset);
    if (!k->required && gedi__tree_is_null(t)) {
        if (!*t->text)
            gedi__mistake(r->m, t->at, "%s: nothing is given: write null for none",
                          k->key);
        return GEDI_OK;
    }
    return read_component(r, k->kind, t, c);
}

/* A list, or NULL after a mistake. */
static const gedi__tree *need_list(reading *r, const char *what, const char *example,
                                   const gedi__tree *t)
{
    if (t->kind == GEDI__LIST)
        return t;
    gedi__mistake(r->m, t->at, "%s: %s is given, but it must be a list: %s", what,
                  gedi__tree_what(t), example);
    return NULL;
}

static gedi_status read_components(reading *r, gedi_kind kind, const gedi__tree *list,
                                   gedi__component **out, int *n)
{
    gedi__component *c =
        gedi__arena_alloc(&r->e->arena, (size_t)gedi__tree_count(list) * sizeof *c);
    if (!c)
        return GEDI_NOMEM;
    *out = c;
    *n = 0;
    for (const gedi__tree *t = list->child; t; t = t->next)
        GEDI_TRY(read_component(r, kind, t, &c[(*n)++]));
    return GEDI_OK;
}

/* ---- the keys ---- */

static gedi_status read_views(reading *r, const entry *k, const gedi__tree *t)
{
    gedi__experiment *e = r->e;
    if (!need_list(r, k->key, "one list of transformations a view, [[], [NAME: {}]]", t))
        return GEDI_OK;
    e->views = 0;
    for (const gedi__tree *c = t->child; c; c = c->next) {
        if (e->views == GEDI_MAX_VIEWS) {
            gedi__mistake(r->m, c->at, "views: there are at most %d", GEDI_MAX_VIEWS);
            return GEDI_OK;
        }
        gedi__pipeline *p = &e->view[e->views++];
        if (need_list(r, "view", "[NAME: {OPTION: VALUE}], or [] to change nothing", c))
            GEDI_TRY(read_components(r, k->kind, c, &p->view, &p->n));
    }
    return GEDI_OK;
}

static gedi_status read_evaluate(reading *r, const entry *k, const gedi__tree *t)
{
    gedi__experiment *e = r->e;
    if (!need_list(r, k->key, "[NAME: {OPTION: VALUE}]", t))
        return GEDI_OK;
    GEDI_TRY(read_components(r, k->kind, t, &e->evaluator, &e->evaluators));
    for (int i = 0; i < e->evaluators; i++)
        for (int j = 0; j < i; j++)
            if (e->evaluator[i].plugin &&
                e->evaluator[i].plugin == e->evaluator[j].plugin)
                gedi__mistake(r->m, gedi__tree_at(t, i)->at,
                              "evaluate: '%s' is there twice: its figures would have the "
                              "same names",
                              e->evaluator[i].plugin->name);
    return GEDI_OK;
}

static void read_figure(reading *r, const gedi__tree *t)
{
    gedi__experiment *e = r->e;
    const char *name = NULL;
    if (t->kind != GEDI__SCALAR) {
        gedi__mistake(r->m, t->at, "figures: %s is given, but it must be a name",
                      gedi__tree_what(t));
        return;
    }
    for (int i = 0; i < FIGURES; i++)
        if (!strcmp(t->text, figure_names[i]))
            name = figure_names[i];
    if (!name) {
        gedi__mistake_unknown(r->m, t->at, "figure", t->text, NULL, figure_names,
                              FIGURES);
        return;
    }
    for (int i = 0; i < e->figures; i++)
        if (e->figure[i] == name) {
            gedi__mistake(r->m, t->at, "figures: '%s' is there twice", name);
            return;
        }
    e->figure[e->figures++] = name;
}

static gedi_status read_figures(reading *r, const entry *k, const gedi__tree *t)
{
    _Static_assert((int)FIGURES <= (int)GEDI__MAX_FIGURES, "room for every figure");
    if (need_list(r, k->key, "[clusters, losses]", t))
        for (const gedi__tree *c = t->child; c; c = c->next)
            read_figure(r, c);
    return GEDI_OK;
}

static gedi_status read_train(reading *r, const entry *k, const gedi__tree *t)
{
    if (t->kind != GEDI__MAP) {
        gedi__mistake(r->m, t->at,
                      "train: %s is given, but it must be a mapping: {iterations: 1000}",
                      gedi__tree_what(t));
        return GEDI_OK;
    }
    if (r->whole && !gedi__tree_get(t, "iterations"))
        gedi__mistake(r->m, t->at, "train: 'iterations' is missing");
    return gedi__options_fill(&r->fill, k->key, gedi__train_options, &r->e->train, t);
}

static gedi_status read_setting(reading *r, const entry *k, const gedi__tree *t)
{
    return gedi__option_fill(&r->fill, gedi__option_find(setting_options, k->key),
                             &r->set, t);
}

/* A path written in the descriptor or a base starts at the folder of that file, one in an
 * override at the descriptor's. Absolute; free() it; NULL when out of memory. */
static char *path_from(const reading *r, const gedi__tree *t)
{
    if (!t->at.line)
        return gedi__path_join(r->folder, t->text);
    const char *slash = strrchr(t->at.source, '/');
    char *folder =
        slash ? strndup(t->at.source, (size_t)(slash - t->at.source) + 1) : strdup(".");
    char *real = folder ? realpath(folder, NULL) : NULL;
    char *path = real ? gedi__path_join(real, t->text) : NULL;
    free(real);
    free(folder);
    return path;
}

static bool is_path(reading *r, const char *what, const gedi__tree *t)
{
    bool is = t->kind == GEDI__SCALAR && *t->text && !gedi__tree_is_null(t);
    if (!is)
        gedi__mistake(r->m, t->at, "%s: %s is given, but it must be a path", what,
                      gedi__tree_what(t));
    return is;
}

static gedi_status read_plugins(reading *r, const entry *k, const gedi__tree *t)
{
    gedi_err why;
    if (!need_list(r, k->key, "[FOLDER, KIND_NAME.so]", t))
        return GEDI_OK;
    for (const gedi__tree *c = t->child; c; c = c->next) {
        if (!is_path(r, "plugins", c))
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
static gedi_status read_name(reading *r, const entry *k, const gedi__tree *t)
{
    if (t->at.line && strcmp(t->at.source, r->file))
        return GEDI_OK;
    if (t->kind != GEDI__SCALAR || !*t->text || gedi__tree_is_null(t)) {
        gedi__mistake(r->m, t->at, "%s: %s is given, but it must be a name", k->key,
                      gedi__tree_what(t));
        return GEDI_OK;
    }
    if (strchr(t->text, '/')) { /* the folder of a run has it */
        gedi__mistake(r->m, t->at, "%s: '%.64s' has a '/'", k->key, t->text);
        return GEDI_OK;
    }
    r->e->name = gedi__arena_text(&r->e->arena, t->text);
    return r->e->name ? GEDI_OK : GEDI_NOMEM;
}

/* It need not exist: an experiment without relative paths does not care. */
static gedi_status read_directory(reading *r, const entry *k, const gedi__tree *t)
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
static gedi_status read_block(reading *r, const entry *k, const gedi__tree *t)
{
    if (!r->is_point)
        gedi__mistake(r->m, t->key_at, "%s: there is no `sweep:` whose points it shows",
                      k->key);
    return GEDI_OK;
}

#define COMPONENT(key, kind, required)                                                   \
    {                                                                                    \
#key, read_one, required, kind, offsetof(gedi__experiment, key)                  \
    }

/* In the order they are usually written. `base` was read before; here it is listed. */
static const entry entries[] = {
    {"base", NULL, false, 0, 0},
    {"name", read_name, false, 0, 0},
    {"directory", read_directory, false, 0, 0},
    {"plugins", read_plugins, false, 0, 0},
    {"seed", read_setting, false, 0, 0},
    {"threads", read_setting, false, 0, 0},
    COMPONENT(dataset, GEDI_KIND_DATASET, true),
    {"views", read_views, false, GEDI_KIND_VIEW, 0},
    COMPONENT(model, GEDI_KIND_MODEL, true),
    COMPONENT(projector, GEDI_KIND_MODEL, false),
    COMPONENT(objective, GEDI_KIND_OBJECTIVE, true),
    COMPONENT(sampler, GEDI_KIND_SAMPLER, false),
    COMPONENT(optimizer, GEDI_KIND_OPTIMIZER, true),
    {"train", read_train, true, 0, 0},
    {"evaluate", read_evaluate, false, GEDI_KIND_EVALUATOR, 0},
    {"figures", read_figures, false, 0, 0},
    {"sweep", read_block, false, 0, 0},
    {"table", read_block, false, 0, 0},
    {"grid", read_block, false, 0, 0},
    {"heatmap", read_block, false, 0, 0},
};
enum { ENTRIES = sizeof entries / sizeof *entries };

static const entry *find_entry(const char *key)
{
    for (int i = 0; i < ENTRIES; i++)
        if (!strcmp(entries[i].key, key))
            return &entries[i];
    return NULL;
}

bool gedi__experiment_has_key(const char *key)
{
    return find_entry(key) != NULL;
}

static void unknown_key(reading *r, const gedi__tree *t)
{
    const char *legal[ENTRIES];
    for (int i = 0; i < ENTRIES; i++)
        legal[i] = entries[i].key;
    gedi__mistake_unknown(r->m, t->key_at, "key", t->key, NULL, legal, ENTRIES);
}

/* In the order of the file, so that mistakes are too; but `plugins` first: the others need
 * it. */
static gedi_status read_keys(reading *r, const gedi__tree *root)
{
    const gedi__tree *plugins = gedi__tree_get(root, "plugins");
    const gedi__tree *sweep = gedi__tree_get(root, "sweep");
    if (sweep && !r->is_point) { /* what is missing may be in its points */
        gedi__mistake(r->m, sweep->key_at,
                      "sweep: many experiments are stated here, not one: run them with "
                      "`gedi sweep %s`",
                      r->file);
        return GEDI_OK;
    }
    if (plugins)
        GEDI_TRY(read_plugins(r, find_entry("plugins"), plugins));
    for (const gedi__tree *t = root->child; t; t = t->next) {
        const entry *k = find_entry(t->key);
        if (!k)
            unknown_key(r, t);
        else if (t != plugins)
            GEDI_TRY(k->read(r, k, t));
    }
    for (int i = 0; r->whole && i < ENTRIES; i++)
        if (entries[i].required && !gedi__tree_get(root, entries[i].key))
            gedi__mistake(r->m, root->at, "'%s' is missing", entries[i].key);
    return GEDI_OK;
}

/* ---- the whole ---- */

static gedi_status set_names(reading *r, const char *file)
{
    char *real = realpath(file, NULL);
    if (!real)
        return GEDI_NOMEM; /* it was there a moment ago */
    char *slash = strrchr(real, '/');
    const char *base = strrchr(file, '/');
    char *name = gedi__arena_text(&r->e->arena, base ? base + 1 : file);
    char *dot = name ? strrchr(name, '.') : NULL;
    if (dot && dot != name)
        *dot = 0;
    slash[slash == real] = 0;
    r->folder = gedi__arena_text(&r->e->arena, real);
    free(real);
    r->e->name = name;
    r->e->directory = r->folder;
    return r->folder && name ? GEDI_OK : GEDI_NOMEM;
}

/* Overrides, then what the point of a sweep sets. */
static gedi_status put_in(reading *r, gedi__tree *root, gedi__arena *scratch)
{
    for (int i = 0; i < r->overrides; i++) {
        gedi__setting s;
        GEDI_TRY(gedi__setting_parse(r->override[i], scratch, r->m, &s));
        if (s.path)
            GEDI_TRY(gedi__tree_set(root, &s, scratch, r->m));
    }
    for (int i = 0; i < r->sets; i++)
        GEDI_TRY(gedi__tree_set(root, &r->set_in[i], scratch, r->m));
    return GEDI_OK;
}

static gedi_status read_all(reading *r, gedi__arena *scratch, gedi_err *err)
{
    gedi__tree *root = NULL;
    GEDI_TRY(gedi__tree_load(r->file, scratch, r->m, &root, &r->whole));
    if (!root)
        return GEDI_OK;
    GEDI_TRY(put_in(r, root, scratch));
    GEDI_TRY(set_names(r, r->file));
    GEDI_TRY(gedi__registry_new(&r->e->registry, err));
    gedi_status s = gedi__option_defaults(setting_options, &r->set, err);
    s = s ? s : gedi__option_defaults(gedi__train_options, &r->e->train, err);
    GEDI_ASSERT(s == GEDI_OK);
    r->e->views = 1; /* one that changes nothing */
    GEDI_TRY(read_keys(r, root));
    int processors = gedi__machine_processors();
    r->e->seed = (uint64_t)r->set.seed;
    r->e->threads = r->set.threads              ? r->set.threads
                    : processors < MOST_THREADS ? processors
                                                : MOST_THREADS;
    return GEDI_OK;
}

static gedi_status read_experiment(reading *r, gedi__experiment **out, gedi_err *err)
{
    gedi__arena scratch = {0};
    int before = r->m->n;
    *out = NULL;
    r->e = calloc(1, sizeof *r->e);
    r->fill = (gedi__filler){r->e ? &r->e->arena : NULL, r->m};
    gedi_status s = r->e ? read_all(r, &scratch, err) : GEDI_NOMEM;
    gedi__arena_clear(&scratch);
    int n = r->m->n - before;
    if (s || r->m->text.failed)
        s = GEDI_FAIL(err, GEDI_NOMEM, "%s: out of memory", r->file);
    else if (n > 0)
        s = GEDI_FAIL(err, GEDI_DESCRIPTOR, "%s: %d mistake%s", r->file, n,
                      n == 1 ? "" : "s");
    if (s)
        gedi__experiment_free(r->e);
    else
        *out = r->e;
    return s;
}

gedi_status gedi__experiment_read(const char *file, const char *const *override, int n,
                                  gedi__experiment **out, gedi__mistakes *m,
                                  gedi_err *err)
{
    reading r = {.m = m, .file = file, .override = override, .overrides = n};
    return read_experiment(&r, out, err);
}

gedi_status gedi__experiment_read_point(const char *file, const char *const *override,
                                        int n, const gedi__setting *set, int k,
                                        gedi__experiment **out, gedi__mistakes *m,
                                        gedi_err *err)
{
    reading r = {.m = m,
                 .file = file,
                 .is_point = true,
                 .override = override,
                 .overrides = n,
                 .set_in = set,
                 .sets = k};
    return read_experiment(&r, out, err);
}

void gedi__experiment_free(gedi__experiment *e)
{
    if (!e)
        return;
    gedi__registry_free(e->registry);
    gedi__arena_clear(&e->arena);
    free(e);
}
