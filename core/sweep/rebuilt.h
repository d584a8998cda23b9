/* rebuilt.h - points that run again because a plugin was rebuilt. */
#ifndef GEDI_SWEEP_REBUILT_H
#define GEDI_SWEEP_REBUILT_H

#include "core/sweep/plan.h"

/* How many points of the plan have no run in DIRECTORY, but a finished one that differs in nothing but
 * revisions and files of plugins; `why` is "objective my_loss was rebuilt since", of the first.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__rebuilt_points(const gedi__plan *p, const char *directory, int *points,
                                 gedi__text *why, gedi_err *err);

#endif
