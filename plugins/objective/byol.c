/* byol.c - BYOL: a predictor maps each view to what a running average of the network makes of
 * the other.
 *
 * Source:  Grill et al. 2020, "Bootstrap your own latent", eqs. (1), (2), section 3
 * Inputs:  z, z'  [B, D]  embeddings of both views
 * Output:  align  [1]  |q(z) - t'|^2 of unit vectors, 2 - 2 cos(q(z), t'); mean over the batch
 *          and both directions; t' is z' by the averaged network, held fixed, q the predictor,
 *          linear - batch normalisation - ReLU - linear, trained with the rest
 * Differs: the mean of both directions in place of their sum; the layer before the
 *          normalisation has no bias, which would have no effect
 */
#include "gedi/plugin.h"

typedef struct byol {
    int64_t hidden;
    gedi_schedule decay;
    gedi_schedule align; /* weight */
} byol;

static const gedi_option byol_options[] = {
    GEDI_INT(
        byol, hidden, 0, 0, 65536,
        "units of the predictor's hidden layer; 0: 16 times the width of the embedding"),
    GEDI_SCHEDULED(byol, decay, 0.996, 0.0, 1.0,
                   "tau, of the running average; in the paper it rises to 1 by a cosine"),
    GEDI_SCHEDULED(byol, align, 1.0, 0.0, 1e6, "weight of the distance"),
    GEDI_END,
};

static gedi_node *byol_distance(const byol *o, gedi_build *b, gedi_node *z, gedi_node *z2)
{
    gedi_node *q = gedi_predictor(b, z, o->hidden ? o->hidden : 16 * gedi_cols(z));
    gedi_node *target = gedi_stop_gradient(gedi_average(b, z2, &o->decay)); /* eq. (1) */
    return gedi_affine(gedi_loss_cosine(q, target), 2.0, 2.0);              /* eq. (2) */
}

static void byol_loss(const void *self, gedi_build *b, const gedi_batch *v, gedi_terms *t)
{
    const byol *o = self;
    gedi_node *one = byol_distance(o, b, v->z[0], v->z[1]);
    gedi_node *two = byol_distance(o, b, v->z[1], v->z[0]);
    gedi_term_by(t, "align", gedi_scale(gedi_add(one, two), 0.5), &o->align, 0.0);
}

GEDI_DEFINE(objective, byol) = {
    GEDI_HEAD(objective, byol),
    .brief =
        "BYOL: predicts what a running average of the network makes of the other view",
    .cite = "Grill et al. 2020, eqs. (1), (2), section 3",
    .self_size = sizeof(byol),
    .options = byol_options,
    .loss = byol_loss,
};
