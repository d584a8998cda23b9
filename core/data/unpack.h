/* unpack.h - the folder that an archive holds, put into place as a whole. */
#ifndef GEDI_DATA_UNPACK_H
#define GEDI_DATA_UNPACK_H

#include "gedi/error.h"

/* What is unpacked at most: bytes of one file and of all, and entries. The largest that a source of
 * sources.c has are the 153.7 MB of CIFAR-100's train.bin, and 184.4 MB in all. */
enum {
    GEDI__UNPACK_FILE = 160000000,
    GEDI__UNPACK_ALL = 200000000,
    GEDI__UNPACK_ENTRIES = 1000,
};

/* The archive, a tar file in gzip as the sources have, holds files below `folder`/, and nothing else;
 * they appear as `parent`/`folder` when all are there.
 *   Errors: GEDI_DATA for an entry that lies outside or is no file or folder, for more than the
 *   limits, and for a damaged archive or one of another kind; GEDI_IO.  */
gedi_status gedi__unpack(const char *path, const char *parent, const char *folder,
                         gedi_err *err);

#endif
