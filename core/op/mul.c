/* mul.c - product and quotient of two nodes, broadcast. */
#include "core/op/fold.h"

#include <math.h>

GEDI__MAP(mul_map, a[i] * b[i])

static void mul_vjp(gedi_node *y, gedi_node *gy, gedi_node **gx)
{
    gx[0] = gedi_mul(gy, y->in[1]);
    gx[1] = gedi_mul(gy, y->in[0]);
}

const gedi__op gedi__op_mul = {
    .name = "mul",
    .traits = GEDI__ELEMENTWISE,
    .map = mul_map,
    .vjp = mul_vjp,
};

gedi_node *gedi_mul(gedi_node *a, gedi_node *b)
{
    gedi_shape s;
    double v;
    if (!gedi__pair(&a, &b, &s))
        return gedi__binary(&gedi__op_mul, a, b);
    if (gedi__constant_value(b, &v))
        return gedi_broadcast(gedi_scale(a, v), s);
    if (gedi__constant_value(a, &v))
        return gedi_broadcast(gedi_scale(b, v), s);
    if (a == b)
        return gedi_square(a);
    return gedi__binary(&gedi__op_mul, a, b);
}

GEDI__MAP(div_map, a[i] / b[i])

static void div_vjp(gedi_node *y, gedi_node *gy, gedi_node **gx)
{
    gx[0] = gedi_div(gy, y->in[1]);
    gx[1] = gedi_neg(gedi_div(gedi_mul(gy, y), y->in[1]));
}

const gedi__op gedi__op_div = {
    .name = "div",
    .traits = GEDI__ELEMENTWISE,
    .map = div_map,
    .vjp = div_vjp,
};

gedi_node *gedi_div(gedi_node *a, gedi_node *b)
{
    gedi_shape s;
    double v;
    if (!gedi__pair(&a, &b, &s))
        return gedi__binary(&gedi__op_div, a, b);
    if (gedi__constant_value(a, &v) && v == 0.0)
        return gedi_constant(a->graph, 0.0, s);
    if (gedi__constant_value(b, &v) && isnormal((float)(1.0 / v)))
        return gedi_broadcast(gedi_scale(a, 1.0 / v), s);
    if (gedi__constant_value(a, &v))
        return gedi_broadcast(gedi_scale(gedi_reciprocal(b), v), s);
    return gedi__map_binary(&gedi__op_div, a, b);
}
