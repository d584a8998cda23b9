/* going.h - going on from a run that has diverged, with other values. */
#ifndef GEDI_RUN_GOING_H
#define GEDI_RUN_GOING_H

#include "core/run/run.h"

typedef struct gedi__going {
    const char *run;             /* the folder of the run that diverged */
    const char *const *override; /* what is to change */
    int n;
    bool previous;   /* from the checkpoint before the last */
    const char *out; /* the folder of the new run; NULL: RUN-after-ITERATION */
} gedi__going;

/* A new run that begins with the checkpoint, the log and the descriptor of the one that diverged,
 * with these values put in; what changed is in its descriptor, its identity and its summary for
 * ever. The old run stays as it is, but for a note that names the new one. *out is where that lies;
 * free() it.
 *   Errors: those of gedi__run; GEDI_STATE where the run did not diverge, is being worked on or has
 *   no such checkpoint; GEDI_DESCRIPTOR where something is to change that cannot, or nothing is. */
gedi_status gedi__go_on(const gedi__going *g, const gedi__observer *o, char **out,
                        gedi__mistakes *m, gedi_err *err);

#endif
