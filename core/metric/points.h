/* points.h - what all that looks at points asks of them. */
#ifndef GEDI_METRIC_POINTS_H
#define GEDI_METRIC_POINTS_H

#include "gedi/error.h"
#include <stdint.h>

/* x [N, D] must be finite: "k-means: number 1 of point 3 is nan". */
gedi_status gedi__points_finite(const char *what, const float *x, int64_t n, int64_t d,
                                gedi_err *err);

/* |a - b|^2 of two points [D]. */
float gedi__points_square(const float *a, const float *b, int64_t d);

#endif
