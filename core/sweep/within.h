/* within.h - what runs of one cell of a table differ in that no sweep names as an axis. */
#ifndef GEDI_SWEEP_WITHIN_H
#define GEDI_SWEEP_WITHIN_H

#include "core/sweep/study.h"

/* Adds ", optimizer.adam.lr" for each option in which a run that is no point of a sweep differs from the
 * first such run of its cell; seed, builds and what a run has gone through are told elsewhere.
 *   cell [results]: negative for none, else below `cells`.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__within_cells(const gedi__study *s, const int *cell, int cells,
                               gedi__text *out);

#endif
