/* registry_places.c - where plugins are looked for, which file one is in, and the names that exist. */
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/plugin/check.h"
#include "core/plugin/registry_parts.h"
#include "installed.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Does <kind>_<name>.so name a plugin of this kind? Its name has *n bytes at the result.
 */
static const char *name_in(const char *file, gedi_kind kind, size_t *n)
{
    size_t prefix = strlen(gedi__kind_name(kind)), len = strlen(file);
    if (strncmp(file, gedi__kind_name(kind), prefix) || file[prefix] != '_' ||
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

/* Inserts a place; `path` lives as long as the registry. False: out of memory. */
static bool insert(gedi__registry *r, gedi__plugin_place **at, const char *path,
                   const char *file)
{
    gedi__plugin_place *p = gedi__arena_alloc(&r->arena, sizeof *p);
    if (!path || !p)
        return false;
    *p = (gedi__plugin_place){.next = *at, .path = path, .file = file};
    *at = p;
    return true;
}

static bool append(gedi__registry *r, const char *path)
{
    gedi__plugin_place **end = &r->places;
    while (*end)
        end = &(*end)->next;
    return insert(r, end, path, NULL);
}

static bool append_own(gedi__registry *r, const char *path)
{
    if (!append(r, path))
        return false;
    gedi__plugin_place *p = r->places;
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

bool gedi__registry_add_usual(gedi__registry *r)
{
    return add_environment(r) && add_build_tree(r) && append_own(r, GEDI_PLUGINDIR);
}

gedi_status gedi__registry_add_path(gedi__registry *r, const char *path, gedi_err *err)
{
    struct stat st;
    char *real = realpath(path, NULL);
    if (!real || stat(real, &st)) {
        int why = errno;
        free(real);
        if (why == ENOMEM)
            return gedi_no_memory(err, "plugins");
        return GEDI_FAIL(err, GEDI_PLUGIN, "plugins: '%s': %s", path, strerror(why));
    }
    char *copy = gedi__arena_text(&r->arena, real);
    free(real);
    if (!copy)
        return gedi_no_memory(err, "plugins");
    const char *file = S_ISDIR(st.st_mode) ? NULL : strrchr(copy, '/') + 1;
    if (file && !is_plugin_file(file))
        return GEDI_FAIL(err, GEDI_PLUGIN,
                         "plugins: '%s' is neither a folder nor called <kind>_<name>.so, "
                         "with a kind of dataset, view, model, objective, sampler, "
                         "optimizer, evaluator",
                         path);
    for (const gedi__plugin_place *p = r->places; p != *r->added_end; p = p->next)
        if (!strcmp(p->path, copy))
            return GEDI_OK;
    if (!insert(r, r->added_end, copy, file))
        return gedi_no_memory(err, "plugins");
    r->added_end = &(*r->added_end)->next;
    return GEDI_OK;
}

const char *gedi__registry_path(const gedi__registry *r, int i)
{
    gedi__plugin_place *const *p = &r->places;
    while (p != r->added_end && i-- > 0)
        p = &(*p)->next;
    return p == r->added_end ? NULL : (*p)->path;
}

/* ---- searching ---- */

/* Where `file` lies in a place: *path (free it), or NULL where it does not. */
static gedi_status look(const gedi__plugin_place *p, const char *file, char **path,
                        gedi_err *err)
{
    *path = NULL;
    if (p->file && strcmp(p->file, file))
        return GEDI_OK;
    *path = p->file ? strdup(p->path) : gedi__path_join(p->path, file);
    if (!*path)
        return gedi_no_memory(err, "plugins");
    if (!gedi__file_exists(*path)) {
        free(*path);
        *path = NULL;
    }
    return GEDI_OK;
}

/* What a plugin hides must be itself: an experiment would take the one for the other. gedi's
 * own two folders hold the same plugins, built and installed. */
static gedi_status hides(const gedi__registry *r, const gedi__plugin_place *from,
                         const char *file, const char *path, gedi_err *err)
{
    bool added = false; /* `plugins:` of the descriptor */
    for (const gedi__plugin_place *p = r->places; p != *r->added_end; p = p->next)
        added = added || p == from;
    for (const gedi__plugin_place *p = from->own ? NULL : from->next; p; p = p->next) {
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

gedi_status gedi__registry_locate(const gedi__registry *r, gedi_kind kind,
                                  const char *name, char **path, gedi_err *err)
{
    char *file = NULL;
    *path = NULL;
    if (asprintf(&file, "%s_%s.so", gedi__kind_name(kind), name) < 0)
        return gedi_no_memory(err, "plugins");
    gedi_status s = GEDI_OK;
    for (const gedi__plugin_place *p = r->places; p && !s && !*path; p = p->next) {
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
        if (k == (int)kind || gedi__registry_locate(r, (gedi_kind)k, name, &path, NULL) ||
            !path)
            continue;
        free(path);
        *other = (gedi_kind)k;
        return true;
    }
    return false;
}

/* Under another name, a folder may be searched before. */
static bool is_again(const gedi__registry *r, const gedi__plugin_place *at)
{
    struct stat a, b;
    bool is = !stat(at->path, &a);
    for (const gedi__plugin_place *p = r->places; p != at; p = p->next)
        if (!strcmp(p->path, at->path) ||
            (is && !stat(p->path, &b) && a.st_dev == b.st_dev && a.st_ino == b.st_ino))
            return true;
    return false;
}

gedi_status gedi__registry_not_found(gedi__registry *r, gedi_kind kind, const char *name,
                                     gedi_err *err)
{
    const char *const *names;
    int n;
    gedi_kind other;
    gedi__text t = {0};
    GEDI_TRY(gedi__registry_names(r, kind, &names, &n, err));
    const char *near = gedi__text_nearest(name, names, n);
    gedi__text_add(&t, "there is no %s '%.64s'", gedi__kind_name(kind), name);
    if (near)
        gedi__text_add(&t, ": did you mean '%s'?", near);
    else if (gedi__is_plain_name(name) && in_other_kind(r, kind, name, &other))
        gedi__text_add(&t, ", but %s '%.64s' exists", gedi__kind_name(other), name);
    gedi__text_add(&t, n ? " (there are: " : " (there are none");
    for (int i = 0; i < n; i++)
        gedi__text_add(&t, "%s%s", i ? ", " : "", names[i]);
    gedi__text_add(&t, "; searched: ");
    for (const gedi__plugin_place *p = r->places; p; p = p->next)
        if (!is_again(r, p))
            gedi__text_add(&t, "%s%s%s", p == r->places ? "" : ", ", p->path,
                           gedi__file_exists(p->path) ? "" : " (does not exist)");
    gedi__text_add(&t, ")");
    gedi_status s = t.failed ? gedi_no_memory(err, "plugins")
                             : GEDI_FAIL(err, GEDI_PLUGIN, "%s", t.s);
    gedi__text_clear(&t);
    return s;
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
    for (const gedi__plugin_place *p = r->places; p; p = p->next) {
        if (p->file)
            add_name(&l, kind, p->file);
        DIR *d = NULL;
        if (!p->file && !open_folder(p->path, &d))
            return gedi_no_memory(err, "plugins");
        for (struct dirent *e; d && (e = readdir(d));)
            add_name(&l, kind, e->d_name);
        if (d)
            closedir(d);
    }
    if (l.failed)
        return gedi_no_memory(err, "plugins");
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
