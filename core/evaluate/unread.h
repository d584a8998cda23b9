/* unread.h - values put into a run that is evaluated, of which nothing there depends. */
#ifndef GEDI_EVALUATE_UNREAD_H
#define GEDI_EVALUATE_UNREAD_H

#include "core/evaluate/trained.h"

/* Keys that training alone reads: a mistake for each override in `m`. `e` has the overrides.
 *   Errors: GEDI_DESCRIPTOR where there is one.  */
gedi_status gedi__unread_keys(const gedi__experiment *e, const char *const *override,
                              int n, gedi__mistakes *m);

/* Options of model, projector, objective, sampler and views, put into a run: a mistake for each override without
 * which the network computes the same, such as that of an initial weight. Where evaluators are not gedi's own, all
 * may be read.
 *   Errors: GEDI_DESCRIPTOR where there is one; those of gedi__trained_open.  */
gedi_status gedi__unread_options(const char *run, const char *const *override, int n,
                                 gedi__mistakes *m, gedi_err *err);

#endif
