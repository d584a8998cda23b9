/* product_gather.c - many rows of a wide matrix gathered into few: the derivatives of weights and
 * bias of a layer with few inputs, of the weights of one with few outputs. Bound by reading.
 *
 * Output:  sums in float over RUN rows, of these in double, so that the error does not grow
 *          with their number
 */
#include "core/base/loop.h"
#include "core/base/vecmath.h"
#include "core/op/product.h"

#include <string.h>

enum {
    TILE = 512, /* numbers of a wide row at most */
    VECTOR = 16,
    SIDE = 4,   /* wide rows read at a time: the sums are read and written less often */
    RUN = 1024, /* rows summed in float */
    MOST = GEDI__FEW + 1,
};

/* What is summed: [x 1]^T g, without the 1, or with g times the step of y. */
typedef enum kind { PLAIN, ONES, STEP } kind;

/* A wide row is `together` rows of n numbers side by side. They fill whole vectors, so that all
 * of these begin where a cache line does: loads across two lines would take a third longer. */
typedef struct work {
    const float *x, *g, *y; /* of the first row, and the first column of this tile */
    int64_t rows, n;        /* all rows; from one of g and y to the next */
    int64_t width;          /* columns of this tile */
    int64_t together;       /* 1 if this is not all columns */
    int d;                  /* columns of x */
    kind kind;
    float slope;
} work;

/* As few rows as fill whole vectors; 1 if these were more than a tile. */
static int64_t rows_together(int64_t n)
{
    int64_t rows = 1;
    while (rows * n % VECTOR)
        rows *= 2;
    return rows * n <= TILE ? rows : 1;
}

GEDI__INLINE float value(const float *g, const float *y, int64_t j, kind k, float slope,
                         bool in)
{
    float v = k == STEP ? g[j] * (y[j] > 0.0f ? 1.0f : slope) : g[j];
    return in ? v : 0.0f;
}

GEDI__INLINE float weighted(const float *x, int d, float g0, float g1, float g2, float g3)
{
    return (x[0] * g0 + x[d] * g1) + (x[2 * d] * g2 + x[3 * d] * g3);
}

/* Numbers `from` to `to` of SIDE wide rows; with `cuts` only those of lo to hi count. The
 * sums for column q of x are at q TILE. Inlined for each d and kind, with and without cuts. */
GEDI__INLINE void add(const work *w, const float x[SIDE * GEDI__FEW], const float *g,
                      const float *y, int32_t from, int32_t to, bool cuts, int32_t lo,
                      int32_t hi, int d, kind k, float *restrict sum)
{
    const int64_t wide = w->together * w->n;
    const float slope = w->slope;
#pragma omp simd
    for (int32_t j = from; j < to; j++) {
        bool in = !cuts || (j >= lo && j < hi);
        float g0 = value(g, y, j, k, slope, in);
        float g1 = value(g, y, wide + j, k, slope, in);
        float g2 = value(g, y, 2 * wide + j, k, slope, in);
        float g3 = value(g, y, 3 * wide + j, k, slope, in);
        if (d > 0)
            sum[j] += weighted(x, d, g0, g1, g2, g3);
        if (d > 1)
            sum[TILE + j] += weighted(x + 1, d, g0, g1, g2, g3);
        if (d > 2)
            sum[2 * TILE + j] += weighted(x + 2, d, g0, g1, g2, g3);
        if (d > 3)
            sum[3 * TILE + j] += weighted(x + 3, d, g0, g1, g2, g3);
        if (k != PLAIN)
            sum[d * TILE + j] += (g0 + g1) + (g2 + g3);
    }
}

/* SIDE wide rows from row i on. */
GEDI__INLINE void add_side(const work *w, int64_t i, int d, kind k, float *sum)
{
    const float *g = w->g + i * w->n, *y = w->y + i * w->n;
    for (int64_t r = 0; r < w->together; r++) {
        float x[SIDE * GEDI__FEW];
        for (int64_t s = 0; s < SIDE; s++)
            for (int64_t q = 0; q < d; q++)
                x[s * d + q] = w->x[(i + s * w->together + r) * d + q];
        int32_t lo = (int32_t)(r * w->n), hi = lo + (int32_t)w->width;
        int32_t from = (lo + VECTOR - 1) / VECTOR * VECTOR, to = hi / VECTOR * VECTOR;
        if (from > lo)
            add(w, x, g, y, from - VECTOR, from, true, lo, hi, d, k, sum);
        add(w, x, g, y, from, to, false, lo, hi, d, k, sum);
        if (to < hi)
            add(w, x, g, y, to, to + VECTOR, true, lo, hi, d, k, sum);
    }
}

/* One row, for those that are left. */
static void add_row(const work *w, int64_t i, float *sum)
{
    const float *g = w->g + i * w->n, *y = w->y + i * w->n;
    for (int64_t j = 0; j < w->width; j++) {
        float v = value(g, y, j, w->kind, w->slope, true);
        for (int q = 0; q < w->d; q++)
            sum[q * TILE + j] += w->x[i * w->d + q] * v;
        sum[w->d * TILE + j] += v;
    }
}

