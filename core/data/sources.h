/* sources.h - where datasets are published. */
#ifndef GEDI_DATA_SOURCES_H
#define GEDI_DATA_SOURCES_H

#include "core/data/unpack.h"

#include <stdbool.h>

enum { GEDI__MOST_FILES = 4 };

typedef struct gedi__source {
    const char *name;   /* "cifar10" */
    const char *brief;  /* one line */
    const char *folder; /* of the files in the cache */
    bool archive;       /* it has one file, which is unpacked and holds the folder */
    gedi__archive kind; /* of what kind it is, and what is unpacked at most */
    int megabytes;      /* to be downloaded, about */
    const char *base;   /* URL of a file is base/name */
    struct {
        const char *name, *md5; /* NULL: no more */
    } file[GEDI__MOST_FILES];
} gedi__source;

/* The last has no name. */
extern const gedi__source gedi__sources[];

/* Where file i is when it is complete: CACHE/FOLDER/FILE, or CACHE/FOLDER for an archive. free() it;
 * NULL when out of memory. */
char *gedi__source_place(const gedi__source *s, const char *cache, int i);
/* Are all files of it there? */
bool gedi__source_is_there(const gedi__source *s, const char *cache);

#endif
