/* replace.c - the same subgraph again, with other nodes in place of some.
 *
 * Only what lies between `from` and `y` is built anew; everything else is shared, random numbers
 * among it: y and its replacement see the same draws.
 */
#include "core/base/memory.h"
#include "core/graph/node.h"

#include <stdlib.h>

/* x over the nodes that its inputs have become; x itself where none has changed. */
static gedi_node *rebuilt(const gedi_node *x, gedi_node *const *now)
{
    gedi_node *in[GEDI_MAX_INPUTS];
    bool changed = false;
    for (int i = 0; i < x->n_in; i++) {
        in[i] = now[x->in[i]->id];
        changed = changed || in[i] != x->in[i];
    }
    if (!changed)
        return x->graph->node[x->id];
    gedi_node *y = gedi__node(x->graph, x->op, in, x->n_in, &x->attr, &x->shape);
    GEDI_ASSERT(!y || gedi_shape_equal(y->shape, x->shape));
    return x->name ? gedi_named(y, x->name) : y;
}

gedi_node *gedi__substitute(gedi_node *y, gedi_node *const *from, gedi_node *const *to,
                            int n)
{
    gedi_err err = {0};
    if (!y)
        return NULL;
    gedi_graph *g = y->graph;
    gedi_node **now =
        gedi__alloc((size_t)y->id + 1, sizeof(gedi_node *), &err, "a replacement");
    if (!now)
        return gedi_graph_fail(g, err.code, "%s", err.msg);
    for (int i = 0; i < n; i++)
        if (from[i]->id <= y->id)
            now[from[i]->id] = to[i];
    for (int id = 0; id <= y->id && !g->err.code; id++)
        if (!now[id])
            now[id] = rebuilt(g->node[id], now);
    gedi_node *out = g->err.code ? NULL : now[y->id];
    free(now);
    return out;
}

static bool fits(const gedi_node *y, gedi_node *from, const gedi_node *to)
{
    char a[160], b[160];
    gedi_graph *g = y->graph;
    if (to->graph != g || from->graph != g)
        gedi_graph_fail(g, GEDI_USAGE, "gedi_replace: nodes are of different graphs");
    else if (!gedi_shape_equal(from->shape, to->shape))
        gedi_graph_fail(g, GEDI_SHAPE, "gedi_replace: %s cannot stand for %s",
                        gedi__node_text(to, a, sizeof a),
                        gedi__node_text(from, b, sizeof b));
    else if (!gedi_depends(y, from))
        gedi_graph_fail(g, GEDI_USAGE, "gedi_replace: %s does not depend on %s",
                        gedi__node_text(y, a, sizeof a),
                        gedi__node_text(from, b, sizeof b));
    return !g->err.code;
}

gedi_node *gedi_replace(gedi_node *y, gedi_node *const *from, gedi_node *const *to, int n)
{
    if (!y)
        return NULL;
    for (int i = 0; i < n; i++) {
        if (!from[i] || !to[i])
            return NULL;
        from[i]->asked = true;
        if (!fits(y, from[i], to[i]))
            return NULL;
    }
    return gedi__substitute(y, from, to, n);
}
