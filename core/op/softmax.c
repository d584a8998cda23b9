/* softmax.c - softmax, its logarithm, and logsumexp, along the last axis of x [..., K].
 *
 * Inputs:  x [rows, K]
 * Output:  e^(x - m) / S, x - m - log S, m + log S with m = max x, S = sum e^(x - m)
 * Differs: m = 0 where the maximum is not finite: logsumexp of a row of -inf is -inf, of
 *          one with +inf is +inf; what has no value (softmax of these) is NaN.
 */
#include "core/op/fold.h"
#include "core/base/vecmath.h"

#include <math.h>
#include <string.h>

enum {
    BLOCK = 1024, /* numbers worked on at a time: they stay in the first-level cache */
    FEW = 16,     /* rows up to this length are reduced number by number */
    LANES = 16,
};

/* The maximum, or 0 where that is not finite. A row with NaN may give any finite number:
 * the sum of its exponentials is NaN. */
GEDI__CLONES static float row_top(const float *x, int64_t k)
{
    float top = -INFINITY, lane[LANES];
    int64_t at = 0;
    if (k >= LANES) {
        memcpy(lane, x, sizeof lane);
        for (at = LANES; at + LANES <= k; at += LANES)
#pragma omp simd
            for (int64_t j = 0; j < LANES; j++)
                lane[j] = x[at + j] > lane[j] ? x[at + j] : lane[j];
        for (int64_t j = 0; j < LANES; j++)
            top = lane[j] > top ? lane[j] : top;
    }
    for (; at < k; at++)
        top = x[at] > top ? x[at] : top;
    return isfinite(top) ? top : 0.0f;
}

GEDI__CLONES static double row_sum(const float *x, int64_t k)
{
    double sum = 0, lane[LANES] = {0};
    int64_t at = 0;
    for (; at + LANES <= k; at += LANES)
#pragma omp simd
        for (int64_t j = 0; j < LANES; j++)
            lane[j] += (double)x[at + j];
    for (int64_t j = 0; j < LANES; j++)
        sum += lane[j];
    for (; at < k; at++)
        sum += (double)x[at];
    return sum;
}

GEDI__CLONES static void subtract(const float *x, int64_t n, float v, float *y)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++)
        y[i] = x[i] - v;
}

GEDI__CLONES static void exponentials(int64_t n, float *y)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++)
        y[i] = gedi__expf(y[i]);
}

GEDI__CLONES static void logarithms(int64_t n, float *y)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++)
        y[i] = gedi__logf(y[i]);
}

/* Short rows, side by side: the top of each, and x - top. Inlined for the shortest. */
GEDI__INLINE void shift(const float *restrict x, int64_t rows, int64_t k,
                        float *restrict y, float *restrict top)
{
    for (int64_t i = 0; i < rows; i++) {
        float t = -INFINITY;
        for (int64_t j = 0; j < k; j++)
            t = x[i * k + j] > t ? x[i * k + j] : t;
        top[i] = t = gedi__select(gedi__absf(t) < INFINITY, t, 0.0f);
        for (int64_t j = 0; j < k; j++)
            y[i * k + j] = x[i * k + j] - t;
    }
}

GEDI__CLONES static void shift_few(const float *x, int64_t rows, int64_t k, float *y,
                                   float *top)
{
    if (k == 2)
        shift(x, rows, 2, y, top);
    else
        shift(x, rows, k, y, top);
}

GEDI__INLINE void add(const float *restrict x, int64_t rows, int64_t k,
                      float *restrict sum)
{
    for (int64_t i = 0; i < rows; i++) {
        double s = 0;
        for (int64_t j = 0; j < k; j++)
            s += (double)x[i * k + j];
        sum[i] = (float)s;
    }
}

GEDI__CLONES static void sum_few(const float *x, int64_t rows, int64_t k, float *sum)
{
    if (k == 2)
        add(x, rows, 2, sum);
    else
        add(x, rows, k, sum);
}

GEDI__INLINE void scale(float *restrict x, int64_t rows, int64_t k,
                        const float *restrict by)
{
    for (int64_t i = 0; i < rows; i++) {
        float part = 1.0f / by[i];
#pragma omp simd
        for (int64_t j = 0; j < k; j++)
            x[i * k + j] *= part;
    }
}

GEDI__CLONES static void divide_rows(float *x, int64_t rows, int64_t k, const float *by)
{
    if (k == 2)
        scale(x, rows, 2, by);
    else
        scale(x, rows, k, by);
}

/* e = e^(x - top) and its sum, for each of some rows: at most BLOCK numbers, or one row.
 */
static void shifted_rows(const float *x, int64_t rows, int64_t k, float *e, float *top,
                         float *sum)
{
    if (k <= FEW) {
        shift_few(x, rows, k, e, top);
        exponentials(rows * k, e);
        sum_few(e, rows, k, sum);
        return;
    }
    for (int64_t i = 0; i < rows; i++) {
        top[i] = row_top(x + i * k, k);
        subtract(x + i * k, k, top[i], e + i * k);
    }
    exponentials(rows * k, e);
    for (int64_t i = 0; i < rows; i++)
        sum[i] = (float)row_sum(e + i * k, k);
}

static void softmax_rows(const float *x, int64_t rows, int64_t k, float *y)
{
    float top[BLOCK], sum[BLOCK];
    shifted_rows(x, rows, k, y, top, sum);
    divide_rows(y, rows, k, sum);
}

