/* power.c - powers of one number: square, square root, reciprocal. */
#include "core/op/fold.h"

#include <math.h>

GEDI__MAP(square_map, a[i] * a[i])

static void square_vjp(gedi_node *y, gedi_node *gy, gedi_node **gx)
{
    gx[0] = gedi_mul(gy, gedi_scale(y->in[0], 2.0));
}

const gedi__op gedi__op_square = {
    .name = "square",
    .traits = GEDI__ELEMENTWISE,
    .map = square_map,
    .vjp = square_vjp,
};

gedi_node *gedi_square(gedi_node *x)
{
    return gedi__map_unary(&gedi__op_square, x, NULL);
}

GEDI__MAP(sqrt_map, sqrtf(a[i]))

/* At 0 the derivative is infinite, and it says so. */
static void sqrt_vjp(gedi_node *y, gedi_node *gy, gedi_node **gx)
{
    gx[0] = gedi_div(gedi_scale(gy, 0.5), y);
}

const gedi__op gedi__op_sqrt = {
    .name = "sqrt",
    .traits = GEDI__ELEMENTWISE,
    .map = sqrt_map,
    .vjp = sqrt_vjp,
};

gedi_node *gedi_sqrt(gedi_node *x)
{
    return gedi__map_unary(&gedi__op_sqrt, x, NULL);
}

GEDI__MAP(reciprocal_map, 1.0f / a[i])

static void reciprocal_vjp(gedi_node *y, gedi_node *gy, gedi_node **gx)
{
    gx[0] = gedi_mul(gy, gedi_neg(gedi_square(y)));
}

const gedi__op gedi__op_reciprocal = {
    .name = "reciprocal",
    .traits = GEDI__ELEMENTWISE,
    .map = reciprocal_map,
    .vjp = reciprocal_vjp,
};

gedi_node *gedi_reciprocal(gedi_node *x)
{
    return gedi__map_unary(&gedi__op_reciprocal, x, NULL);
}
