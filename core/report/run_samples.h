/* run_samples.h - samples of a run's energy as a figure: points of the plane, or images. */
#ifndef GEDI_REPORT_RUN_SAMPLES_H
#define GEDI_REPORT_RUN_SAMPLES_H

#include "core/report/chart.h"
#include "core/evaluate/trial.h"

/* Are records of this shape points of the plane, or images [H, W, 1] or [H, W, 3]? */
bool gedi__samples_drawable(gedi_shape record);

/* Draws x [n, record], samples after so many steps, as the figure `name` of `folder`: points
 * over the training data, or a grid of images.
 *   Errors: those of figure.h; the dataset's.  */
gedi_status gedi__draw_run_samples(const gedi__batches *data, const float *x, int64_t n,
                                   int64_t steps, const char *title, const char *folder,
                                   const char *name, const gedi__style *style,
                                   gedi_err *err);

/* Draws samples of the trial as the figure samples of `folder`, once for each style.
 *   Errors: the same, and GEDI_NUMERIC where a chain runs away.  */
gedi_status gedi__draw_trial_samples(gedi_trial *t, const char *title, const char *folder,
                                     const gedi__style *style, int styles, gedi_err *err);

#endif
