/* composed.c - builders made of other builders; derivatives come from these. */
#include "core/graph/node.h"

#include <math.h>

gedi_node *gedi_mean(gedi_node *x, unsigned axes)
{
    gedi_node *sum = gedi_sum(x, axes);
    if (!sum)
        return NULL;
    int64_t to = gedi_shape_size(sum->shape), from = gedi_shape_size(x->shape);
    char text[160];
    if (to && !from)
        return gedi_graph_fail(x->graph, GEDI_SHAPE, "mean over no elements of %s",
                               gedi__node_text(x, text, sizeof text));
    return to ? gedi_scale(sum, (double)to / (double)from) : sum;
}

gedi_node *gedi_transpose(gedi_node *x)
{
    if (!x)
        return NULL;
    int axes[GEDI_MAX_RANK] = {0, 1, 2, 3, 4}, rank = x->shape.rank;
    char text[160];
    if (rank < 2)
        return gedi_graph_fail(x->graph, GEDI_SHAPE, "transpose: %s has no two axes",
                               gedi__node_text(x, text, sizeof text));
    axes[rank - 2] = rank - 1;
    axes[rank - 1] = rank - 2;
    return gedi_permute(x, axes);
}

/* The maximum is taken of squares: below eps the root never sees x, so its derivative at
 * 0 is finite. */
gedi_node *gedi_l2_normalize(gedi_node *x, double eps)
{
    if (!x)
        return NULL;
    char text[160];
    if (x->shape.rank < 1)
        return gedi_graph_fail(x->graph, GEDI_SHAPE, "l2_normalize: %s has no axis",
                               gedi__node_text(x, text, sizeof text));
    if (!isnormal((float)(eps * eps)) || eps < 0)
        return gedi_graph_fail(x->graph, GEDI_USAGE,
                               "l2_normalize: eps %g is not in [1e-18, 1e19]", eps);
    gedi_node *square = gedi_sum(gedi_square(x), 1u << (x->shape.rank - 1));
    gedi_node *floor = gedi_scalar(x->graph, eps * eps);
    return gedi_mul(x, gedi_reciprocal(gedi_sqrt(gedi_maximum(square, floor))));
}

gedi_node *gedi_standardize(gedi_node *x, double eps)
{
    if (!x)
        return NULL;
    char text[160];
    if (x->shape.rank != 2)
        return gedi_graph_fail(x->graph, GEDI_SHAPE, "standardize: %s is not [B, D]",
                               gedi__node_text(x, text, sizeof text));
    if (!(eps >= 0))
        return gedi_graph_fail(x->graph, GEDI_USAGE, "standardize: eps %g is negative",
                               eps);
    gedi_node *centred = gedi_sub(x, gedi_mean(x, 1u << 0));
    gedi_node *variance = gedi_mean(gedi_square(centred), 1u << 0);
    return gedi_mul(centred, gedi_reciprocal(gedi_sqrt(gedi_affine(variance, 1.0, eps))));
}
