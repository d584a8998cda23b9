/* product_narrow.c - products of tall matrices of few columns: small layers and the loss on top
 * of them, where a call of OpenBLAS costs more than the numbers.
 *
 * Some rows at a time are laid out by columns, so that a loop goes along the rows.
 */
#include "core/base/loop.h"
#include "core/base/vecmath.h"
#include "core/op/product.h"

#include <string.h>

enum {
    ROWS = 128, /* at a time */
    LANES = 16, /* running sums of one number */
};

/* Columns of some rows, `width` numbers each. */
typedef float columns[GEDI__FEW][ROWS];

/* Inlined for each width. */
GEDI__INLINE void spread(const float *restrict x, int64_t rows, int width,
                         float (*restrict t)[ROWS])
{
    for (int64_t i = 0; i < rows; i++)
        for (int q = 0; q < width; q++)
            t[q][i] = x[i * width + q];
}

GEDI__CLONES static void to_columns(const float *x, int64_t rows, int64_t width,
                                    columns t)
{
    if (width == 1)
        spread(x, rows, 1, t);
    else if (width == 2)
        spread(x, rows, 2, t);
    else if (width == 3)
        spread(x, rows, 3, t);
    else
        spread(x, rows, 4, t);
}

GEDI__INLINE void interleave(float (*restrict t)[ROWS], int64_t rows, int width,
                             float *restrict x)
{
    for (int64_t i = 0; i < rows; i++)
        for (int q = 0; q < width; q++)
            x[i * width + q] = t[q][i];
}

GEDI__CLONES static void to_rows(columns t, int64_t rows, int64_t width, float *x)
{
    if (width == 1)
        interleave(t, rows, 1, x);
    else if (width == 2)
        interleave(t, rows, 2, x);
    else if (width == 3)
        interleave(t, rows, 3, x);
    else
        interleave(t, rows, 4, x);
}

/* ---- few terms a number ---- */

/* One column of the result; terms, bias and kink that are not there are 0, 0 and 1. */
GEDI__CLONES static void combine(columns t, const float *b, float bias, float slope,
                                 float *restrict c)
{
    const float b0 = b[0], b1 = b[1], b2 = b[2], b3 = b[3];
#pragma omp simd
    for (int i = 0; i < ROWS; i++) {
        float sum = (t[0][i] * b0 + t[1][i] * b1) + (t[2][i] * b2 + t[3][i] * b3) + bias;
        c[i] = sum * (sum <= 0.0f ? slope : 1.0f);
    }
}

GEDI__CLONES static void multiply_step(const float *y, float slope, float *restrict c)
{
#pragma omp simd
    for (int i = 0; i < ROWS; i++)
        c[i] *= y[i] > 0.0f ? 1.0f : slope;
}

/* A kink of slope 0 is left to others: 0 times minus infinity would be NaN. */
bool gedi__is_narrow(const gedi__product *p)
{
    return !p->ta && p->k && p->k <= GEDI__FEW && p->n <= GEDI__FEW &&
           (p->slope != 0.0f || p->after != GEDI__BIAS);
}

void gedi__narrow_run(const gedi__product *p, const float *a, const float *b,
                      const float *extra, float *c)
{
    columns t = {0}, result, signs = {0};
    float factor[GEDI__FEW][GEDI__FEW] = {0};
    const bool bias = p->after == GEDI__BIAS, step = p->after == GEDI__STEP;
    for (int64_t j = 0; j < p->n; j++)
        for (int64_t q = 0; q < p->k; q++)
            factor[j][q] = p->tb ? b[j * p->k + q] : b[q * p->n + j];
    for (int64_t i = 0; i < p->m; i += ROWS) {
        int64_t rows = gedi__min64(ROWS, p->m - i);
        to_columns(a + i * p->k, rows, p->k, t);
        if (step)
            to_columns(extra + i * p->n, rows, p->n, signs);
        for (int64_t j = 0; j < p->n; j++) {
            combine(t, factor[j], bias ? extra[j] : 0.0f, bias ? p->slope : 1.0f,
                    result[j]);
            if (step)
                multiply_step(signs[j], p->slope, result[j]);
        }
        to_rows(result, rows, p->n, c + i * p->n);
    }
}

/* ---- few numbers of many terms ---- */

GEDI__CLONES static void add_products(const float *a, const float *b,
                                      float *restrict lane)
{
    for (int i = 0; i < ROWS; i += LANES)
#pragma omp simd
        for (int j = 0; j < LANES; j++)
            lane[j] += a[i + j] * b[i + j];
}

bool gedi__is_small(const gedi__product *p)
{
    return p->ta && !p->tb && p->m <= GEDI__FEW && p->n <= GEDI__FEW &&
           p->after == GEDI__NOTHING;
}

void gedi__small_run(const gedi__product *p, const float *a, const float *b, float *c)
{
    columns s, t;
    float lane[GEDI__FEW * GEDI__FEW][LANES] = {0};
    for (int64_t i = 0; i < p->k; i += ROWS) {
        int64_t rows = gedi__min64(ROWS, p->k - i);
        if (rows < ROWS) {
            memset(s, 0, sizeof s);
            memset(t, 0, sizeof t);
        }
        to_columns(a + i * p->m, rows, p->m, s);
        to_columns(b + i * p->n, rows, p->n, t);
        for (int64_t q = 0; q < p->m * p->n; q++)
            add_products(s[q / p->n], t[q % p->n], lane[q]);
    }
    for (int64_t q = 0; q < p->m * p->n; q++) {
        double sum = 0;
        for (int j = 0; j < LANES; j++)
            sum += (double)lane[q][j];
        c[q] = (float)sum;
    }
}
