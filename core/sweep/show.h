/* show.h - the tables and figures that a sweep names, from its runs. */
#ifndef GEDI_SWEEP_SHOW_H
#define GEDI_SWEEP_SHOW_H

#include "core/sweep/study.h"

/* A table as DIRECTORY/NAME.md, .csv and .tex; a grid, heat map or curves as
 * DIRECTORY/figures/NAME.png with script and data. Those of other sweeps are of the study
 * `s`, too. Where the runs have nothing to show, what stood there before is removed.
 *   Errors: those of gedi__table_make and of the figures.  */
gedi_status gedi__show_write(gedi__study *s, const gedi__show *w, const char *directory,
                             gedi_err *err);

#endif
