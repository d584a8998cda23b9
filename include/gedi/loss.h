/* loss.h - the terms that several objectives share, each to be minimised.
 *
 * Source: Sansone & Manhaeve, "Unifying Self-Supervised Clustering and Energy-Based
 * Models", and what it unifies, named at each term. Logits are U^T g(x) / tau, [B, K];
 * p(y|x) is their softmax and -E(x) their logsumexp (eq. 6). z, z2 [B, D] are embeddings
 * of two views of the same records. A term is one number, [1]; all are differentiable
 * twice.
 */
#ifndef GEDI_LOSS_H
#define GEDI_LOSS_H

#include "gedi/nn.h"
#include "gedi/option.h"
#include "gedi/schedule.h"

/* ---- the head: from an embedding to K logits ---- */

typedef struct gedi_head {
    int64_t clusters;          /* K */
    int64_t prototypes;        /* index into GEDI_PROTOTYPES */
    double scale;              /* of the first prototypes */
    gedi_schedule temperature; /* tau */
    bool sphere;               /* g(x) is put on the unit sphere first */
} gedi_head;

#define GEDI_PROTOTYPES "none|free|unit"
enum { GEDI_PROTOTYPES_NONE, GEDI_PROTOTYPES_FREE, GEDI_PROTOTYPES_UNIT };

/* What an option `gen` of an objective means. */
#define GEDI_GEN_MEANING                                                                 \
    "weight of L_GEN, energy of data less that of samples: no measure of the density"

/* Rows for the options table of an objective whose struct `S` has a gedi_head `at`. */
#define GEDI_HEAD_OPTIONS(S, at)                                                         \
    GEDI_INT_AT(S, at.clusters, "clusters", 2, 1, 65536, "number of clusters K"),        \
        GEDI_ENUM_AT(S, at.prototypes, "prototypes", 0, GEDI_PROTOTYPES,                 \
                     "none: the embedding is the logits (D = K); free: logits are U g, " \
                     "U [K, D] trained; unit: the same with unit rows"),                 \
        GEDI_REAL_AT(S, at.scale, "prototype_scale", 1.0, 1e-6, 1e6,                     \
                     "multiplies the bound of the initial prototypes, 1/sqrt(D)"),       \
        GEDI_SCHEDULED_AT(S, at.temperature, "temperature", 1.0, 1e-6, 1e6,              \
                          "tau, which divides the logits"),                              \
        GEDI_BOOL_AT(S, at.sphere, "sphere", false,                                      \
                     "put the embedding on the unit sphere first")

/* Logits of the embedding z [B, D] -> [B, K].
 *   Errors: GEDI_SHAPE if prototypes is `none` and D is not K.  */
GEDI_EXPORT gedi_node *gedi_head_logits(const gedi_head *h, gedi_build *b, gedi_node *z);

/* Ready-made `logits` and `energy` (eq. 6) of an objective whose struct begins with a
 * gedi_head. */
typedef struct gedi_batch gedi_batch;
GEDI_EXPORT gedi_node *gedi_head_as_logits(const void *self, gedi_build *b, gedi_node *z);
GEDI_EXPORT gedi_node *gedi_head_as_energy(const void *self, gedi_build *b, gedi_node *x,
                                           gedi_node *z, const gedi_batch *v);

/* The mean of all entries as one number, [1]. */
GEDI_EXPORT gedi_node *gedi_mean_all(gedi_node *x);

/* ---- GEDI: loss.c ---- */

/* Energy E(x) = -logsumexp(logits), eq. (6): [B, K] -> [B, 1]. */
GEDI_EXPORT gedi_node *gedi_energy(gedi_node *logits);

/* L_GEN, eq. (7): mean energy of data minus mean energy of samples. No known optimum. */
GEDI_EXPORT gedi_node *gedi_loss_gen(gedi_node *energy_data, gedi_node *energy_samples);

/* mean E^2 of data + mean E^2 of samples (Du & Mordatch 2019, section 3.2), which keeps energies
 * near 0: they are known but for a constant. energies [B, 1]. Optimum 0. */
GEDI_EXPORT gedi_node *gedi_loss_energy_penalty(gedi_node *energy_data,
                                                gedi_node *energy_samples);

/* L_INV, eq. (3): mean over the batch of CE(p(y|x'), p(y|x)); optimum 0. Gradients flow
 * through both views (Definition 10: no stop-gradient, no asymmetry). */
GEDI_EXPORT gedi_node *gedi_loss_inv(gedi_node *logits, gedi_node *logits2);

/* L_PRIOR, eq. (3), uniform prior: CE(uniform, mean over the batch of p(y|x)); optimum ln
 * K.  Errors: GEDI_SHAPE for K = 1.  */
GEDI_EXPORT gedi_node *gedi_loss_prior(gedi_node *logits);

/* ---- clusters: loss_cluster.c; scores are U^T g(x) before any temperature ---- */

/* Cosines of z [B, D] and K trained prototypes, parameter `prototypes` [K, D]: [B, K]. */
GEDI_EXPORT gedi_node *gedi_scores(gedi_build *b, gedi_node *z, int64_t prototypes);

/* Assignments q [B, K] of scores [B, K] by Sinkhorn-Knopp (Caron et al. 2020, eq. 5):
 * rows sum to 1, columns nearly to B / K, the better the more iterations. Computed with
 * logarithms, so that scores of any size are finite. Held fixed in derivatives. */
GEDI_EXPORT gedi_node *gedi_sinkhorn(gedi_node *scores, double epsilon,
                                     int64_t iterations);

/* Whole numbers as the q of a cross entropy: row b is 1 at index[b] and 0 elsewhere, 0 throughout
 * for -1 (no label), NaN for what is no class.
 *   index [B, 1] -> [B, classes]; constant. Errors: GEDI_SHAPE, GEDI_USAGE.  */
