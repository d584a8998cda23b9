/* standing.h - where a run stands: which of its checkpoints it goes on from. */
#ifndef GEDI_RUN_STANDING_H
#define GEDI_RUN_STANDING_H

#include "core/descriptor/experiment.h"

typedef struct gedi__standing {
    const gedi__experiment *e;
    const char *directory, *checkpoint, *previous; /* the folder, and files in it */
    const char *identity;                          /* of `e` */
} gedi__standing;

/* The newest checkpoint that is whole; where that is the one before, it takes the place of the
 * damaged one, which would otherwise be kept instead of it: `damaged` says then why. *stage is where
 * it stands; left alone where there is no checkpoint, as the run begins at the beginning.
 *   Errors: GEDI_DATA, GEDI_IO where none is whole; GEDI_STATE for another experiment's, or where
 *   none is there and the first iterations were another run's.  */
gedi_status gedi__standing_choose(const gedi__standing *w, const gedi__stage **stage,
                                  gedi_err *damaged, gedi_err *err);

/* Of a run that is finished only the newest checkpoint has the weights that its results are of.
 *   Errors: GEDI_DATA, GEDI_IO, GEDI_STATE where it is not whole, or gone.  */
gedi_status gedi__standing_last(const gedi__standing *w, const gedi__stage **stage,
                                gedi_err *err);

#endif
