/* load.c - a descriptor's tree from its file and the files it is based on. */
#include "core/base/file.h"
#include "core/descriptor/merge.h"
#include "core/descriptor/source.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LARGEST = 256 * 1024, /* bytes: beyond, it is no descriptor but data */
    MOST_BASES = 32       /* files, each the base of the one before */
};

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
        GEDI_TRY(gedi__tree_merge(base, *root, l->arena));
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
    GEDI_TRY(gedi__tree_normalise(root, l->arena));
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
