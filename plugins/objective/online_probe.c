/* online_probe.c - a linear classifier that learns beside a method and does not touch it.
 *
 * Source:  Costa et al. 2022, "solo-learn": the online linear evaluation of its methods
 * Inputs:  h  [B, D]  the encoder's output of the first view, without a derivative; label  [B],
 *          -1 for none
 * Output:  class  [1]  CE(label, softmax(h W + b)), mean over the batch, 0 for a record without
 *          label
 * Differs: it has the optimizer of the run; `groups` gives it options of its own
 */
#include "gedi/plugin.h"

typedef struct online_probe {
    gedi_schedule class; /* weight */
} online_probe;

static const gedi_option online_probe_options[] = {
    GEDI_SCHEDULED(online_probe, class, 1.0, 0.0, 1e6, "weight of the cross entropy"),
    GEDI_END,
};

static void online_probe_loss(const void *self, gedi_build *b, const gedi_batch *v,
                              gedi_terms *t)
{
    const online_probe *o = self;
    int32_t classes = gedi_build_classes(b);
    if (!v->label || classes < 1) {
        gedi_graph_fail(gedi_build_graph(b), GEDI_DESCRIPTOR,
                        "the training records have no labels");
        return;
    }
    gedi_init init = {.kind = GEDI_INIT_FAN_IN, .value = 1.0};
    gedi_node *logits = gedi_linear(b, "probe", v->h[0], classes, true, init);
    gedi_node *q = gedi_one_hot(v->label, classes);
    gedi_term_by(t, "class", gedi_loss_cross_entropy(q, logits), &o->class, 0.0);
}

GEDI_DEFINE(objective, online_probe) = {
    GEDI_HEAD(objective, online_probe),
    .brief =
        "a linear classifier of the encoder's output that learns beside a method and "
        "does not touch it",
    .cite = "Costa et al. 2022",
    .self_size = sizeof(online_probe),
    .options = online_probe_options,
    .loss = online_probe_loss,
    .beside = true,
};
