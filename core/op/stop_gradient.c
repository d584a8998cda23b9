/* stop_gradient.c - the same numbers, held fixed in every derivative. */
#include "core/op/fold.h"

const gedi__op gedi__op_stop_gradient = {
    .name = "stop_gradient",
    .traits = GEDI__ALIAS | GEDI__NO_GRAD | GEDI__FIXED,
    .infer = NULL,
    .why = "that is its purpose",
    .rows = gedi__same_rows,
};

gedi_node *gedi_stop_gradient(gedi_node *x)
{
    if (!x || x->op == &gedi__op_stop_gradient || x->op == &gedi__op_constant)
        return x;
    return gedi__node(x->graph, &gedi__op_stop_gradient, &x, 1, NULL, &x->shape);
}
