/* override.h - which values a run may go on with. */
#ifndef GEDI_RUN_OVERRIDE_H
#define GEDI_RUN_OVERRIDE_H

#include "gedi/error.h"

/* Is `identity`, that of the descriptor with other values put in, still the one of the descriptor
 * as it is? Where data lie, threads, evaluators, figures and intervals may be others.
 *   Errors: GEDI_DESCRIPTOR with what training depends on; what reading the descriptor raises.  */
gedi_status gedi__override_check(const char *descriptor, const char *const *override,
                                 int n, const char *identity, gedi_err *err);

#endif
