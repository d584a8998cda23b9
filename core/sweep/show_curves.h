/* show_curves.h - a number over the iterations, from the logs of a sweep's runs. */
#ifndef GEDI_SWEEP_SHOW_CURVES_H
#define GEDI_SWEEP_SHOW_CURVES_H

#include "core/report/figure.h"
#include "core/sweep/study.h"

/* Draws `w`, whose rows are the lines, into `folder`, once for each of the n looks.
 *   Errors: GEDI_USAGE where no log has the number: the message has those there are; GEDI_DATA,
 *   GEDI_STATE for a damaged log; those of figures.  */
gedi_status gedi__show_curves(gedi__study *s, const gedi__show *w, const char *folder,
                              const gedi__style *style, int n, gedi_err *err);

#endif