GEDI_EXPORT gedi_node *gedi_one_hot(gedi_node *index, int64_t classes);

/* Mean over the batch of CE(q, softmax(logits)): q, logits [B, K].
 *   Errors: GEDI_SHAPE if they differ, and for K = 1, where it is constant.  */
GEDI_EXPORT gedi_node *gedi_loss_cross_entropy(gedi_node *q, gedi_node *logits);

/* SwAV (Caron et al. 2020, eq. 2): each view predicts Sinkhorn's assignment of the other;
 * the mean of both directions. At least 0. */
GEDI_EXPORT gedi_node *gedi_loss_swav(gedi_build *b, gedi_node *scores,
                                      gedi_node *scores2,
                                      const gedi_schedule *temperature, double epsilon,
                                      int64_t iterations);

/* ProtoCPC (Lee 2022; the paper's Appendix G): -I_ProtoCPC, one view the student, the
 * other the teacher, which is held fixed; the mean of both directions. Optimum -ln K. */
GEDI_EXPORT gedi_node *gedi_loss_proto_cpc(gedi_build *b, gedi_node *scores,
                                           gedi_node *scores2,
                                           const gedi_schedule *student,
                                           const gedi_schedule *teacher);

/* ---- pairs of records: loss_pair.c ---- */

/* Cosine of each row of `a` with each row of `b`: [B, D], [K, D] -> [B, K]. */
GEDI_EXPORT gedi_node *gedi_cosine(gedi_node *a, gedi_node *b);

/* Squared distance of each row of `a` to each row of `b`: [B, D], [K, D] -> [B, K]. */
GEDI_EXPORT gedi_node *gedi_squared_distance(gedi_node *a, gedi_node *b);

/* NT-Xent (Chen et al. 2020, eq. 1) of the similarities s [2B, 2B] of both views one
 * behind the other, divided by the temperature, s = s^T: record i has the candidates
 * j != i, and B + i is the right one. */
GEDI_EXPORT gedi_node *gedi_loss_nt_xent(gedi_node *s);

/* Mean over the batch of minus the cosine of row i of a with row i of b. Optimum -1. */
GEDI_EXPORT gedi_node *gedi_loss_cosine(gedi_node *a, gedi_node *b);

/* Mean of (z - z2)^2 over batch and dimensions. Optimum 0. */
GEDI_EXPORT gedi_node *gedi_loss_mse(gedi_node *z, gedi_node *z2);

/* The predictor D - hidden - D of SimSiam (Chen & He 2021, section 3) and BYOL: linear without
 * bias, batch normalisation, ReLU, linear. Trained: parameters predictor.*
 *   z [B, D] -> [B, D].  Errors: GEDI_SHAPE for a batch of one record.  */
GEDI_EXPORT gedi_node *gedi_predictor(gedi_build *b, gedi_node *z, int64_t hidden);

/* SimSiam (Chen & He 2021, eq. 4): each view predicts the other, which is held fixed, by
 * gedi_predictor; hidden 0 is D / 4. Optimum -1. */
GEDI_EXPORT gedi_node *gedi_loss_simsiam(gedi_build *b, gedi_node *z, gedi_node *z2,
                                         int64_t hidden);

/* ---- moments of a batch: loss_moment.c ---- */

/* Cross-correlation of the columns of z with those of z2 over the batch, [D, D]; `eps`
 * is added to variances. */
GEDI_EXPORT gedi_node *gedi_correlation(gedi_node *z, gedi_node *z2, double eps);

/* Covariance of the columns of z, [D, D]; divides by B, or by B - 1 if `unbiased`. */
GEDI_EXPORT gedi_node *gedi_covariance(gedi_node *z, bool unbiased);

/* Of c [D, D]: the sum of (1 - c_ii)^2, and the sum of c_ij^2 over i != j. Optima 0. */
GEDI_EXPORT gedi_node *gedi_loss_diagonal(gedi_node *c);
GEDI_EXPORT gedi_node *gedi_loss_off_diagonal(gedi_node *c);

/* Mean over the columns of z of max(0, 1 - sqrt(var + eps)) (Bardes et al. 2022, eq. 1);
 * var divides by B - 1. Optimum 0. */
GEDI_EXPORT gedi_node *gedi_loss_variance(gedi_node *z, double eps);

/* Sum of the squared covariances of different columns of z, divided by D (Bardes et al.
 * 2022, eqs. 3, 4). Optimum 0. */
GEDI_EXPORT gedi_node *gedi_loss_covariance(gedi_node *z);

/* -log det(cov z + eps I) / D, by Cholesky: the spread of z in all directions. NaN where
 * eps is too small for float32, that is below some 1e-7 of the largest variance. */
GEDI_EXPORT gedi_node *gedi_loss_log_det(gedi_node *z, double eps);

/* z with mean 0 and covariance I over the batch: (z - mean) L^-T, L L^T = (1 - eps) cov z
 * + eps I (Ermolov et al. 2021). Errors: GEDI_SHAPE if eps is 0 and B is not above D. */
GEDI_EXPORT gedi_node *gedi_whiten(gedi_node *z, double eps);

/* Maximum entropy coding (Liu et al. 2022, eq. 2) of rows on the unit sphere, divided by
 * what makes it -mean cosine for large `distortion`: -distortion / D times the trace of
 * log(I + C), C = D / (B distortion) z^T z2, by the first `order` terms of its Taylor
 * series. Converges for every z where D <= distortion. */
GEDI_EXPORT gedi_node *gedi_loss_mec(gedi_node *z, gedi_node *z2, double distortion,
                                     int64_t order);

#endif
