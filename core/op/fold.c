/* fold.c - simpler nodes for what the builders were asked, where that is trivially right.
 */
#include "core/op/fold.h"

bool gedi__constant_value(const gedi_node *x, double *v)
{
    if (!x || x->op != &gedi__op_constant)
        return false;
    *v = x->attr.a;
    return true;
}

gedi_node *gedi__map_unary(const gedi__op *op, gedi_node *x, const gedi__attr *attr)
{
    static const gedi__attr none;
    double v;
    if (gedi__constant_value(x, &v)) {
        float from = (float)v, to;
        op->map(attr ? attr : &none, 1, &from, NULL, &to);
        return gedi_constant(x->graph, to, x->shape);
    }
    if (x && x->op == &gedi__op_broadcast)
        return gedi_broadcast(gedi__unary(op, x->in[0], attr), x->shape);
    return gedi__unary(op, x, attr);
}

/* x without its broadcast, if broadcasting against `other` still gives `s`. */
static gedi_node *peel(gedi_node *x, const gedi_node *other, gedi_shape s)
{
    gedi_shape t;
    if (x->op == &gedi__op_broadcast &&
        gedi__broadcast_shape(x->in[0]->shape, other->shape, &t) &&
        gedi_shape_equal(s, t))
        return x->in[0];
    return x;
}

bool gedi__pair(gedi_node **a, gedi_node **b, gedi_shape *s)
{
    if (!*a || !*b || (*a)->graph != (*b)->graph ||
        !gedi__broadcast_shape((*a)->shape, (*b)->shape, s))
        return false;
    *a = peel(*a, *b, *s);
    *b = peel(*b, *a, *s);
    return true;
}

gedi_node *gedi__map_binary(const gedi__op *op, gedi_node *a, gedi_node *b)
{
    static const gedi__attr none;
    gedi_shape s;
    double va, vb;
    if (gedi__pair(&a, &b, &s) && gedi__constant_value(a, &va) &&
        gedi__constant_value(b, &vb)) {
        float fa = (float)va, fb = (float)vb, to;
        op->map(&none, 1, &fa, &fb, &to);
        return gedi_constant(a->graph, to, s);
    }
    return gedi__binary(op, a, b);
}

gedi__rows gedi__same_rows(const gedi_node *y, const gedi__rows *in)
{
    bool same = y->shape.rank > 0 && y->shape.dim[0] == y->in[0]->shape.dim[0];
    return same ? in[0] : GEDI__ROWS_MIXED;
}

gedi__rows gedi__weighted_rows(const gedi_node *y, const gedi__rows *in)
{
    for (int i = 1; i < y->n_in; i++)
        if (in[i] != GEDI__ROWS_FREE)
            return GEDI__ROWS_MIXED;
    return in[0];
}
