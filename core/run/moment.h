/* moment.h - what a run would generate while it trains. */
#ifndef GEDI_RUN_MOMENT_H
#define GEDI_RUN_MOMENT_H

#include "core/run/run.h"
#include "core/train/trainer.h"

/* After an iteration, and before its checkpoint is written: lets `o` draw samples where they are due.
 * Whatever checkpoint a run goes on from, all that were due before it are there. Training does
 * not depend on it.
 *   Errors: those of o->moment; where they are of the samples or the picture, the run may go on.  */
gedi_status gedi__moment(gedi__trainer *t, const gedi__observer *o, const char *directory,
                         gedi_err *err);

#endif
