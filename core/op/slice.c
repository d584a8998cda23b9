/* slice.c - a range of one axis, and its opposite: zeros around.
 *
 * Attributes of slice: i axis, j first, k count; of pad: i axis, j entries before, k
 * after. A slice of the outermost axis is contiguous: the executor gives it the memory of
 * its input, from j rows on.
 */
#include "core/base/shape.h"
#include "core/op/fold.h"

#include <string.h>

/* A negative axis counts from the end, as in gedi_dim. */
static int axis_of(const gedi_node *x, int axis)
{
    return axis < 0 ? axis + x->shape.rank : axis;
}

static gedi_status slice_infer(const gedi_node *y, gedi_shape *out, gedi_err *err)
{
    const gedi__attr *at = &y->attr;
    char text[64];
    *out = y->in[0]->shape;
    gedi_shape_text(*out, text, sizeof text);
    if (at->i < 0 || at->i >= out->rank)
        return GEDI_FAIL(err, GEDI_SHAPE, "axis %lld of %s is not in [0, %d]",
                         (long long)at->i, text, out->rank - 1);
    int64_t size = out->dim[at->i];
    if (at->j < 0 || at->k < 0 || at->j > size || at->k > size - at->j)
        return GEDI_FAIL(err, GEDI_SHAPE,
                         "%lld entries from %lld on of axis %lld of %s, which has %lld",
                         (long long)at->k, (long long)at->j, (long long)at->i, text,
                         (long long)size);
    out->dim[at->i] = at->k;
    return GEDI_OK;
}

/* Numbers behind axis i: of one entry along it. */
static int64_t entry_size(gedi_shape s, int64_t axis)
{
    int64_t n = 1;
    for (int64_t i = axis + 1; i < s.rank; i++)
        n *= s.dim[i];
    return n;
}

static int64_t rows_before(gedi_shape s, int64_t axis)
{
    int64_t n = 1;
    for (int64_t i = 0; i < axis; i++)
        n *= s.dim[i];
    return n;
}

static void slice_eval(const gedi__step *s)
{
    const gedi__attr *at = &s->node->attr;
    gedi_shape from = s->node->in[0]->shape;
    int64_t one = entry_size(from, at->i), rows = rows_before(from, at->i);
    int64_t wide = from.dim[at->i] * one, n = at->k * one;
    GEDI__PARALLEL_FOR(rows * n >= GEDI__PARALLEL_MIN ? s->threads : 1, i, rows, {
        memcpy(s->out + i * n, s->in[0] + i * wide + at->j * one,
               (size_t)n * sizeof(float));
    });
}

static void slice_vjp(gedi_node *y, gedi_node *gy, gedi_node **gx)
{
    const gedi__attr *at = &y->attr;
    gx[0] = gedi_pad(gy, (int)at->i, at->j, y->in[0]->shape.dim[at->i] - at->j - at->k);
}

static bool slice_alias(const gedi_node *y, size_t *offset)
{
    gedi_shape from = y->in[0]->shape;
    if (rows_before(from, y->attr.i) != 1)
        return false;
    *offset = (size_t)(y->attr.j * entry_size(from, y->attr.i));
    return true;
}

const gedi__op gedi__op_slice = {
    .name = "slice",
    .infer = slice_infer,
    .eval = slice_eval,
    .alias = slice_alias,
    .vjp = slice_vjp,
};

gedi_node *gedi_slice(gedi_node *x, int axis, int64_t first, int64_t count)
{
    double v;
    if (!x)
        return NULL;
    gedi__attr at = {.i = axis_of(x, axis), .j = first, .k = count};
    gedi_node *y = gedi__unary(&gedi__op_slice, x, &at);
    if (!y || gedi_shape_equal(y->shape, x->shape))
        return y ? x : NULL;
    if (gedi__constant_value(x, &v))
        return gedi_constant(x->graph, v, y->shape);
    if (x->op == &gedi__op_slice && x->attr.i == at.i)
        return gedi_slice(x->in[0], (int)at.i, x->attr.j + first, count);
    return y;
}

static gedi_status pad_infer(const gedi_node *y, gedi_shape *out, gedi_err *err)
{
    const gedi__attr *at = &y->attr;
    char text[64];
    *out = y->in[0]->shape;
    gedi_shape_text(*out, text, sizeof text);
    if (at->i < 0 || at->i >= out->rank)
        return GEDI_FAIL(err, GEDI_SHAPE, "axis %lld of %s is not in [0, %d]",
                         (long long)at->i, text, out->rank - 1);
    if (at->j < 0 || at->k < 0 || at->j > GEDI__MAX_NUMBERS || at->k > GEDI__MAX_NUMBERS)
        return GEDI_FAIL(err, GEDI_SHAPE,
                         "%lld and %lld zeros around axis %lld of %s: %s",
                         (long long)at->j, (long long)at->k, (long long)at->i, text,
                         at->j < 0 || at->k < 0 ? "a negative number" : "too many");
    out->dim[at->i] += at->j + at->k;
    return GEDI_OK;
}

static void pad_eval(const gedi__step *s)
{
    const gedi__attr *at = &s->node->attr;
    gedi_shape from = s->node->in[0]->shape;
    int64_t one = entry_size(from, at->i), rows = rows_before(from, at->i);
    int64_t before = at->j * one, n = from.dim[at->i] * one, after = at->k * one;
    int64_t wide = before + n + after;
    GEDI__PARALLEL_FOR(rows * wide >= GEDI__PARALLEL_MIN ? s->threads : 1, i, rows, {
        float *y = s->out + i * wide;
        memset(y, 0, (size_t)before * sizeof *y);
        memcpy(y + before, s->in[0] + i * n, (size_t)n * sizeof *y);
        memset(y + before + n, 0, (size_t)after * sizeof *y);
    });
}

static void pad_vjp(gedi_node *y, gedi_node *gy, gedi_node **gx)
{
    const gedi__attr *at = &y->attr;
    gx[0] = gedi_slice(gy, (int)at->i, at->j, y->in[0]->shape.dim[at->i]);
}

const gedi__op gedi__op_pad = {
    .name = "pad",
    .infer = pad_infer,
    .eval = pad_eval,
    .vjp = pad_vjp,
};

gedi_node *gedi_pad(gedi_node *x, int axis, int64_t before, int64_t after)
{
    double v;
    if (!x)
        return NULL;
    gedi__attr at = {.i = axis_of(x, axis), .j = before, .k = after};
    gedi_node *y = gedi__unary(&gedi__op_pad, x, &at);
    if (!y || gedi_shape_equal(y->shape, x->shape))
        return y ? x : NULL;
    if (gedi__constant_value(x, &v) && v == 0.0)
        return gedi_constant(x->graph, 0.0, y->shape);
    return y;
}
