/* mec.c - maximum entropy coding: the code length of a batch is as large as two views that
 * agree allow.
 *
 * Source:  Liu et al. 2022, "Self-supervised learning via maximum entropy coding", eq. (2)
 *          and its Taylor expansion; their code divides by B and multiplies by 1 / lambda.
 * Inputs:  z, z'  [B, D]  embeddings of both views, put on the unit sphere
 * Output:  code  [1]  -1 / (B lambda) trace(C - C^2 / 2 + C^3 / 3 - ...), C = lambda z'z^T,
 *          lambda = D / (B distortion)
 * Differs: both views come from one network and both have a derivative: no predictor and
 *          no moving average. In their code the targets have none: with the network itself as
 *          teacher the derivative would be half ours. lambda has no warm-up: the expansion
 *          converges from the start where D <= distortion.
 */
#include "gedi/plugin.h"

#include <math.h>

typedef struct mec {
    double distortion;
    int64_t order;
    gedi_schedule code; /* weight */
} mec;

static const gedi_option mec_options[] = {
    GEDI_REAL(
        mec, distortion, 64.0, 1e-3, 1e9,
        "squared error allowed in decoding; D or more, so that the expansion converges"),
    GEDI_INT(mec, order, 4, 1, 32, "terms of the Taylor expansion"),
    GEDI_SCHEDULED(mec, code, 1.0, 0.0, 1e6, "weight of the coding length"),
    GEDI_END,
};

static void mec_loss(const void *self, gedi_build *b, const gedi_batch *v, gedi_terms *t)
{
    const mec *o = self;
    (void)b;
    gedi_node *code = gedi_loss_mec(v->z[0], v->z[1], o->distortion, o->order);
    gedi_term_by(t, "code", code, &o->code, NAN);
}

GEDI_DEFINE(objective, mec) = {
    GEDI_HEAD(objective, mec),
    .brief = "maximum entropy coding, by its Taylor expansion",
    .cite =
        "Liu et al. 2022, Self-supervised learning via maximum entropy coding, eq. (2)",
    .self_size = sizeof(mec),
    .options = mec_options,
    .loss = mec_loss,
};
