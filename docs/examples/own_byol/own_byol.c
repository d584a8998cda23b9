/* own_byol.c - BYOL: a predictor maps each view to what a running average of the network makes
 * of the other.
 *
 * Source:  Grill et al. 2020, "Bootstrap your own latent", eqs. (1) and (2)
 * Inputs:  z[0], z[1]  [B, D]  embeddings of two views of the same B records
 * Output:  align  |q(z) - t'|^2 of unit vectors, 2 - 2 cos(q(z), t'): mean over the batch and
 *          both directions; t' is z' by the averaged network, q the predictor
 * Differs: the mean of both directions in place of their sum
 */
#include <gedi/gedi.h>

typedef struct {
    int64_t hidden;
    gedi_schedule decay;
    double align;
} own_byol;

static const gedi_option own_byol_options[] = {
    GEDI_INT(own_byol, hidden, 256, 1, 65536, "units of the predictor's hidden layer"),
    GEDI_SCHEDULED(own_byol, decay, 0.996, 0.0, 1.0, "of the running average: tau"),
    GEDI_REAL(own_byol, align, 1.0, 0.0, 1e6, "weight of the distance"),
    GEDI_END,
};

static gedi_node *own_byol_distance(const own_byol *o, gedi_build *b, gedi_node *z,
                                    gedi_node *z2)
{
    gedi_node *q = gedi_predictor(b, z, o->hidden);                         /* [B, D] */
    gedi_node *target = gedi_stop_gradient(gedi_average(b, z2, &o->decay)); /* eq. (1) */
    return gedi_affine(gedi_loss_cosine(q, target), 2.0, 2.0);              /* eq. (2) */
}

static void own_byol_loss(const void *self, gedi_build *b, const gedi_batch *v,
                          gedi_terms *t)
{
    const own_byol *o = self;
    gedi_node *one = own_byol_distance(o, b, v->z[0], v->z[1]);
    gedi_node *two = own_byol_distance(o, b, v->z[1], v->z[0]);
    gedi_term(t, "align", gedi_scale(gedi_add(one, two), 0.5), o->align, 0.0);
}

GEDI_DEFINE(objective, own_byol) = {
    GEDI_HEAD(objective, own_byol),
    .brief = "BYOL: what a running average of the network makes of the other view",
    .cite = "Grill et al. 2020, eqs. (1) and (2)",
    .self_size = sizeof(own_byol),
    .options = own_byol_options,
    .loss = own_byol_loss,
};
