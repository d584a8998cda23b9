/* graph.c - the graph: making nodes, reusing equal ones, keeping the first error. */
#include "core/graph/node.h"
#include "core/graph/operation.h"
#include "core/base/memory.h"
#include "core/base/shape.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

gedi_graph *gedi_graph_new(void)
{
    return calloc(1, sizeof(gedi_graph));
}

void gedi_graph_free(gedi_graph *g)
{
    if (!g)
        return;
    gedi__arena_clear(&g->arena);
    free(g->node);
    free(g->table);
    free(g);
}

gedi_status gedi_graph_status(const gedi_graph *g, gedi_err *err)
{
    if (!g)
        return gedi_no_memory(err, "a graph");
    if (err && g->err.code)
        *err = g->err;
    return g->err.code;
}

gedi_node *gedi_graph_fail(gedi_graph *g, gedi_status code, const char *fmt, ...)
{
    if (!g || g->err.code)
        return NULL;
    char msg[sizeof g->err.msg] = "";
    if (fmt) {
        va_list ap;
        va_start(ap, fmt);
        vsnprintf(msg, sizeof msg, fmt, ap);
        va_end(ap);
    }
    GEDI_FAIL(&g->err, code, "%s%s%s", g->who, *g->who ? ": " : "",
              *msg ? msg : gedi_status_text(code));
    return NULL;
}

bool gedi__given(gedi_graph *g, const void *p, const char *function, const char *what)
{
    if (!p)
        gedi_graph_fail(g, GEDI_USAGE, "%s: no %s is given, but NULL", function, what);
    return p != NULL;
}

void gedi__graph_enter(gedi_graph *g, const char *kind, const char *name)
{
    snprintf(g->who, sizeof g->who, "%s %s", kind, name);
    g->vain = NULL;
}

void gedi__graph_leave(gedi_graph *g)
{
    char text[160];
    if (g->vain)
        gedi_graph_fail(g, GEDI_USAGE,
                        "gedi_grad: the cost does not depend on %s, so its derivative is "
                        "0: derive from what the cost is computed from (gedi_depends "
                        "tells)",
                        gedi__node_text(g->vain, text, sizeof text));
    *g->who = 0;
    g->vain = NULL;
}

gedi_graph *gedi_node_graph(const gedi_node *x)
{
    return x ? x->graph : NULL;
}

gedi_shape gedi_node_shape(const gedi_node *x)
{
    return x ? x->shape : (gedi_shape){0};
}

int64_t gedi_dim(const gedi_node *x, int axis)
{
    if (!x)
        return 0;
    if (axis < 0)
        axis += x->shape.rank;
    return axis >= 0 && axis < x->shape.rank ? x->shape.dim[axis] : 0;
}

gedi_node *gedi_named(gedi_node *x, const char *name)
{
    if (x &&
        !x->name) /* the first name stays: a shared node is not renamed by a later use */
        x->name = gedi__arena_text(&x->graph->arena, name);
    return x;
}

const char *gedi__node_text(const gedi_node *x, char *out, size_t n)
{
    char shape[64];
    gedi_shape_text(x->shape, shape, sizeof shape);
    if (x->name)
        snprintf(out, n, "'%s' (%s #%d %s)", x->name, x->op->name, x->id, shape);
    else
        snprintf(out, n, "%s #%d %s", x->op->name, x->id, shape);
    return out;
}

bool gedi__broadcast_shape(gedi_shape a, gedi_shape b, gedi_shape *out)
{
    gedi_shape s = {.rank = a.rank > b.rank ? a.rank : b.rank};
    for (int i = 0; i < s.rank; i++) {
        int ia = i - (s.rank - a.rank), ib = i - (s.rank - b.rank);
        int64_t da = ia < 0 ? 1 : a.dim[ia], db = ib < 0 ? 1 : b.dim[ib];
        if (da != db && da != 1 && db != 1)
            return false;
        s.dim[i] = da == 1 ? db : da;
    }
    *out = s;
    return true;
}

/* ---- equal nodes ---- */

static uint64_t mix(uint64_t h, const void *p, size_t n)
{
    const unsigned char *c = p;
    for (size_t i = 0; i < n; i++)
        h = (h ^ c[i]) * 0x100000001b3u; /* FNV-1a */
    return h;
}

static uint64_t hash(const gedi_node *x)
{
    uint64_t h = mix(0xcbf29ce484222325u, &x->op, sizeof x->op);
    h = mix(h, &x->attr, sizeof x->attr);
    h = mix(h, &x->shape, sizeof x->shape);
    return mix(h, x->in, (size_t)x->n_in * sizeof x->in[0]);
}

