/* sweep_show.h - the end of a sweep: what a search has found, tables, figures, the page. */
#ifndef GEDI_CLI_SWEEP_SHOW_H
#define GEDI_CLI_SWEEP_SHOW_H

#include "core/sweep/crew.h"
#include "core/sweep/search.h"

/* A file of all draws of a search, and in points.json which of them were left.
 *   Errors: GEDI_IO, GEDI_NOMEM.  */
gedi_status gedi__sweep_keep_draws(const gedi__plan *p, const gedi__found *f,
                                   const char *directory, const gedi__crew *c,
                                   gedi_err *err);

/* Everything that the sweep names, in its folder and on standard output; the exit code. Tables are printed before
 * the first figure, which may take long, or end all. What cannot be shown is said and the rest goes on. */
int gedi__sweep_show(const gedi__plan *p, const gedi__found *f, const char *directory,
                     const gedi__crew *c);

#endif
