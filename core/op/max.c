/* max.c - largest number over axes; attribute mask: the axes, one run of them. NaN stays
 * NaN. Numbers that share the maximum share the derivative equally.
 */
#include "core/op/fold.h"
#include "core/op/reduce.h"

#include <string.h>

static inline float larger(float a, float b)
{
    return a > b || a != a ? a : b;
}

/* y[j] = max(y[j], x[j]) */
GEDI__CLONES static void take_larger(const float *x, int64_t n, float *y)
{
#pragma omp simd
    for (int64_t j = 0; j < n; j++)
        y[j] = larger(x[j], y[j]);
}

GEDI__CLONES static float row_max(const float *x, int64_t n)
{
    enum { LANES = 16 };
    float top = x[0], lane[LANES];
    int64_t at = 0;
    if (n >= LANES) {
        memcpy(lane, x, sizeof lane);
        for (at = LANES; at + LANES <= n; at += LANES)
#pragma omp simd
            for (int64_t j = 0; j < LANES; j++)
                lane[j] = larger(x[at + j], lane[j]);
        for (int64_t j = 0; j < LANES; j++)
            top = larger(lane[j], top);
    }
    for (; at < n; at++)
        top = larger(x[at], top);
    return top;
}

static void max_eval(const gedi__step *s)
{
    gedi__run r = gedi__reduce_run(s->node->in[0]->shape, s->node->attr.mask);
    int threads = r.outer * r.count * r.inner >= GEDI__PARALLEL_MIN ? s->threads : 1;
    GEDI__PARALLEL_FOR(threads, i, r.outer, {
        const float *x = s->in[0] + i * r.count * r.inner;
        float *y = s->out + i * r.inner;
        if (r.inner == 1) {
            *y = row_max(x, r.count);
            continue;
        }
        memcpy(y, x, (size_t)r.inner * sizeof *y);
        for (int64_t k = 1; k < r.count; k++)
            take_larger(x + k * r.inner, r.inner, y);
    });
}

static gedi_status max_infer(const gedi_node *y, gedi_shape *out, gedi_err *err)
{
    char text[64];
    gedi_shape s = y->in[0]->shape;
    for (int i = 0; i < s.rank; i++)
        if ((y->attr.mask >> i & 1) && !s.dim[i])
            return GEDI_FAIL(err, GEDI_SHAPE, "axis %d of %s is empty", i,
                             gedi_shape_text(s, text, sizeof text));
    return gedi__reduce_infer(y, out, err);
}

static void max_vjp(gedi_node *y, gedi_node *gy, gedi_node **gx)
{
    gedi_node *top = gedi_affine(gedi_greater(y, y->in[0]), -1.0, 1.0);
    gedi_node *ties = gedi_sum(top, (unsigned)y->attr.mask);
    gx[0] = gedi_mul(top, gedi_div(gy, ties));
}

const gedi__op gedi__op_max = {
    .name = "max",
    .infer = max_infer,
    .eval = max_eval,
    .vjp = max_vjp,
    .rows = gedi__reduce_rows,
};

/* Axes that do not lie side by side are brought to the end first; one maximum after
 * another would not share the derivative equally. */
static gedi_node *max_of_moved(gedi_node *x, uint64_t mask)
{
    int axes[GEDI_MAX_RANK], n = 0;
    for (int i = 0; i < x->shape.rank; i++)
        if (!(mask >> i & 1))
            axes[n++] = i;
    unsigned last = 0;
    for (int i = 0; i < x->shape.rank; i++)
        if (mask >> i & 1) {
            last |= 1u << n;
            axes[n++] = i;
        }
    gedi_shape s = x->shape;
    for (int i = 0; i < s.rank; i++)
        if (mask >> i & 1)
            s.dim[i] = 1;
    return gedi_reshape(gedi_max(gedi_permute(x, axes), last), s);
}

gedi_node *gedi_max(gedi_node *x, unsigned axes)
{
    uint64_t mask, run;
    if (!x || !gedi__reduce_axes(x, axes, "max", &mask))
        return NULL;
    if (!mask)
        return x;
    if (!gedi__reduce_last(x->shape, mask, &run))
        return max_of_moved(x, mask);
    gedi__attr at = {.mask = mask};
    gedi_node *y = gedi__unary(&gedi__op_max, x, &at);
    double v;
    return y && gedi__constant_value(x, &v) ? gedi_constant(x->graph, v, y->shape) : y;
}
