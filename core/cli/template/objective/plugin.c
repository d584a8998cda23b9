/* @NAME@.c - an objective: two views agree, confidently, and all clusters are used.
 *
 * Source:  the paper and its equations
 * Inputs:  z[0], z[1]  [B, D]  embeddings of two views of the same B records
 * Output:  agree   mean of |p(y|x) - p(y|x')|^2
 *          margin  mean of max(0, margin - max_y p(y|x))
 *          prior   cross entropy of the uniform distribution and the mean of p(y|x)
 * Differs: nothing
 */
#include <gedi/gedi.h>
#include <math.h>

typedef struct {
    gedi_head head;
    double margin, agree, prior;
} @NAME@_self;

static const gedi_option @NAME@_options[] = {
    GEDI_HEAD_OPTIONS(@NAME@_self, head),
    GEDI_REAL(@NAME@_self, margin, 0.95, 0.0, 1.0, "confidence that is enough"),
    GEDI_REAL(@NAME@_self, agree, 10.0, 0.0, 1e6, "weight of agree"),
    GEDI_REAL(@NAME@_self, prior, 10.0, 0.0, 1e6, "weight of prior"),
    GEDI_END,
};

static gedi_node *@NAME@_mean(gedi_node *x)
{
    return gedi_reshape(gedi_mean(x, GEDI_ALL_AXES), GEDI_DIMS(1));
}

static gedi_node *@NAME@_logits(const void *self, gedi_build *b, gedi_node *z)
{
    const @NAME@_self *o = self;
    return gedi_head_logits(&o->head, b, z); /* [B, K] */
}

static void @NAME@_loss(const void *self, gedi_build *b, const gedi_batch *v, gedi_terms *t)
{
    const @NAME@_self *o = self;
    gedi_node *logits = @NAME@_logits(self, b, v->z[0]);
    gedi_node *p = gedi_softmax(logits);
    gedi_node *p2 = gedi_softmax(@NAME@_logits(self, b, v->z[1]));
    gedi_node *distance = gedi_sum(gedi_square(gedi_sub(p, p2)), 1 << 1);
    gedi_node *lack = gedi_relu(gedi_affine(gedi_max(p, 1 << 1), -1.0, o->margin));
    gedi_term(t, "agree", @NAME@_mean(distance), o->agree, 0.0);
    gedi_term(t, "margin", @NAME@_mean(lack), 1.0, 0.0);
    gedi_term(t, "prior", gedi_loss_prior(logits), o->prior, log((double)o->head.clusters));
}

GEDI_DEFINE(objective, @NAME@) = {
    GEDI_HEAD(objective, @NAME@),
    .brief = "two views agree, confidently, and all clusters are used",
    .cite = "",
    .self_size = sizeof(@NAME@_self),
    .options = @NAME@_options,
    .loss = @NAME@_loss,
    .logits = @NAME@_logits,
};