/* Rows from `i` on; returns the first that is left, at `end` or shortly before. The vector
 * with the end of a row reads on in the next one, so one that has no next is left; so are rows
 * that do not fill a vector. */
#define ADD_SIDES(D)                                                                     \
    GEDI__CLONES static int64_t add_sides##D(const work *w, int64_t i, int64_t end,      \
                                             float *sum)                                 \
    {                                                                                    \
        const int64_t rows = SIDE * w->together;                                         \
        if (w->width < VECTOR)                                                           \
            return i;                                                                    \
        if (end == w->rows && w->together * w->n % VECTOR)                               \
            end--;                                                                       \
        for (; w->kind == PLAIN && i + rows <= end; i += rows)                           \
            add_side(w, i, D, PLAIN, sum);                                               \
        for (; w->kind == ONES && i + rows <= end; i += rows)                            \
            add_side(w, i, D, ONES, sum);                                                \
        for (; w->kind == STEP && i + rows <= end; i += rows)                            \
            add_side(w, i, D, STEP, sum);                                                \
        return i;                                                                        \
    }
ADD_SIDES(0)
ADD_SIDES(1)
ADD_SIDES(2)
ADD_SIDES(3)
ADD_SIDES(4)

/* total[j] += the sum of all numbers of column j. */
GEDI__CLONES static void add_up(const float *sum, int64_t width, int64_t together,
                                double *restrict total)
{
    for (int64_t r = 0; r < together; r++)
#pragma omp simd
        for (int64_t j = 0; j < width; j++)
            total[j] += (double)sum[r * width + j];
}

/* All rows of a tile. */
static void add_tile(const work *w, double total[MOST][TILE])
{
    static int64_t (*const with[])(const work *w, int64_t i, int64_t end, float *sum) = {
        add_sides0, add_sides1, add_sides2, add_sides3, add_sides4};
    float sum[MOST * TILE];
    for (int q = 0; q <= w->d; q++)
        memset(total[q], 0, (size_t)w->width * sizeof **total);
    for (int64_t i = 0; i < w->rows;) {
        int64_t end = gedi__min64(i + RUN, w->rows);
        memset(sum, 0, (size_t)(w->d + 1) * TILE * sizeof *sum);
        i = with[w->d](w, i, end, sum);
        for (; i < end; i++)
            add_row(w, i, sum);
        for (int q = 0; q <= w->d; q++)
            add_up(sum + q * TILE, w->width, w->together, total[q]);
    }
}

/* Tile by tile, in which the threads share. With `turned` the columns of c are the sums. */
static void add_tiles(const work *all, bool turned, float *c, int threads)
{
    int64_t tiles = (all->n + TILE - 1) / TILE, sums = all->d + (all->kind != PLAIN);
    bool large = all->rows * all->n >= GEDI__PARALLEL_MIN;
    GEDI__PARALLEL_FOR(large ? threads : 1, t, tiles, {
        double total[MOST][TILE];
        int64_t first = t * TILE;
        work w = *all;
        w.g += first;
        w.y += first;
        w.width = gedi__min64(TILE, w.n - first);
        w.together = w.width == w.n ? rows_together(w.n) : 1;
        add_tile(&w, total);
        for (int64_t q = 0; q < sums; q++)
            for (int64_t j = 0; j < w.width; j++)
                c[turned ? (first + j) * sums + q : q * w.n + first + j] =
                    (float)total[q][j];
    });
}

void gedi__gather(const float *x, int64_t d, const float *g, const float *y, float slope,
                  int64_t rows, int64_t n, float *c, int threads)
{
    work w = {.x = d ? x : g,
              .g = g,
              .y = y ? y : g,
              .rows = rows,
              .n = n,
              .d = (int)d,
              .kind = y ? STEP : ONES,
              .slope = slope};
    add_tiles(&w, false, c, threads);
}

/* ---- as a product ---- */

/* Few rows in the result, or few columns; enough of the other. */
bool gedi__is_gathering(const gedi__product *p)
{
    int64_t few = gedi__min64(p->m, p->n), many = p->m + p->n - few;
    return p->ta && !p->tb && p->after == GEDI__NOTHING && few <= GEDI__FEW &&
           many >= VECTOR;
}

void gedi__gathering_run(const gedi__product *p, const float *a, const float *b, float *c,
                         int threads)
{
    bool turned = p->n < p->m; /* then c^T = b^T a is what is computed */
    const float *x = turned ? b : a, *g = turned ? a : b;
    work w = {.x = x,
              .g = g,
              .y = g,
              .rows = p->k,
              .n = turned ? p->m : p->n,
              .d = (int)(turned ? p->n : p->m),
              .kind = PLAIN,
              .slope = 1.0f};
    add_tiles(&w, turned, c, threads);
}
