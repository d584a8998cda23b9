/* metric.h - agreement of two labelings of the same N records.
 *
 * Labels are 0 .. k-1; a negative label is an error of the caller. All are global
 * figures, over all N records at once, and agree with scikit-learn's to 1e-10.
 */
#ifndef GEDI_METRIC_H
#define GEDI_METRIC_H

#include "gedi/error.h"
#include <stdint.h>

typedef struct gedi_agreement {
    double
        nmi; /* mutual information / arithmetic mean of entropies; 1 if both constant */
    double
        ami; /* the same, adjusted for chance (Vinh et al. 2010, max-free: arithmetic) */
    double ari;      /* adjusted Rand index (Hubert & Arabie 1985) */
    double accuracy; /* share of records right under the best one-to-one matching (Kuhn
                        1955) */
} gedi_agreement;

/*   truth, predicted [N]; kt, kp: number of classes and clusters (labels are below them).
 *   Errors: GEDI_USAGE for N < 1 or a label out of range, GEDI_NOMEM.  */
GEDI_EXPORT gedi_status gedi_agree(const int32_t *truth, int32_t kt,
                                   const int32_t *predicted, int32_t kp, int64_t n,
                                   gedi_agreement *out, gedi_err *err);

#endif
