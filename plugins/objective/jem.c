/* jem.c - an energy-based model of the inputs alone.
 *
 * Source:  Sansone & Manhaeve, "Unifying Self-Supervised Clustering and Energy-Based Models",
 *          eqs. (6), (7); Grathwohl et al. 2020 without their classification term.
 * Inputs:  z  [B, D]  embeddings of the first view and of samples
 * Output:  gen L_GEN  [1]
 *          + energy_penalty (mean E^2 of data + of samples), off by default: Du & Mordatch 2019
 * Differs: nothing
 */
#include "gedi/plugin.h"

#include <math.h>

typedef struct jem {
    gedi_head head;
    gedi_schedule gen; /* weight of L_GEN */
    gedi_schedule energy_penalty;
} jem;

static const gedi_option jem_options[] = {
    GEDI_HEAD_OPTIONS(jem, head),
    GEDI_SCHEDULED(jem, gen, 1.0, 0.0, 1e6, GEDI_GEN_MEANING),
    GEDI_SCHEDULED(jem, energy_penalty, 0.0, 0.0, 1e6,
                   "weight of the squared energies of data and samples; 0: none"),
    GEDI_END,
};

static void jem_loss(const void *self, gedi_build *b, const gedi_batch *v, gedi_terms *t)
{
    const jem *o = self;
    gedi_node *x = gedi_head_logits(&o->head, b, v->z[0]); /* logits of x */
    gedi_node *xs = gedi_head_logits(&o->head, b, v->zs);  /* samples */
    gedi_node *data = gedi_energy(x), *samples = gedi_energy(xs);
    gedi_term_by(t, "gen", gedi_loss_gen(data, samples), &o->gen, NAN);
    gedi_term_by(t, "penalty", gedi_loss_energy_penalty(data, samples),
                 &o->energy_penalty, 0.0);
}

GEDI_DEFINE(objective, jem) = {
    GEDI_HEAD(objective, jem),
    .brief = "JEM without labels: the generative term alone",
    .cite = "Sansone & Manhaeve, eqs. (6), (7); Grathwohl et al. 2020",
    .self_size = sizeof(jem),
    .options = jem_options,
    .loss = jem_loss,
    .logits = gedi_head_as_logits,
    .energy = gedi_head_as_energy,
};
