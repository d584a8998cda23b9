/* loss_pair.c - terms of pairs of records: which belong together, and how close they are.
 *
 * Source:  Chen et al. 2020, "A simple framework for contrastive learning of visual
 *          representations", eq. (1); Chen & He 2021, "Exploring simple Siamese
 *          representation learning", eqs. (1) to (4).
 * Inputs:  z, z2  [B, D]  embeddings of two views
 * Output:  [1], each to be minimised
 * Differs: nothing
 */
#include "core/nn/loss.h"
#include "gedi/loss.h"

static const double least_length = 1e-12;

gedi_node *gedi_cosine(gedi_node *a, gedi_node *b)
{
    return gedi_matmul(gedi_l2_normalize(a, least_length),
                       gedi_transpose(gedi_l2_normalize(b, least_length)));
}

/* |a|^2 + |b|^2 - 2 a.b cancels where rows are long and close: so both are seen from the
 * mean of b, which changes no distance and hence needs no derivative. */
gedi_node *gedi_squared_distance(gedi_node *a, gedi_node *b)
{
    gedi_node *middle = gedi_stop_gradient(gedi_mean(b, 1u << 0));
    a = gedi_sub(a, middle);
    b = gedi_sub(b, middle);
    gedi_node *aa = gedi_sum(gedi_square(a), 1u << 1);                 /* [B, 1] */
    gedi_node *bb = gedi_transpose(gedi_sum(gedi_square(b), 1u << 1)); /* [1, K] */
    gedi_node *ab = gedi_matmul(a, gedi_transpose(b));
    return gedi_sub(gedi_add(aa, bb), gedi_scale(ab, 2.0));
}

gedi_node *gedi_loss_nt_xent(gedi_node *s)
{
    if (!s)
        return NULL;
    gedi_graph *g = gedi_node_graph(s);
    gedi_shape shape = gedi_node_shape(s);
    int64_t both = shape.dim[0], b = both / 2;
    char text[64];
    if (shape.rank != 2 || shape.dim[1] != both || !b || both % 2)
        return gedi_graph_fail(g, GEDI_SHAPE,
                               "nt_xent: similarities of two views are [2B, 2B], not %s",
                               gedi_shape_text(shape, text, sizeof text));
    if (!gedi__enough_records(g, "nt_xent", b, 2, "one record has no negatives"))
        return NULL;
    gedi_node *others = gedi_sub(s, gedi_scale(gedi_eye(g, both), 1e30));
    gedi_node *pairs = gedi_slice(gedi_slice(s, 0, 0, b), 1, b, b); /* view by view */
    gedi_node *right = gedi_sum(gedi_mul(pairs, gedi_eye(g, b)), 1u << 1); /* [B, 1] */
    return gedi_sub(gedi_mean_all(gedi_logsumexp(others)), gedi_mean_all(right));
}

gedi_node *gedi_loss_cosine(gedi_node *a, gedi_node *b)
{
    gedi_node *product =
        gedi_mul(gedi_l2_normalize(a, least_length), gedi_l2_normalize(b, least_length));
    return gedi_neg(gedi_mean_all(gedi_sum(product, 1u << 1)));
}

gedi_node *gedi_loss_mse(gedi_node *z, gedi_node *z2)
{
    char is[64], other[64];
    if (z && z2 && !gedi_shape_equal(gedi_node_shape(z), gedi_node_shape(z2)))
        return gedi_graph_fail(gedi_node_graph(z), GEDI_SHAPE,
                               "gedi_loss_mse: z is %s, but z2 is %s",
                               gedi_shape_text(gedi_node_shape(z), is, sizeof is),
                               gedi_shape_text(gedi_node_shape(z2), other, sizeof other));
    return gedi_mean_all(gedi_square(gedi_sub(z, z2)));
}

gedi_node *gedi_predictor(gedi_build *b, gedi_node *z, int64_t hidden)
{
    gedi_init init = {.kind = GEDI_INIT_FAN_IN, .value = 1.0};
    gedi_scope_push(b, "predictor");
    gedi_node *h = gedi_linear(b, "layer0", z, hidden, false, init);
    h = gedi_relu(gedi_batch_norm(b, "norm0", h, true));
    gedi_node *p = gedi_linear(b, "layer1", h, gedi_cols(z), true, init);
    gedi_scope_pop(b);
    return p;
}

gedi_node *gedi_loss_simsiam(gedi_build *b, gedi_node *z, gedi_node *z2, int64_t hidden)
{
    if (!hidden)
        hidden = gedi_cols(z) < 4 ? 1 : gedi_cols(z) / 4;
    gedi_node *p = gedi_predictor(b, z, hidden);
    gedi_node *p2 = gedi_predictor(b, z2, hidden);
    gedi_node *one = gedi_loss_cosine(p, gedi_stop_gradient(z2));
    gedi_node *two = gedi_loss_cosine(p2, gedi_stop_gradient(z));
    return gedi_scale(gedi_add(one, two), 0.5);
}
