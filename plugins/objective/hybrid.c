/* hybrid.c - any discriminative term and the generative one: the point of section 3.
 *
 * Source:  Sansone & Manhaeve, "Unifying Self-Supervised Clustering and Energy-Based Models",
 *          section 3, eq. (1), with the energy of eq. (6); the terms of a method are those
 *          of the objective of its name, with the defaults of it.
 * Inputs:  z, z'  [B, D]  embeddings of both views; zs of samples
 * Output:  disc times the terms of the method, + gen L_GEN  [1]
 * Differs: p(y|x) and E(x) come from the head for every method. swav and proto_cpc use its
 *          logits, too: with prototypes unit and sphere true as their own objectives do, and
 *          before they are divided by the head's temperature.
 */
#include "gedi/plugin.h"

#include <math.h>

#define HYBRID_METHODS                                                                   \
    "info_nce|proto_cpc|swav|barlow_twins|vicreg|cor_info_max|wmse|mec|simsiam"
enum {
    INFO_NCE,
    PROTO_CPC,
    SWAV,
    BARLOW_TWINS,
    VICREG,
    COR_INFO_MAX,
    WMSE,
    MEC,
    SIMSIAM
};

typedef struct hybrid {
    gedi_head head;
    int64_t discriminative;
    double disc, gen; /* weights */
    gedi_schedule nce_temperature, proto_student, proto_teacher, swav_temperature;
    double swav_epsilon;
    int64_t swav_iterations;
    double barlow_lambda, barlow_eps;
    double vicreg_inv, vicreg_var, vicreg_cov, vicreg_eps;
    double cor_inv, cor_eps, wmse_eps, mec_distortion;
    int64_t mec_order, simsiam_hidden;
} hybrid;

static const gedi_option hybrid_options[] = {
    GEDI_ENUM(hybrid, discriminative, 0, HYBRID_METHODS, "the method beside L_GEN"),
    GEDI_REAL(hybrid, disc, 1.0, 0.0, 1e6, "weight of the method's terms"),
    GEDI_REAL(hybrid, gen, 1.0, 0.0, 1e6,
              "weight of L_GEN, energy of data against samples"),
    GEDI_HEAD_OPTIONS(hybrid, head),
    GEDI_SCHEDULED(hybrid, nce_temperature, 0.5, 1e-4, 1e4,
                   "info_nce: by which cosines are divided"),
    GEDI_SCHEDULED(hybrid, proto_student, 0.1, 1e-4, 1e4,
                   "proto_cpc: temperature of the student"),
    GEDI_SCHEDULED(hybrid, proto_teacher, 0.04, 1e-4, 1e4,
                   "proto_cpc: temperature of the teacher"),
    GEDI_SCHEDULED(hybrid, swav_temperature, 0.1, 1e-4, 1e4,
                   "swav: by which scores are divided in p"),
    GEDI_REAL(hybrid, swav_epsilon, 0.05, 1e-4, 1e4,
              "swav: by which scores are divided in Sinkhorn"),
    GEDI_INT(hybrid, swav_iterations, 3, 1, 1000, "swav: iterations of Sinkhorn"),
    GEDI_REAL(hybrid, barlow_lambda, 5e-3, 0.0, 1e6,
              "barlow_twins: weight of the redundancy"),
    GEDI_REAL(hybrid, barlow_eps, 1e-5, 1e-12, 1.0, "barlow_twins: added to variances"),
    GEDI_REAL(hybrid, vicreg_inv, 25.0, 0.0, 1e6, "vicreg: weight of the invariance"),
    GEDI_REAL(hybrid, vicreg_var, 25.0, 0.0, 1e6, "vicreg: weight of the variance"),
    GEDI_REAL(hybrid, vicreg_cov, 1.0, 0.0, 1e6, "vicreg: weight of the covariance"),
    GEDI_REAL(hybrid, vicreg_eps, 1e-4, 1e-12, 1.0, "vicreg: added to variances"),
    GEDI_REAL(hybrid, cor_inv, 250.0, 0.0, 1e6, "cor_info_max: weight of the invariance"),
    GEDI_REAL(hybrid, cor_eps, 1e-6, 1e-8, 1e3,
              "cor_info_max: added to variances; less than 1e-6 may be lost in float32"),
    GEDI_REAL(hybrid, wmse_eps, 0.0, 0.0, 1.0,
              "wmse: share of the unit matrix in the covariance"),
    GEDI_REAL(hybrid, mec_distortion, 64.0, 1e-3, 1e9,
              "mec: squared error that decoding may make, D or more"),
    GEDI_INT(hybrid, mec_order, 4, 1, 32, "mec: terms of the Taylor expansion"),
    GEDI_INT(hybrid, simsiam_hidden, 0, 0, 65536,
             "simsiam: hidden units of the predictor; 0: D / 4"),
    GEDI_END,
};

