/* data.h - where the files of a dataset are: the option `path`, else the cache folder.
 *
 * The cache is $GEDI_DATA, else $XDG_CACHE_HOME/gedi, else ~/.cache/gedi; the command
 * `gedi data fetch` puts downloads there.
 */
#ifndef GEDI_DATA_H
#define GEDI_DATA_H

#include "gedi/error.h"
#include <stddef.h>

typedef struct gedi_data_place {
    const char *name;   /* what `gedi data fetch` calls it: "cifar10"; NULL: not there */
    const char *folder; /* in the cache, and in the archive: "cifar-10-batches-bin" */
    const char *file;   /* one that has to be in it; NULL: the folder is enough */
    const char
        *package;     /* Debian's, which has the files in /usr/share/datasets; or NULL */
    const char *path; /* the option `path`; "": the cache */
    const char *directory; /* relative paths start here (gedi_open); may be NULL */
} gedi_data_place;

/* The folder of the files into `out` of `n` bytes. `path` may name it, or the one above it.
 *   Errors: GEDI_OPTION where there is none, with both places and the command that gets
 *   the files.  */
GEDI_EXPORT gedi_status gedi_data_find(const gedi_data_place *p, char *out, size_t n,
                                       gedi_err *err);

/* The cache folder, which may not exist yet.
 *   Errors: GEDI_OPTION where the environment names none.  */
GEDI_EXPORT gedi_status gedi_data_cache(char *out, size_t n, gedi_err *err);

#endif
