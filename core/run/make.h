/* make.h - what is made of trained weights: numbers of evaluators, then figures.
 *
 * What fails does not take the rest with it.
 */
#ifndef GEDI_RUN_MAKE_H
#define GEDI_RUN_MAKE_H

#include "core/evaluate/trial.h"
#include "core/run/run.h"

/* Zero-initialised is legal. */
typedef struct gedi__made {
    int numbers;        /* evaluators that have ended well */
    int failures;       /* of evaluators */
    gedi__text failed;  /* what is missing, a line each: core/store/identity.h */
    gedi__text why;     /* of the evaluators among it: "evaluator knn: ...; ...", and
                         * "not done: ood, knn" where it was interrupted */
    gedi_err evaluator; /* the first that failed */
    gedi_err undrawn;   /* why figures are missing */
    bool interrupted;
} gedi__made;

/* Asks the evaluators of the trial's experiment. The first that fails is kept for the caller, the others are
 * told to o->fault.
 *   Errors: GEDI_NOMEM for want of memory for that, not of an evaluator; GEDI_IO.  */
gedi_status gedi__make_numbers(gedi_trial *t, const gedi__observer *o, gedi__made *m,
                               gedi_err *err);
/* Draws the figures of `e` into the folder, but for those that show evaluators which failed: they are
 * taken out of it.
 *   Errors: as above.  */
gedi_status gedi__make_figures(gedi_trial *t, gedi__experiment *e,
                               const gedi__observer *o, const char *folder, gedi__made *m,
                               gedi_err *err);
/* What has failed and what was not asked any more, of so many evaluators, into `err`: "interrupted after training,
 * with 1 of 3 evaluators done; evaluator knn: ...; figure losses: ...". `after` is " after training" or "".
 *   Errors: that is what it returns, GEDI_INTERRUPTED before all others; GEDI_OK where nothing is missing.  */
gedi_status gedi__made_missing(const gedi__made *m, int evaluators, const char *after,
                               gedi_err *err);
void gedi__made_clear(gedi__made *m);

#endif
