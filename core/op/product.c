/* product.c - products of matrices, with what follows them: a bias and a kink, or a step.
 *
 * Three ways. With few terms a number, few rows or few columns (the ends of a network of the
 * plane) loops of our own, bound by reading or writing. For products that one thread computes,
 * libxsmm where it is there. For all others OpenBLAS, on one thread a call: a large result is
 * cut into blocks, which the threads share; the cuts depend on the shape alone, so the bytes
 * do not depend on the number of threads.
 */
#include "core/op/product.h"
#include "core/base/loop.h"

#include <cblas.h>
#include <string.h>

/* Every block has OpenBLAS pack its operands again: measured on one thread, these limits
 * keep the cost of cutting under 15 %. */
enum {
    WORTH = 1 << 24,      /* multiplications: below, threads would wait more than work */
    BLOCKS = 16,          /* at most */
    BLOCK_WORK = 1 << 20, /* multiplications at least: about 10 us */
    BLOCK_SIDE = 48,      /* rows and columns at least */
    LONG = 1024, /* with more terms a number, operands no longer stay in cache: */
    LONG_SIDE = 128,
    TILE = 128, /* columns of a bias that is repeated */
};

/* ---- OpenBLAS ---- */

/* The block of the result that begins at row i and column j. */
static void multiply(const gedi__product *p, const float *a, const float *b, float *c,
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
static void cut(const gedi__product *p, int64_t *rows, int64_t *columns)
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

/* ---- what follows, where the product has not done it ---- */

/* Apart from a slope of 0, because 0 times minus infinity would be NaN. NaN stays NaN. */
GEDI__CLONES static void follow_in(float *restrict c, const float *restrict bias,
                                   int64_t n, float slope)
{
    if (slope == 0.0f) {
#pragma omp simd
        for (int64_t j = 0; j < n; j++) {
            float x = c[j] + bias[j];
            c[j] = x <= 0.0f ? 0.0f : x;
        }
        return;
    }
#pragma omp simd
    for (int64_t j = 0; j < n; j++) {
        float x = c[j] + bias[j];
        c[j] = x * (x <= 0.0f ? slope : 1.0f);
    }
}

GEDI__CLONES static void step_in(float *restrict c, const float *restrict y, int64_t n,
                                 float slope)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++)
        c[i] *= y[i] > 0.0f ? 1.0f : slope;
}

/* On a block of the result. Whole short rows are taken several at a time. */
static void follow_bias(const gedi__product *p, const float *bias, float *c, int64_t rows,
                        int64_t columns)
{
    float repeated[TILE];
    int64_t times = columns == p->n && columns <= TILE / 2 ? TILE / columns : 1;
    for (int64_t i = 0; i < times && times > 1; i++)
        memcpy(repeated + i * columns, bias, (size_t)columns * sizeof *bias);
    for (int64_t i = 0; i < rows; i += times)
        follow_in(c + i * p->n, times > 1 ? repeated : bias,
                  gedi__min64(times, rows - i) * columns, p->slope);
}

void gedi__follow(const gedi__product *p, const float *extra, float *c, int64_t i,
                  int64_t j, int64_t rows, int64_t columns)
{
    if (p->after == GEDI__BIAS)
        follow_bias(p, extra + j, c + i * p->n + j, rows, columns);
    for (int64_t r = i; p->after == GEDI__STEP && r < i + rows; r++)
        step_in(c + r * p->n + j, extra + r * p->n + j, columns, p->slope);
}

/* ---- all together ---- */

static bool has_loop(const gedi__product *p)
{
    return gedi__is_thin(p) || gedi__is_narrow(p) || gedi__is_small(p) ||
           gedi__is_gathering(p);
}

static void run_loop(const gedi__product *p, const float *a, const float *b,
                     const float *extra, float *c, int threads)
{
    if (gedi__is_thin(p))
        gedi__thin_run(p, a, b, extra, c);
    else if (gedi__is_narrow(p))
        gedi__narrow_run(p, a, b, extra, c);
    else if (gedi__is_small(p))
        gedi__small_run(p, a, b, c);
    else
        gedi__gathering_run(p, a, b, c, threads);
}

gedi_status gedi__product_prepare(const gedi__product *p, void **state, gedi_err *err)
{
    gedi__kernel_product *o = NULL;
    int64_t rows, columns;
    *state = NULL;
    cut(p, &rows, &columns);
    if (!p->m || !p->n || has_loop(p) || rows < p->m || columns < p->n)
        return GEDI_OK;
    GEDI_TRY(gedi__kernel_product_new(p, &o, err));
    *state = o;
    return GEDI_OK;
}

void gedi__product_release(void *state)
{
    gedi__kernel_product_free(state);
}

bool gedi__product_in_place(const gedi__product *p)
{
    return p->after == GEDI__STEP && (gedi__is_thin(p) || gedi__is_narrow(p));
}

/* In blocks that threads share. */
static void run_blocks(const gedi__product *p, const float *a, const float *b,
                       const float *extra, float *c, int threads)
{
    int64_t rows, columns;
    cut(p, &rows, &columns);
    int64_t down = (p->m + rows - 1) / rows, across = (p->n + columns - 1) / columns;
    GEDI__PARALLEL_FOR(threads, block, down * across, {
        int64_t i = block / across * rows, j = block % across * columns;
        int64_t high = gedi__min64(rows, p->m - i);
        int64_t wide = gedi__min64(columns, p->n - j);
        if (p->k)
            multiply(p, a, b, c, i, j, high, wide);
        else
            for (int64_t r = i; r < i + high; r++)
                memset(c + r * p->n + j, 0, (size_t)wide * sizeof *c);
        gedi__follow(p, extra, c, i, j, high, wide);
    });
}

void gedi__product_run(const gedi__product *p, void *state, const float *a,
                       const float *b, const float *extra, float *c, int threads)
{
    if (!p->m || !p->n)
        return;
    if (has_loop(p)) {
        run_loop(p, a, b, extra, c, threads);
    } else if (state) {
        gedi__kernel_product_run(state, p, a, b, extra, c);
    } else {
        run_blocks(p, a, b, extra, c, threads);
    }
}
