/* dense.c - a linear layer, x W + bias, as one operation, and the derivative of its parameters.
 *
 * dense: attribute a: numbers not above 0 are multiplied by it, 1 for none; j: W lies transposed.
 *   Inputs:  x [B, D]; W [D, K] or (j) [K, D]; bias [K]
 *   Output:  [B, K]
 * dense_weight: attribute a: below, of the step.
 *   Inputs:  x [B, D]; gy [B, K]; y [B, K] or none, for no step
 *   Output:  [x 1]^T (gy * step(y)), [D + 1, K]: W's derivative, then the bias's. The latter is
 *            summed as products are, in float.
 * A layer of a small network would spend a sixth of its time on walking through the result
 * again for bias and activation, on the way back as much: gedi_leaky_relu of a dense node is a
 * dense node.
 */
#include "core/op/fold.h"
#include "core/op/matmul.h"

static gedi_status dense_infer(const gedi_node *y, gedi_shape *out, gedi_err *err)
{
    gedi_shape bias = y->in[2]->shape;
    char text[64];
    GEDI_TRY(gedi__matmul_infer(y, out, err)); /* of the first two inputs */
    if (bias.rank != 1 || bias.dim[0] != out->dim[1])
        return GEDI_FAIL(err, GEDI_SHAPE, "the bias is %s, but there are %lld columns",
                         gedi_shape_text(bias, text, sizeof text),
                         (long long)out->dim[1]);
    return GEDI_OK;
}

static gedi__product dense_product(const gedi_node *y)
{
    gedi__product p = gedi__matmul_product(y);
    p.after = GEDI__BIAS;
    p.slope = (float)y->attr.a;
    return p;
}

static gedi_status dense_prepare(gedi__step *s, gedi_err *err)
{
    gedi__product p = dense_product(s->node);
    return gedi__product_prepare(&p, &s->state, err);
}

static void dense_eval(const gedi__step *s)
{
    gedi__product p = dense_product(s->node);
    gedi__product_run(&p, s->state, s->in[0], s->in[1], s->in[2], s->out, s->threads);
}

/* The derivatives of weights and bias: both are the memory of `both`. */
static void split(gedi_node *both, gedi_node **gw, gedi_node **gb)
{
    int64_t rows = gedi_rows(both) - 1, columns = gedi_cols(both);
    *gw = gedi_slice(both, 0, 0, rows);
    *gb = gedi_reshape(gedi_slice(both, 0, rows, 1), GEDI_DIMS(columns));
}

/* y has the sign of what the slope was applied to: that need not be kept. */
static void dense_vjp(gedi_node *y, gedi_node *gy, gedi_node **gx)
{
    enum { NARROW = 16 }; /* columns: below, loops along a row are short */
    gedi_node *x = y->in[0], *w = y->attr.j ? gedi_transpose(y->in[1]) : y->in[1];
    gedi_node *back = gedi__times_step(gy, y, y->attr.a);
    gx[0] = gedi_matmul(back, gedi_transpose(w));
    if (!y->attr.j && gedi_cols(y) >= NARROW) {
        split(gedi__dense_weight(x, gy, y, y->attr.a), &gx[1], &gx[2]);
        return;
    }
    gx[1] = y->attr.j ? gedi_matmul(gedi_transpose(back), x)
                      : gedi_matmul(gedi_transpose(x), back);
    gx[2] = gedi_reshape(gedi_sum(back, 1u << 0), y->in[2]->shape);
}

const gedi__op gedi__op_dense = {
    .name = "dense",
    .infer = dense_infer,
    .prepare = dense_prepare,
    .release = gedi__product_release,
    .eval = dense_eval,
    .vjp = dense_vjp,
    .rows = gedi__matmul_rows,
};

gedi_node *gedi_dense(gedi_node *x, gedi_node *w, gedi_node *bias)
{
    if (!x || !w || !bias)
        return NULL;
    gedi__attr at = {.a = 1.0, .j = gedi__untranspose(&w)};
    gedi_node *in[3] = {x, w, bias};
    return gedi__node(x->graph, &gedi__op_dense, in, 3, &at, NULL);
}

