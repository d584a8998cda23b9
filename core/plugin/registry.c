/* registry.c - loading plugins, each once, and what is known of those that are loaded. */
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/plugin/builtin.h"
#include "core/plugin/check.h"
#include "core/plugin/imports.h"
#include "core/plugin/registry_parts.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const kind_name[GEDI_KINDS] = {
    "dataset", "view", "model", "objective", "sampler", "optimizer", "evaluator",
};

const char *gedi__kind_name(gedi_kind kind)
{
    return kind_name[kind];
}

bool gedi__kind_parse(const char *name, gedi_kind *kind)
{
    for (int k = 0; k < GEDI_KINDS; k++)
        if (!strcmp(name, kind_name[k])) {
            *kind = (gedi_kind)k;
            return true;
        }
    return false;
}

gedi_status gedi__registry_new(gedi__registry **out, gedi_err *err)
{
    *out = NULL;
    gedi__registry *r = calloc(1, sizeof *r);
    if (!r)
        return gedi_no_memory(err, "plugins");
    r->holders = 1;
    r->added_end = &r->places;
    if (!gedi__registry_add_usual(r)) {
        gedi__registry_free(r);
        return gedi_no_memory(err, "plugins");
    }
    *out = r;
    return GEDI_OK;
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer) /* clang's way of saying so */
#define __SANITIZE_ADDRESS__ 1
#endif
#endif

/* Leak reports name the functions of a library only while it is loaded. */
static void close_library(void *library)
{
#ifdef __SANITIZE_ADDRESS__
    (void)library;
#else
    dlclose(library);
#endif
}

bool gedi__registry_is_closed(void)
{
    const char *no = getenv("GEDI_NO_PLUGINS");
    return no && *no;
}

gedi__registry *gedi__registry_share(gedi__registry *r)
{
    r->holders++;
    return r;
}

void gedi__registry_free(gedi__registry *r)
{
    if (!r || --r->holders)
        return;
    for (gedi__loaded *l = r->loaded; l; l = l->next)
        close_library(l->library);
    for (int k = 0; k < GEDI_KINDS; k++)
        gedi__arena_clear(&r->names[k]);
    gedi__arena_clear(&r->arena);
    free(r);
}

/* ---- loading ---- */

/* Opens the file and finds its object; on failure the library is closed again. */
static gedi_status open_library(gedi_kind kind, const char *name, const char *file,
                                void **library, const void **object, gedi_err *err)
{
    char symbol[128];
    GEDI_TRY(gedi__imports_check(file, err)); /* the loader would wait for a pipe */
    errno = 0;
    *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    if (!*library) {
        /* Not every reason of the loader says that it had no memory; its allocator does. */
        if (errno == ENOMEM)
            return gedi_no_memory(err, "%s", file);
        const char *why = dlerror();
        return GEDI_FAIL(err, GEDI_PLUGIN, "%s: cannot be loaded: %s", file,
                         why ? why : "no reason is given");
    }
    snprintf(symbol, sizeof symbol, "gedi_%s_%s", kind_name[kind], name);
    *object = dlsym(*library, symbol);
    if (*object)
        return GEDI_OK;
    close_library(*library);
    return GEDI_FAIL(err, GEDI_PLUGIN,
                     "%s: it does not export %s: its file is not named after it, or "
                     "GEDI_DEFINE(%s, %s) is missing",
                     file, symbol, kind_name[kind], name);
}

/* Is `folder` the one that `file` lies in? */
static bool lies_in(const char *file, const char *folder)
{
    char of[PATH_MAX], real[PATH_MAX];
    if (!realpath(file, of) || !realpath(folder, real))
        return false;
    *strrchr(of, '/') = 0;
    return !strcmp(of, real);
}

/* Authors may install beside them. */
static bool is_builtin(const char *file)
{
    const char *slash = strrchr(file, '/'), *name = slash ? slash + 1 : file;
    const size_t n = strlen(name);
    for (const char *at = GEDI__BUILTIN; (at = strstr(at, name)); at += n)
        if (at[-1] == ' ' && at[n] == ' ')
            return true;
    return false;
}

static bool is_own(const gedi__registry *r, const char *file)
{
    Dl_info here;
    char library[PATH_MAX];
    if (!is_builtin(file))
        return false;
    for (const gedi__plugin_place *q = r->places; q; q = q->next)
        if (q->own && lies_in(file, q->path))
            return true;
    /* In a build tree, whichever program it is that uses the library. */
    if (!dladdr(kind_name, &here) || !realpath(here.dli_fname, library))
        return false;
    *strrchr(library, '/') = 0;
    return lies_in(file, library);
}

static gedi_status load(gedi__registry *r, gedi_kind kind, const char *name,
                        const char *file, gedi__loaded **out, gedi_err *err)
{
    const void *object = NULL;
    gedi__loaded *l = gedi__arena_alloc(&r->arena, sizeof *l);
    if (l)
        l->plugin = gedi__arena_alloc(&r->arena, gedi__plugin_size(kind));
    if (l)
        l->file = gedi__arena_text(&r->arena, file);
    if (!l || !l->plugin || !l->file)
        return gedi_no_memory(err, "plugins");
    GEDI_TRY(open_library(kind, name, file, &l->library, &object, err));
    gedi_status s = gedi__plugin_check(kind, name, file, object, l->plugin, err);
    if (s) {
        close_library(l->library);
        return s;
    }
    l->kind = kind;
    l->own = is_own(r, file);
    l->next = r->loaded;
    r->loaded = l;
    *out = l;
    return GEDI_OK;
}

gedi_status gedi__registry_find(gedi__registry *r, gedi_kind kind, const char *name,
                                const gedi_plugin **out, gedi_err *err)
{
    *out = NULL;
    for (gedi__loaded *l = r->loaded; l; l = l->next)
        if (l->kind == kind && !strcmp(l->plugin->name, name)) {
            *out = l->plugin;
            return GEDI_OK;
        }
    char *file = NULL;
    gedi__loaded *l = NULL;
    if (gedi__is_plain_name(name) && strlen(name) <= 64)
        GEDI_TRY(gedi__registry_locate(r, kind, name, &file, err));
    if (!file)
        return gedi__registry_not_found(r, kind, name, err);
    gedi_status s = load(r, kind, name, file, &l, err);
    free(file);
    if (s == GEDI_OK)
        *out = l->plugin;
    return s;
}

const char *gedi__registry_file(const gedi__registry *r, const gedi_plugin *p)
{
    for (const gedi__loaded *l = r->loaded; l; l = l->next)
        if (l->plugin == p)
            return l->file;
    return NULL;
}

bool gedi__registry_is_own(const gedi__registry *r, const gedi_plugin *p)
{
    for (const gedi__loaded *l = r->loaded; l; l = l->next)
        if (l->plugin == p)
            return l->own;
    return false;
}
