/* folder.h - the image files of a folder of classes, each a folder.
 *
 * Classes are numbered by their names' order (strcmp); hidden names are left out, and anything else
 * that is not named .png, .jpg or .jpeg is refused: nothing is left out silently.
 */
#ifndef GEDI_PLUGINS_DATASET_FOLDER_H
#define GEDI_PLUGINS_DATASET_FOLDER_H

#include "gedi/plugin.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

typedef struct folder_file {
    char *path;
    int32_t label;
    int64_t turn; /* its place among those of its class */
} folder_file;

typedef struct folder_list {
    folder_file *file;
    int64_t n, room;
} folder_list;

typedef struct folder_names { /* sorted; of scandir */
    struct dirent **entry;
    int n;
} folder_names;

static inline int folder_visible(const struct dirent *d)
{
    return d->d_name[0] != '.';
}

static inline int folder_by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static inline void folder_names_clear(folder_names *names)
{
    for (int i = 0; i < names->n; i++)
        free(names->entry[i]);
    free(names->entry);
    *names = (folder_names){0};
}

static inline gedi_status folder_names_read(const char *path, folder_names *names,
                                            gedi_err *err)
{
    names->n = scandir(path, &names->entry, folder_visible, folder_by_name);
    if (names->n >= 0)
        return GEDI_OK;
    int why = errno;
    *names = (folder_names){0};
    return GEDI_FAIL(err, why == ENOMEM ? GEDI_NOMEM : GEDI_OPTION, "path: %.300s: %s",
                     path, strerror(why));
}

static inline bool folder_is(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static inline void folder_list_clear(folder_list *l)
{
    for (int64_t i = 0; i < l->n; i++)
        free(l->file[i].path);
    free(l->file);
    *l = (folder_list){0};
}

/* "a/b"; NULL for lack of memory. */
static inline char *folder_join(const char *a, const char *b)
{
    char *out = NULL;
    return asprintf(&out, "%s/%s", a, b) < 0 ? NULL : out;
}

/* Takes over `path`, which may be NULL for lack of memory. */
static inline gedi_status folder_add(folder_list *l, char *path, int32_t label,
                                     int64_t turn, gedi_err *err)
{
    if (path && l->n == l->room) {
        int64_t room = l->room ? 2 * l->room : 1024;
        folder_file *p = realloc(l->file, (size_t)room * sizeof *p);
        l->file = p ? p : l->file;
        l->room = p ? room : l->room;
    }
    if (!path || l->n == l->room) {
        free(path);
        return gedi_no_memory(err, "the names of %lld images", (long long)l->n);
    }
    l->file[l->n++] = (folder_file){path, label, turn};
    return GEDI_OK;
}

static inline bool folder_is_image(const char *name)
{
    static const char *const ends[] = {".png", ".jpg", ".jpeg"};
    const char *end = strrchr(name, '.');
    for (int i = 0; i < 3 && end && end > name; i++)
        if (!strcasecmp(end, ends[i]))
            return true;
    return false;
}

/* The files of one class. */
static inline gedi_status folder_class(const char *path, int32_t label, folder_list *l,
                                       gedi_err *err)
{
    folder_names names;
    GEDI_TRY(folder_names_read(path, &names, err));
    gedi_status s = GEDI_OK;
    if (names.n == 0)
        s = GEDI_FAIL(err, GEDI_DATA,
                      "%.400s: the folder of a class, but no image is in it", path);
    for (int i = 0; i < names.n && s == GEDI_OK; i++) {
        const char *name = names.entry[i]->d_name;
        char *file = folder_join(path, name);
        if (!folder_is_image(name) && file && folder_is(file))
            s = GEDI_FAIL(
                err, GEDI_DATA,
                "%.400s: a folder in the folder of a class: the images of a class "
                "lie in its folder itself: move them there, or take it away",
                file);
        else if (!folder_is_image(name))
            s = GEDI_FAIL(err, GEDI_DATA,
                          "%.300s/%.100s: not called .png, .jpg or .jpeg: convert it, or "
                          "take it away",
                          path, name);
        else
            s = folder_add(l, file, label, i, err); /* takes it over */
        if (!folder_is_image(name))
            free(file);
    }
    folder_names_clear(&names);
    return s;
}

/* The files of all classes; `known`, where it is not empty, are the classes there may be, else it
 * is filled. */
static inline gedi_status folder_classes(const char *path, folder_names *known,
                                         folder_list *l, gedi_err *err)
{
    folder_names own = {0};
    gedi_status s = folder_names_read(path, &own, err);
    folder_names *classes = known->n ? known : &own;
    for (int i = 0; i < own.n && s == GEDI_OK; i++) {
        const char *name = own.entry[i]->d_name;
        char *folder = folder_join(path, name);
        int32_t label = 0;
        while (label < classes->n && strcmp(classes->entry[label]->d_name, name))
            label++;
        if (!folder)
            s = gedi_no_memory(err, "%.400s", path);
        else if (!folder_is(folder))
            s = GEDI_FAIL(err, GEDI_DATA,
                          "%.400s: not a folder: images lie in folders, one a class",
                          folder);
        else if (label == classes->n)
            s = GEDI_FAIL(err, GEDI_DATA, "%.400s: a class that is not in train/",
                          folder);
        else
            s = folder_class(folder, label, l, err);
        free(folder);
    }
    if (s == GEDI_OK && own.n == 0)
        s = GEDI_FAIL(err, GEDI_DATA, "%.400s: there are no folders of classes in it",
                      path);
    if (s == GEDI_OK && !known->n)
        *known = own;
    else
        folder_names_clear(&own);
    return s;
}

static inline int folder_by_turn(const void *a, const void *b)
{
    const folder_file *x = a, *y = b;
    if (x->turn != y->turn)
        return x->turn < y->turn ? -1 : 1;
    return (x->label > y->label) - (x->label < y->label);
}

/* The first of each class, then the second of each. */
static inline void folder_take_turns(folder_list *l)
{
    if (l->n > 0)
        qsort(l->file, (size_t)l->n, sizeof *l->file, folder_by_turn);
}

#endif
