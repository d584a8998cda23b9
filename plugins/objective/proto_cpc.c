/* proto_cpc.c - ProtoCPC: contrast with the clusters of the batch in place of its records.
 *
 * Source:  Lee 2022, "Prototypical contrastive predictive coding"; Sansone & Manhaeve,
 *          Appendix G.
 * Inputs:  z, z'  [B, D]  embeddings of both views, put on the unit sphere
 * Output:  contrast  [1]  -mean_i log(e^(p_i . s_i) / sum_c q_c e^(s_ic)), s = U'z / student,
 *          p = softmax(U'z' / teacher) held fixed, q the mean of p over the batch
 * Differs: the teacher is the network itself without a derivative, not a moving average;
 *          q is of this batch alone, as in Appendix G; both directions are averaged. Code
 *          of others (github.com/ChenDelong1999/ITRA; we know of none of the author) has K q_c
 *          in place of q_c, which adds log K, and for q a moving average of earlier batches.
 */
#include "gedi/plugin.h"

#include <math.h>

typedef struct proto_cpc {
    int64_t prototypes;             /* K */
    gedi_schedule student, teacher; /* temperatures */
    gedi_schedule contrast;         /* weight */
} proto_cpc;

static const gedi_option proto_cpc_options[] = {
    GEDI_INT(proto_cpc, prototypes, 2, 2, 65536,
             "number of prototypes K, hence of clusters"),
    GEDI_SCHEDULED(proto_cpc, student, 0.1, 1e-4, 1e4, "temperature of the student"),
    GEDI_SCHEDULED(proto_cpc, teacher, 0.04, 1e-4, 1e4, "temperature of the teacher"),
    GEDI_SCHEDULED(proto_cpc, contrast, 1.0, 0.0, 1e6, "weight of the contrastive term"),
    GEDI_END,
};

static gedi_node *proto_cpc_logits(const void *self, gedi_build *b, gedi_node *z)
{
    const proto_cpc *o = self;
    return gedi_divide_by(b, gedi_scores(b, z, o->prototypes), &o->student);
}

static void proto_cpc_loss(const void *self, gedi_build *b, const gedi_batch *v,
                           gedi_terms *t)
{
    const proto_cpc *o = self;
    gedi_node *x = gedi_scores(b, v->z[0], o->prototypes);
    gedi_node *x2 = gedi_scores(b, v->z[1], o->prototypes);
    gedi_term_by(t, "contrast", gedi_loss_proto_cpc(b, x, x2, &o->student, &o->teacher),
                 &o->contrast, -log((double)o->prototypes));
}

GEDI_DEFINE(objective, proto_cpc) = {
    GEDI_HEAD(objective, proto_cpc),
    .brief = "ProtoCPC: contrast with the clusters of the batch in place of its records",
    .cite = "Lee 2022, Prototypical contrastive predictive coding; Sansone & Manhaeve, "
            "Appendix G",
    .self_size = sizeof(proto_cpc),
    .options = proto_cpc_options,
    .loss = proto_cpc_loss,
    .logits = proto_cpc_logits,
};
