/* principal.h - points of many numbers in the plane of their first two principal components. */
#ifndef GEDI_METRIC_PRINCIPAL_H
#define GEDI_METRIC_PRINCIPAL_H

#include "gedi/error.h"
#include <stdint.h>

typedef struct gedi__plane_of {
    double variance[2]; /* along each component, divided by N - 1 */
    double total;       /* of all of them; 0: the points are equal */
} gedi__plane_of;

/* x [N, D] -> y [N, 2]: centred, along the component of the largest variance and of the next one.
 * Of a component's weights, the first that is as large as any, to one part in a million, is positive. What
 * rounding alone would make of a component, and the second of D = 1, is 0.
 *   Errors: GEDI_USAGE if N or D is < 1, GEDI_NUMERIC where a number is not finite, GEDI_NOMEM.
 *   Takes 8 N D bytes, and min(N, D)^3 operations.  */
gedi_status gedi__principal_plane(const float *x, int64_t n, int64_t d, float *y,
                                  gedi__plane_of *out, gedi_err *err);

#endif
