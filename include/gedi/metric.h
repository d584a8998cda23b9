/* metric.h - metrics of records: agreement of labelings, and what sets of scores tell apart.
 *
 * All are over all records at once, and agree with scikit-learn's to 1e-10.
 */
#ifndef GEDI_METRIC_H
#define GEDI_METRIC_H

#include "gedi/error.h"
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

#endif
