/* kmeans.h - clusters of points without a model of them. */
#ifndef GEDI_KMEANS_H
#define GEDI_KMEANS_H

#include "gedi/rng.h"

/* k-means: first centres by greedy k-means++ (Arthur & Vassilvitskii 2007), which draws 2 + log k
 * candidates for each and keeps the best, as scikit-learn does; then Lloyd's steps until nothing
 * changes or `steps` are done; the best of `restarts` by the sum of squared distances.
 *   x [N, D]; label [N], 0 .. k-1; a cluster that loses all its points takes the farthest one.
 *   Output: the sum of squared distances in *cost (may be NULL).
 *   Errors: GEDI_USAGE if N < k or a number is < 1, GEDI_NUMERIC if x is not finite, GEDI_NOMEM.
 * The same generator gives the same labels. */
GEDI_EXPORT gedi_status gedi_kmeans(const float *x, int64_t n, int64_t d, int64_t k,
                                    int restarts, int steps, gedi_rng *rng,
                                    int32_t *label, double *cost, gedi_err *err);

#endif
