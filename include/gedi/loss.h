/* loss.h - the terms that several objectives share, each to be minimised.
 *
 * Source: Sansone & Manhaeve, "Unifying Self-Supervised Clustering and Energy-Based
 * Models". Logits are U^T g(x) / tau, [B, K]; p(y|x) is their softmax and -E(x) their
 * logsumexp (eq. 6).
 */
#ifndef GEDI_LOSS_H
#define GEDI_LOSS_H

#include "gedi/nn.h"
#include "gedi/option.h"

/* ---- the head: from an embedding to K logits ---- */

typedef struct gedi_head {
    int64_t clusters;   /* K */
    int64_t prototypes; /* index into GEDI_PROTOTYPES */
    double temperature; /* tau */
    bool sphere;        /* g(x) is put on the unit sphere first */
} gedi_head;

#define GEDI_PROTOTYPES "none|free|unit"

/* Rows for the options table of an objective whose struct `S` has a gedi_head `at`. */
#define GEDI_HEAD_OPTIONS(S, at)                                                         \
    GEDI_INT_AT(S, at.clusters, "clusters", 2, 1, 65536, "number of clusters K"),        \
        GEDI_ENUM_AT(S, at.prototypes, "prototypes", 0, GEDI_PROTOTYPES,                 \
                     "none: the embedding is the logits (D = K); free: logits are U'g, " \
                     "U [D, K] trained; unit: the same with unit columns"),              \
        GEDI_REAL_AT(S, at.temperature, "temperature", 1.0, 1e-6, 1e6,                   \
                     "tau, by which logits are divided"),                                \
        GEDI_BOOL_AT(S, at.sphere, "sphere", false,                                      \
                     "put the embedding on the unit sphere first")

/* Logits of the embedding z [B, D] -> [B, K].
 *   Errors: GEDI_SHAPE if prototypes is `none` and D is not K.  */
GEDI_EXPORT gedi_node *gedi_head_logits(const gedi_head *h, gedi_build *b, gedi_node *z);

/* Ready-made `logits` and `energy` (eq. 6) of an objective whose struct begins with a
 * gedi_head. */
typedef struct gedi_batch gedi_batch;
GEDI_EXPORT gedi_node *gedi_head_as_logits(const void *self, gedi_build *b, gedi_node *z);
GEDI_EXPORT gedi_node *gedi_head_as_energy(const void *self, gedi_build *b, gedi_node *z,
                                           const gedi_batch *v);

/* ---- terms ---- */

/* Energy E(x) = -logsumexp(logits), eq. (6): [B, K] -> [B, 1]. */
GEDI_EXPORT gedi_node *gedi_energy(gedi_node *logits);

/* L_GEN, eq. (7): mean energy of data minus mean energy of samples. No known optimum. */
GEDI_EXPORT gedi_node *gedi_loss_gen(gedi_node *energy_data, gedi_node *energy_samples);

/* L_INV, eq. (3): mean over the batch of CE(p(y|x'), p(y|x)); optimum 0. Gradients flow
 * through both views (Definition 10: no stop-gradient, no asymmetry). */
GEDI_EXPORT gedi_node *gedi_loss_inv(gedi_node *logits, gedi_node *logits2);

/* L_PRIOR, eq. (3), uniform prior: CE(uniform, mean over the batch of p(y|x)); optimum ln
 * K. */
GEDI_EXPORT gedi_node *gedi_loss_prior(gedi_node *logits);

#endif
