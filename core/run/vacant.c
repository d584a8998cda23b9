/* vacant.c - whether a folder is free for a new run. */
#include "core/run/vacant.h"
#include "core/base/file.h"
#include "core/store/folder.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

static gedi_status refuse(const char *directory, gedi__store_file left, gedi_err *err)
{
    return GEDI_FAIL(err, GEDI_STATE,
                     "%s holds %s of a run whose %s is missing: put that back, remove "
                     "what is left of the run, or choose another directory with --out",
                     directory, gedi__store_name(left),
                     gedi__store_name(GEDI__FILE_DESCRIPTOR));
}

/* Is the log in that folder the beginning of another one? Training adds lines of its own. */
static gedi_status begins(const char *directory, const char *origin, bool *same,
                          gedi_err *err)
{
    char *path = gedi__store_path(directory, GEDI__FILE_METRICS, err);
    char *own = NULL, *all = NULL;
    size_t n, size;
    gedi_status s = path ? gedi__file_read(path, &own, &n, err) : GEDI_NOMEM;
    if (s == GEDI_OK)
        s = gedi__file_read(origin, &all, &size, err);
    *same = s == GEDI_OK && n <= size && !memcmp(own, all, n);
    free(all);
    free(own);
    free(path);
    return s;
}

/* Runs in folders of `directory` are seen through it, by `gedi table` for example, until it is a run itself. */
static gedi_status check_others(const char *directory, gedi_err *err)
{
    DIR *d = opendir(directory);
    gedi_status s = GEDI_OK;
    struct dirent *e;
    while (d && s == GEDI_OK && (e = readdir(d))) {
        gedi__folder_kind kind = GEDI__FOLDER_OTHER;
        char *inner = *e->d_name == '.' ? NULL : gedi__path_join(directory, e->d_name);
        if (inner && gedi__store_kind(inner, &kind, NULL) == GEDI_OK &&
            kind == GEDI__FOLDER_RUN)
            s = GEDI_FAIL(err, GEDI_STATE,
                          "%s holds runs, such as %s, which would be hidden behind this "
                          "one: choose a folder of its own with --out, such as %s/NAME",
                          directory, e->d_name, directory);
        free(inner);
    }
    if (d)
        closedir(d);
    return s;
}

gedi_status gedi__vacant_check(const char *directory, const char *origin, gedi_err *err)
{
    static const gedi__store_file never[] = {GEDI__FILE_SUMMARY, GEDI__FILE_DIVERGENCE,
                                             GEDI__FILE_PREVIOUS, GEDI__FILE_BEST};
    if (gedi__store_has(directory, GEDI__FILE_DESCRIPTOR))
        return GEDI_FAIL(err, GEDI_STATE,
                         "%s already holds a run: go on with `gedi resume %s`, or choose "
                         "another directory with --out",
                         directory, directory);
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        if (gedi__store_has(directory, never[i]))
            return refuse(directory, never[i], err);
    bool log = gedi__store_has(directory, GEDI__FILE_METRICS), same = false;
    if (log && origin)
        GEDI_TRY(begins(directory, origin, &same, err));
    if (log && !same)
        return refuse(directory, GEDI__FILE_METRICS, err);
    if (!log && gedi__store_has(directory, GEDI__FILE_CHECKPOINT))
        return refuse(directory, GEDI__FILE_CHECKPOINT, err);
    return check_others(directory, err);
}
