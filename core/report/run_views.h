/* run_views.h - the figure `views`: training images, and what the views make of them. */
#ifndef GEDI_REPORT_RUN_VIEWS_H
#define GEDI_REPORT_RUN_VIEWS_H

#include "core/train/batches.h"
#include "core/report/figure.h"

/* [H, W, 1] or [H, W, 3] */
bool gedi__is_image(gedi_shape record);

/* Black and white as the dataset says; where it does not, the extremes of the numbers x
 * [n]. */
void gedi__images_range(const gedi_data_info *info, const float *x, int64_t n,
                        gedi__figure_images *f);

/* The first images of training, and some draws of each pipeline, into `folder`. Records must be
 * images [H, W, 1] or [H, W, 3].
 *   Errors: the dataset's; those of figure.h.  */
gedi_status gedi__run_views(gedi__batches *data, const char *folder, gedi_err *err);

#endif
