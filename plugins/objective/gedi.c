/* gedi.c - GEDI, the generative and discriminative lower bound.
 *
 * Source:  Sansone & Manhaeve, "Unifying Self-Supervised Clustering and Energy-Based Models",
 *          eqs. (3) to (7), algorithm 1.
 * Inputs:  z  [B, D]  embeddings of both views and of samples
 * Output:  gen L_GEN + inv L_INV + prior L_PRIOR  [1]
 *          + energy_penalty (mean E^2 of data + of samples), off by default: Du & Mordatch 2019
 * Differs: weights are options (Table 7); functions begin with full_, as gedi_ is the library.
 */
#include "gedi/plugin.h"

#include <math.h>

typedef struct full {
    gedi_head head;
    gedi_schedule gen; /* weight of L_GEN */
    gedi_schedule energy_penalty;
    gedi_schedule inv;   /* weight of L_INV */
    gedi_schedule prior; /* weight of L_PRIOR */
} full;

static const gedi_option full_options[] = {
    GEDI_HEAD_OPTIONS(full, head),
    GEDI_SCHEDULED(full, gen, 1.0, 0.0, 1e6, GEDI_GEN_MEANING),
    GEDI_SCHEDULED(full, inv, 50.0, 0.0, 1e6,
                   "weight of L_INV, consistency of two views"),
    GEDI_SCHEDULED(full, prior, 10.0, 0.0, 1e6, "weight of L_PRIOR, balance of clusters"),
    GEDI_SCHEDULED(full, energy_penalty, 0.0, 0.0, 1e6,
                   "weight of the squared energies of data and samples; 0: none"),
    GEDI_END,
};

static void full_loss(const void *self, gedi_build *b, const gedi_batch *v, gedi_terms *t)
{
    const full *o = self;
    gedi_node *x = gedi_head_logits(&o->head, b, v->z[0]);  /* logits of x */
    gedi_node *xs = gedi_head_logits(&o->head, b, v->zs);   /* samples */
    gedi_node *x2 = gedi_head_logits(&o->head, b, v->z[1]); /* logits of x' */
    gedi_node *data = gedi_energy(x), *samples = gedi_energy(xs);
    gedi_term_by(t, "gen", gedi_loss_gen(data, samples), &o->gen, NAN);
    gedi_term_by(t, "penalty", gedi_loss_energy_penalty(data, samples),
                 &o->energy_penalty, 0.0);
    gedi_term_by(t, "inv", gedi_loss_inv(x, x2), &o->inv, 0.0);
    gedi_term_by(t, "prior", gedi_loss_prior(x), &o->prior,
                 log((double)o->head.clusters));
}

GEDI_DEFINE(objective, gedi) = {
    GEDI_HEAD(objective, gedi),
    .brief = "GEDI: generative, invariance and prior terms together",
    .cite = "Sansone & Manhaeve, eqs. (3)-(7), algorithm 1",
    .self_size = sizeof(full),
    .options = full_options,
    .loss = full_loss,
    .logits = gedi_head_as_logits,
    .energy = gedi_head_as_energy,
};
