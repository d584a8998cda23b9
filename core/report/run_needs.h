/* run_needs.h - whether the figures of a descriptor can be drawn, asked before it is trained. */
#ifndef GEDI_REPORT_RUN_NEEDS_H
#define GEDI_REPORT_RUN_NEEDS_H

#include "core/evaluate/shown.h"

/* One figure, as gedi__asking wants it.
 *   Errors: GEDI_DESCRIPTOR, naming the figure.  */
gedi_status gedi__run_figure_check(void *context, const gedi__experiment *e,
                                   const char *name, const gedi__shown *of,
                                   gedi_err *err);

/* Every figure that the descriptor names.
 *   Errors: as above, of the first.  */
gedi_status gedi__run_figures_check(const gedi__experiment *e, const gedi__shown *of,
                                    gedi_err *err);

/* Leaves out of `e` those that cannot, with a line to `say` for each. */
void gedi__run_figures_leave_out(gedi__experiment *e, const gedi__shown *of,
                                 void (*say)(void *context, const char *line),
                                 void *context);

#endif
