/* experiment.c - a descriptor's tree, checked key by key, into an experiment.
 *
 * Everything is looked at, so that all mistakes are found at once. GEDI_NOMEM is the only
 * status that stops the reading; mistakes go into gedi__mistakes.
 */
#include "core/descriptor/init.h"
#include "core/descriptor/reading.h"
#include "core/descriptor/source.h"
#include "core/descriptor/trees.h"
#include "core/descriptor/validation.h"
#include "core/exec/machine.h"
#include "core/plugin/option.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_THREADS = 64 }; /* taken by default; more can be asked for */

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
    GEDI_TRY(gedi__read_root(r));
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
