/* concat.c - nodes one behind the other along an axis; attribute i: the axis. */
#include "core/op/fold.h"

#include <string.h>

static gedi_status concat_infer(const gedi_node *y, gedi_shape *out, gedi_err *err)
{
    const int64_t axis = y->attr.i;
    char a[64], b[64];
    *out = y->in[0]->shape;
    gedi_shape_text(*out, a, sizeof a);
    if (axis < 0 || axis >= out->rank)
        return GEDI_FAIL(err, GEDI_SHAPE, "axis %lld of %s is not in [0, %d]",
                         (long long)axis, a, out->rank - 1);
    for (int n = 1; n < y->n_in; n++) {
        gedi_shape s = y->in[n]->shape;
        bool fits = s.rank == out->rank;
        for (int i = 0; i < s.rank && fits; i++)
            fits = i == axis || s.dim[i] == out->dim[i];
        if (!fits)
            return GEDI_FAIL(err, GEDI_SHAPE, "%s and %s differ beside axis %lld", a,
                             gedi_shape_text(s, b, sizeof b), (long long)axis);
        out->dim[axis] += s.dim[axis];
    }
    return GEDI_OK;
}

static void concat_eval(const gedi__step *s)
{
    const gedi_node *y = s->node;
    int64_t rows = 1, one = 1, wide = y->shape.dim[y->attr.i], at = 0;
    for (int i = 0; i < y->shape.rank; i++) {
        if (i < y->attr.i)
            rows *= y->shape.dim[i];
        else if (i > y->attr.i)
            one *= y->shape.dim[i];
    }
    wide *= one;
    for (int k = 0; k < y->n_in; k++) {
        int64_t n = y->in[k]->shape.dim[y->attr.i] * one;
        for (int64_t i = 0; i < rows; i++)
            memcpy(s->out + i * wide + at, s->in[k] + i * n, (size_t)n * sizeof(float));
        at += n;
    }
}

static void concat_vjp(gedi_node *y, gedi_node *gy, gedi_node **gx)
{
    int64_t first = 0;
    for (int i = 0; i < y->n_in; i++) {
        int64_t count = y->in[i]->shape.dim[y->attr.i];
        gx[i] = gedi_slice(gy, (int)y->attr.i, first, count);
        first += count;
    }
}

const gedi__op gedi__op_concat = {
    .name = "concat",
    .infer = concat_infer,
    .eval = concat_eval,
    .vjp = concat_vjp,
};

gedi_node *gedi_concat(gedi_node *const *x, int n, int axis)
{
    if (n < 1 || !x[0])
        return NULL;
    if (n == 1)
        return x[0];
    if (axis < 0)
        axis += x[0]->shape.rank;
    if (n > GEDI_MAX_INPUTS) {
        gedi_node *half[2] = {gedi_concat(x, n / 2, axis),
                              gedi_concat(x + n / 2, n - n / 2, axis)};
        return gedi_concat(half, 2, axis);
    }
    gedi__attr at = {.i = axis};
    return gedi__node(x[0]->graph, &gedi__op_concat, x, n, &at, NULL);
}
