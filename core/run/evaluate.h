/* evaluate.h - a run evaluated once more, without training. */
#ifndef GEDI_RUN_EVALUATE_H
#define GEDI_RUN_EVALUATE_H

#include "core/run/run.h"

/* Runs the evaluators of the run's descriptor with these values put in, and draws its
 * figures. All of it goes into a folder of its own, RUN/evaluation-1 or the next number that
 * is free, so that nothing is lost; it is laid out as a run is:
 *   descriptor.yaml  fully resolved, with these values
 *   summary.json     the figures; its presence means that the evaluation is finished
 *   figures/         charts with data and script
 * *folder is where it lies; free() it. NULL: nothing was kept. One that another has left without a
 * summary, being killed, is taken.
 *   Errors: those of gedi__trained_open, of the evaluators and of the figures, where what can be made is kept;
 *   GEDI_INTERRUPTED after *stop: what is done is kept. Nothing is written where no evaluator succeeds.  */
gedi_status gedi__evaluate(const char *run, const char *const *override, int n,
                           const gedi__observer *o, char **folder, gedi__mistakes *m,
                           gedi_err *err);

#endif
