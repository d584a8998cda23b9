/* wmse.c - W-MSE: two views agree after each has been whitened over the batch.
 *
 * Source:  Ermolov et al. 2021, "Whitening for self-supervised representation learning",
 *          eqs. (3), (4); Sansone & Manhaeve, Appendix H.2.
 * Inputs:  z, z'  [B, D]  embeddings of both views
 * Output:  align  [1]  mean of 2 - 2 cos(W z, W' z'); W = L^-1, L L^T = (1 - eps) cov z +
 *          eps I
 * Differs: by default the whole batch is whitened at once. Their code
 *          (github.com/htdt/self-supervised) cuts it into random pieces, of 128 on CIFAR-10:
 *          `size: 128`, where pieces are consecutive, as batches are in random order; it can
 *          average over several cuts, but takes one on CIFAR-10. solo-learn also holds the
 *          second view fixed, which leaves the value but not the derivatives: `hold: true`.
 */
#include "gedi/plugin.h"

enum { WMSE_PIECES = 64 }; /* at most */

typedef struct wmse {
    double eps;
    int64_t size;
    bool hold;
    gedi_schedule align; /* weight */
} wmse;

static const gedi_option wmse_options[] = {
    GEDI_REAL(
        wmse, eps, 0.0, 0.0, 1.0,
        "share of the identity matrix in the covariance; above 0 where a batch may not "
        "span all D dimensions"),
    GEDI_INT(
        wmse, size, 0, 0, 1000000,
        "records that are whitened together, more than D where eps is 0: divides the "
        "batch into at most 64 pieces; 0: the whole batch"),
    GEDI_BOOL(wmse, hold, false,
              "hold the second view fixed in derivatives, as solo-learn does"),
    GEDI_SCHEDULED(wmse, align, 1.0, 0.0, 1e6, "weight of the distance"),
    GEDI_END,
};

/* Each piece of the batch by itself. */
static gedi_node *wmse_whiten(const wmse *o, gedi_node *z)
{
    gedi_node *piece[WMSE_PIECES];
    if (!z || !o->size)
        return gedi_whiten(z, o->eps);
    int64_t b = gedi_rows(z), n = b / o->size;
    if (b % o->size || n > WMSE_PIECES)
        return gedi_graph_fail(
            gedi_node_graph(z), GEDI_SHAPE,
            "wmse: size %lld does not divide the batch of %lld records "
            "into 1 to %d pieces: take %lld divided by a whole number",
            (long long)o->size, (long long)b, WMSE_PIECES, (long long)b);
    for (int64_t i = 0; i < n; i++)
        piece[i] = gedi_whiten(gedi_slice(z, 0, i * o->size, o->size), o->eps);
    return gedi_concat(piece, (int)n, 0);
}

static void wmse_loss(const void *self, gedi_build *b, const gedi_batch *v, gedi_terms *t)
{
    const wmse *o = self;
    (void)b;
    gedi_node *one = wmse_whiten(o, v->z[0]), *two = wmse_whiten(o, v->z[1]);
    gedi_node *cosine = gedi_loss_cosine(one, o->hold ? gedi_stop_gradient(two) : two);
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
