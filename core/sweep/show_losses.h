/* show_losses.h - numbers of the logs of a sweep's runs side by side. */
#ifndef GEDI_SWEEP_SHOW_LOSSES_H
#define GEDI_SWEEP_SHOW_LOSSES_H

#include "core/report/figure.h"
#include "core/sweep/study.h"

/* Is this figure drawn from logs: losses, schedules, validation? */
bool gedi__show_is_logged(const char *figure);

/* Draws `w`, a grid of such a figure, into `folder`, once for each of the n looks. An axis alone is that of
 * the columns.
 *   Errors: GEDI_STATE where no run has a log; GEDI_DATA, GEDI_STATE for a damaged log; those of figures.  */
gedi_status gedi__show_losses(gedi__study *s, const gedi__show *w, const char *folder,
                              const gedi__style *style, int n, gedi_err *err);

#endif
