/* leaky_relu.c - a line with a kink at 0, and the step that is its derivative.
 *
 * Attribute a: the slope below 0, and the value of the step there. leaky_relu has the
 * derivative `slope` at 0 itself. NaN stays NaN.
 */
#include "core/op/fold.h"

/* Apart, because 0 times minus infinity would be NaN. */
GEDI__MAP(relu_map, a[i] <= 0.0f ? 0.0f : a[i])

/* The slope is read once, before the loop: otherwise the loop is not vectorised. */
GEDI__CLONES static void slope_map(float slope, int64_t n, const float *a, float *y)
{
    _Pragma("omp simd") for (int64_t i = 0; i < n; i++) y[i] =
        a[i] * (a[i] <= 0.0f ? slope : 1.0f);
}

static void leaky_relu_map(const gedi__attr *at, int64_t n, const float *a,
                           const float *b, float *y)
{
    if (at->a == 0.0)
        relu_map(at, n, a, b, y);
    else
        slope_map((float)at->a, n, a, y);
}

static void leaky_relu_vjp(gedi_node *y, gedi_node *gy, gedi_node **gx)
{
    /* Where the slope is not negative, y has the sign of x: x need not be kept. */
    gedi_node *sign = y->attr.a >= 0.0 ? y : y->in[0];
    gx[0] = gedi_mul(gy, gedi_step(sign, y->attr.a));
}

const gedi__op gedi__op_leaky_relu = {
    .name = "leaky_relu",
    .traits = GEDI__ELEMENTWISE,
    .map = leaky_relu_map,
    .vjp = leaky_relu_vjp,
};

gedi_node *gedi_leaky_relu(gedi_node *x, double slope)
{
    gedi__attr at = {.a = slope + 0.0};
    gedi_node *bent = slope == 1.0 ? x : gedi__dense_bent(x, at.a);
    return bent ? bent : gedi__map_unary(&gedi__op_leaky_relu, x, &at);
}

GEDI__CLONES static void step_loop(float below, int64_t n, const float *a, float *y)
{
    _Pragma("omp simd") for (int64_t i = 0; i < n; i++) y[i] = a[i] > 0.0f ? 1.0f : below;
}

static void step_map(const gedi__attr *at, int64_t n, const float *a, const float *b,
                     float *y)
{
    (void)b;
    step_loop((float)at->a, n, a, y);
}

const gedi__op gedi__op_step = {
    .name = "step",
    .traits = GEDI__ELEMENTWISE | GEDI__NO_GRAD,
    .map = step_map,
    .why = "it is constant on both sides of 0",
};

gedi_node *gedi_step(gedi_node *x, double below)
{
    gedi__attr at = {.a = below + 0.0};
    return gedi__map_unary(&gedi__op_step, x, &at);
}