static bool equal(const gedi_node *a, const gedi_node *b)
{
    return a->op == b->op && a->n_in == b->n_in &&
           !memcmp(&a->attr, &b->attr, sizeof a->attr) &&
           gedi_shape_equal(a->shape, b->shape) &&
           !memcmp(a->in, b->in, (size_t)a->n_in * sizeof a->in[0]);
}

static bool grow_table(gedi_graph *g)
{
    int buckets = g->buckets ? 2 * g->buckets : 256;
    gedi_node **t = calloc((size_t)buckets, sizeof *t);
    if (!t)
        return false;
    for (int i = 0; i < g->buckets; i++)
        for (gedi_node *x = g->table[i], *next; x; x = next) {
            gedi_node **at = &t[hash(x) % (uint64_t)buckets];
            next = x->next;
            x->next = *at;
            *at = x;
        }
    free(g->table);
    g->table = t;
    g->buckets = buckets;
    return true;
}

static gedi_node *keep(gedi_graph *g, const gedi_node *made)
{
    if (g->count == g->size) {
        int size = g->size ? 2 * g->size : 256;
        gedi_node **node = realloc(g->node, (size_t)size * sizeof(gedi_node *));
        if (!node)
            return gedi_graph_fail(g, GEDI_NOMEM, GEDI__NO_MEMORY "a node");
        g->node = node;
        g->size = size;
    }
    if (g->count >= g->buckets && !grow_table(g))
        return gedi_graph_fail(g, GEDI_NOMEM, GEDI__NO_MEMORY "a node");
    gedi_node *x = gedi__arena_alloc(&g->arena, sizeof *x);
    if (!x)
        return gedi_graph_fail(g, GEDI_NOMEM, GEDI__NO_MEMORY "a node");
    *x = *made;
    x->id = g->count;
    g->node[g->count++] = x;
    gedi_node **at = &g->table[hash(x) % (uint64_t)g->buckets];
    x->next = *at;
    *at = x;
    return x;
}

static gedi_status infer(gedi_node *y, const gedi_shape *shape, gedi_err *err)
{
    if (shape)
        y->shape = *shape;
    if (y->op->infer) {
        gedi_shape s = y->shape;
        GEDI_TRY(y->op->infer(y, &s, err));
        y->shape = s;
        return GEDI_OK;
    }
    if (!(y->op->traits & GEDI__ELEMENTWISE))
        return GEDI_OK; /* a leaf: the shape proposed */
    y->shape = y->in[0]->shape;
    if (y->n_in == 2 &&
        !gedi__broadcast_shape(y->in[0]->shape, y->in[1]->shape, &y->shape)) {
        char a[64], b[64];
        return GEDI_FAIL(err, GEDI_SHAPE, "%s and %s do not broadcast",
                         gedi_shape_text(y->in[0]->shape, a, sizeof a),
                         gedi_shape_text(y->in[1]->shape, b, sizeof b));
    }
    return GEDI_OK;
}

gedi_node *gedi__node(gedi_graph *g, const gedi__op *op, gedi_node *const *in, int n,
                      const gedi__attr *attr, const gedi_shape *shape)
{
    gedi_node made = {.op = op, .graph = g, .n_in = n};
    for (int i = 0; i < n; i++) {
        if (!in[i])
            return NULL;
        made.in[i] = in[i];
        if (!g)
            made.graph = g = in[i]->graph;
        if (in[i]->graph != g)
            return gedi_graph_fail(g, GEDI_USAGE, "%s: inputs are of different graphs",
                                   op->name);
    }
    if (!g || g->err.code)
        return NULL;
    if (attr)
        made.attr = *attr;
    gedi_err err = {0};
    gedi_status s = shape ? gedi__shape_check(*shape, 0, &err) : GEDI_OK;
    if (s == GEDI_OK)
        s = infer(&made, shape, &err);
    if (s == GEDI_OK)
        s = gedi__shape_check(made.shape, 0, &err);
    if (s != GEDI_OK)
        return gedi_graph_fail(g, s, "%s: %s", op->name, err.msg);
    if (g->buckets && !(op->traits & GEDI__RANDOM))
        for (gedi_node *x = g->table[hash(&made) % (uint64_t)g->buckets]; x; x = x->next)
            if (equal(x, &made))
                return x;
    return keep(g, &made);
}

gedi_node *gedi__unary(const gedi__op *op, gedi_node *x, const gedi__attr *attr)
{
    return x ? gedi__node(x->graph, op, &x, 1, attr, NULL) : NULL;
}

gedi_node *gedi__binary(const gedi__op *op, gedi_node *a, gedi_node *b)
{
    gedi_node *in[2] = {a, b};
    return a && b ? gedi__node(a->graph, op, in, 2, NULL, NULL) : NULL;
}
