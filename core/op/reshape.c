/* reshape.c - the same numbers under another shape. */
#include "core/op/fold.h"

static gedi_status reshape_infer(const gedi_node *y, gedi_shape *out, gedi_err *err)
{
    char a[64], b[64];
    if (gedi_shape_size(y->in[0]->shape) != gedi_shape_size(*out))
        return GEDI_FAIL(err, GEDI_SHAPE, "%s and %s differ in the number of elements",
                         gedi_shape_text(y->in[0]->shape, a, sizeof a),
                         gedi_shape_text(*out, b, sizeof b));
    return GEDI_OK;
}

static void reshape_vjp(gedi_node *y, gedi_node *gy, gedi_node **gx)
{
    gx[0] = gedi_reshape(gy, y->in[0]->shape);
}

const gedi__op gedi__op_reshape = {
    .name = "reshape",
    .traits = GEDI__ALIAS,
    .infer = reshape_infer,
    .vjp = reshape_vjp,
    .rows = gedi__same_rows,
};

gedi_node *gedi_reshape(gedi_node *x, gedi_shape s)
{
    double v;
    if (!x || gedi_shape_equal(x->shape, s))
        return x;
    gedi_node *y = gedi__node(x->graph, &gedi__op_reshape, &x, 1, NULL, &s);
    if (y && x->op == &gedi__op_reshape)
        return gedi_reshape(x->in[0], s);
    return y && gedi__constant_value(x, &v) ? gedi_constant(x->graph, v, s) : y;
}
