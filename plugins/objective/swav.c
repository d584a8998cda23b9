/* swav.c - SwAV: each view predicts the cluster that Sinkhorn-Knopp gives the other.
 *
 * Source:  Caron et al. 2020, "Unsupervised learning of visual features by contrasting
 *          cluster assignments", eqs. (2), (5); Sansone & Manhaeve, Lemma 9.
 * Inputs:  z, z'  [B, D]  embeddings of both views, put on the unit sphere
 * Output:  swap  [1]  -(q' . log p + q . log p') / 2, mean over the batch; p = softmax(U'z /
 *          temperature), q = Sinkhorn(U'z / epsilon) held fixed, unit columns U
 *          energy -logsumexp U'z / temperature  [B, 1]: not trained, as that of GEDI no gen; for
 *          the samples and scores of the paper's comparisons
 * Differs: two views, no multi-crop and no queue; prototypes are never frozen. They are put on
 *          the sphere where scores are computed, so that their derivative is along the sphere;
 *          Caron et al. put them back before each step, and solo-learn does as we do. The number
 *          of prototypes is that of clusters, as in the paper, where Caron et al. take 3000.
 */
#include "gedi/plugin.h"

typedef struct swav {
    int64_t prototypes; /* K */
    gedi_schedule temperature;
    double epsilon;
    int64_t iterations;
    gedi_schedule swap; /* weight */
} swav;

static const gedi_option swav_options[] = {
    GEDI_INT(swav, prototypes, 2, 2, 65536, "number of prototypes K, hence of clusters"),
    GEDI_SCHEDULED(swav, temperature, 0.1, 1e-4, 1e4, "divides the scores in p(y|x)"),
    GEDI_REAL(swav, epsilon, 0.05, 1e-4, 1e4,
              "divides the scores in Sinkhorn; larger is softer"),
    GEDI_INT(swav, iterations, 3, 1, 1000, "iterations of Sinkhorn"),
    GEDI_SCHEDULED(swav, swap, 1.0, 0.0, 1e6, "weight of the swapped prediction"),
    GEDI_END,
};

static gedi_node *swav_logits(const void *self, gedi_build *b, gedi_node *z)
{
    const swav *o = self;
    return gedi_divide_by(b, gedi_scores(b, z, o->prototypes), &o->temperature);
}

static gedi_node *swav_energy(const void *self, gedi_build *b, gedi_node *x, gedi_node *z,
                              const gedi_batch *v)
{
    (void)x, (void)v;
    return gedi_energy(swav_logits(self, b, z));
}

static void swav_loss(const void *self, gedi_build *b, const gedi_batch *v, gedi_terms *t)
{
    const swav *o = self;
    gedi_node *x = gedi_scores(b, v->z[0], o->prototypes);
    gedi_node *x2 = gedi_scores(b, v->z[1], o->prototypes);
    gedi_node *swap =
        gedi_loss_swav(b, x, x2, &o->temperature, o->epsilon, o->iterations);
    gedi_term_by(t, "swap", swap, &o->swap, 0.0);
}

GEDI_DEFINE(objective, swav) = {
    GEDI_HEAD(objective, swav),
    .brief = "SwAV: swapped prediction of Sinkhorn-Knopp's assignments",
    .cite = "Caron et al. 2020, eqs. (2), (5); Sansone & Manhaeve, Lemma 9",
    .self_size = sizeof(swav),
    .options = swav_options,
    .loss = swav_loss,
    .logits = swav_logits,
    .energy = swav_energy,
};
