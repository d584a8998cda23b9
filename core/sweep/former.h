/* former.h - tables and figures that a descriptor of before has left in a sweep's folder. */
#ifndef GEDI_SWEEP_FORMER_H
#define GEDI_SWEEP_FORMER_H

#include "core/base/text.h"
#include "core/sweep/plan.h"

/* Adds those that the sweep does not name any more, "figures/old.png, table.md", as many as a line has room for. Such
 * files are told by what gedi writes beside them: a figure by its script, a table by the same for LaTeX and as
 * numbers.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__former_shows(const gedi__plan *p, const char *directory,
                               gedi__text *out, gedi_err *err);

/* Removes the table or the pictures of that name: the runs have nothing to show for it any more, and what stood there
 * would be taken for theirs. Data and script of a picture stay.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__former_remove(const gedi__show *w, const char *directory,
                                gedi_err *err);

#endif
