/* weights.h - the file of weights that an experiment begins with, and what tells it from others. */
#ifndef GEDI_STORE_WEIGHTS_H
#define GEDI_STORE_WEIGHTS_H

#include "core/descriptor/init.h"
#include "core/store/folder.h"

/* Which file of a run has the weights that it was evaluated by: the last, or the best where it is
 * finished and validation has chosen. */
gedi__store_file gedi__weights_file(const char *run);

/* Of a run: its checkpoint, or the best one where validation has chosen that. free() it.
 *   Errors: GEDI_STATE where the folder is no run or holds no weights; GEDI_NOMEM.  */
gedi_status gedi__weights_path(const gedi__experiment *e, char **out, gedi_err *err);

enum { GEDI__WEIGHTS_SUM = 16 }; /* hexadecimal digits */

/* The checksum of that file, as it is now.
 *   Errors: the same, GEDI_IO.  */
gedi_status gedi__weights_sum(const gedi__experiment *e, char out[GEDI__WEIGHTS_SUM + 1],
                              gedi_err *err);

/* States the checksum in the experiment, if it has none, so that its descriptor is of these weights,
 * whatever becomes of their file.
 *   Errors: the same.  */
gedi_status gedi__weights_settle(gedi__experiment *e, gedi_err *err);

/* The checkpoint before the newest, which can take the place of a damaged one. */
typedef enum gedi__before {
    GEDI__BEFORE_NONE,
    GEDI__BEFORE_WHOLE,
    GEDI__BEFORE_DAMAGED
} gedi__before;
gedi__before gedi__weights_before(const char *run);

#endif
