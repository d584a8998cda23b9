/* folders.c - the keys of a descriptor that name it, its folder and those of its plugins. */
#include "core/base/file.h"
#include "core/descriptor/reading.h"
#include "core/descriptor/source.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

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

gedi_status gedi__read_plugins(gedi__reading *r, const gedi__key *k, const gedi__tree *t)
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
gedi_status gedi__read_name(gedi__reading *r, const gedi__key *k, const gedi__tree *t)
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
gedi_status gedi__read_directory(gedi__reading *r, const gedi__key *k,
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
