/* product_thin.c - products of a few terms a number, in wide rows: the first layer of a network
 * of the plane, and the way back through its last. Bound by writing the result.
 */
#include "core/base/loop.h"
#include "core/base/vecmath.h"
#include "core/op/product.h"

#include <string.h>

enum {
    TILE = 128, /* columns worked on at a time */
    VECTOR = 16,
};

/* The rows of b and then the bias, TILE apart. As a pointer: with arrays, whose length it knows,
 * gcc 12 unrolls the loops so far that they take a quarter longer. */
typedef const float *terms;

/* Number j of a row of c. Inlined for each k and what follows. */
GEDI__INLINE float combine(const float *a, terms t, int64_t j, int k, gedi__after after,
                           float y, float slope)
{
    float sum = a[0] * t[j];
    if (k > 1)
        sum += a[1] * t[TILE + j];
    if (k > 2)
        sum += a[2] * t[2 * TILE + j];
    if (k > 3)
        sum += a[3] * t[3 * TILE + j];
    if (after == GEDI__BIAS) {
        sum += t[GEDI__FEW * TILE + j];
        sum *= sum <= 0.0f ? slope : 1.0f;
    }
    if (after == GEDI__STEP)
        sum *= y > 0.0f ? 1.0f : slope;
    return sum;
}

/* A row of `w` numbers; c may be y. In whole vectors: the last one overlaps the one before. So
 * it is computed first, and written last. */
GEDI__INLINE void combine_row(const float *row, int64_t ak, terms t, int64_t w, int k,
                              gedi__after after, const float *y, float slope, float *c)
{
    const int64_t end = w - VECTOR;
    const float a[] = {row[0], k > 1 ? row[ak] : 0, k > 2 ? row[2 * ak] : 0,
                       k > 3 ? row[3 * ak] : 0};
    float last[VECTOR];
#pragma omp simd
    for (int64_t j = 0; j < VECTOR; j++)
        last[j] = combine(a, t + end, j, k, after, y[end + j], slope);
    for (int64_t i = 0; i < end; i += VECTOR)
#pragma omp simd
        for (int64_t j = i; j < i + VECTOR; j++)
            c[j] = combine(a, t, j, k, after, y[j], slope);
    memcpy(c + end, last, sizeof last);
}

GEDI__INLINE void combine_rows(const gedi__product *p, const float *a, terms t, int64_t w,
                               int k, gedi__after after, const float *y, float *c)
{
    const int64_t ai = p->ta ? 1 : p->k, ak = p->ta ? p->m : 1;
    const float slope = p->slope;
    for (int64_t i = 0; i < p->m; i++)
        combine_row(a + i * ai, ak, t, w, k, after, y + i * p->n, slope, c + i * p->n);
}

#define COMBINE(K)                                                                       \
    GEDI__CLONES static void combine##K(const gedi__product *p, const float *a, terms t, \
                                        int64_t w, const float *y, float *c)             \
    {                                                                                    \
        if (p->after == GEDI__BIAS)                                                      \
            combine_rows(p, a, t, w, K, GEDI__BIAS, c, c);                               \
        else if (p->after == GEDI__STEP)                                                 \
            combine_rows(p, a, t, w, K, GEDI__STEP, y, c);                               \
        else                                                                             \
            combine_rows(p, a, t, w, K, GEDI__NOTHING, c, c);                            \
    }
COMBINE(1)
COMBINE(2)
COMBINE(3)
COMBINE(4)

/* A kink of slope 0 is left to others: 0 times minus infinity would be NaN. */
bool gedi__is_thin(const gedi__product *p)
{
    return p->k && p->k <= GEDI__FEW && p->n >= VECTOR &&
           (p->slope != 0.0f || p->after != GEDI__BIAS);
}

void gedi__thin_run(const gedi__product *p, const float *a, const float *b,
                    const float *extra, float *c)
{
    static void (*const with[])(const gedi__product *p, const float *a, terms t,
                                int64_t w, const float *y,
                                float *c) = {combine1, combine2, combine3, combine4};
    const int64_t bk = p->tb ? 1 : p->n, bj = p->tb ? p->k : 1;
    float t[(GEDI__FEW + 1) * TILE] = {0};
    for (int64_t j = 0, w; j < p->n; j += w) {
        int64_t left = p->n - j;
        w = left >= TILE + VECTOR ? TILE : left > TILE ? TILE / 2 : left;
        for (int64_t q = 0; q < p->k; q++)
            for (int64_t i = 0; i < w; i++)
                t[q * TILE + i] = b[q * bk + (j + i) * bj];
        if (p->after == GEDI__BIAS)
            memcpy(t + GEDI__FEW * TILE, extra + j, (size_t)w * sizeof *t);
        with[p->k - 1](p, a, t, w, p->after == GEDI__STEP ? extra + j : NULL, c + j);
    }
}
