/* maximum.c - the larger of two nodes, and where the first is larger. NaN stays NaN. */
#include "core/op/fold.h"

GEDI__MAP(maximum_map, a[i] > b[i] || a[i] != a[i] ? a[i] : b[i])

static void maximum_vjp(gedi_node *y, gedi_node *gy, gedi_node **gx)
{
    gedi_node *first = gedi_greater(y->in[0], y->in[1]);
    gx[0] = gedi_mul(gy, first);
    gx[1] = gedi_mul(gy, gedi_affine(first, -1.0, 1.0));
}

const gedi__op gedi__op_maximum = {
    .name = "maximum",
    .traits = GEDI__ELEMENTWISE,
    .map = maximum_map,
    .vjp = maximum_vjp,
};

gedi_node *gedi_maximum(gedi_node *a, gedi_node *b)
{
    return gedi__map_binary(&gedi__op_maximum, a, b);
}

GEDI__MAP(greater_map, a[i] > b[i] ? 1.0f : 0.0f)

const gedi__op gedi__op_greater = {
    .name = "greater",
    .traits = GEDI__ELEMENTWISE | GEDI__NO_GRAD,
    .map = greater_map,
    .why = "it is constant on both sides of a = b",
};

gedi_node *gedi_greater(gedi_node *a, gedi_node *b)
{
    return gedi__map_binary(&gedi__op_greater, a, b);
}
