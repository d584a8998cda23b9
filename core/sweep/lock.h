/* lock.h - one sweep at a time in a directory, or several that join. */
#ifndef GEDI_SWEEP_LOCK_H
#define GEDI_SWEEP_LOCK_H

#include "gedi/error.h"

#include <stdbool.h>

/* Open file descriptions on DIR/lock. The second is inherited by the workers and holds as
 * long as one of them lives: those of a sweep that was killed still write checkpoints. */
typedef struct gedi__lock {
    int own, workers;
    bool marked; /* that it is ours stands in it */
    bool shared;
} gedi__lock;

/* `shared`: with others that share it. They leave no mark: each point has its own lease.
 * Zero-initialised is not open: use GEDI__LOCK_NONE.
 *   Errors: GEDI_STATE where another sweep works here, naming its process, or one of another host
 *   has not left, since locks need not reach so far; or where the
 *   workers of one that was killed do not end within `patience` seconds; GEDI_IO.  */
gedi_status gedi__lock_open(gedi__lock *l, const char *directory, bool shared,
                            double patience, gedi_err *err);
void gedi__lock_close(gedi__lock *l);
#define GEDI__LOCK_NONE ((gedi__lock){-1, -1, false, false})

#endif
