/* override.h - which values a run may go on with. */
#ifndef GEDI_RUN_OVERRIDE_H
#define GEDI_RUN_OVERRIDE_H

#include "core/descriptor/experiment.h"

/* Is `identity`, that of `e`, the descriptor with other values put in, still the one of the descriptor
 * as it is? Where data lie, threads, evaluators, figures and intervals may be others; so may the
 * length of the last stage, where nothing on the way depends on it: then *longer is true.
 *   Errors: GEDI_DESCRIPTOR with what training depends on; what reading the descriptor raises.  */
gedi_status gedi__override_check(const gedi__experiment *e, const char *descriptor,
                                 const char *const *override, int n, const char *identity,
                                 bool *longer, gedi_err *err);

#endif
