/* probe.h - what frozen features know of the classes. */
#ifndef GEDI_PROBE_H
#define GEDI_PROBE_H

#include "gedi/rng.h"

/* ---- a linear layer ---- */

typedef struct gedi_probe {
    int64_t epochs, batch;
    double lr, momentum, weight_decay; /* of stochastic gradient descent, constant */
} gedi_probe;

/* Trains logits x W + b by cross entropy. Epochs are permutations; what is left over at the
 * end of one is dropped, and a batch larger than N is all N records.
 *   x [N, D], label [N] in 0 .. k-1 -> weight [D, K], bias [K], both begun in
 *   U(-1/sqrt(D), 1/sqrt(D)). The same generator gives the same bytes.
 *   Errors: GEDI_USAGE for a number < 1 or a label out of range; GEDI_NUMERIC where x is
 *   not finite or training diverges, GEDI_NOMEM.  */
GEDI_EXPORT gedi_status gedi_probe_train(const gedi_probe *how, const float *x,
                                         const int32_t *label, int64_t n, int64_t d,
                                         int32_t k, gedi_rng *rng, float *weight,
                                         float *bias, gedi_err *err);

/* The class of the largest logit of each record, the first among equals: class [N]. */
GEDI_EXPORT void gedi_probe_classify(const float *x, int64_t n, int64_t d,
                                     const float *weight, const float *bias, int32_t k,
                                     int32_t *out);

/* ---- nearest neighbours ---- */

/* Of each row of `query` [M, D] the k rows of x [N, D] with the largest cosine, the largest
 * first, the earlier row among equals; the cosine with a row of zeros is 0.
 *   -> index [M, k], cosine [M, k].
 *   Errors: GEDI_USAGE for a number < 1 or k > N; GEDI_NUMERIC where x or query is not
 *   finite, GEDI_NOMEM.  */
GEDI_EXPORT gedi_status gedi_nearest(const float *x, int64_t n, const float *query,
                                     int64_t m, int64_t d, int64_t k, int64_t *index,
                                     float *cosine, gedi_err *err);

#endif
