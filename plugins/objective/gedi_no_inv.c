/* gedi_no_inv.c - GEDI without its invariance term.
 *
 * Source:  Sansone & Manhaeve, "Unifying Self-Supervised Clustering and Energy-Based Models",
 *          eqs. (3) to (7), the ablation of Table 2.
 * Inputs:  z  [B, D]  embeddings of the first view and of samples
 * Output:  gen L_GEN + prior L_PRIOR  [1]
 *          + energy_penalty (mean E^2 of data + of samples), off by default: Du & Mordatch 2019
 * Differs: nothing
 */
#include "gedi/plugin.h"

#include <math.h>

typedef struct gedi_no_inv {
    gedi_head head;
    gedi_schedule gen; /* weight of L_GEN */
    gedi_schedule energy_penalty;
    gedi_schedule prior; /* weight of L_PRIOR */
} gedi_no_inv;

static const gedi_option gedi_no_inv_options[] = {
    GEDI_HEAD_OPTIONS(gedi_no_inv, head),
    GEDI_SCHEDULED(gedi_no_inv, gen, 1.0, 0.0, 1e6, GEDI_GEN_MEANING),
    GEDI_SCHEDULED(gedi_no_inv, prior, 10.0, 0.0, 1e6,
                   "weight of L_PRIOR, balance of clusters"),
    GEDI_SCHEDULED(gedi_no_inv, energy_penalty, 0.0, 0.0, 1e6,
                   "weight of the squared energies of data and samples; 0: none"),
    GEDI_END,
};

static void gedi_no_inv_loss(const void *self, gedi_build *b, const gedi_batch *v,
                             gedi_terms *t)
{
    const gedi_no_inv *o = self;
    gedi_node *x = gedi_head_logits(&o->head, b, v->z[0]); /* logits of x */
    gedi_node *xs = gedi_head_logits(&o->head, b, v->zs);  /* samples */
    gedi_node *data = gedi_energy(x), *samples = gedi_energy(xs);
    gedi_term_by(t, "gen", gedi_loss_gen(data, samples), &o->gen, NAN);
    gedi_term_by(t, "penalty", gedi_loss_energy_penalty(data, samples),
                 &o->energy_penalty, 0.0);
    gedi_term_by(t, "prior", gedi_loss_prior(x), &o->prior,
                 log((double)o->head.clusters));
}

GEDI_DEFINE(objective, gedi_no_inv) = {
    GEDI_HEAD(objective, gedi_no_inv),
    .brief = "GEDI no inv: generative and prior terms",
    .cite = "Sansone & Manhaeve, eqs. (3)-(7), Table 2",
    .self_size = sizeof(gedi_no_inv),
    .options = gedi_no_inv_options,
    .loss = gedi_no_inv_loss,
    .logits = gedi_head_as_logits,
    .energy = gedi_head_as_energy,
};
