/* unpack.h - the folder that an archive holds, put into place as a whole. */
#ifndef GEDI_DATA_UNPACK_H
#define GEDI_DATA_UNPACK_H

#include "gedi/error.h"

/* The archive holds files below `folder`/, and nothing else; they appear as `parent`/`folder` when
 * all are there. `path` may be any kind that libarchive reads.
 *   Errors: GEDI_DATA for an entry that lies outside or is no file or folder, and for a damaged
 *   archive; GEDI_IO.  */
gedi_status gedi__unpack(const char *path, const char *parent, const char *folder,
                         gedi_err *err);

#endif
