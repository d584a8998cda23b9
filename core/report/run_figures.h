/* run_figures.h - draws the figures a descriptor names, from a finished run. */
#ifndef GEDI_REPORT_RUN_FIGURES_H
#define GEDI_REPORT_RUN_FIGURES_H

#include "core/evaluate/trial.h"

/* The picture beside that of `samples` where it is asked for along the run. */
#define GEDI__SAMPLES_ALONG "samples-along"

typedef struct gedi__undrawn {
    gedi__text *names; /* gets a line "figure: NAME" of each that could not be drawn */
    /* Hears of all that fail but the first; NULL: nobody. */
    void (*say)(void *context, const char *line);
    void *context;
} gedi__undrawn;

/* Into DIRECTORY/figures. One that fails leaves the others alone.
 *   Errors: GEDI_DESCRIPTOR for a figure that these data or this objective cannot have, before any is
 *   drawn; GEDI_INTERRUPTED where the trial is to stop; else that of the first that fails, see figure.h.  */
gedi_status gedi__run_figures(gedi_trial *t, const gedi__experiment *e,
                              const char *directory, const gedi__undrawn *u,
                              gedi_err *err);

/* "jem, gedi on moons, seed 0": the objectives of all stages, the last of which is shown. */
void gedi__run_title(const gedi__experiment *e, char *out, size_t size);

/* While a run trains: what it would generate after that iteration, into
 * DIRECTORY/figures/moments/ITERATION, for gedi__run_figures to show. run_moments.c.
 *   Errors: as gedi__run_figures; GEDI_NUMERIC where a chain runs away.  */
gedi_status gedi__run_moment(gedi_trial *t, const gedi__experiment *e,
                             const char *directory, int64_t iteration, gedi_err *err);
/* Where samples of every so many iterations are asked for: are some there already, or still to come, in a run
 * that has been trained so far?
 *   Errors: GEDI_STATE, GEDI_NOMEM.  */
gedi_status gedi__run_moments_check(const gedi__experiment *e, const char *directory,
                                    int64_t iteration, gedi_err *err);

#endif
