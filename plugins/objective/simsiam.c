/* simsiam.c - SimSiam: each view predicts the other, which is held fixed.
 *
 * Source:  Chen & He 2021, "Exploring simple Siamese representation learning", eqs. (1)
 *          to (4), section 3.
 * Inputs:  z, z'  [B, D]  embeddings of both views
 * Output:  align  [1]  -(cos(h(z), z') + cos(h(z'), z)) / 2, mean over the batch; h the
 *          predictor, linear - batch normalisation - ReLU - linear, trained with the rest
 * Differs: nothing
 */
#include "gedi/plugin.h"

typedef struct simsiam {
    int64_t hidden;
    gedi_schedule align; /* weight */
} simsiam;

static const gedi_option simsiam_options[] = {
    GEDI_INT(simsiam, hidden, 0, 0, 65536,
             "units of the predictor's hidden layer; 0: a quarter of D, as 512 of 2048"),
    GEDI_SCHEDULED(simsiam, align, 1.0, 0.0, 1e6, "weight of the cosine"),
    GEDI_END,
};

static void simsiam_loss(const void *self, gedi_build *b, const gedi_batch *v,
                         gedi_terms *t)
{
    const simsiam *o = self;
    gedi_node *align = gedi_loss_simsiam(b, v->z[0], v->z[1], o->hidden);
    gedi_term_by(t, "align", align, &o->align, -1.0);
}

GEDI_DEFINE(objective, simsiam) = {
    GEDI_HEAD(objective, simsiam),
    .brief = "SimSiam: a predictor and a view held fixed, no negatives",
    .cite = "Chen & He 2021, eqs. (1)-(4), section 3",
    .self_size = sizeof(simsiam),
    .options = simsiam_options,
    .loss = simsiam_loss,
};
