/* loss_cluster.c - terms of cluster-based and prototypical methods.
 *
 * Source:  Caron et al. 2020, "Unsupervised learning of visual features by contrasting
 *          cluster assignments", eqs. (2), (5); Lee 2022, "Prototypical contrastive
 *          predictive coding", as in Sansone & Manhaeve, Lemma 9, Appendix G.
 * Inputs:  scores  [B, K]  U^T g(x) of two views
 * Output:  [1], each to be minimised
 * Differs: both directions between the views are averaged; the teacher of ProtoCPC is the
 *          network itself without a derivative, not a moving average of it.
 */
#include "core/nn/loss.h"
#include "core/op/op.h"
#include "gedi/loss.h"

#include <math.h>

gedi_node *gedi_scores(gedi_build *b, gedi_node *z, int64_t prototypes)
{
    gedi_head head = {.clusters = prototypes,
                      .prototypes = GEDI_PROTOTYPES_UNIT,
                      .scale = 1.0,
                      .temperature = GEDI_ALWAYS(1.0),
                      .sphere = true};
    return gedi_head_logits(&head, b, z);
}

/* Caron's products of scaled rows and columns, as sums of logarithms: constants such as
 * 1 / K cancel in the step that follows. */
gedi_node *gedi_sinkhorn(gedi_node *scores, double epsilon, int64_t iterations)
{
    gedi_node *m = gedi_scale(gedi_stop_gradient(scores), 1.0 / epsilon);
    for (int64_t i = 0; i < iterations; i++) {
        m = gedi_log_softmax(gedi_transpose(m)); /* each prototype has the same share */
        m = gedi_log_softmax(gedi_transpose(m)); /* each record sums to 1 */
    }
    return gedi_softmax(m);
}

gedi_node *gedi_one_hot(gedi_node *index, int64_t classes)
{
    if (!index)
        return NULL;
    gedi_graph *g = gedi_node_graph(index);
    if (classes < 1)
        return gedi_graph_fail(g, GEDI_USAGE, "gedi_one_hot: %lld classes, at least 1",
                               (long long)classes);
    gedi_node *rows = gedi_pad(gedi_eye(g, classes), 0, 1, 0); /* that of -1 first */
    return gedi_stop_gradient(gedi__gather_classes(rows, index));
}

gedi_node *gedi_loss_cross_entropy(gedi_node *q, gedi_node *logits)
{
    char is[64], want[64];
    if (q && logits && !gedi_shape_equal(gedi_node_shape(q), gedi_node_shape(logits)))
        return gedi_graph_fail(
            gedi_node_graph(q), GEDI_SHAPE,
            "gedi_loss_cross_entropy: q is %s, but logits are %s (labels "
            "become rows by gedi_one_hot)",
            gedi_shape_text(gedi_node_shape(q), is, sizeof is),
            gedi_shape_text(gedi_node_shape(logits), want, sizeof want));
    if (!gedi__enough_clusters(logits, "cross entropy"))
        return NULL;
    gedi_node *log_p = gedi_log_softmax(logits);
    return gedi_mean_all(gedi_neg(gedi_sum(gedi_mul(q, log_p), 1u << 1))); /* over K */
}

gedi_node *gedi_loss_swav(gedi_build *b, gedi_node *scores, gedi_node *scores2,
                          const gedi_schedule *temperature, double epsilon,
                          int64_t iterations)
{
    if (scores &&
        !gedi__enough_records(gedi_node_graph(scores), "swav", gedi_rows(scores), 2,
                              "one record alone is dealt to all prototypes"))
        return NULL;
    gedi_node *q = gedi_sinkhorn(scores, epsilon, iterations);
    gedi_node *q2 = gedi_sinkhorn(scores2, epsilon, iterations);
    gedi_node *one = gedi_loss_cross_entropy(q2, gedi_divide_by(b, scores, temperature));
    gedi_node *two = gedi_loss_cross_entropy(q, gedi_divide_by(b, scores2, temperature));
    return gedi_scale(gedi_add(one, two), 0.5);
}

/* -mean_i log(e^(p_i . s_i) / sum_c q_c e^(s_ic)), p the teacher's, q its mean: q_c
 * through its logarithm, so that an empty cluster is finite. */
static gedi_node *predict(gedi_build *b, gedi_node *scores, gedi_node *teacher_scores,
                          const gedi_schedule *student, const gedi_schedule *teacher)
{
    if (!scores || !teacher_scores)
        return NULL;
    double log_b = log((double)gedi_rows(scores));
    gedi_node *s = gedi_divide_by(b, scores, student);
    gedi_node *fixed = gedi_stop_gradient(teacher_scores);
    gedi_node *log_p = gedi_log_softmax(gedi_divide_by(b, fixed, teacher)); /* [B, K] */
    gedi_node *log_q = gedi_affine(gedi_logsumexp(gedi_transpose(log_p)), 1.0, -log_b);
    gedi_node *right = gedi_sum(gedi_mul(gedi_exp(log_p), s), 1u << 1); /* [B, 1] */
    gedi_node *all = gedi_logsumexp(gedi_add(s, gedi_transpose(log_q)));
    return gedi_mean_all(gedi_sub(all, right));
}

gedi_node *gedi_loss_proto_cpc(gedi_build *b, gedi_node *scores, gedi_node *scores2,
                               const gedi_schedule *student, const gedi_schedule *teacher)
{
    if (scores &&
        !gedi__enough_records(gedi_node_graph(scores), "proto_cpc", gedi_rows(scores), 2,
                              "one record has no others to contrast it with"))
        return NULL;
    gedi_node *one = predict(b, scores, scores2, student, teacher);
    gedi_node *two = predict(b, scores2, scores, student, teacher);
    return gedi_scale(gedi_add(one, two), 0.5);
}
