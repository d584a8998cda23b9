/* wmse.c - W-MSE: two views agree after each has been whitened over the batch.
 *
 * Source:  Ermolov et al. 2021, "Whitening for self-supervised representation learning",
 *          eqs. (3), (4); Sansone & Manhaeve, Appendix H.2.
 * Inputs:  z, z'  [B, D]  embeddings of both views
 * Output:  align  [1]  mean of 2 - 2 cos(W z, W' z'); W = L^-1, L L^T = (1 - eps) cov z +
 *          eps I
 * Differs: the whole batch is whitened at once, where theirs is cut into random pieces.
 */
#include "gedi/plugin.h"

typedef struct wmse {
    double eps;
    gedi_schedule align; /* weight */
} wmse;

static const gedi_option wmse_options[] = {
    GEDI_REAL(
        wmse, eps, 0.0, 0.0, 1.0,
        "share of the identity matrix in the covariance; above 0 where a batch may not "
        "span all D dimensions"),
    GEDI_SCHEDULED(wmse, align, 1.0, 0.0, 1e6, "weight of the distance"),
    GEDI_END,
};

static void wmse_loss(const void *self, gedi_build *b, const gedi_batch *v, gedi_terms *t)
{
    const wmse *o = self;
    (void)b;
    gedi_node *cosine =
        gedi_loss_cosine(gedi_whiten(v->z[0], o->eps), gedi_whiten(v->z[1], o->eps));
    gedi_term_by(t, "align", gedi_affine(cosine, 2.0, 2.0), &o->align, 0.0);
}

GEDI_DEFINE(objective, wmse) = {
    GEDI_HEAD(objective, wmse),
    .brief = "W-MSE: two views agree after whitening by Cholesky",
    .cite = "Ermolov et al. 2021, eqs. (3), (4); Sansone & Manhaeve, Appendix H.2",
    .self_size = sizeof(wmse),
    .options = wmse_options,
    .loss = wmse_loss,
};
