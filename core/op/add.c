/* add.c - sum and difference of two nodes, broadcast. */
#include "core/op/fold.h"

GEDI__MAP(add_map, a[i] + b[i])

static void add_vjp(gedi_node *y, gedi_node *gy, gedi_node **gx)
{
    (void)y;
    gx[0] = gy;
    gx[1] = gy;
}

const gedi__op gedi__op_add = {
    .name = "add",
    .traits = GEDI__ELEMENTWISE,
    .map = add_map,
    .vjp = add_vjp,
};

gedi_node *gedi_add(gedi_node *a, gedi_node *b)
{
    gedi_shape s;
    double v;
    if (!gedi__pair(&a, &b, &s))
        return gedi__binary(&gedi__op_add, a, b);
    if (gedi__constant_value(b, &v))
        return gedi_broadcast(gedi_affine(a, 1.0, v), s);
    if (gedi__constant_value(a, &v))
        return gedi_broadcast(gedi_affine(b, 1.0, v), s);
    return gedi__binary(&gedi__op_add, a, b);
}

GEDI__MAP(sub_map, a[i] - b[i])

static void sub_vjp(gedi_node *y, gedi_node *gy, gedi_node **gx)
{
    (void)y;
    gx[0] = gy;
    gx[1] = gedi_neg(gy);
}

const gedi__op gedi__op_sub = {
    .name = "sub",
    .traits = GEDI__ELEMENTWISE,
    .map = sub_map,
    .vjp = sub_vjp,
};

gedi_node *gedi_sub(gedi_node *a, gedi_node *b)
{
    gedi_shape s;
    double v;
    if (!gedi__pair(&a, &b, &s))
        return gedi__binary(&gedi__op_sub, a, b);
    if (gedi__constant_value(b, &v))
        return gedi_broadcast(gedi_affine(a, 1.0, -v), s);
    if (gedi__constant_value(a, &v))
        return gedi_broadcast(gedi_affine(b, -1.0, v), s);
    return gedi__binary(&gedi__op_sub, a, b);
}
