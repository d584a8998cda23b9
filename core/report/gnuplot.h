/* gnuplot.h - running gnuplot on a script. */
#ifndef GEDI_REPORT_GNUPLOT_H
#define GEDI_REPORT_GNUPLOT_H

#include "gedi/error.h"

/* Runs `gnuplot script` with `folder` as its working directory, without the user's
 * start-up files, and waits. Errors: GEDI_IO: gnuplot is not installed (and how to
 * install it), or it failed (and what it said).  */
gedi_status gedi__gnuplot_run(const char *folder, const char *script, gedi_err *err);

#endif
