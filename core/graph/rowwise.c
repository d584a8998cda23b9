/* rowwise.c - does each record of a batch go through a graph on its own?
 *
 * If so, two views and the negative samples may be one larger batch: one product of
 * matrices instead of three. Batch normalisation and the like are what forbids it.
 */
#include "core/graph/rowwise.h"
#include "core/base/memory.h"
#include "core/graph/node.h"
#include "core/graph/operation.h"

#include <stdlib.h>

/* Dimension of `x` along the first axis of `y`, as broadcasting aligns them. */
static int64_t aligned_first(const gedi_node *x, const gedi_node *y)
{
    return x->shape.rank == y->shape.rank ? x->shape.dim[0] : 1;
}

static gedi__rows of_elementwise(const gedi_node *y, const gedi__rows *of)
{
    gedi__rows r = GEDI__ROWS_FREE;
    for (int i = 0; i < y->n_in; i++) {
        gedi__rows in = of[y->in[i]->id];
        if (in == GEDI__ROWS_MIXED ||
            (in == GEDI__ROWS_OWN && aligned_first(y->in[i], y) != y->shape.dim[0]))
            return GEDI__ROWS_MIXED;
        if (in == GEDI__ROWS_OWN)
            r = GEDI__ROWS_OWN;
    }
    for (int i = 0; i < y->n_in && r == GEDI__ROWS_OWN; i++)
        if (of[y->in[i]->id] == GEDI__ROWS_FREE && aligned_first(y->in[i], y) != 1 &&
            !(y->in[i]->op->traits & GEDI__UNIFORM))
            return GEDI__ROWS_MIXED; /* its rows are a batch's, too */
    return r;
}

static gedi__rows of_node(const gedi_node *y, const gedi__rows *of)
{
    gedi__rows in[GEDI_MAX_INPUTS];
    bool any = false;
    for (int i = 0; i < y->n_in; i++) {
        in[i] = of[y->in[i]->id];
        if (in[i] != GEDI__ROWS_FREE && y->op->traits & GEDI__WHOLE)
            return GEDI__ROWS_FREE;
        if (in[i] == GEDI__ROWS_MIXED)
            return GEDI__ROWS_MIXED;
        any = any || in[i] == GEDI__ROWS_OWN;
    }
    if (!any)
        return GEDI__ROWS_FREE;
    if (y->op->traits & GEDI__ELEMENTWISE)
        return of_elementwise(y, of);
    return y->op->rows ? y->op->rows(y, in) : GEDI__ROWS_MIXED;
}

bool gedi__rowwise(const gedi_node *y, const gedi_node *x)
{
    const gedi_graph *g = y->graph;
    if (gedi_dim(x, 0) < 2)
        return false; /* nothing is seen of one record: its axis broadcasts like any */
    gedi__rows *of = calloc((size_t)g->count + 1, sizeof *of);
    if (!of) {
        gedi_graph_fail(y->graph, GEDI_NOMEM, GEDI__NO_MEMORY "what rows depend on");
        return false;
    }
    of[x->id] = GEDI__ROWS_OWN;
    for (int id = x->id + 1; id <= y->id; id++)
        of[id] = of_node(g->node[id], of);
    bool own = of[y->id] == GEDI__ROWS_OWN;
    free(of);
    return own;
}
