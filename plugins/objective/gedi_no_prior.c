/* gedi_no_prior.c - GEDI without its prior term.
 *
 * Source:  Sansone & Manhaeve, "Unifying Self-Supervised Clustering and Energy-Based Models",
 *          eqs. (3) to (7), the ablation of Table 2.
 * Inputs:  z  [B, D]  embeddings of both views and of samples
 * Output:  gen L_GEN + inv L_INV  [1]
 *          + energy_penalty (mean E^2 of data + of samples), off by default: Du & Mordatch 2019
 * Differs: nothing
 */
#include "gedi/plugin.h"

#include <math.h>

typedef struct gedi_no_prior {
    gedi_head head;
    gedi_schedule gen; /* weight of L_GEN */
    gedi_schedule energy_penalty;
    gedi_schedule inv; /* weight of L_INV */
} gedi_no_prior;

static const gedi_option gedi_no_prior_options[] = {
    GEDI_HEAD_OPTIONS(gedi_no_prior, head),
    GEDI_SCHEDULED(gedi_no_prior, gen, 1.0, 0.0, 1e6, GEDI_GEN_MEANING),
    GEDI_SCHEDULED(gedi_no_prior, inv, 50.0, 0.0, 1e6,
                   "weight of L_INV, consistency of two views"),
    GEDI_SCHEDULED(gedi_no_prior, energy_penalty, 0.0, 0.0, 1e6,
                   "weight of the squared energies of data and samples; 0: none"),
    GEDI_END,
};

static void gedi_no_prior_loss(const void *self, gedi_build *b, const gedi_batch *v,
                               gedi_terms *t)
{
    const gedi_no_prior *o = self;
    gedi_node *x = gedi_head_logits(&o->head, b, v->z[0]);  /* logits of x */
    gedi_node *xs = gedi_head_logits(&o->head, b, v->zs);   /* samples */
    gedi_node *x2 = gedi_head_logits(&o->head, b, v->z[1]); /* logits of x' */
    gedi_node *data = gedi_energy(x), *samples = gedi_energy(xs);
    gedi_term_by(t, "gen", gedi_loss_gen(data, samples), &o->gen, NAN);
    gedi_term_by(t, "penalty", gedi_loss_energy_penalty(data, samples),
                 &o->energy_penalty, 0.0);
    gedi_term_by(t, "inv", gedi_loss_inv(x, x2), &o->inv, 0.0);
}

GEDI_DEFINE(objective, gedi_no_prior) = {
    GEDI_HEAD(objective, gedi_no_prior),
    .brief = "GEDI no prior: generative and invariance terms",
    .cite = "Sansone & Manhaeve, eqs. (3)-(7), Table 2",
    .self_size = sizeof(gedi_no_prior),
    .options = gedi_no_prior_options,
    .loss = gedi_no_prior_loss,
    .logits = gedi_head_as_logits,
    .energy = gedi_head_as_energy,
};
