/* registry.c - finding and loading plugins: folders, dlopen, the names that exist. */
#include "core/plugin/registry.h"
#include "installed.h"

#include "core/base/arena.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/plugin/builtin.h"
#include "core/plugin/check.h"
#include "core/plugin/imports.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A place where plugins are looked for: a folder, or one .so. */
typedef struct place {
    struct place *next;
    bool own; /* gedi's: the build tree or GEDI_PLUGINDIR */
    const char *path;
    const char *file; /* NULL, or the name of the .so that `path` ends with */
} place;

typedef struct loaded {
    struct loaded *next;
    gedi_kind kind;
    void *library;
    const char *file;
    bool own;            /* gedi's, where gedi put it */
    gedi_plugin *plugin; /* the host's copy */
} loaded;

struct gedi__registry {
    int holders; /* how many will free it */
    gedi__arena arena;
    place *places;     /* in the order they are searched */
    place **added_end; /* those of the descriptor come first; they end here */
    loaded *loaded;
    gedi__arena names[GEDI_KINDS];
};

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

static gedi_status no_memory(gedi_err *err)
{
    return gedi_no_memory(err, "plugins");
}

/* Does <kind>_<name>.so name a plugin of this kind? Its name has *n bytes at the result.
 */
static const char *name_in(const char *file, gedi_kind kind, size_t *n)
{
    size_t prefix = strlen(kind_name[kind]), len = strlen(file);
    if (strncmp(file, kind_name[kind], prefix) || file[prefix] != '_' ||
        len < prefix + 5 || strcmp(file + len - 3, ".so"))
        return NULL;
    *n = len - prefix - 4;
    return file + prefix + 1;
}

static bool is_plugin_file(const char *file)
{
    size_t n;
    for (int k = 0; k < GEDI_KINDS; k++)
        if (name_in(file, (gedi_kind)k, &n))
            return true;
    return false;
}

/* ---- places ---- */

/* Inserts a place; `path` lives as long as the registry. False: out of memory. */
static bool insert(gedi__registry *r, place **at, const char *path, const char *file)
{
    place *p = gedi__arena_alloc(&r->arena, sizeof *p);
    if (!path || !p)
        return false;
    *p = (place){.next = *at, .path = path, .file = file};
    *at = p;
    return true;
}

static bool append(gedi__registry *r, const char *path)
{
    place **end = &r->places;
    while (*end)
        end = &(*end)->next;
    return insert(r, end, path, NULL);
}

static bool append_own(gedi__registry *r, const char *path)
{
    if (!append(r, path))
        return false;
    place *p = r->places;
    while (p->next)
        p = p->next;
    p->own = true;
    return true;
}

static bool add_environment(gedi__registry *r)
{
    const char *list = getenv("GEDI_PLUGIN_PATH");
    char *s = gedi__arena_text(&r->arena, list ? list : "");
    if (!s)
        return false;
    while (s) {
        char *next = strchr(s, ':');
        if (next)
            *next++ = 0;
        if (*s && !append(r, s))
            return false;
        s = next;
    }
    return true;
}

/* False: out of memory, as opposed to a folder that cannot be read. */
static bool open_folder(const char *path, DIR **d)
{
    *d = opendir(path);
    return *d || errno != ENOMEM;
}

static bool holds_plugins(DIR *d)
{
    for (struct dirent *e; d && (e = readdir(d));)
        if (is_plugin_file(e->d_name))
            return true;
    return false;
}

/* In a build tree the command and the plugins lie in one folder. */
static bool add_build_tree(gedi__registry *r)
{
    char exe[PATH_MAX];
    DIR *d;
    ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
    exe[n > 0 ? n : 0] = 0;
    char *slash = strrchr(exe, '/');
    if (!slash)
        return true;
    *slash = 0;
    if (!open_folder(exe, &d))
        return false;
    bool is = holds_plugins(d);
    if (d)
        closedir(d);
    return !is || append_own(r, gedi__arena_text(&r->arena, exe));
}

