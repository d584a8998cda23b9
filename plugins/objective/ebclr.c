/* ebclr.c - EBCLR: a contrastive method whose similarities are an energy, too.
 *
 * Source:  Kim & Ye 2022, "Energy-based contrastive learning of visual representations";
 *          Sansone & Manhaeve, section 3, eqs. (1), (2).
 * Inputs:  z, z'  [B, D]  embeddings of both views; zs of samples
 * Output:  contrast  NT-Xent of s(z, z') = -|z - z'|^2 / temperature; gen  L_GEN of E(x) =
 *          -log sum_j exp s(z, z'_j) over the present batch; length  mean of |z|^2 + mean
 *          of |zs|^2, of embeddings before they are put on the sphere  [1]
 * Differs: from their code (github.com/1202kbs/EBCLR), by default: no `length`; theirs sums over
 *          the batch and weighs .1 .001: `length: .0001 B` for a batch of B. Its chains begin
 *          with augmented training images, here with noise. Its SGLD has stages: the noise is
 *          .05 for a new chain and falls to .01 by its third continuation; here it is the same
 *          for all chains. The rest is `sgld: {steps: 10, step_size: .05, clip: 1, buffer:
 *          50000, reinit: .2}`.
 */
#include "gedi/plugin.h"

#include <math.h>

typedef struct ebclr {
    gedi_schedule temperature;
    bool sphere;
    gedi_schedule contrast, gen, length; /* weights */
} ebclr;

static const gedi_option ebclr_options[] = {
    GEDI_SCHEDULED(ebclr, temperature, 0.1, 1e-4, 1e4, "divides the squared distances"),
    GEDI_BOOL(ebclr, sphere, true, "put the embeddings on the unit sphere first"),
    GEDI_SCHEDULED(ebclr, contrast, 1.0, 0.0, 1e6, "weight of the contrastive term"),
    GEDI_SCHEDULED(ebclr, gen, 0.1, 0.0, 1e6, GEDI_GEN_MEANING),
    GEDI_SCHEDULED(ebclr, length, 0.0, 0.0, 1e6,
                   "weight of the squared lengths of embeddings of data and samples"),
    GEDI_END,
};

/* Mean over the batch of the squared length. */
static gedi_node *ebclr_length(gedi_node *z)
{
    return gedi_mean_all(gedi_sum(gedi_square(z), 1u << 1));
}

/* -|a - b|^2 / tau between all rows. */
static gedi_node *ebclr_similarity(const ebclr *o, gedi_build *b, gedi_node *z,
                                   gedi_node *z2)
{
    if (o->sphere) {
        z = gedi_l2_normalize(z, 1e-12);
        z2 = gedi_l2_normalize(z2, 1e-12);
    }
    return gedi_neg(gedi_divide_by(b, gedi_squared_distance(z, z2), &o->temperature));
}

static gedi_node *ebclr_energy(const void *self, gedi_build *b, gedi_node *x,
                               gedi_node *z, const gedi_batch *v)
{
    (void)x;
    return gedi_energy(ebclr_similarity(self, b, z, v->z[1])); /* eq. (2) */
}

static void ebclr_loss(const void *self, gedi_build *b, const gedi_batch *v,
                       gedi_terms *t)
{
    const ebclr *o = self;
    gedi_node *both = gedi_concat(v->z, 2, 0); /* [2B, D] */
    gedi_node *data = ebclr_energy(o, b, v->x[0], v->z[0], v);
    gedi_node *samples = ebclr_energy(o, b, v->xs, v->zs, v);
    gedi_term_by(t, "contrast", gedi_loss_nt_xent(ebclr_similarity(o, b, both, both)),
                 &o->contrast, NAN);
    gedi_term_by(t, "gen", gedi_loss_gen(data, samples), &o->gen, NAN);
    gedi_term_by(t, "length", gedi_add(ebclr_length(v->z[0]), ebclr_length(v->zs)),
                 &o->length, 0.0);
}

GEDI_DEFINE(objective, ebclr) = {
    GEDI_HEAD(objective, ebclr),
    .brief = "EBCLR: contrastive learning whose similarities are an energy",
    .cite = "Kim & Ye 2022; Sansone & Manhaeve, section 3, eqs. (1), (2)",
    .self_size = sizeof(ebclr),
    .options = ebclr_options,
    .loss = ebclr_loss,
    .energy = ebclr_energy,
};