gedi_node *gedi__dense_bent(gedi_node *x, double slope)
{
    if (!x || x->op != &gedi__op_dense || x->attr.a != 1.0 || !(slope >= 0.0))
        return NULL;
    gedi__attr at = x->attr;
    at.a = slope;
    return gedi__node(x->graph, &gedi__op_dense, x->in, 3, &at, NULL);
}

/* ---- dense_weight ---- */

static gedi_status dense_weight_infer(const gedi_node *y, gedi_shape *out, gedi_err *err)
{
    gedi_shape x = y->in[0]->shape, gy = y->in[1]->shape;
    char is[64], other[64];
    if (x.rank != 2 || gy.rank != 2 || x.dim[0] != gy.dim[0])
        return GEDI_FAIL(err, GEDI_SHAPE, "%s and %s: not as many rows of two axes",
                         gedi_shape_text(x, is, sizeof is),
                         gedi_shape_text(gy, other, sizeof other));
    if (y->n_in == 3 && !gedi_shape_equal(y->in[2]->shape, gy))
        return GEDI_FAIL(err, GEDI_SHAPE, "the step is of %s, but the derivative is %s",
                         gedi_shape_text(y->in[2]->shape, is, sizeof is),
                         gedi_shape_text(gy, other, sizeof other));
    *out = GEDI_DIMS(x.dim[1] + 1, gy.dim[1]);
    return GEDI_OK;
}

static gedi__product weight_product(const gedi_node *y)
{
    gedi_shape x = y->in[0]->shape;
    return (gedi__product){
        .ta = true, .m = x.dim[1], .n = y->shape.dim[1], .k = x.dim[0], .slope = 1.0f};
}

static bool few_inputs(const gedi_node *x)
{
    return gedi_cols(x) <= GEDI__FEW;
}

static gedi_status dense_weight_prepare(gedi__step *s, gedi_err *err)
{
    gedi__product p = weight_product(s->node);
    if (few_inputs(s->node->in[0]))
        return GEDI_OK;
    return gedi__product_prepare(&p, &s->state, err);
}

static void dense_weight_eval(const gedi__step *s)
{
    gedi__product p = weight_product(s->node);
    const float *x = s->in[0], *gy = s->in[1];
    const float *y = s->node->n_in == 3 ? s->in[2] : NULL;
    float below = (float)s->node->attr.a;
    if (few_inputs(s->node->in[0])) {
        gedi__gather(x, p.m, gy, y, below, p.k, p.n, s->out, s->threads);
        return;
    }
    gedi__product_run(&p, s->state, x, gy, NULL, s->out, s->threads);
    gedi__gather(NULL, 0, gy, NULL, 1.0f, p.k, p.n, s->out + p.m * p.n, s->threads);
}

/* With a cotangent u of [x 1]^T G, G = gy * step(y): G = [x 1] u is a dense layer. */
static void dense_weight_vjp(gedi_node *y, gedi_node *u, gedi_node **gx)
{
    gedi_node *x = y->in[0], *gy = y->in[1], *sign = y->n_in == 3 ? y->in[2] : gy;
    gedi_node *w, *bias;
    split(u, &w, &bias);
    gx[0] = gedi_matmul(gedi__times_step(gy, sign, y->attr.a), gedi_transpose(w));
    gx[1] = gedi__times_step(gedi_dense(x, w, bias), sign, y->attr.a);
}

const gedi__op gedi__op_dense_weight = {
    .name = "dense_weight",
    .infer = dense_weight_infer,
    .prepare = dense_weight_prepare,
    .release = gedi__product_release,
    .eval = dense_weight_eval,
    .vjp = dense_weight_vjp,
};

gedi_node *gedi__dense_weight(gedi_node *x, gedi_node *gy, gedi_node *y, double below)
{
    double v;
    if (!x || !gy || !y)
        return NULL;
    if (!few_inputs(x)) {
        gy = gedi__times_step(gy, y, below);
        below = 1.0;
    }
    gedi__attr at = {.a = below};
    gedi_node *in[3] = {x, gy, y};
    gedi_node *both =
        gedi__node(x->graph, &gedi__op_dense_weight, in, below == 1.0 ? 2 : 3, &at, NULL);
    if (both && gedi__constant_value(gy, &v) && v == 0.0)
        return gedi_constant(x->graph, 0.0, both->shape);
    return both;
}
