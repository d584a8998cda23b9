/* thin.c - products one side of which is only a few numbers long.
 *
 * A network of the plane has them in its first and last layers. A library's product spends
 * its time there on packing operands; these are bound by reading and writing memory. One
 * thread: they are small wherever another would help.
 */
#include "core/op/thin.h"
#include "core/base/loop.h"
#include "core/base/vecmath.h"

#include <string.h>

enum {
    TILE = 128,  /* columns worked on at a time */
    AT_ONCE = 4, /* records added before the sum is written back */
    PIECE = 256, /* records added to one running sum */
};

/* ---- few terms a number ---- */

/* Rows of c, `w` numbers of each; b [k, TILE]. Inlined for each k. */
GEDI__INLINE void combine(const float *a, int64_t ai, int64_t ak,
                          const float (*restrict b)[TILE], int64_t m, int64_t w, int k,
                          float *restrict c, int64_t n)
{
    for (int64_t i = 0; i < m; i++, a += ai, c += n) {
#pragma omp simd
        for (int64_t j = 0; j < w; j++) {
            float sum = a[0] * b[0][j];
            if (k > 1)
                sum += a[ak] * b[1][j];
            if (k > 2)
                sum += a[2 * ak] * b[2][j];
            if (k > 3)
                sum += a[3 * ak] * b[3][j];
            c[j] = sum;
        }
    }
}

#define COMBINE(k)                                                                       \
    GEDI__CLONES static void combine##k(const float *a, int64_t ai, int64_t ak,          \
                                        const float(*b)[TILE], int64_t m, int64_t w,     \
                                        float *c, int64_t n)                             \
    {                                                                                    \
        combine(a, ai, ak, b, m, w, k, c, n);                                            \
    }
COMBINE(1)
COMBINE(2)
COMBINE(3)
COMBINE(4)

void gedi__thin_inner(const float *a, int64_t ai, int64_t ak, const float *b, int64_t bk,
                      int64_t bj, int64_t m, int64_t n, int64_t k, float *c)
{
    static void (*const of[])(const float *, int64_t, int64_t, const float(*)[TILE],
                              int64_t, int64_t, float *,
                              int64_t) = {combine1, combine2, combine3, combine4};
    float part[GEDI__THIN][TILE];
    for (int64_t j = 0; j < n; j += TILE) {
        int64_t w = gedi__min64(TILE, n - j);
        for (int64_t q = 0; q < k; q++)
            for (int64_t i = 0; i < w; i++)
                part[q][i] = b[q * bk + (j + i) * bj];
        of[k - 1](a, ai, ak, (const float(*)[TILE])part, m, w, c + j, n);
    }
}
