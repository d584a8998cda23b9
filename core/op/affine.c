/* affine.c - a x + b, attributes a and b. */
#include "core/op/fold.h"

#include <math.h>

GEDI__MAP(affine_map, (float)at->a *a[i] + (float)at->b)

static void affine_vjp(gedi_node *y, gedi_node *gy, gedi_node **gx)
{
    gx[0] = gedi_scale(gy, y->attr.a);
}

const gedi__op gedi__op_affine = {
    .name = "affine",
    .traits = GEDI__ELEMENTWISE,
    .map = affine_map,
    .vjp = affine_vjp,
};

/* Two in a row are one, unless its factors leave what a float holds. */
static bool merges(const gedi_node *x, double a, double b)
{
    return x->op == &gedi__op_affine && isnormal((float)(a * x->attr.a)) &&
           isfinite((float)(a * x->attr.b + b));
}

gedi_node *gedi_affine(gedi_node *x, double a, double b)
{
    if (!x || (a == 1.0 && b == 0.0))
        return x;
    if (a == 0.0)
        return gedi_constant(x->graph, b, x->shape);
    if (merges(x, a, b))
        return gedi_affine(x->in[0], a * x->attr.a, a * x->attr.b + b);
    /* Adding 0 makes 0 of -0, so that equal functions are equal nodes. */
    gedi__attr at = {.a = a, .b = b + 0.0};
    return gedi__map_unary(&gedi__op_affine, x, &at);
}
