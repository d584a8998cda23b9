/* permute.c - axes in another order; attribute axes: axis i of y is axis axes[i] of x. */
#include "core/graph/node.h"
#include "core/op/fold.h"
#include "core/op/strided.h"

static gedi_status permute_infer(const gedi_node *y, gedi_shape *out, gedi_err *err)
{
    const gedi_shape from = y->in[0]->shape;
    char text[64];
    unsigned seen = 0;
    *out = from;
    for (int i = 0; i < from.rank; i++) {
        int axis = y->attr.axes[i];
        if (axis < 0 || axis >= from.rank || (seen >> axis & 1))
            return GEDI_FAIL(err, GEDI_SHAPE,
                             "axis %d at place %d of %s is repeated or not in [0, %d]",
                             axis, i, gedi_shape_text(from, text, sizeof text),
                             from.rank - 1);
        seen |= 1u << axis;
        out->dim[i] = from.dim[axis];
    }
    return GEDI_OK;
}

static void permute_eval(const gedi__step *s)
{
    int64_t of_x[GEDI_MAX_RANK], stride[GEDI_MAX_RANK];
    gedi__strides(s->node->in[0]->shape, of_x);
    for (int i = 0; i < s->node->shape.rank; i++)
        stride[i] = of_x[s->node->attr.axes[i]];
    gedi__copy_strided(s->in[0], stride, s->node->shape, s->out, s->threads);
}

static void permute_vjp(gedi_node *y, gedi_node *gy, gedi_node **gx)
{
    int back[GEDI_MAX_RANK];
    for (int i = 0; i < y->shape.rank; i++)
        back[y->attr.axes[i]] = i;
    gx[0] = gedi_permute(gy, back);
}

static gedi__rows permute_rows(const gedi_node *y, const gedi__rows *in)
{
    return y->attr.axes[0] == 0 ? in[0] : GEDI__ROWS_MIXED;
}

const gedi__op gedi__op_permute = {
    .name = "permute",
    .infer = permute_infer,
    .eval = permute_eval,
    .vjp = permute_vjp,
    .rows = permute_rows,
};

/* True where the numbers stay in their order: only axes of size 1 have moved. */
static bool keeps_order(const gedi_node *y)
{
    int before = -1;
    for (int i = 0; i < y->shape.rank; i++)
        if (y->shape.dim[i] != 1) {
            if (y->attr.axes[i] < before)
                return false;
            before = y->attr.axes[i];
        }
    return true;
}

gedi_node *gedi_permute(gedi_node *x, const int *axes)
{
    if (!x || !gedi__given(x->graph, axes, "gedi_permute", "order of axes"))
        return NULL;
    gedi__attr at = {0};
    for (int i = 0; i < x->shape.rank; i++)
        at.axes[i] = axes[i];
    gedi_node *y = gedi__unary(&gedi__op_permute, x, &at);
    double v;
    if (!y)
        return NULL;
    if (gedi__constant_value(x, &v))
        return gedi_constant(x->graph, v, y->shape);
    if (keeps_order(y))
        return gedi_reshape(x, y->shape);
    if (x->op == &gedi__op_permute) {
        int both[GEDI_MAX_RANK];
        for (int i = 0; i < x->shape.rank; i++)
            both[i] = x->attr.axes[axes[i]];
        return gedi_permute(x->in[0], both);
    }
    return y;
}
