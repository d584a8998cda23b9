/* lengths.h - how many iterations a stage has, where it states epochs or hours.
 *
 * Epochs are known once data are open, hours once an iteration has been timed. From then on the
 * number stands in the descriptor of the run's folder, `counted: [3900]`, so that a run is resumed
 * as one of so many iterations, whatever the clock says.
 */
#ifndef GEDI_DESCRIPTOR_LENGTHS_H
#define GEDI_DESCRIPTOR_LENGTHS_H

#include "core/descriptor/experiment.h"

/* Are they known of all stages? */
bool gedi__lengths_known(const gedi__experiment *e);
/* Does a stage of unknown length state epochs? */
bool gedi__lengths_ask_records(const gedi__experiment *e);
/* How many of so many training records are held out. */
int64_t gedi__lengths_held(const gedi__experiment *e, int64_t records);
/* Records that are trained on, of the dataset, which must not be open.
 *   Errors: the dataset's.  */
gedi_status gedi__lengths_records(const gedi__experiment *e, int64_t *n, gedi_err *err);
/* Sets the unknown lengths of stages that state epochs, by the number of training records. */
void gedi__lengths_by_records(gedi__experiment *e, int64_t n);
/* Takes unknown lengths over from the same experiment as it was before values changed, for stages
 * whose length none of them is about. */
void gedi__lengths_take(gedi__experiment *e, const gedi__experiment *was);
/* The first option of the last stage that has other values on the way where training ends elsewhere,
 * into `name`; false where there is none, so that a longer run has done the same up to here. */
bool gedi__length_matters(const gedi__experiment *e, char *name, size_t size);
/* Sets the length of a stage. */
void gedi__length_set(gedi__experiment *e, int stage, int64_t iterations);

#endif
