/* unpack.h - the folder that an archive holds, put into place as a whole. */
#ifndef GEDI_DATA_UNPACK_H
#define GEDI_DATA_UNPACK_H

#include "gedi/error.h"

#include <stdbool.h>
#include <stdint.h>

/* What an archive is, and what is unpacked of it at most: bytes of one file and of all, and entries. */
typedef struct gedi__archive {
    bool zip; /* a ZIP file; else a tar file in gzip */
    int64_t file, all;
    int entries;
} gedi__archive;

/* Of a source that states nothing. The largest of those are the 153.7 MB of CIFAR-100's train.bin, and
 * 184.4 MB in all. */
enum {
    GEDI__UNPACK_FILE = 160000000,
    GEDI__UNPACK_ALL = 200000000,
    GEDI__UNPACK_ENTRIES = 1000,
};

/* The archive holds files below `folder`/, and nothing else; they appear as `parent`/`folder` when all
 * are there, and on disk. `kind` NULL, or with limits of 0: those above.
 *   Errors: GEDI_DATA for an entry that lies outside or is no file or folder, for more than the
 *   limits, and for a damaged archive or one of another kind; GEDI_IO.  */
gedi_status gedi__unpack(const char *path, const char *parent, const char *folder,
                         const gedi__archive *kind, gedi_err *err);

#endif
