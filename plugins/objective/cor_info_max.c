/* cor_info_max.c - CorInfoMax: embeddings of two views agree and fill all directions.
 *
 * Source:  Ozsoy et al. 2022, "Self-supervised learning with an information maximization
 *          criterion"; Sansone & Manhaeve, Lemma 6, eq. (15).
 * Inputs:  z, z'  [B, D]  embeddings of both views
 * Output:  inv  mean (z - z')^2; spread  -(log det(R + eps I) + log det(R' + eps I)) / D, R
 *          the covariance over the batch  [1]
 * Differs: theirs are a running mean and covariance, .01 of the one before and .99 of the
 *          batch's; here they are the batch's alone. Theirs is float64 with eps 1e-8; in float32 some
 *          1e-6 is the least that keeps a degenerate covariance positive definite. Lemma 6
 *          takes the sum of one view in place of the mean of both, and leaves out the
 *          trace, which the sphere (or batch normalisation) bounds.
 */
#include "gedi/plugin.h"

#include <math.h>

typedef struct cor_info_max {
    gedi_schedule inv, spread; /* weights */
    double eps;
    bool sphere;
} cor_info_max;

static const gedi_option cor_info_max_options[] = {
    GEDI_SCHEDULED(cor_info_max, inv, 250.0, 0.0, 1e6, "weight of the invariance"),
    GEDI_SCHEDULED(cor_info_max, spread, 1.0, 0.0, 1e6, "weight of the log-determinants"),
    GEDI_REAL(cor_info_max, eps, 1e-6, 1e-8, 1e3,
              "added to variances; less than 1e-6 may be lost in float32"),
    GEDI_BOOL(cor_info_max, sphere, true, "put the embeddings on the unit sphere first"),
    GEDI_END,
};

static void cor_info_max_loss(const void *self, gedi_build *b, const gedi_batch *v,
                              gedi_terms *t)
{
    const cor_info_max *o = self;
    gedi_node *z = v->z[0], *z2 = v->z[1];
    double optimum = NAN;
    (void)b;
    if (o->sphere) { /* variances add up to at most 1: best are D equal ones */
        z = gedi_l2_normalize(z, 1e-12);
        z2 = gedi_l2_normalize(z2, 1e-12);
        optimum = -2.0 * log(1.0 / (double)gedi_cols(z) + o->eps);
    }
    gedi_node *spread =
        gedi_add(gedi_loss_log_det(z, o->eps), gedi_loss_log_det(z2, o->eps));
    gedi_term_by(t, "inv", gedi_loss_mse(z, z2), &o->inv, 0.0);
    gedi_term_by(t, "spread", spread, &o->spread, optimum);
}

GEDI_DEFINE(objective, cor_info_max) = {
    GEDI_HEAD(objective, cor_info_max),
    .brief = "CorInfoMax: two views agree, log-determinants keep all directions in use",
    .cite = "Ozsoy et al. 2022; Sansone & Manhaeve, Lemma 6, eq. (15)",
    .self_size = sizeof(cor_info_max),
    .options = cor_info_max_options,
    .loss = cor_info_max_loss,
};
