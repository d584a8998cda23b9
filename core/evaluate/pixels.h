/* pixels.h - images as their own features: pixels, averaged over the cells of a grid. */
#ifndef GEDI_EVALUATE_PIXELS_H
#define GEDI_EVALUATE_PIXELS_H

#include "gedi/plugin.h"

typedef struct gedi__pixels {
    gedi_shape record;   /* [H, W, C] */
    int64_t high, wide;  /* cells along each edge */
    double scale, shift; /* pixels of [0, 1] are scale x + shift */
} gedi__pixels;

/* Of such records. `side` cells along each edge; 0: each pixel is a cell.
 *   Errors: GEDI_SHAPE for records that are no images; GEDI_OPTION for a side that is longer
 *   than an edge.  */
gedi_status gedi__pixels_init(gedi__pixels *p, const gedi_data_info *records,
                              int64_t side, gedi_err *err);

int64_t gedi__pixels_features(const gedi__pixels *p); /* D = high wide C */

/* x [n, record] -> h [n, D]: the mean of each channel over each cell. Pixels on the border of
 * two cells count in both by their share. What is below 0 or above 1 stays. */
void gedi__pixels_run(const gedi__pixels *p, const float *x, int64_t n, float *h);

#endif
