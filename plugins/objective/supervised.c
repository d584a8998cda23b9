/* supervised.c - classification by labels, as a reference beside methods that go without.
 *
 * Source:  Grathwohl et al. 2020, "Your classifier is secretly an energy based model", eq. (5):
 *          the first term of JEM with labels; with `jem` beside it in a list, all of it
 * Inputs:  z  [B, D]  embeddings of the first view; label  [B], -1 for none
 * Output:  class  [1]  CE(label, p(y|x)), mean over the batch, 0 for a record without label
 * Differs: labels of some records may be missing
 */
#include "gedi/plugin.h"

typedef struct supervised {
    gedi_head head;
    gedi_schedule class; /* weight */
} supervised;

static const gedi_option supervised_options[] = {
    GEDI_HEAD_OPTIONS(supervised, head),
    GEDI_SCHEDULED(supervised, class, 1.0, 0.0, 1e6, "weight of the cross entropy"),
    GEDI_END,
};

static void supervised_loss(const void *self, gedi_build *b, const gedi_batch *v,
                            gedi_terms *t)
{
    const supervised *o = self;
    gedi_node *logits = gedi_head_logits(&o->head, b, v->z[0]);
    if (!v->label)
        gedi_graph_fail(gedi_build_graph(b), GEDI_DESCRIPTOR,
                        "the training records have no labels");
    gedi_node *q = gedi_one_hot(v->label, o->head.clusters);
    gedi_term_by(t, "class", gedi_loss_cross_entropy(q, logits), &o->class, 0.0);
}

GEDI_DEFINE(objective, supervised) = {
    GEDI_HEAD(objective, supervised),
    .brief =
        "classification by labels; with jem in a list, JEM as Grathwohl et al. have it",
    .cite = "Grathwohl et al. 2020, eq. (5)",
    .self_size = sizeof(supervised),
    .options = supervised_options,
    .loss = supervised_loss,
    .logits = gedi_head_as_logits,
    .energy = gedi_head_as_energy,
};
