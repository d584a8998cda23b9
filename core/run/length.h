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

/* The same of a run that is resumed, from its descriptor. A point of a sweep has one before it is
 * begun, and a length when it is: then *changed is true. What is begun cannot be timed again.
 *   Errors: as above; GEDI_STATE.  */
gedi_status gedi__length_resume(gedi__experiment *e, const char *descriptor, bool begun,
                                const gedi__observer *o, bool *changed, gedi_err *err);
/* Where values are put in, takes lengths that they are not about from the descriptor as it is.
 *   Errors: those of reading it.  */
gedi_status gedi__length_keep(gedi__experiment *e, const char *descriptor,
                              const char *const *override, int n, gedi__mistakes *m,
                              gedi_err *err);

#endif