gedi_status gedi__registry_new(gedi__registry **out, gedi_err *err)
{
    *out = NULL;
    gedi__registry *r = calloc(1, sizeof *r);
    if (!r)
        return no_memory(err);
    r->holders = 1;
    r->added_end = &r->places;
    if (!add_environment(r) || !add_build_tree(r) || !append_own(r, GEDI_PLUGINDIR)) {
        gedi__registry_free(r);
        return no_memory(err);
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
    for (loaded *l = r->loaded; l; l = l->next)
        close_library(l->library);
    for (int k = 0; k < GEDI_KINDS; k++)
        gedi__arena_clear(&r->names[k]);
    gedi__arena_clear(&r->arena);
    free(r);
}

gedi_status gedi__registry_add_path(gedi__registry *r, const char *path, gedi_err *err)
{
    struct stat st;
    char *real = realpath(path, NULL);
    if (!real || stat(real, &st)) {
        int why = errno;
        free(real);
        if (why == ENOMEM)
            return no_memory(err);
        return GEDI_FAIL(err, GEDI_PLUGIN, "plugins: '%s': %s", path, strerror(why));
    }
    char *copy = gedi__arena_text(&r->arena, real);
    free(real);
    if (!copy)
        return no_memory(err);
    const char *file = S_ISDIR(st.st_mode) ? NULL : strrchr(copy, '/') + 1;
    if (file && !is_plugin_file(file))
        return GEDI_FAIL(err, GEDI_PLUGIN,
                         "plugins: '%s' is neither a folder nor called <kind>_<name>.so, "
                         "with a kind of dataset, view, model, objective, sampler, "
                         "optimizer, evaluator",
                         path);
    if (!insert(r, r->added_end, copy, file))
        return no_memory(err);
    r->added_end = &(*r->added_end)->next;
    return GEDI_OK;
}

const char *gedi__registry_path(const gedi__registry *r, int i)
{
    place *const *p = &r->places;
    while (p != r->added_end && i-- > 0)
        p = &(*p)->next;
    return p == r->added_end ? NULL : (*p)->path;
}

/* ---- searching ---- */

/* Where `file` lies in a place: *path (free it), or NULL where it does not. */
static gedi_status look(const place *p, const char *file, char **path, gedi_err *err)
{
    *path = NULL;
    if (p->file && strcmp(p->file, file))
        return GEDI_OK;
    *path = p->file ? strdup(p->path) : gedi__path_join(p->path, file);
    if (!*path)
        return no_memory(err);
    if (!gedi__file_exists(*path)) {
        free(*path);
        *path = NULL;
    }
    return GEDI_OK;
}

/* What a plugin hides must be itself: an experiment would take the one for the other. gedi's
 * own two folders hold the same plugins, built and installed. */
static gedi_status hides(const gedi__registry *r, const place *from, const char *file,
                         const char *path, gedi_err *err)
{
    bool added = false; /* `plugins:` of the descriptor */
    for (const place *p = r->places; p != *r->added_end; p = p->next)
        added = added || p == from;
    for (const place *p = from->own ? NULL : from->next; p; p = p->next) {
        char *other;
        struct stat a, b;
        GEDI_TRY(look(p, file, &other, err));
        if (!other)
            continue;
        bool same = !stat(path, &a) && !stat(other, &b) && a.st_dev == b.st_dev &&
                    a.st_ino == b.st_ino;
        gedi_status s = GEDI_OK;
        if (!same && (added || !p->own))
            s = GEDI_FAIL(err, GEDI_PLUGIN,
                          "%s has the name of %s: rename one of them, or take its folder "
                          "out of plugins: and GEDI_PLUGIN_PATH",
                          path, other);
        free(other);
        GEDI_TRY(s);
    }
    return GEDI_OK;
}

/* Sets *path (free it), or NULL where there is no such file. */
static gedi_status locate(const gedi__registry *r, gedi_kind kind, const char *name,
                          char **path, gedi_err *err)
{
    char *file = NULL;
    *path = NULL;
    if (asprintf(&file, "%s_%s.so", kind_name[kind], name) < 0)
        return no_memory(err);
    gedi_status s = GEDI_OK;
    for (const place *p = r->places; p && !s && !*path; p = p->next) {
        s = look(p, file, path, err);
        if (s == GEDI_OK && *path)
            s = hides(r, p, file, *path, err);
    }
    if (s) {
        free(*path);
        *path = NULL;
    }
    free(file);
    return s;
}

static bool in_other_kind(gedi__registry *r, gedi_kind kind, const char *name,
                          gedi_kind *other)
{
    for (int k = 0; k < GEDI_KINDS; k++) {
        char *path = NULL;
        if (k == (int)kind || locate(r, (gedi_kind)k, name, &path, NULL) || !path)
            continue;
        free(path);
        *other = (gedi_kind)k;
        return true;
    }
    return false;
}

static gedi_status not_found(gedi__registry *r, gedi_kind kind, const char *name,
                             gedi_err *err)
{
    const char *const *names;
    int n;
    gedi_kind other;
    gedi__text t = {0};
    GEDI_TRY(gedi__registry_names(r, kind, &names, &n, err));
    const char *near = gedi__text_nearest(name, names, n);
    gedi__text_add(&t, "there is no %s '%.64s'", kind_name[kind], name);
    if (near)
        gedi__text_add(&t, ": did you mean '%s'?", near);
    else if (gedi__is_plain_name(name) && in_other_kind(r, kind, name, &other))
        gedi__text_add(&t, ", but %s '%.64s' exists", kind_name[other], name);
    gedi__text_add(&t, n ? " (there are: " : " (there are none");
    for (int i = 0; i < n; i++)
        gedi__text_add(&t, "%s%s", i ? ", " : "", names[i]);
    gedi__text_add(&t, "; searched: ");
    for (const place *p = r->places; p; p = p->next)
        gedi__text_add(&t, "%s%s%s", p == r->places ? "" : ", ", p->path,
                       gedi__file_exists(p->path) ? "" : " (does not exist)");
    gedi__text_add(&t, ")");
    gedi_status s = t.failed ? no_memory(err) : GEDI_FAIL(err, GEDI_PLUGIN, "%s", t.s);
    gedi__text_clear(&t);
    return s;
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
    for (const place *q = r->places; q; q = q->next)
        if (q->own && lies_in(file, q->path))
            return true;
    /* In a build tree, whichever program it is that uses the library. */
    if (!dladdr(kind_name, &here) || !realpath(here.dli_fname, library))
        return false;
    *strrchr(library, '/') = 0;
    return lies_in(file, library);
}

static gedi_status load(gedi__registry *r, gedi_kind kind, const char *name,
                        const char *file, loaded **out, gedi_err *err)
{
    const void *object = NULL;
    loaded *l = gedi__arena_alloc(&r->arena, sizeof *l);
    if (l)
        l->plugin = gedi__arena_alloc(&r->arena, gedi__plugin_size(kind));
    if (l)
        l->file = gedi__arena_text(&r->arena, file);
    if (!l || !l->plugin || !l->file)
        return no_memory(err);
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
    for (loaded *l = r->loaded; l; l = l->next)
        if (l->kind == kind && !strcmp(l->plugin->name, name)) {
            *out = l->plugin;
            return GEDI_OK;
        }
    char *file = NULL;
    loaded *l = NULL;
    if (gedi__is_plain_name(name) && strlen(name) <= 64)
        GEDI_TRY(locate(r, kind, name, &file, err));
    if (!file)
        return not_found(r, kind, name, err);
    gedi_status s = load(r, kind, name, file, &l, err);
    free(file);
    if (s == GEDI_OK)
        *out = l->plugin;
    return s;
}

const char *gedi__registry_file(const gedi__registry *r, const gedi_plugin *p)
{
    for (const loaded *l = r->loaded; l; l = l->next)
        if (l->plugin == p)
            return l->file;
    return NULL;
}

bool gedi__registry_is_own(const gedi__registry *r, const gedi_plugin *p)
{
    for (const loaded *l = r->loaded; l; l = l->next)
        if (l->plugin == p)
            return l->own;
    return false;
}

/* ---- names ---- */

typedef struct list {
    gedi__arena *arena;
    const char **name;
    int n, size;
    bool failed;
} list;

static void add_name(list *l, gedi_kind kind, const char *file)
{
    size_t n = 0;
    const char *name = name_in(file, kind, &n);
    if (!name || l->failed)
        return;
    if (l->n == l->size) {
        l->size = l->size ? 2 * l->size : 16;
        const char **more = gedi__arena_alloc(l->arena, (size_t)l->size * sizeof *more);
        l->failed = !more;
        if (l->failed)
            return;
        if (l->n)
            memcpy(more, l->name, (size_t)l->n * sizeof *more);
        l->name = more;
    }
    char *copy = gedi__arena_alloc(l->arena, n + 1);
    l->failed = !copy;
    if (l->failed)
        return;
    memcpy(copy, name, n);
    if (gedi__is_plain_name(copy))
        l->name[l->n++] = copy;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

gedi_status gedi__registry_names(gedi__registry *r, gedi_kind kind,
                                 const char *const **names, int *n, gedi_err *err)
{
    list l = {.arena = &r->names[kind]};
    gedi__arena_clear(l.arena);
    for (const place *p = r->places; p; p = p->next) {
        if (p->file)
            add_name(&l, kind, p->file);
        DIR *d = NULL;
        if (!p->file && !open_folder(p->path, &d))
            return no_memory(err);
        for (struct dirent *e; d && (e = readdir(d));)
            add_name(&l, kind, e->d_name);
        if (d)
            closedir(d);
    }
    if (l.failed)
        return no_memory(err);
    if (l.n)
        qsort(l.name, (size_t)l.n, sizeof *l.name, by_name);
    int unique = 0;
    for (int i = 0; i < l.n; i++)
        if (!i || strcmp(l.name[i], l.name[unique - 1]))
            l.name[unique++] = l.name[i];
    *names = l.name;
    *n = unique;
    return GEDI_OK;
}