/* Methods of covariances; false for the others. */
static bool hybrid_moments(const hybrid *o, gedi_node *z, gedi_node *z2, gedi_terms *t)
{
    gedi_node *c;
    switch (o->discriminative) {
    case BARLOW_TWINS:
        c = gedi_correlation(z, z2, o->barlow_eps);
        gedi_term(t, "on", gedi_loss_diagonal(c), o->disc, 0.0);
        gedi_term(t, "off", gedi_loss_off_diagonal(c), o->disc * o->barlow_lambda, 0.0);
        return true;
    case VICREG:
        c = gedi_add(gedi_loss_variance(z, o->vicreg_eps),
                     gedi_loss_variance(z2, o->vicreg_eps));
        gedi_term(t, "inv", gedi_loss_mse(z, z2), o->disc * o->vicreg_inv, 0.0);
        gedi_term(t, "var", gedi_scale(c, 0.5), o->disc * o->vicreg_var, 0.0);
        c = gedi_add(gedi_loss_covariance(z), gedi_loss_covariance(z2));
        gedi_term(t, "cov", c, o->disc * o->vicreg_cov, 0.0);
        return true;
    case COR_INFO_MAX:
        z = gedi_l2_normalize(z, 1e-12);
        z2 = gedi_l2_normalize(z2, 1e-12);
        c = gedi_add(gedi_loss_log_det(z, o->cor_eps), gedi_loss_log_det(z2, o->cor_eps));
        gedi_term(t, "inv", gedi_loss_mse(z, z2), o->disc * o->cor_inv, 0.0);
        gedi_term(t, "spread", c, o->disc,
                  -2.0 * log(1.0 / (double)gedi_cols(z) + o->cor_eps));
        return true;
    case WMSE:
        c = gedi_loss_cosine(gedi_whiten(z, o->wmse_eps), gedi_whiten(z2, o->wmse_eps));
        gedi_term(t, "align", gedi_affine(c, 2.0, 2.0), o->disc, 0.0);
        return true;
    }
    return false;
}

/* Methods of pairs and clusters; x, x2 are the head's logits. */
static void hybrid_pairs(const hybrid *o, gedi_build *b, const gedi_batch *v,
                         gedi_node *x, gedi_node *x2, gedi_terms *t)
{
    const gedi_schedule *tau = &o->head.temperature;
    gedi_node *z = v->z[0], *z2 = v->z[1], *s;
    switch (o->discriminative) {
    case INFO_NCE:
        s = gedi_concat(v->z, 2, 0);
        s = gedi_divide_by(b, gedi_cosine(s, s), &o->nce_temperature);
        gedi_term(t, "contrast", gedi_loss_nt_xent(s), o->disc, NAN);
        return;
    case PROTO_CPC:
        s = gedi_loss_proto_cpc(b, gedi_scale_by(b, x, tau), gedi_scale_by(b, x2, tau),
                                &o->proto_student, &o->proto_teacher);
        gedi_term(t, "contrast", s, o->disc, -log((double)o->head.clusters));
        return;
    case SWAV:
        s = gedi_loss_swav(b, gedi_scale_by(b, x, tau), gedi_scale_by(b, x2, tau),
                           &o->swav_temperature, o->swav_epsilon, o->swav_iterations);
        gedi_term(t, "swap", s, o->disc, 0.0);
        return;
    case MEC:
        s = gedi_loss_mec(z, z2, o->mec_distortion, o->mec_order);
        gedi_term(t, "code", s, o->disc, NAN);
        return;
    case SIMSIAM:
        s = gedi_loss_simsiam(b, z, z2, o->simsiam_hidden);
        gedi_term(t, "align", s, o->disc, -1.0);
        return;
    }
}

static void hybrid_loss(const void *self, gedi_build *b, const gedi_batch *v,
                        gedi_terms *t)
{
    const hybrid *o = self;
    gedi_node *x = gedi_head_logits(&o->head, b, v->z[0]);
    gedi_node *x2 = gedi_head_logits(&o->head, b, v->z[1]);
    gedi_node *xs = gedi_head_logits(&o->head, b, v->zs);
    if (!hybrid_moments(o, v->z[0], v->z[1], t))
        hybrid_pairs(o, b, v, x, x2, t);
    gedi_term(t, "gen", gedi_loss_gen(gedi_energy(x), gedi_energy(xs)), o->gen, NAN);
}

GEDI_DEFINE(objective, hybrid) = {
    GEDI_HEAD(objective, hybrid),
    .brief = "any discriminative method with the generative term beside it",
    .cite = "Sansone & Manhaeve, section 3, eqs. (1), (6)",
    .self_size = sizeof(hybrid),
    .options = hybrid_options,
    .loss = hybrid_loss,
    .logits = gedi_head_as_logits,
    .energy = gedi_head_as_energy,
};
