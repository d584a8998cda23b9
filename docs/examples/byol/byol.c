/* byol.c - BYOL: a predictor maps each view to what a running average of the network makes of
 * the other.
 *
 * Source:  Grill et al. 2020, "Bootstrap your own latent", eqs. (1) and (2), section 3
 * Inputs:  z[0], z[1]  [B, D]  embeddings of two views of the same B records
 * Output:  align  2 - 2 cos(q(z), z'), z' by the averaged network, mean over batch and views
 * Differs: the mean over both views in place of their sum
 */
#include <gedi/gedi.h>

typedef struct {
    int64_t hidden;
    gedi_schedule decay;
    double align;
} byol;

static const gedi_option byol_options[] = {
    GEDI_INT(byol, hidden, 64, 1, 65536, "units of the predictor's hidden layer"),
    GEDI_SCHEDULED(byol, decay, 0.99, 0.0, 1.0, "of the running average: tau"),
    GEDI_REAL(byol, align, 1.0, 0.0, 1e6, "weight of the distance"),
    GEDI_END,
};

static gedi_node *byol_predict(const byol *o, gedi_build *b, gedi_node *z)
{
    gedi_init init = {.kind = GEDI_INIT_FAN_IN, .value = 1.0};
    gedi_node *h = gedi_linear(b, "hidden", z, o->hidden, true, init);
    h = gedi_relu(gedi_batch_norm(b, "norm", h, true));
    return gedi_linear(b, "out", h, gedi_cols(z), true, init);
}

static gedi_node *byol_distance(const byol *o, gedi_build *b, gedi_node *z, gedi_node *z2)
{
    gedi_node *q = gedi_l2_normalize(byol_predict(o, b, z), 1e-12);
    gedi_node *target = gedi_l2_normalize(gedi_average(b, z2, &o->decay), 1e-12);
    gedi_node *cosine = gedi_sum(gedi_mul(q, target), 1u << 1); /* [B, 1] */
    return gedi_affine(gedi_mean_all(cosine), -2.0, 2.0);
}

static void byol_loss(const void *self, gedi_build *b, const gedi_batch *v, gedi_terms *t)
{
    gedi_node *one = byol_distance(self, b, v->z[0], v->z[1]);
    gedi_node *two = byol_distance(self, b, v->z[1], v->z[0]);
    gedi_term(t, "align", gedi_scale(gedi_add(one, two), 0.5),
              ((const byol *)self)->align, 0.0);
}

GEDI_DEFINE(objective, byol) = {
    GEDI_HEAD(objective, byol),
    .brief = "BYOL: predicts what a running average makes of the other view",
    .cite = "Grill et al. 2020, eqs. (1) and (2)",
    .self_size = sizeof(byol),
    .options = byol_options,
    .loss = byol_loss,
};
