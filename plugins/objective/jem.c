/* jem.c - an energy-based model of the inputs alone.
 *
 * Source:  Sansone & Manhaeve, "Unifying Self-Supervised Clustering and Energy-Based Models",
 *          eqs. (6), (7); Grathwohl et al. 2020 without their classification term.
 * Inputs:  z  [B, D]  embeddings of the first view and of samples
 * Output:  gen L_GEN  [1]
 * Differs: nothing
 */
#include "gedi/plugin.h"

#include <math.h>

typedef struct jem {
    gedi_head head;
    gedi_schedule gen; /* weight of L_GEN */
} jem;

static const gedi_option jem_options[] = {
    GEDI_HEAD_OPTIONS(jem, head),
    GEDI_SCHEDULED(jem, gen, 1.0, 0.0, 1e6,
                   "weight of L_GEN, energy of data against samples"),
    GEDI_END,
};

static void jem_loss(const void *self, gedi_build *b, const gedi_batch *v, gedi_terms *t)
{
    const jem *o = self;
    gedi_node *x = gedi_head_logits(&o->head, b, v->z[0]); /* logits of x */
    gedi_node *xs = gedi_head_logits(&o->head, b, v->zs);  /* samples */
    gedi_term_by(t, "gen", gedi_loss_gen(gedi_energy(x), gedi_energy(xs)), &o->gen, NAN);
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
