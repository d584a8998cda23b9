/* metric.h - metrics of records: agreement of labelings, and what sets of scores tell apart.
 *
 * All are over all records at once, and agree with scikit-learn's to 1e-10.
 */
#ifndef GEDI_METRIC_H
#define GEDI_METRIC_H

#include "gedi/rng.h"
#include <stdint.h>

/* ---- agreement of two labelings of the same N records: labels 0 .. k-1, of which one that no
 * record has changes nothing ---- */

/* Each is 1 for equal partitions, whatever their labels. NMI and ARI are those of Vinh et
 * al. 2010 and Hubert & Arabie 1985. */
typedef struct gedi_agreement {
    double nmi;      /* mutual information / arithmetic mean of the two entropies */
    double ami;      /* the same less its expectation for random labels, 0 by chance */
    double ari;      /* adjusted Rand index, 0 by chance */
    double accuracy; /* share of records right under the best one-to-one matching of
                        clusters to classes (Kuhn 1955) */
} gedi_agreement;

/*   truth, predicted [N]; kt, kp: number of classes and clusters (labels are below them).
 *   Errors: GEDI_USAGE for N outside [1, 2^31) or a label out of range, GEDI_NOMEM; then
 *           all metrics are NAN.  */
GEDI_EXPORT gedi_status gedi_agree(const int32_t *truth, int32_t kt,
                                   const int32_t *predicted, int32_t kp, int64_t n,
                                   gedi_agreement *out, gedi_err *err);

/* The nmi of these alone, for many small sets of records. Errors: the same.  */
GEDI_EXPORT gedi_status gedi_nmi(const int32_t *truth, int32_t kt,
                                 const int32_t *predicted, int32_t kp, int64_t n,
                                 double *out, gedi_err *err);

/* ---- scores ---- */

/* Area under the ROC curve: the probability that a positive has a larger score than a
 * negative, equal scores by half. .5 is chance.
 *   positive [N], negative [M].
 *   Errors: GEDI_USAGE if N or M is < 1, GEDI_NUMERIC if a score is NaN, GEDI_NOMEM.  */
GEDI_EXPORT gedi_status gedi_auroc(const float *positive, int64_t n,
                                   const float *negative, int64_t m, double *out,
                                   gedi_err *err);

/* The same with its uncertainty: which area would other records of both kinds have shown? It
 * knows nothing of other models, such as those of other seeds. */
typedef struct gedi_auroc_estimate {
    double area;
    /* Of the area (DeLong et al. 1988): 0 where that is 0 or 1; the largest possible where
     * there is 1 of either, or all scores are equal, so that the scores do not tell it. */
    double variance;
    /* Ends of the 95 % interval, in [0, 1]: symmetric for logits, and at least as far as
     * min(N, M) pairs that are all won, or all lost, can tell. */
    double low, high;
} gedi_auroc_estimate;

/*   Arguments and errors as above; then all are NAN. O((N + M) log(N + M)).  */
GEDI_EXPORT gedi_status gedi_auroc_interval(const float *positive, int64_t n,
                                            const float *negative, int64_t m,
                                            gedi_auroc_estimate *out, gedi_err *err);

/* FPR at 95 % TPR: the share of negatives that pass the highest threshold which at least 95 %
 * of the positives pass; a score that equals the threshold passes. .95 is chance, 0 the best.
 *   Arguments and errors as above.  */
GEDI_EXPORT gedi_status gedi_fpr95(const float *positive, int64_t n,
                                   const float *negative, int64_t m, double *out,
                                   gedi_err *err);

/* ---- distributions ---- */

/* Frechet distance of x [N, D] and y [M, D], as if both were normal: |mx - my|^2 +
 * tr(Sx + Sy - 2 (Sx Sy)^(1/2)). Meaningful where N and M are well above D.
 *   Errors: GEDI_USAGE if N or M is < 2, GEDI_NUMERIC where a number is not finite,
 *   GEDI_NOMEM.  */
GEDI_EXPORT gedi_status gedi_frechet(const float *x, int64_t n, const float *y, int64_t m,
                                     int64_t d, double *out, gedi_err *err);

/* The median of the distances of all pairs of x [N, D]: the usual bandwidth of a kernel.
 *   Errors: GEDI_USAGE if N is < 2, GEDI_NUMERIC where a number is not finite, GEDI_NOMEM.  */
GEDI_EXPORT gedi_status gedi_median_distance(const float *x, int64_t n, int64_t d,
                                             double *out, gedi_err *err);

/* Are two samples of one distribution? A p is the share of permutations of both samples, the one
 * that is seen among them, with a distance that is no smaller: under .05, they hardly are. */
typedef struct gedi_two_sample_result {
    double
        energy; /* energy distance, 2 E|X - Y| - E|X - X'| - E|Y - Y'| over all pairs, also
                        of a point with itself: >= 0 (Szekely & Rizzo 2013) */
    double energy_p;
    double mmd2; /* square of the MMD with the kernel exp(-|x - y|^2 / (2 bandwidth^2)):
                        unbiased, so around 0 for equal distributions (Gretton et al. 2012) */
    double mmd2_p;
} gedi_two_sample_result;

/*   x [N, D], y [M, D]; permutations 0: no test, each p is 1. The same generator gives the same
 *   result. Takes 8 (N + M)^2 bytes, (N + M)^2 D / 2 operations for the distances, and
 *   min(N, M)^2 / 2 for each permutation.
 *   Errors: GEDI_USAGE if N or M is < 2 or the bandwidth is not above 0, GEDI_NUMERIC where a
 *   number is not finite, GEDI_NOMEM; then all are NAN.  */
GEDI_EXPORT gedi_status gedi_two_sample(const float *x, int64_t n, const float *y,
                                        int64_t m, int64_t d, double bandwidth,
                                        int64_t permutations, gedi_rng *rng,
                                        gedi_two_sample_result *out, gedi_err *err);

#endif
