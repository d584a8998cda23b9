/* builds.h - runs of one table that were made by different builds of the same plugin. */
#ifndef GEDI_SWEEP_BUILDS_H
#define GEDI_SWEEP_BUILDS_H

#include "core/sweep/study.h"

/* For each result, "view mine: revision 3" of what another of those in `takes_part` has otherwise;
 * NULL where there is nothing. The texts are the arena's.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__builds_apart(const gedi__study *s, const bool *takes_part,
                               gedi__arena *arena, const char ***out);

#endif
