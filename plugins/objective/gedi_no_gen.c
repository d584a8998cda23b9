/* gedi_no_gen.c - GEDI without its generative term: clustering alone.
 *
 * Source:  Sansone & Manhaeve, "Unifying Self-Supervised Clustering and Energy-Based Models",
 *          Proposition 11, eq. (3).
 * Inputs:  z  [B, D]  embeddings of both views
 * Output:  inv L_INV + prior L_PRIOR  [1]
 * Differs: nothing. The first author's later code (github.com/emsansone/CPLearn), of one beta,
 *          is `temperature: .1`, inv beta / 2 and prior K / 2, as it sums L_PRIOR over clusters.
 */
#include "gedi/plugin.h"

#include <math.h>

typedef struct gedi_no_gen {
    gedi_head head;
    gedi_schedule inv;   /* weight of L_INV */
    gedi_schedule prior; /* weight of L_PRIOR */
} gedi_no_gen;

static const gedi_option gedi_no_gen_options[] = {
    GEDI_HEAD_OPTIONS(gedi_no_gen, head),
    GEDI_SCHEDULED(gedi_no_gen, inv, 50.0, 0.0, 1e6,
                   "weight of L_INV, consistency of two views"),
    GEDI_SCHEDULED(gedi_no_gen, prior, 10.0, 0.0, 1e6,
                   "weight of L_PRIOR, balance of clusters"),
    GEDI_END,
};

static void gedi_no_gen_loss(const void *self, gedi_build *b, const gedi_batch *v,
                             gedi_terms *t)
{
    const gedi_no_gen *o = self;
    gedi_node *x = gedi_head_logits(&o->head, b, v->z[0]);  /* logits of x */
    gedi_node *x2 = gedi_head_logits(&o->head, b, v->z[1]); /* logits of x' */
    gedi_term_by(t, "inv", gedi_loss_inv(x, x2), &o->inv, 0.0);
    gedi_term_by(t, "prior", gedi_loss_prior(x), &o->prior,
                 log((double)o->head.clusters));
}

GEDI_DEFINE(objective, gedi_no_gen) = {
    GEDI_HEAD(objective, gedi_no_gen),
    .brief = "GEDI no gen: invariance and prior terms",
    .cite = "Sansone & Manhaeve, Proposition 11, eq. (3)",
    .self_size = sizeof(gedi_no_gen),
    .options = gedi_no_gen_options,
    .loss = gedi_no_gen_loss,
    .logits = gedi_head_as_logits,
    .energy = gedi_head_as_energy,
};
