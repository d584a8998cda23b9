/* exponential.c - exp and its inverse, log. */
#include "core/op/fold.h"
#include "core/base/vecmath.h"

GEDI__MAP(exp_map, gedi__expf(a[i]))

static void exp_vjp(gedi_node *y, gedi_node *gy, gedi_node **gx)
{
    gx[0] = gedi_mul(gy, y);
}

const gedi__op gedi__op_exp = {
    .name = "exp",
    .traits = GEDI__ELEMENTWISE,
    .map = exp_map,
    .vjp = exp_vjp,
};

gedi_node *gedi_exp(gedi_node *x)
{
    return gedi__map_unary(&gedi__op_exp, x, NULL);
}

GEDI__MAP(log_map, gedi__logf(a[i]))

static void log_vjp(gedi_node *y, gedi_node *gy, gedi_node **gx)
{
    gx[0] = gedi_div(gy, y->in[0]);
}

const gedi__op gedi__op_log = {
    .name = "log",
    .traits = GEDI__ELEMENTWISE,
    .map = log_map,
    .vjp = log_vjp,
};

gedi_node *gedi_log(gedi_node *x)
{
    return gedi__map_unary(&gedi__op_log, x, NULL);
}
