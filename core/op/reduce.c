/* reduce.c - which axes a reduction goes over. */
#include "core/op/reduce.h"

gedi_status gedi__reduce_infer(const gedi_node *y, gedi_shape *out, gedi_err *err)
{
    (void)err;
    *out = y->in[0]->shape;
    for (int i = 0; i < out->rank; i++)
        if (y->attr.mask >> i & 1)
            out->dim[i] = 1;
    return GEDI_OK;
}

bool gedi__reduce_axes(gedi_node *x, unsigned axes, const char *what, uint64_t *mask)
{
    int rank = x->shape.rank;
    if (axes != GEDI_ALL_AXES && axes >> rank) {
        char text[160];
        gedi_graph_fail(x->graph, GEDI_SHAPE, "%s over axis %d of %s, which has %d axes",
                        what, 31 - __builtin_clz(axes),
                        gedi__node_text(x, text, sizeof text), rank);
        return false;
    }
    *mask = 0;
    for (int i = 0; i < rank; i++)
        if ((axes >> i & 1) && x->shape.dim[i] != 1)
            *mask |= 1u << i;
    return true;
}

bool gedi__reduce_last(gedi_shape s, uint64_t mask, uint64_t *run)
{
    *run = 0;
    int i = s.rank - 1;
    while (i >= 0 && !(mask >> i & 1))
        i--;
    for (; i >= 0 && ((mask >> i & 1) || s.dim[i] == 1); i--)
        *run |= mask & (1u << i);
    return *run == mask;
}

gedi__run gedi__reduce_run(gedi_shape s, uint64_t mask)
{
    gedi__run r = {1, 1, 1};
    int first = 0;
    while (first < s.rank && !(mask >> first & 1))
        r.outer *= s.dim[first++];
    for (int i = first; i < s.rank; i++)
        *(mask >> i ? &r.count : &r.inner) *= s.dim[i];
    return r;
}

gedi__rows gedi__reduce_rows(const gedi_node *y, const gedi__rows *in)
{
    return y->attr.mask & 1 ? GEDI__ROWS_MIXED : in[0];
}
