/* sum.c - sum over axes; attribute mask: the axes, one run of them.
 *
 * Inputs:  x [outer, count, inner] as the axes lie in memory
 * Output:  y [outer, 1, inner] added in double, so that the error is that of rounding the
 *          result, whatever the count
 * Differs: a long sum is cut into pieces whose bounds depend on the shape alone, so the
 *          bytes do not depend on the number of threads.
 */
#include "core/op/fold.h"
#include "core/op/reduce.h"

#include <string.h>

enum {
    LANES = 64,       /* running sums of narrow rows, so that additions do not wait */
    NARROW = 32,      /* rows up to this width are taken several at a time */
    TILE = 128,       /* columns of wide rows summed at a time: the sums stay in cache */
    PIECES = 32,      /* a long sum is cut into so many at most */
    PIECE_MIN = 8192, /* numbers of a piece at least */
    ROW_LANES = 16,   /* running sums of one row */
    SHORT = 32,       /* rows up to this length are summed number by number */
};

/* sum[j] += the sum of column j of x [rows, width], whose rows are `stride` apart. Four rows
 * at a time, as the running sums lie in memory. */
GEDI__CLONES static void add_rows(const float *x, int64_t rows, int64_t stride,
                                  int64_t width, double *restrict sum)
{
    int64_t i = 0;
    for (; i + 4 <= rows; i += 4) {
        const float *a = x + i * stride, *b = a + stride, *c = b + stride,
                    *d = c + stride;
#pragma omp simd
        for (int64_t j = 0; j < width; j++)
            sum[j] += ((double)a[j] + (double)b[j]) + ((double)c[j] + (double)d[j]);
    }
    for (; i < rows; i++)
#pragma omp simd
        for (int64_t j = 0; j < width; j++)
            sum[j] += (double)x[i * stride + j];
}

/* The same for rows that follow each other and are narrow: several side by side. */
static void add_narrow(const float *x, int64_t rows, int64_t width, double *sum)
{
    double lane[LANES] = {0};
    int64_t side = LANES / width, wide = side * width;
    int64_t whole = rows / side;
    add_rows(x, whole, wide, wide, lane);
    add_rows(x + whole * wide, 1, 0, (rows - whole * side) * width, lane);
    for (int64_t i = 0; i < side; i++)
        for (int64_t j = 0; j < width; j++)
            sum[j] += lane[i * width + j];
}

/* One tile of columns, `width` of them from x on, of one sum. */
static void sum_tile(const float *x, gedi__run r, int64_t width, int threads, float *y)
{
    double part[PIECES][TILE];
    int64_t length = (r.count + PIECES - 1) / PIECES;
    if (length * width < PIECE_MIN)
        length = (PIECE_MIN + width - 1) / width;
    int64_t pieces = r.count ? (r.count + length - 1) / length : 1;
    GEDI__PARALLEL_FOR(threads, p, pieces, {
        const float *from = x + p * length * r.inner;
        int64_t rows = gedi__min64(length, r.count - p * length);
        memset(part[p], 0, (size_t)width * sizeof *part[p]);
        if (r.inner <= NARROW)
            add_narrow(from, rows, r.inner, part[p]);
        else
            add_rows(from, rows, r.inner, width, part[p]);
    });
    for (int64_t p = 1; p < pieces; p++)
        for (int64_t j = 0; j < width; j++)
            part[0][j] += part[p][j];
    for (int64_t j = 0; j < width; j++)
        y[j] = (float)part[0][j];
}

/* The threads share the tiles where there are many, else the pieces of each. */
static void sum_tiles(const gedi__step *s, gedi__run r)
{
    int64_t tiles = (r.inner + TILE - 1) / TILE, jobs = r.outer * tiles;
    bool large = r.outer * r.count * r.inner >= GEDI__PARALLEL_MIN;
    bool many = jobs >= 4 * (int64_t)s->threads;
    int inside = large && !many ? s->threads : 1;
    GEDI__PARALLEL_FOR(large && many ? s->threads : 1, job, jobs, {
        int64_t i = job / tiles, first = job % tiles * TILE;
        int64_t width = gedi__min64(TILE, r.inner - first);
        sum_tile(s->in[0] + i * r.count * r.inner + first, r, width, inside,
                 s->out + i * r.inner + first);
    });
}

/* Rows of two numbers, as of a network with two outputs. */
GEDI__CLONES static void sum_pairs(const float *x, int64_t rows, float *y)
{
#pragma omp simd
    for (int64_t i = 0; i < rows; i++)
        y[i] = (float)((double)x[2 * i] + (double)x[2 * i + 1]);
}

/* Row by row; a short one number by number, others by running sums. */
GEDI__CLONES static void sum_rows(const float *x, int64_t rows, int64_t count, float *y)
{
    if (count == 2) {
        sum_pairs(x, rows, y);
        return;
    }
    for (int64_t i = 0; i < rows; i++, x += count) {
        double sum = 0, lane[ROW_LANES] = {0};
        int64_t at = 0;
        for (; count > SHORT && at + ROW_LANES <= count; at += ROW_LANES)
#pragma omp simd
            for (int64_t j = 0; j < ROW_LANES; j++)
                lane[j] += (double)x[at + j];
        for (; at < count; at++)
            sum += (double)x[at];
        for (int64_t j = 0; count > SHORT && j < ROW_LANES; j++)
            sum += lane[j];
        y[i] = (float)sum;
    }
}

static void sum_many_rows(const gedi__step *s, gedi__run r)
{
    int64_t some = (PIECE_MIN + r.count - 1) / r.count;
    int64_t jobs = (r.outer + some - 1) / some;
    int threads = r.outer * r.count >= GEDI__PARALLEL_MIN ? s->threads : 1;
    GEDI__PARALLEL_FOR(threads, i, jobs, {
        sum_rows(s->in[0] + i * some * r.count, gedi__min64(some, r.outer - i * some),
                 r.count, s->out + i * some);
    });
}

static void sum_eval(const gedi__step *s)
{
    gedi__run r = gedi__reduce_run(s->node->in[0]->shape, s->node->attr.mask);
    if (r.inner == 1 && r.count && r.count <= PIECE_MIN)
        sum_many_rows(s, r);
    else
        sum_tiles(s, r);
}

static void sum_vjp(gedi_node *y, gedi_node *gy, gedi_node **gx)
{
    gx[0] = gedi_broadcast(gy, y->in[0]->shape);
}

const gedi__op gedi__op_sum = {
    .name = "sum",
    .infer = gedi__reduce_infer,
    .eval = sum_eval,
    .vjp = sum_vjp,
    .rows = gedi__reduce_rows,
};

gedi_node *gedi_sum(gedi_node *x, unsigned axes)
{
    uint64_t mask, run;
    if (!x || !gedi__reduce_axes(x, axes, "sum", &mask))
        return NULL;
    if (!mask)
        return x;
    double v;
    if (gedi__constant_value(x, &v)) {
        gedi_shape s = x->shape;
        for (int i = 0; i < s.rank; i++)
            if (mask >> i & 1) {
                v *= (double)s.dim[i];
                s.dim[i] = 1;
            }
        return gedi_constant(x->graph, v, s);
    }
    if (x->op == &gedi__op_affine && x->attr.b == 0.0)
        return gedi_scale(gedi_sum(x->in[0], axes), x->attr.a);
    bool one = gedi__reduce_last(x->shape, mask, &run);
    gedi__attr at = {.mask = run};
    gedi_node *y = gedi__unary(&gedi__op_sum, x, &at);
    return one ? y : gedi_sum(y, (unsigned)(mask & ~run));
}
