/* unread.h - values put into a run that is evaluated, of which nothing there depends. */
#ifndef GEDI_EVALUATE_UNREAD_H
#define GEDI_EVALUATE_UNREAD_H

#include "core/evaluate/trained.h"

/* Keys that training alone reads: a mistake for each override in `m`. `e` has the overrides.
 *   Errors: GEDI_DESCRIPTOR where there is one.  */
gedi_status gedi__unread_keys(const gedi__experiment *e, const char *const *override,
                              int n, gedi__mistakes *m);

/* Is there one whose key evaluation reads, but perhaps not that option of it? */
bool gedi__unread_asks(const char *const *override, int n);
/* Options of model, projector, objective, sampler and views: a mistake for each override without which
 * the network computes the same, such as that of an initial weight.
 *   Errors: GEDI_DESCRIPTOR where there is one; GEDI_NOMEM.  */
gedi_status gedi__unread_options(const gedi__trained *t, const char *descriptor,
                                 const char *const *override, int n, gedi__mistakes *m,
                                 gedi_err *err);

#endif
