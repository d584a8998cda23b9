/* info_nce.c - InfoNCE as SimCLR's NT-Xent: find the other view of a record in the batch.
 *
 * Source:  Chen et al. 2020, "A simple framework for contrastive learning of visual
 *          representations", eq. (1); van den Oord et al. 2018; Sansone & Manhaeve,
 *          section 2.1, Lemma 3.
 * Inputs:  z, z'  [B, D]  embeddings of both views
 * Output:  contrast  [1]  mean over 2B records of -log of the softmax of cosines /
 *          temperature at the other view, among 2B - 2 negatives
 * Differs: nothing from eq. (1). The authors' code (github.com/google-research/simclr) adds up
 *          the means of the two directions where eq. (1) averages them: `contrast: 2`.
 */
#include "gedi/plugin.h"

#include <math.h>

typedef struct info_nce {
    gedi_schedule temperature;
    gedi_schedule contrast; /* weight */
} info_nce;

static const gedi_option info_nce_options[] = {
    GEDI_SCHEDULED(info_nce, temperature, 0.5, 1e-4, 1e4, "divides the cosines"),
    GEDI_SCHEDULED(info_nce, contrast, 1.0, 0.0, 1e6, "weight of the contrastive term"),
    GEDI_END,
};

static void info_nce_loss(const void *self, gedi_build *b, const gedi_batch *v,
                          gedi_terms *t)
{
    const info_nce *o = self;
    gedi_node *both = gedi_concat(v->z, 2, 0); /* [2B, D] */
    gedi_node *s = gedi_divide_by(b, gedi_cosine(both, both), &o->temperature);
    gedi_term_by(t, "contrast", gedi_loss_nt_xent(s), &o->contrast, NAN);
}

GEDI_DEFINE(objective, info_nce) = {
    GEDI_HEAD(objective, info_nce),
    .brief = "InfoNCE as SimCLR's NT-Xent: the other view among all records of the batch",
    .cite = "Chen et al. 2020, eq. (1); Sansone & Manhaeve, section 2.1, Lemma 3",
    .self_size = sizeof(info_nce),
    .options = info_nce_options,
    .loss = info_nce_loss,
};
