/* broadcast.c - numbers repeated along axes of size 1, by NumPy's rule. */
#include "core/op/fold.h"
#include "core/op/strided.h"

static gedi_status broadcast_infer(const gedi_node *y, gedi_shape *out, gedi_err *err)
{
    gedi_shape both, from = y->in[0]->shape;
    char a[64], b[64];
    if (!gedi__broadcast_shape(from, *out, &both) || !gedi_shape_equal(both, *out))
        return GEDI_FAIL(err, GEDI_SHAPE, "%s does not broadcast to %s",
                         gedi_shape_text(from, a, sizeof a),
                         gedi_shape_text(*out, b, sizeof b));
    return GEDI_OK;
}

static void broadcast_eval(const gedi__step *s)
{
    gedi_shape from = s->node->in[0]->shape, to = s->node->shape;
    int64_t of_x[GEDI_MAX_RANK], stride[GEDI_MAX_RANK];
    int lead = to.rank - from.rank;
    gedi__strides(from, of_x);
    for (int i = 0; i < to.rank; i++)
        stride[i] = i < lead || from.dim[i - lead] == 1 ? 0 : of_x[i - lead];
    gedi__copy_strided(s->in[0], stride, to, s->out, s->threads);
}

static void broadcast_vjp(gedi_node *y, gedi_node *gy, gedi_node **gx)
{
    (void)y;
    gx[0] = gy; /* the driver sums over what was repeated */
}

static gedi__rows broadcast_rows(const gedi_node *y, const gedi__rows *in)
{
    return y->shape.rank == y->in[0]->shape.rank ? gedi__same_rows(y, in)
                                                 : GEDI__ROWS_MIXED;
}

const gedi__op gedi__op_broadcast = {
    .name = "broadcast",
    .infer = broadcast_infer,
    .eval = broadcast_eval,
    .vjp = broadcast_vjp,
    .rows = broadcast_rows,
};

gedi_node *gedi_broadcast(gedi_node *x, gedi_shape s)
{
    double v;
    if (!x || gedi_shape_equal(x->shape, s))
        return x;
    gedi_node *y = gedi__node(x->graph, &gedi__op_broadcast, &x, 1, NULL, &s);
    if (!y)
        return NULL;
    if (gedi__constant_value(x, &v))
        return gedi_constant(x->graph, v, s);
    if (x->op == &gedi__op_broadcast)
        return gedi_broadcast(x->in[0], s);
    if (gedi_shape_size(x->shape) == gedi_shape_size(s))
        return gedi_reshape(x, s);
    return y;
}
