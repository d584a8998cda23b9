/* place.c - where the files of a dataset are: the option `path`, else the cache folder. */
#include "gedi/data.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { LONGEST = 4096 };

static bool fits(int written, size_t n)
{
    return written >= 0 && (size_t)written < n;
}

/* The variable's value; NULL where it is empty, too. */
static const char *variable(const char *name)
{
    const char *s = getenv(name);
    return s && *s ? s : NULL;
}

gedi_status gedi_data_cache(char *out, size_t n, gedi_err *err)
{
    const char *data = variable("GEDI_DATA"), *cache = variable("XDG_CACHE_HOME"),
               *home = variable("HOME");
    bool ok = false;
    if (data)
        ok = fits(snprintf(out, n, "%s", data), n);
    else if (cache && *cache == '/') /* the standard has relative ones ignored */
        ok = fits(snprintf(out, n, "%s/gedi", cache), n);
    else if (home)
        ok = fits(snprintf(out, n, "%s/.cache/gedi", home), n);
    else
        return GEDI_FAIL(err, GEDI_OPTION,
                         "there is no cache folder: none of the environment variables "
                         "GEDI_DATA, XDG_CACHE_HOME and HOME is set");
    return ok ? GEDI_OK
              : GEDI_FAIL(err, GEDI_OPTION,
                          "the cache folder's name is longer than %zu bytes", n);
}

/* Whether what has to be there is in the folder. */
static bool holds(const gedi_data_place *p, const char *folder)
{
    char file[2 * LONGEST];
    if (!p->file)
        return access(folder, X_OK) == 0;
    return fits(snprintf(file, sizeof file, "%s/%s", folder, p->file), sizeof file) &&
           access(file, F_OK) == 0;
}

/* `path`, and the folder below it that archives have. */
static gedi_status find_given(const gedi_data_place *p, char *out, size_t n,
                              gedi_err *err)
{
    char given[LONGEST], fetch[256] = "";
    const char *root = *p->path == '/' || !p->directory ? "" : p->directory;
    int w = snprintf(given, sizeof given, "%s%s%s", root, *root ? "/" : "", p->path);
    if (!fits(w, sizeof given) || !fits(snprintf(out, n, "%s", given), n))
        return GEDI_FAIL(err, GEDI_OPTION, "path: longer than %zu bytes: '%.80s...'",
                         n < sizeof given ? n : sizeof given, p->path);
    if (holds(p, out))
        return GEDI_OK;
    if (p->file && fits(snprintf(out, n, "%s/%s", given, p->folder), n) && holds(p, out))
        return GEDI_OK;
    if (p->name)
        snprintf(fetch, sizeof fetch,
                 "; or leave path out and run `gedi data fetch %s', which puts the files "
                 "into the cache",
                 p->name);
    if (access(given, F_OK))
        return GEDI_FAIL(
            err, GEDI_OPTION, "path: the folder '%.150s' does not exist%s%.80s%s", given,
            p->file ? "; it should hold " : "", p->file ? p->file : "", fetch);
    return GEDI_FAIL(err, GEDI_OPTION,
                     "path: the folder '%.150s' has no %.80s: set path to the folder of "
                     "the files%s",
                     given, p->file ? p->file : "files", fetch);
}

gedi_status gedi_data_find(const gedi_data_place *p, char *out, size_t n, gedi_err *err)
{
    char cache[LONGEST], debian[256] = "";
    if (*p->path)
        return find_given(p, out, n, err);
    if (!p->name)
        return GEDI_FAIL(err, GEDI_OPTION,
                         "path: must be given: the folder of the files");
    if (p->package) {
        if (fits(snprintf(out, n, "/usr/share/datasets/%s", p->folder), n) &&
            holds(p, out))
            return GEDI_OK;
        snprintf(debian, sizeof debian, ", install Debian's package %s", p->package);
    }
    GEDI_TRY(gedi_data_cache(cache, sizeof cache, err));
    if (!fits(snprintf(out, n, "%s/%s", cache, p->folder), n))
        return GEDI_FAIL(err, GEDI_OPTION,
                         "the cache folder's name is longer than %zu bytes", n);
    if (holds(p, out))
        return GEDI_OK;
    return GEDI_FAIL(err, GEDI_OPTION,
                     "path: not set, and the cache has no %.150s%s%.80s: run `gedi data "
                     "fetch %s'%s, or set path to the folder of the files",
                     out, p->file ? "/" : "", p->file ? p->file : "", p->name, debian);
}
