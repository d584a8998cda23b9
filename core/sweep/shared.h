/* shared.h - the points of one sweep, taken by processes of any hosts that share its folder.
 *
 * A process holds the lease of a point while it runs it, and that of the sweep while it writes
 * what is of all points: points.json, tables, figures.
 */
#ifndef GEDI_SWEEP_SHARED_H
#define GEDI_SWEEP_SHARED_H

#include "core/sweep/crew.h"
#include "core/sweep/lease.h"
#include "core/sweep/lock.h"
#include "core/sweep/plan.h"

typedef struct gedi__shared {
    const gedi__plan *plan;
    const char *directory;
    gedi__leases leases;
    gedi__lease own; /* of the sweep */
    gedi__crew *crew;
    gedi__sight *sight; /* [points] */
    gedi__lease *lease; /* [points] */
    gedi__gate gate;
    int64_t since; /* failures that are not older stand; 0: all */
    bool others;   /* were at work when this process came */
} gedi__shared;

/* Looks who else is at work, and takes the lease of the sweep: it waits for whoever writes. Ask
 * for `worker` where failures of before are to stand, and the process is not to wait for points that others
 * have. `seconds` without a sign of life make a process count as dead. Close it.
 *   Errors: GEDI_STATE where another sweep is at work in the directory, or this is a worker and the directory
 *   has another sweep; GEDI_IO, GEDI_NOMEM.  */
gedi_status gedi__shared_open(gedi__shared *s, const gedi__plan *p, const char *directory,
                              const gedi__lock *lock, int seconds, bool worker,
                              gedi_err *err);
/* From here on others may write; the crew, whose jobs are open, takes points as they are free. */
void gedi__shared_begin(gedi__shared *s, gedi__crew *c);
/* The lease of the sweep again, for tables and figures.
 *   Errors: GEDI_IO, GEDI_NOMEM.  */
gedi_status gedi__shared_end(gedi__shared *s, gedi_err *err);
void gedi__shared_close(gedi__shared *s);

/* Fails with GEDI_STATE, naming one, where processes are at work on runs in the directory: somebody who does
 * not share must wait.
 *   Errors: GEDI_NOMEM, too.  */
gedi_status gedi__shared_refuse(const char *directory, const gedi__lock *lock,
                                gedi_err *err);

/* The host that is at work on job i; "" where none is. */
const char *gedi__shared_host(const gedi__shared *s, int i);

#endif
