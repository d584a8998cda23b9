/* product.c - products of matrices, with what follows them: a bias and a kink.
 *
 * Three ways. With a few terms a number (the first layer of a network of the plane) a loop of
 * our own, bound by writing the result. For products that one thread computes, oneDNN where
 * it is there. For all others OpenBLAS, on one thread a call: a large result is cut into
 * blocks, which the threads share; the cuts depend on the shape alone, so the bytes do not
 * depend on the number of threads.
 */
#include "core/op/product.h"
#include "core/base/loop.h"
#include "core/base/vecmath.h"

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
};

/* ---- few terms a number ---- */

enum {
    FEW = 4,
    TILE = 128, /* columns worked on at a time */
    VECTOR = 16,
};

typedef struct tile {
    float b[FEW][TILE], bias[TILE];
} tile;

/* What one row of c, `w` numbers, becomes. Inlined for each k, with and without what follows. */
GEDI__INLINE void combine_row(const float *a, int64_t ak, const tile *t, int64_t w, int k,
                              bool follows, float slope, float *restrict c)
{
    const float a0 = a[0], a1 = k > 1 ? a[ak] : 0, a2 = k > 2 ? a[2 * ak] : 0,
                a3 = k > 3 ? a[3 * ak] : 0;
#pragma omp simd
    for (int64_t j = 0; j < w; j++) {
        float sum = a0 * t->b[0][j];
        if (k > 1)
            sum += a1 * t->b[1][j];
        if (k > 2)
            sum += a2 * t->b[2][j];
        if (k > 3)
            sum += a3 * t->b[3][j];
        if (follows) {
            sum += t->bias[j];
            sum *= sum <= 0.0f ? slope : 1.0f;
        }
        c[j] = sum;
    }
}

/* Rows of whole vectors: what is written beyond a row is the next one's place, which is
 * written after; only the last row ends where it ends. */
#define COMBINE(K)                                                                       \
    GEDI__CLONES static void combine##K(const gedi__product *p, const float *a,          \
                                        const tile *t, int64_t w, float *c)              \
    {                                                                                    \
        const int64_t ai = p->ta ? 1 : p->k, ak = p->ta ? p->m : 1, last = p->m - 1;     \
        const int64_t whole = w == p->n ? (w + VECTOR - 1) / VECTOR * VECTOR : w;        \
        const float slope = p->slope;                                                    \
        if (p->bias) {                                                                   \
            for (int64_t i = 0; i < last; i++)                                           \
                combine_row(a + i * ai, ak, t, whole, K, true, slope, c + i * p->n);     \
            combine_row(a + last * ai, ak, t, w, K, true, slope, c + last * p->n);       \
        } else {                                                                         \
            for (int64_t i = 0; i < last; i++)                                           \
                combine_row(a + i * ai, ak, t, whole, K, false, slope, c + i * p->n);    \
            combine_row(a + last * ai, ak, t, w, K, false, slope, c + last * p->n);      \
        }                                                                                \
    }
COMBINE(1)
COMBINE(2)
COMBINE(3)
COMBINE(4)

static bool is_thin(const gedi__product *p)
{
    return p->k <= FEW && p->n >= VECTOR && (p->slope != 0.0f || !p->bias);
}

static void run_thin(const gedi__product *p, const float *a, const float *b,
                     const float *bias, float *c)
{
    static void (*const combine[])(const gedi__product *, const float *, const tile *,
                                   int64_t,
                                   float *) = {combine1, combine2, combine3, combine4};
    const int64_t bk = p->tb ? 1 : p->n, bj = p->tb ? p->k : 1;
    tile t;
    memset(&t, 0, sizeof t);
    for (int64_t j = 0; j < p->n; j += TILE) {
        int64_t w = gedi__min64(TILE, p->n - j);
        for (int64_t q = 0; q < p->k; q++)
            for (int64_t i = 0; i < w; i++)
                t.b[q][i] = b[q * bk + (j + i) * bj];
        if (p->bias)
            memcpy(t.bias, bias + j, (size_t)w * sizeof *bias);
        combine[p->k - 1](p, a, &t, w, c + j);
    }
}

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

GEDI__CLONES static void cut_off(float *c, int64_t n)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++)
        c[i] = c[i] <= 0.0f ? 0.0f : c[i];
}

/* On a block of the result. Whole short rows are taken several at a time. */
static void follow(const gedi__product *p, const float *bias, float *c, int64_t rows,
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

/* ---- all together ---- */

gedi_status gedi__product_prepare(const gedi__product *p, void **state, gedi_err *err)
{
    gedi__onednn_product *o = NULL;
    int64_t rows, columns;
    *state = NULL;
    cut(p, &rows, &columns);
    if (!p->m || !p->n || is_thin(p) || rows < p->m || columns < p->n)
        return GEDI_OK;
    GEDI_TRY(gedi__onednn_product_new(p, &o, err));
    *state = o;
    return GEDI_OK;
}

void gedi__product_release(void *state)
{
    gedi__onednn_product_free(state);
}

void gedi__product_run(const gedi__product *p, void *state, const float *a,
                       const float *b, const float *bias, float *c, int threads)
{
    int64_t rows, columns;
    if (!p->m || !p->n)
        return;
    if (p->k && is_thin(p)) {
        run_thin(p, a, b, bias, c);
        return;
    }
    if (state && gedi__onednn_product_run(state, a, b, bias, c)) {
        if (p->slope == 0.0f)
            cut_off(c, p->m * p->n);
        return;
    }
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
        if (p->bias)
            follow(p, bias + j, c + i * p->n + j, high, wide);
    });
}