static void log_softmax_rows(const float *x, int64_t rows, int64_t k, float *y)
{
    float top[BLOCK], sum[BLOCK];
    shifted_rows(x, rows, k, y, top, sum);
    logarithms(rows, sum);
    for (int64_t i = 0; i < rows; i++)
#pragma omp simd
        for (int64_t j = 0; j < k; j++)
            y[i * k + j] = x[i * k + j] - top[i] - sum[i];
}

/* A row longer than a block, whose exponentials have no place to stay. */
static float logsumexp_row(const float *x, int64_t k)
{
    float e[BLOCK], top = row_top(x, k);
    double sum = 0;
    for (int64_t j = 0; j < k; j += BLOCK) {
        int64_t n = gedi__min64(BLOCK, k - j);
        subtract(x + j, n, top, e);
        exponentials(n, e);
        sum += row_sum(e, n);
    }
    return top + (float)log(sum);
}

static void logsumexp_rows(const float *x, int64_t rows, int64_t k, float *y)
{
    float e[BLOCK], top[BLOCK];
    if (k > BLOCK) {
        for (int64_t i = 0; i < rows; i++)
            y[i] = logsumexp_row(x + i * k, k);
        return;
    }
    shifted_rows(x, rows, k, e, top, y);
    logarithms(rows, y);
    for (int64_t i = 0; i < rows; i++)
        y[i] += top[i];
}

/* Cuts the rows into blocks and shares these among the threads. */
static void by_rows(const gedi__step *s,
                    void (*block)(const float *x, int64_t rows, int64_t k, float *y))
{
    gedi_shape from = s->node->in[0]->shape, to = s->node->shape;
    int64_t k = from.dim[from.rank - 1], wide = to.dim[to.rank - 1];
    int64_t n = gedi_shape_size(from), rows = n / k;
    int64_t some = k < BLOCK ? BLOCK / k : 1, blocks = (rows + some - 1) / some;
    GEDI__PARALLEL_FOR(n >= GEDI__PARALLEL_MIN ? s->threads : 1, b, blocks, {
        block(s->in[0] + b * some * k, gedi__min64(some, rows - b * some), k,
              s->out + b * some * wide);
    });
}

static gedi_status last_axis_infer(const gedi_node *y, gedi_shape *out, gedi_err *err)
{
    char text[64];
    gedi_shape s = y->in[0]->shape;
    if (s.rank < 1 || s.dim[s.rank - 1] < 1)
        return GEDI_FAIL(err, GEDI_SHAPE, "%s has nothing along its last axis",
                         gedi_shape_text(s, text, sizeof text));
    *out = s;
    if (y->op == &gedi__op_logsumexp)
        out->dim[s.rank - 1] = 1;
    return GEDI_OK;
}

static unsigned last_axis(const gedi_node *x)
{
    return 1u << (x->shape.rank - 1);
}

static void softmax_eval(const gedi__step *s)
{
    by_rows(s, softmax_rows);
}

static void softmax_vjp(gedi_node *y, gedi_node *gy, gedi_node **gx)
{
    gedi_node *mean = gedi_sum(gedi_mul(gy, y), last_axis(y)); /* of gy under y */
    gx[0] = gedi_mul(y, gedi_sub(gy, mean));
}

/* The last axis is not the batch's, unless it is the only one. */
static gedi__rows last_axis_rows(const gedi_node *y, const gedi__rows *in)
{
    return y->shape.rank > 1 ? in[0] : GEDI__ROWS_MIXED;
}

const gedi__op gedi__op_softmax = {
    .name = "softmax",
    .infer = last_axis_infer,
    .eval = softmax_eval,
    .vjp = softmax_vjp,
    .rows = last_axis_rows,
};

gedi_node *gedi_softmax(gedi_node *x)
{
    return gedi__unary(&gedi__op_softmax, x, NULL);
}

static void log_softmax_eval(const gedi__step *s)
{
    by_rows(s, log_softmax_rows);
}

static void log_softmax_vjp(gedi_node *y, gedi_node *gy, gedi_node **gx)
{
    gedi_node *total = gedi_sum(gy, last_axis(y));
    gx[0] = gedi_sub(gy, gedi_mul(gedi_softmax(y->in[0]), total));
}

const gedi__op gedi__op_log_softmax = {
    .name = "log_softmax",
    .infer = last_axis_infer,
    .eval = log_softmax_eval,
    .vjp = log_softmax_vjp,
    .rows = last_axis_rows,
};

gedi_node *gedi_log_softmax(gedi_node *x)
{
    return gedi__unary(&gedi__op_log_softmax, x, NULL);
}

static void logsumexp_eval(const gedi__step *s)
{
    by_rows(s, logsumexp_rows);
}

static void logsumexp_vjp(gedi_node *y, gedi_node *gy, gedi_node **gx)
{
    gx[0] = gedi_mul(gy, gedi_softmax(y->in[0]));
}

const gedi__op gedi__op_logsumexp = {
    .name = "logsumexp",
    .infer = last_axis_infer,
    .eval = logsumexp_eval,
    .vjp = logsumexp_vjp,
    .rows = last_axis_rows,
};

gedi_node *gedi_logsumexp(gedi_node *x)
{
    return gedi__unary(&gedi__op_logsumexp, x, NULL);
}
