/* matmul.c - product of two matrices, and x W + bias as one operation.
 *
 * matmul: attributes i, j: 1 where a, b lie transposed in memory; so a transposed operand
 * costs no copy.
 *   Inputs:  a [B, D] or (i) [D, B]; b [D, K] or (j) [K, D]
 *   Output:  [B, K]
 * dense: attribute a: numbers not above 0 are multiplied by it, 1 for none; j as above.
 *   Inputs:  x [B, D]; W [D, K] or (j) [K, D]; bias [K]
 *   Output:  [B, K]
 * A layer of a small network would spend a sixth of its time on walking through the result
 * again for bias and activation: gedi_leaky_relu of a dense node is a dense node.
 */
#include "core/op/fold.h"
#include "core/op/product.h"

static gedi_shape turned(gedi_shape s, bool turn)
{
    if (turn) {
        int64_t d = s.dim[0];
        s.dim[0] = s.dim[1];
        s.dim[1] = d;
    }
    return s;
}

static gedi_status matmul_infer(const gedi_node *y, gedi_shape *out, gedi_err *err)
{
    gedi_shape a = y->in[0]->shape, b = y->in[1]->shape;
    char ta[64], tb[64];
    if (a.rank != 2 || b.rank != 2)
        return GEDI_FAIL(err, GEDI_SHAPE, "%s x %s: both must have two axes",
                         gedi_shape_text(a, ta, sizeof ta),
                         gedi_shape_text(b, tb, sizeof tb));
    a = turned(a, y->attr.i);
    b = turned(b, y->attr.j);
    if (a.dim[1] != b.dim[0])
        return GEDI_FAIL(err, GEDI_SHAPE, "%s x %s: %lld columns and %lld rows",
                         gedi_shape_text(a, ta, sizeof ta),
                         gedi_shape_text(b, tb, sizeof tb), (long long)a.dim[1],
                         (long long)b.dim[0]);
    *out = GEDI_DIMS(a.dim[0], b.dim[1]);
    return GEDI_OK;
}

static gedi__product matmul_product(const gedi_node *y)
{
    gedi_shape a = turned(y->in[0]->shape, y->attr.i);
    return (gedi__product){.ta = y->attr.i,
                           .tb = y->attr.j,
                           .m = a.dim[0],
                           .n = y->shape.dim[1],
                           .k = a.dim[1],
                           .slope = 1.0f};
}

static gedi_status matmul_prepare(gedi__step *s, gedi_err *err)
{
    gedi__product p = matmul_product(s->node);
    return gedi__product_prepare(&p, &s->state, err);
}

static void matmul_eval(const gedi__step *s)
{
    gedi__product p = matmul_product(s->node);
    gedi__product_run(&p, s->state, s->in[0], s->in[1], NULL, s->out, s->threads);
}

/* With C = A B: dA = dC B^T, dB = A^T dC. Where an operand lies transposed, the product
 * is built the other way round, so that nothing has to be copied. */
static void matmul_vjp(gedi_node *y, gedi_node *gy, gedi_node **gx)
{
    gedi_node *a = y->in[0], *b = y->in[1];
    if (y->attr.i)
        a = gedi_transpose(a);
    if (y->attr.j)
        b = gedi_transpose(b);
    gx[0] = y->attr.i ? gedi_matmul(b, gedi_transpose(gy))
                      : gedi_matmul(gy, gedi_transpose(b));
    gx[1] = y->attr.j ? gedi_matmul(gedi_transpose(gy), a)
                      : gedi_matmul(gedi_transpose(a), gy);
}

const gedi__op gedi__op_matmul = {
    .name = "matmul",
    .infer = matmul_infer,
    .prepare = matmul_prepare,
    .release = gedi__product_release,
    .eval = matmul_eval,
    .vjp = matmul_vjp,
};

/* Of a transposed matrix takes the matrix. */
static int64_t untranspose(gedi_node **x)
{
    if ((*x)->op != &gedi__op_permute || (*x)->shape.rank != 2)
        return 0;
    *x = (*x)->in[0];
    return 1;
}

gedi_node *gedi_matmul(gedi_node *a, gedi_node *b)
{
    if (!a || !b)
        return NULL;
    gedi__attr at = {.i = untranspose(&a), .j = untranspose(&b)};
    gedi_node *in[2] = {a, b};
    gedi_node *y = gedi__node(a->graph, &gedi__op_matmul, in, 2, &at, NULL);
    double va, vb;
    if (y && ((gedi__constant_value(a, &va) && va == 0.0) ||
              (gedi__constant_value(b, &vb) && vb == 0.0)))
        return gedi_constant(a->graph, 0.0, y->shape);
    return y;
}

/* ---- dense ---- */

static gedi_status dense_infer(const gedi_node *y, gedi_shape *out, gedi_err *err)
{
    gedi_shape bias = y->in[2]->shape;
    char text[64];
    GEDI_TRY(matmul_infer(y, out, err)); /* of the first two inputs */
    if (bias.rank != 1 || bias.dim[0] != out->dim[1])
        return GEDI_FAIL(err, GEDI_SHAPE, "the bias is %s, but there are %lld columns",
                         gedi_shape_text(bias, text, sizeof text),
                         (long long)out->dim[1]);
    return GEDI_OK;
}

static gedi__product dense_product(const gedi_node *y)
{
    gedi__product p = matmul_product(y);
    p.bias = true;
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

/* y has the sign of what the slope was applied to: that need not be kept. */
static void dense_vjp(gedi_node *y, gedi_node *gy, gedi_node **gx)
{
    gedi_node *w = y->attr.j ? gedi_transpose(y->in[1]) : y->in[1];
    if (y->attr.a != 1.0)
        gy = gedi_mul(gy, gedi_step(y, y->attr.a));
    gx[0] = gedi_matmul(gy, gedi_transpose(w));
    gx[1] = y->attr.j ? gedi_matmul(gedi_transpose(gy), y->in[0])
                      : gedi_matmul(gedi_transpose(y->in[0]), gy);
    gx[2] = gedi_reshape(gedi_sum(gy, 1u << 0), y->in[2]->shape);
}

const gedi__op gedi__op_dense = {
    .name = "dense",
    .infer = dense_infer,
    .prepare = dense_prepare,
    .release = gedi__product_release,
    .eval = dense_eval,
    .vjp = dense_vjp,
};

gedi_node *gedi_dense(gedi_node *x, gedi_node *w, gedi_node *bias)
{
    if (!x || !w || !bias)
        return NULL;
    gedi__attr at = {.a = 1.0, .j = untranspose(&w)};
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
