/* matmul.c - product of two matrices.
 *
 * Attributes: i, j: 1 where a, b lie transposed in memory; so a transposed operand costs
 * no copy.
 * Inputs:  a [B, D] or (i) [D, B]; b [D, K] or (j) [K, D]
 * Output:  [B, K]
 *
 * OpenBLAS computes it, on one thread a call. A large result is cut into blocks, which
 * the threads share; the cuts depend on the shape alone, so the bytes do not depend on
 * the number of threads. Products with a side of a few numbers have loops of their own, 2
 * to 3 times as fast, but for [B, D] x [D, 2], where OpenBLAS is as good.
 */
#include "core/op/fold.h"
#include "core/op/thin.h"

#include <cblas.h>

/* Every block has OpenBLAS pack its operands again: measured on one thread, these limits
 * keep the cost of cutting under 15 %. */
enum {
    WORTH = 1 << 24,      /* multiplications: below, threads would wait more than work */
    BLOCKS = 16,          /* at most */
    BLOCK_WORK = 1 << 20, /* multiplications at least: about 10 us */
    BLOCK_SIDE = 48,      /* rows and columns at least */
    LONG = 1024, /* with more terms a number, operands no longer stay in cache: */
    LONG_SIDE = 128,
};

typedef struct product {
    bool ta, tb;
    int64_t m, n, k; /* [m, k] x [k, n] */
} product;

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

/* The block of the result that begins at row i and column j. */
static void multiply(const product *p, const float *a, const float *b, float *c,
                     int64_t i, int64_t j, int64_t rows, int64_t columns)
{
    int64_t lda = p->ta ? p->m : p->k, ldb = p->tb ? p->k : p->n;
    cblas_sgemm(CblasRowMajor, p->ta ? CblasTrans : CblasNoTrans,
                p->tb ? CblasTrans : CblasNoTrans, (blasint)rows, (blasint)columns,
                (blasint)p->k, 1.0f, a + (p->ta ? i : i * lda), (blasint)lda,
                b + (p->tb ? j * ldb : j), (blasint)ldb, 0.0f, c + i * p->n + j,
                (blasint)p->n);
}

/* Sides of the blocks: the longer side is halved while blocks are large and few. */
static void cut(const product *p, int64_t *rows, int64_t *columns)
{
    *rows = p->m;
    *columns = p->n;
    if (p->m * p->n * p->k < WORTH)
        return;
    int64_t least = p->k > LONG ? LONG_SIDE : BLOCK_SIDE;
    for (int blocks = 1; blocks < BLOCKS; blocks *= 2) {
        int64_t *side = *rows >= *columns ? rows : columns;
        if (*side < 2 * least || *rows * *columns * p->k < 2 * BLOCK_WORK)
            return;
        *side = (*side / 2 + 15) / 16 * 16; /* the width of OpenBLAS's inner loop */
    }
}

/* A product that thin.c serves. */
static bool multiply_thin(const product *p, const float *a, const float *b, float *c)
{
    if (p->k > GEDI__THIN || p->n <= GEDI__THIN)
        return false;
    gedi__thin_inner(a, p->ta ? 1 : p->k, p->ta ? p->m : 1, b, p->tb ? 1 : p->n,
                     p->tb ? p->k : 1, p->m, p->n, p->k, c);
    return true;
}

static void matmul_eval(const gedi__step *s)
{
    const gedi_node *y = s->node;
    gedi_shape a = turned(y->in[0]->shape, y->attr.i);
    product p = {y->attr.i, y->attr.j, a.dim[0], y->shape.dim[1], a.dim[1]};
    int64_t rows, columns, n = p.m * p.n;
    if (!n || !p.k) {
        for (int64_t i = 0; i < n; i++)
            s->out[i] = 0.0f;
        return;
    }
    if (multiply_thin(&p, s->in[0], s->in[1], s->out))
        return;
    cut(&p, &rows, &columns);
    int64_t down = (p.m + rows - 1) / rows, across = (p.n + columns - 1) / columns;
    GEDI__PARALLEL_FOR(s->threads, block, down * across, {
        int64_t i = block / across * rows, j = block % across * columns;
        multiply(&p, s->in[0], s->in[1], s->out, i, j, gedi__min64(rows, p.m - i),
                 gedi__min64(columns, p.n - j));
    });
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
