/* fetch.h - getting a dataset's files into the cache: download, check, unpack.
 *
 * A file, or the folder of an archive, appears under its name only when it is complete and its sum
 * is right. What a download that was cut off or killed has left goes on from there.
 */
#ifndef GEDI_DATA_FETCH_H
#define GEDI_DATA_FETCH_H

#include "core/data/sources.h"
#include "gedi/error.h"

#include <stdint.h>

/* Hears how far it is. */
typedef struct gedi__fetch_ear {
    void *context;
    /* `total` is 0 where the server does not say; `first` bytes were there before. */
    void (*progress)(void *context, const char *file, int64_t first, int64_t done,
                     int64_t total);
    void (*step)(void *context, const char *file, const char *what); /* "unpacking" */
} gedi__fetch_ear;

/* Gets what is missing. `from` takes the place of the source's base where it is not NULL.
 *   Errors: GEDI_USAGE for a `from` that is no URL; GEDI_IO of network, server and disk;
 *   GEDI_DATA for a wrong sum, and for an archive that is not what it should be; GEDI_STATE where
 *   another process is at it.  */
gedi_status gedi__fetch(const gedi__source *s, const char *cache, const char *from,
                        const gedi__fetch_ear *ear, gedi_err *err);

#endif
