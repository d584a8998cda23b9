/* show_grid.h - figures of a sweep's runs beside each other. */
#ifndef GEDI_SWEEP_SHOW_GRID_H
#define GEDI_SWEEP_SHOW_GRID_H

#include "core/report/figure.h"
#include "core/sweep/study.h"

/* Draws `w`, one run in each panel, into `folder`, once for each of the n looks.
 *   Errors: those of gedi__table_make and of figures.  */
gedi_status gedi__show_grid(gedi__study *s, const gedi__show *w, const char *folder,
                            const gedi__style *style, int n, gedi_err *err);

#endif
