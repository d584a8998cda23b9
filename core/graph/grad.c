/* grad.c - the derivative of a graph, as more graph.
 *
 * Reverse accumulation over the nodes between `cost` and `wrt`. Every vector-Jacobian
 * product is made of public builders, so the result can be differentiated again.
 */
#include "core/graph/node.h"
#include "core/graph/operation.h"
#include "core/base/memory.h"

#include <stdlib.h>
#include <string.h>

gedi_node *gedi__unbroadcast(gedi_node *gx, gedi_shape to)
{
    if (!gx || gedi_shape_equal(gx->shape, to))
        return gx;
    unsigned axes = 0;
    int lead = gx->shape.rank - to.rank;
    for (int i = 0; i < gx->shape.rank; i++)
        if (i < lead || (to.dim[i - lead] == 1 && gx->shape.dim[i] != 1))
            axes |= 1u << i;
    if (axes)
        gx = gedi_sum(gx, axes);
    return gedi_reshape(gx, to);
}

bool *gedi__sources(const gedi_node *y)
{
    bool *is = calloc((size_t)y->id + 1, sizeof *is);
    if (!is) {
        gedi_graph_fail(y->graph, GEDI_NOMEM, GEDI__NO_MEMORY "what a node depends on");
        return NULL;
    }
    is[y->id] = true;
    for (int id = y->id; id > 0; id--)
        if (is[id])
            for (int i = 0; i < y->graph->node[id]->n_in; i++)
                is[y->graph->node[id]->in[i]->id] = true;
    return is;
}

bool gedi_depends(const gedi_node *y, const gedi_node *x)
{
    if (!y || !x || y->graph != x->graph || y->id < x->id)
        return false;
    bool *is = gedi__sources(y);
    bool found = !is || is[x->id]; /* without memory the graph has the error */
    free(is);
    return found;
}

/* Scratch of one call, indexed by node id up to the cost's. */
typedef struct path {
    bool *on;         /* the node lies between wrt and cost */
    gedi_node **grad; /* the derivative of cost with respect to it, so far */
} path;

static void mark_path(path *p, const gedi_graph *g, int last, gedi_node *const *wrt,
                      int n, gedi_node *const *constants, int m)
{
    for (int i = 0; i < n; i++)
        if (wrt[i]->id <= last)
            p->on[wrt[i]->id] = true;
    for (int id = 0; id <= last; id++) {
        const gedi_node *x = g->node[id];
        if (x->op->traits & GEDI__FIXED)
            continue;
        for (int i = 0; i < x->n_in && !p->on[id]; i++)
            p->on[id] = p->on[x->in[i]->id];
        for (int i = 0; i < m; i++)
            if (constants[i] == x)
                p->on[id] = false;
    }
}

bool gedi__has_derivative(const gedi_node *y, gedi_node *const *x, int n)
{
    path p = {.on = calloc((size_t)y->id + 1, sizeof *p.on)};
    if (!p.on) {
        gedi_graph_fail(y->graph, GEDI_NOMEM, GEDI__NO_MEMORY "a derivative");
        return true;
    }
    mark_path(&p, y->graph, y->id, x, n, NULL, 0);
    bool found = p.on[y->id];
    free(p.on);
    return found;
}

static gedi_node *add_up(gedi_node *a, gedi_node *b)
{
    return a ? gedi_add(a, b) : b;
}

static gedi_status push(path *p, gedi_node *y)
{
    gedi_node *gx[GEDI_MAX_INPUTS] = {0};
    gedi_graph *g = y->graph;
    if (!y->op->vjp) {
        if (y->op->traits & (GEDI__NO_GRAD | GEDI__LEAF))
            return GEDI_OK;
        char text[160];
        gedi_graph_fail(g, GEDI_NOGRAD, "%s has no derivative: %s",
                        gedi__node_text(y, text, sizeof text),
                        y->op->why ? y->op->why : "none was written");
        return g->err.code;
    }
    y->op->vjp(y, p->grad[y->id], gx);
    for (int i = 0; i < y->n_in && !g->err.code; i++) {
        gedi_node *x = y->in[i];
        if (!gx[i] || !p->on[x->id])
            continue;
        gx[i] = gedi__unbroadcast(gx[i], x->shape);
        GEDI_ASSERT(!gx[i] || gedi_shape_equal(gx[i]->shape, x->shape));
        p->grad[x->id] = add_up(p->grad[x->id], gx[i]);
    }
    return g->err.code;
}

gedi_status gedi_grad(gedi_node *cost, gedi_node *const *wrt, int n,
                      gedi_node *const *constants, int m, gedi_node **out)
{
    memset(out, 0, (size_t)n * sizeof(gedi_node *));
    if (!cost)
        return GEDI_USAGE; /* the graph of whoever built it has the first error */
    gedi_graph *g = cost->graph;
    for (int i = 0; i < n; i++)
        if (!wrt[i])
            return g->err.code ? g->err.code : GEDI_USAGE;
    if (g->err.code)
        return g->err.code;
    size_t size = (size_t)cost->id + 1;
    path p = {calloc(size, sizeof *p.on), calloc(size, sizeof(gedi_node *))};
    if (!p.on || !p.grad) {
        gedi_graph_fail(g, GEDI_NOMEM, GEDI__NO_MEMORY "a derivative");
    } else {
        mark_path(&p, g, cost->id, wrt, n, constants, m);
        p.grad[cost->id] = gedi_constant(g, 1.0, cost->shape);
        for (int id = cost->id; id >= 0 && !g->err.code; id--)
            if (p.grad[id] && p.on[id])
                push(&p, g->node[id]);
        for (int i = 0; i < n; i++) {
            int id = wrt[i]->id;
            out[i] = id <= cost->id ? p.grad[id] : NULL;
            wrt[i]->asked = true;
            if (!out[i]) {
                g->vain = wrt[i];
                out[i] = gedi_constant(g, 0.0, wrt[i]->shape);
            }
        }
    }
    free(p.on);
    free(p.grad);
    return g->err.code;
}
