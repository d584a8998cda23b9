/* sigmoid.c - smooth steps: tanh, sigmoid, and softplus, whose derivative is the sigmoid.
 */
#include "core/op/fold.h"
#include "core/base/vecmath.h"

GEDI__MAP(tanh_map, gedi__tanhf(a[i]))

static void tanh_vjp(gedi_node *y, gedi_node *gy, gedi_node **gx)
{
    gx[0] = gedi_mul(gy, gedi_affine(gedi_square(y), -1.0, 1.0));
}

const gedi__op gedi__op_tanh = {
    .name = "tanh",
    .traits = GEDI__ELEMENTWISE,
    .map = tanh_map,
    .vjp = tanh_vjp,
};

gedi_node *gedi_tanh(gedi_node *x)
{
    return gedi__map_unary(&gedi__op_tanh, x, NULL);
}

GEDI__MAP(sigmoid_map, gedi__sigmoidf(a[i]))

static void sigmoid_vjp(gedi_node *y, gedi_node *gy, gedi_node **gx)
{
    gx[0] = gedi_mul(gy, gedi_mul(y, gedi_affine(y, -1.0, 1.0)));
}

const gedi__op gedi__op_sigmoid = {
    .name = "sigmoid",
    .traits = GEDI__ELEMENTWISE,
    .map = sigmoid_map,
    .vjp = sigmoid_vjp,
};

gedi_node *gedi_sigmoid(gedi_node *x)
{
    return gedi__map_unary(&gedi__op_sigmoid, x, NULL);
}

GEDI__MAP(softplus_map, gedi__softplusf(a[i]))

static void softplus_vjp(gedi_node *y, gedi_node *gy, gedi_node **gx)
{
    gx[0] = gedi_mul(gy, gedi_sigmoid(y->in[0]));
}

const gedi__op gedi__op_softplus = {
    .name = "softplus",
    .traits = GEDI__ELEMENTWISE,
    .map = softplus_map,
    .vjp = softplus_vjp,
};

gedi_node *gedi_softplus(gedi_node *x)
{
    return gedi__map_unary(&gedi__op_softplus, x, NULL);
}
