/* matmul.c - product of two matrices, also times a step.
 *
 * matmul: attributes i, j: 1 where a, b lie transposed in memory; so a transposed operand
 * costs no copy.
 *   Inputs:  a [B, D] or (i) [D, B]; b [D, K] or (j) [K, D]
 *   Output:  [B, K]
 * matmul_step: the same times the step of y with attribute a, 1 where y > 0, else a. It is how
 * a derivative goes back through a layer and the kink before it, in one pass over memory.
 *   Inputs:  a, b as above; y [B, K]
 *   Output:  [B, K]
 */
#include "core/op/matmul.h"
#include "core/op/fold.h"

static gedi_shape turned(gedi_shape s, bool turn)
{
    if (turn) {
        int64_t d = s.dim[0];
        s.dim[0] = s.dim[1];
        s.dim[1] = d;
    }
    return s;
}

gedi_status gedi__matmul_infer(const gedi_node *y, gedi_shape *out, gedi_err *err)
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

gedi__product gedi__matmul_product(const gedi_node *y)
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
    gedi__product p = gedi__matmul_product(s->node);
    return gedi__product_prepare(&p, &s->state, err);
}

static void matmul_eval(const gedi__step *s)
{
    gedi__product p = gedi__matmul_product(s->node);
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

gedi__rows gedi__matmul_rows(const gedi_node *y, const gedi__rows *in)
{
    return y->attr.i ? GEDI__ROWS_MIXED : gedi__weighted_rows(y, in);
}

const gedi__op gedi__op_matmul = {
    .name = "matmul",
    .infer = gedi__matmul_infer,
    .prepare = matmul_prepare,
    .release = gedi__product_release,
    .eval = matmul_eval,
    .vjp = matmul_vjp,
    .rows = gedi__matmul_rows,
};

int64_t gedi__untranspose(gedi_node **x)
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
    gedi__attr at = {.i = gedi__untranspose(&a), .j = gedi__untranspose(&b)};
    gedi_node *in[2] = {a, b};
    gedi_node *y = gedi__node(a->graph, &gedi__op_matmul, in, 2, &at, NULL);
    double va, vb;
    if (y && ((gedi__constant_value(a, &va) && va == 0.0) ||
              (gedi__constant_value(b, &vb) && vb == 0.0)))
        return gedi_constant(a->graph, 0.0, y->shape);
    return y;
}

/* ---- matmul_step ---- */

static gedi_status matmul_step_infer(const gedi_node *y, gedi_shape *out, gedi_err *err)
{
    char is[64], product[64];
    GEDI_TRY(gedi__matmul_infer(y, out, err)); /* of the first two inputs */
    if (!gedi_shape_equal(y->in[2]->shape, *out))
        return GEDI_FAIL(err, GEDI_SHAPE, "the step is of %s, but the product is %s",
                         gedi_shape_text(y->in[2]->shape, is, sizeof is),
                         gedi_shape_text(*out, product, sizeof product));
    return GEDI_OK;
}

static gedi__product matmul_step_product(const gedi_node *y)
{
    gedi__product p = gedi__matmul_product(y);
    p.after = GEDI__STEP;
    p.slope = (float)y->attr.a;
    return p;
}

static gedi_status matmul_step_prepare(gedi__step *s, gedi_err *err)
{
    gedi__product p = matmul_step_product(s->node);
    return gedi__product_prepare(&p, &s->state, err);
}

static void matmul_step_eval(const gedi__step *s)
{
    gedi__product p = matmul_step_product(s->node);
    gedi__product_run(&p, s->state, s->in[0], s->in[1], s->in[2], s->out, s->threads);
}

static int matmul_step_over(const gedi_node *y)
{
    gedi__product p = matmul_step_product(y);
    return gedi__product_in_place(&p) ? 2 : -1;
}

/* The step itself is flat. */
static void matmul_step_vjp(gedi_node *y, gedi_node *gy, gedi_node **gx)
{
    matmul_vjp(y, gedi__times_step(gy, y->in[2], y->attr.a), gx);
}

const gedi__op gedi__op_matmul_step = {
    .name = "matmul_step",
    .infer = matmul_step_infer,
    .prepare = matmul_step_prepare,
    .release = gedi__product_release,
    .eval = matmul_step_eval,
    .over = matmul_step_over,
    .vjp = matmul_step_vjp,
};

gedi_node *gedi__times_step(gedi_node *x, gedi_node *y, double below)
{
    if (!x || !y || below == 1.0)
        return y ? x : NULL;
    if (x->op != &gedi__op_matmul)
        return gedi_mul(x, gedi_step(y, below));
    gedi_node *in[3] = {x->in[0], x->in[1], y};
    gedi__attr at = x->attr;
    at.a = below;
    return gedi__node(x->graph, &gedi__op_matmul_step, in, 3, &at, NULL);
}
