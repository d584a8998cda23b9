/* barlow_twins.c - Barlow Twins: the correlation of two views becomes the unit matrix.
 *
 * Source:  Zbontar et al. 2021, "Barlow twins: self-supervised learning via redundancy
 *          reduction", eqs. (1), (2); Sansone & Manhaeve, Appendix H.1.
 * Inputs:  z, z'  [B, D]  embeddings of both views, batch-normalised here
 * Output:  on  sum_i (1 - C_ii)^2, off  sum_{i != j} C_ij^2; diagonal on + lambda off  [1]
 *          energy -logsumexp z  [B, 1]: not trained; for the samples and scores of the paper's
 *          comparisons, which do not say what they took (our reading: the embedding is the
 *          logits, as where GEDI has no prototypes)
 * Differs: eps is added to variances. In Appendix H.1 lambda multiplies C_ij before it is
 *          squared: it is the root of the lambda here, which is that of Zbontar et al. Their
 *          code (github.com/facebookresearch/barlowtwins) has lambda .0051, and the same eps.
 *          solo-learn multiplies the loss by scale_loss, .1 for CIFAR-10; .024 where a
 *          configuration has none, .025 where its function is called without: here by both
 *          weights, for .1 `diagonal: .1, lambda: .0005`.
 */
#include "gedi/plugin.h"

typedef struct barlow_twins {
    gedi_schedule diagonal, lambda; /* weights */
    double eps;
} barlow_twins;

static const gedi_option barlow_twins_options[] = {
    GEDI_SCHEDULED(barlow_twins, diagonal, 1.0, 0.0, 1e6,
                   "weight of the diagonal, sum of (1 - C_ii)^2"),
    GEDI_SCHEDULED(barlow_twins, lambda, 5e-3, 0.0, 1e6,
                   "weight of the redundancy, sum of C_ij^2 off the diagonal"),
    GEDI_REAL(barlow_twins, eps, 1e-5, 1e-12, 1.0,
              "added to variances, in units of z squared"),
    GEDI_END,
};

static void barlow_twins_loss(const void *self, gedi_build *b, const gedi_batch *v,
                              gedi_terms *t)
{
    const barlow_twins *o = self;
    (void)b;
    gedi_node *c = gedi_correlation(v->z[0], v->z[1], o->eps);
    gedi_term_by(t, "on", gedi_loss_diagonal(c), &o->diagonal, 0.0);
    gedi_term_by(t, "off", gedi_loss_off_diagonal(c), &o->lambda, 0.0);
}

static gedi_node *barlow_twins_energy(const void *self, gedi_build *b, gedi_node *x,
                                      gedi_node *z, const gedi_batch *v)
{
    (void)self, (void)b, (void)x, (void)v;
    return gedi_energy(z);
}

GEDI_DEFINE(objective, barlow_twins) = {
    GEDI_HEAD(objective, barlow_twins),
    .brief = "Barlow Twins: the cross-correlation of two views becomes the identity "
             "matrix",
    .cite = "Zbontar et al. 2021, eqs. (1), (2); Sansone & Manhaeve, Appendix H.1",
    .self_size = sizeof(barlow_twins),
    .options = barlow_twins_options,
    .loss = barlow_twins_loss,
    .energy = barlow_twins_energy,
};
