/* rowwise.c - does each record of a batch go through a graph on its own?
 *
 * If so, two views and the negative samples may be one larger batch: one product of
 * matrices instead of three. Batch normalisation and the like are what forbids it.
 */
#include "core/graph/rowwise.h"
#include "core/graph/node.h"
#include "core/op/op.h"

#include <stdlib.h>

typedef enum rows {
    FREE,
    OWN,
    MIXED
} rows; /* does not depend on x; row i on row i; more */

/* Dimension of `x` along the first axis of `y`, as broadcasting aligns them. */
static int64_t aligned_first(const gedi_node *x, const gedi_node *y)
{
    return x->shape.rank == y->shape.rank ? x->shape.dim[0] : 1;
}

static rows of_elementwise(const gedi_node *y, const rows *of)
{
    rows r = FREE;
    for (int i = 0; i < y->n_in; i++) {
        rows in = of[y->in[i]->id];
        if (in == MIXED || (in == OWN && aligned_first(y->in[i], y) != y->shape.dim[0]))
            return MIXED;
        if (in == OWN)
            r = OWN;
    }
    for (int i = 0; i < y->n_in && r == OWN; i++)
        if (of[y->in[i]->id] == FREE && aligned_first(y->in[i], y) != 1 &&
            y->in[i]->op != &gedi__op_constant)
            return MIXED; /* its rows are a batch's, too */
    return r;
}

static rows of_node(const gedi_node *y, const rows *of)
{
    const gedi__op *op = y->op;
    rows in = y->n_in ? of[y->in[0]->id] : FREE;
    bool any = false;
    for (int i = 0; i < y->n_in; i++) {
        if (of[y->in[i]->id] == MIXED)
            return MIXED;
        any = any || of[y->in[i]->id] == OWN;
    }
    if (!any)
        return FREE;
    if (op->traits & GEDI__ELEMENTWISE)
        return of_elementwise(y, of);
    bool same = y->shape.rank > 0 && y->shape.dim[0] == y->in[0]->shape.dim[0];
    if (op == &gedi__op_sum || op == &gedi__op_max)
        return y->attr.mask & 1 ? MIXED : in;
    if (op == &gedi__op_softmax || op == &gedi__op_log_softmax ||
        op == &gedi__op_logsumexp)
        return y->shape.rank > 1 ? in : MIXED;
    if (op == &gedi__op_reshape || op == &gedi__op_stop_gradient)
        return same ? in : MIXED;
    if (op == &gedi__op_broadcast)
        return same && y->shape.rank == y->in[0]->shape.rank ? in : MIXED;
    if (op == &gedi__op_permute)
        return y->attr.axes[0] == 0 ? in : MIXED;
    bool free = y->n_in > 1 && of[y->in[1]->id] == FREE &&
                (y->n_in < 3 || of[y->in[2]->id] == FREE); /* weight and bias */
    if (op == &gedi__op_matmul || op == &gedi__op_dense)
        return in == OWN && !y->attr.i && free ? OWN : MIXED;
    if (op == &gedi__op_convolve || op == &gedi__op_convolve_input)
        return in == OWN && free ? OWN : MIXED;
    if (op == &gedi__op_mean_pool || op == &gedi__op_mean_unpool)
        return in;
    return MIXED; /* what is not known to be safe */
}

bool gedi__rowwise(const gedi_node *y, const gedi_node *x)
{
    const gedi_graph *g = y->graph;
    if (gedi_dim(x, 0) < 2)
        return false; /* nothing is seen of one record: its axis broadcasts like any */
    rows *of = calloc((size_t)g->count + 1, sizeof *of);
    if (!of)
        return false; /* the safe side */
    of[x->id] = OWN;
    for (int id = x->id + 1; id <= y->id; id++)
        of[id] = of_node(g->node[id], of);
    bool own = of[y->id] == OWN;
    free(of);
    return own;
}
