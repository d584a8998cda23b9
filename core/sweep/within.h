/* within.h - what runs of one cell of a table differ in that no sweep names as an axis. */
#ifndef GEDI_SWEEP_WITHIN_H
#define GEDI_SWEEP_WITHIN_H

#include "core/sweep/study.h"

/* Adds ", optimizer.adam.lr" for each option in which runs of a cell differ that are no points of one sweep:
 * a run is held against the first of its cell that no sweep has, or another one, and that has the same
 * labels where both have some. Axes, seed, builds and what a run has gone through are told elsewhere.
 * For people, options are named as in pictures.
 *   cell [results]: negative for none.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__within_cells(gedi__study *s, const int *cell, bool people,
                               gedi__text *out);

/* The same of options that runs of no common sweep both have, whatever their rows and columns: not those of
 * objectives, which rows and columns tell.  */
gedi_status gedi__within_sweeps(gedi__study *s, const int *cell, const char *rows,
                                const char *columns, bool people, gedi__text *out);

#endif
