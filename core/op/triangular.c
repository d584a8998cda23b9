/* triangular.c - the lower triangle of a matrix, and solving with it.
 *
 * Attributes of lower: a multiplies the diagonal. Of triangular_solve: i: X stands left
 * of L, not right of it; j: L^T in place of L.
 * Inputs:  x [D, D]; l [D, D], of which only the lower triangle is read; b [D, K], or (i)
 *          [B, D]
 * Output:  [D, D]; X of the shape of b with L X = b, or (i) X L = b
 */
#include "core/op/triangular.h"

#include <cblas.h>
#include <string.h>

/* ---- lower ---- */

gedi_status gedi__square_infer(const gedi_node *y, gedi_shape *out, gedi_err *err)
{
    char text[64];
    *out = y->in[0]->shape;
    if (out->rank != 2 || out->dim[0] != out->dim[1])
        return GEDI_FAIL(err, GEDI_SHAPE, "%s is not square",
                         gedi_shape_text(*out, text, sizeof text));
    return GEDI_OK;
}

static void lower_eval(const gedi__step *s)
{
    int64_t d = s->node->shape.dim[0];
    float diagonal = (float)s->node->attr.a;
    for (int64_t i = 0; i < d; i++) {
        const float *x = s->in[0] + i * d;
        float *y = s->out + i * d;
        for (int64_t j = 0; j < d; j++)
            y[j] = j < i ? x[j] : 0.0f;
        y[i] = diagonal * x[i];
    }
}

static void lower_vjp(gedi_node *y, gedi_node *gy, gedi_node **gx)
{
    gx[0] = gedi_lower(gy, y->attr.a);
}

const gedi__op gedi__op_lower = {
    .name = "lower",
    .infer = gedi__square_infer,
    .eval = lower_eval,
    .vjp = lower_vjp,
};

gedi_node *gedi_lower(gedi_node *x, double diagonal)
{
    gedi__attr at = {.a = diagonal};
    gedi_node *y = gedi__unary(&gedi__op_lower, x, &at);
    double v;
    if (y && gedi__constant_value(x, &v) && v == 0.0)
        return x;
    return y;
}

/* ---- triangular_solve ---- */

static gedi_status solve_infer(const gedi_node *y, gedi_shape *out, gedi_err *err)
{
    gedi_shape l, b = y->in[1]->shape;
    char tl[64], tb[64];
    GEDI_TRY(gedi__square_infer(y, &l, err));
    if (b.rank != 2 || b.dim[y->attr.i ? 1 : 0] != l.dim[0])
        return GEDI_FAIL(
            err, GEDI_SHAPE, "triangle %s, right-hand side %s without %lld %s",
            gedi_shape_text(l, tl, sizeof tl), gedi_shape_text(b, tb, sizeof tb),
            (long long)l.dim[0], y->attr.i ? "columns" : "rows");
    *out = b;
    return GEDI_OK;
}

/* Rows of X L = b, and columns of L X = b, do not depend on each other: pieces of this
 * many are shared by threads. They depend on the shape alone, so the bytes do, too. */
enum { PIECE = 128, WORTH = 1 << 22 };

/* The piece of X that begins at row or column `first`. */
static void solve_piece(const gedi__step *s, int64_t first)
{
    const gedi_node *y = s->node;
    bool right = y->attr.i;
    int64_t d = y->in[0]->shape.dim[0], m = y->shape.dim[0], n = y->shape.dim[1];
    int64_t count = gedi__min64(PIECE, (right ? m : n) - first);
    int64_t rows = right ? count : m, columns = right ? n : count;
    const float *b = s->in[1] + (right ? first * n : first);
    float *x = s->out + (right ? first * n : first);
    for (int64_t i = 0; i < rows; i++)
        memcpy(x + i * n, b + i * n, (size_t)columns * sizeof *x);
    cblas_strsm(CblasRowMajor, right ? CblasRight : CblasLeft, CblasLower,
                y->attr.j ? CblasTrans : CblasNoTrans, CblasNonUnit, (blasint)rows,
                (blasint)columns, 1.0f, s->in[0], (blasint)d, x, (blasint)n);
}

static void solve_eval(const gedi__step *s)
{
    const gedi_node *y = s->node;
    int64_t d = y->in[0]->shape.dim[0], m = y->shape.dim[0], n = y->shape.dim[1];
    int64_t pieces = ((y->attr.i ? m : n) + PIECE - 1) / PIECE;
    if (m * n == 0)
        return;
    GEDI__PARALLEL_FOR(m * n * d > WORTH ? s->threads : 1, piece, pieces,
                       { solve_piece(s, piece * PIECE); });
}

/* With A X = b: gb = A^-T gX, gA = -gb X^T; with X A = b: gb = gX A^-T, gA = -X^T gb.
 * Where A is L^T, gL is the transpose of gA; above the diagonal nothing is read. */
static void solve_vjp(gedi_node *y, gedi_node *gy, gedi_node **gx)
{
    bool right = y->attr.i, transposed = y->attr.j;
    gedi_node *gb = gedi_triangular_solve(y->in[0], gy, right, !transposed);
    gedi_node *left = right ? y : gb, *other = right ? gb : y; /* right: X^T gb */
    if (transposed) {
        gedi_node *swap = left;
        left = other;
        other = swap;
    }
    gedi_node *gl = right ? gedi_matmul(gedi_transpose(left), other)
                          : gedi_matmul(left, gedi_transpose(other));
    gx[0] = gedi_neg(gedi_lower(gl, 1.0));
    gx[1] = gb;
}

const gedi__op gedi__op_triangular_solve = {
    .name = "triangular_solve",
    .infer = solve_infer,
    .eval = solve_eval,
    .vjp = solve_vjp,
};

gedi_node *gedi_triangular_solve(gedi_node *l, gedi_node *b, bool right, bool transposed)
{
    if (!l || !b)
        return NULL;
    gedi__attr at = {.i = right, .j = transposed};
    gedi_node *in[2] = {l, b};
    gedi_node *y = gedi__node(l->graph, &gedi__op_triangular_solve, in, 2, &at, NULL);
    double v;
    if (y && gedi__constant_value(b, &v) && v == 0.0)
        return b;
    return y;
}
