/* length.h - how many iterations a run has, before it begins. */
#ifndef GEDI_RUN_LENGTH_H
#define GEDI_RUN_LENGTH_H

#include "core/run/run.h"

/* Sets the lengths of stages that are not stated in iterations. For one of so many hours, iterations
 * of a trainer of its own are timed, which leaves no trace, for up to a hundredth of the hours
 * and half a minute. A stage that cannot be trained keeps an unknown length: whoever makes
 * its trainer says why.
 *   Errors: GEDI_INTERRUPTED after o->stop; GEDI_NUMERIC where it diverges at once; GEDI_NOMEM.  */
gedi_status gedi__length_settle(gedi__experiment *e, const gedi__observer *o,
                                gedi_err *err);

#endif
