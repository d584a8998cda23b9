/* node.h - what a node is, inside the core. */
#ifndef GEDI_GRAPH_NODE_H
#define GEDI_GRAPH_NODE_H

#include "core/base/arena.h"
#include "gedi/graph.h"

typedef struct gedi__op gedi__op;

/* Attributes of an operation; which fields count is said in the operation's file. Zeroed,
 * so that equal attributes are equal bytes. */
typedef struct gedi__attr {
    double a, b;     /* real numbers: affine's a and b, a slope, a constant's value */
    int64_t i, j, k; /* integers: axis, first, count; matmul's transpositions */
    uint64_t mask;   /* axes of a reduction */
    int32_t axes[GEDI_MAX_RANK];
} gedi__attr;

struct gedi_node {
    const gedi__op *op;
    gedi_graph *graph;
    int id; /* order of creation: inputs come before users */
    int n_in;
    gedi_node *in[GEDI_MAX_INPUTS];
    gedi_shape shape;
    gedi__attr attr;
    const char *name; /* NULL, or for messages; inputs always have one */
    bool asked; /* a derivative with respect to it, or another in its place, was wanted */
    gedi_node *next; /* in its hash chain */
};

struct gedi_graph {
    gedi__arena arena;
    gedi_node **node; /* by id */
    int count, size;
    gedi_node **table; /* equal nodes are built once */
    int buckets;
    gedi_err err;
    char who[96]; /* whose code is building, for messages: "objective gedi"; or "" */
    bool direct;  /* no convolution is by Winograd's algorithm */
    const char
        *batch; /* what states the size of a batch, for messages; NULL: train.batch */
    const gedi_node *vain; /* asked for the derivative to it, on which nothing depends */
};

/* Errors from here on name the component whose code is building; NULL: nobody's. */
void gedi__graph_enter(gedi_graph *g, const char *kind, const char *name);
void gedi__graph_leave(gedi_graph *g);

/* Is `p` there, a `what` that the author of a plugin gives to `function`? Else the graph has the error. */
bool gedi__given(gedi_graph *g, const void *p, const char *function, const char *what);

/* A node of `op` over `in`: checks NULLs, infers the shape, reuses an equal node. `shape`
 * is what the builder proposes: leaves and shape operations need it, the others ignore
 * it. */
gedi_node *gedi__node(gedi_graph *g, const gedi__op *op, gedi_node *const *in, int n,
                      const gedi__attr *attr, const gedi_shape *shape);
gedi_node *gedi__unary(const gedi__op *op, gedi_node *x, const gedi__attr *attr);
gedi_node *gedi__binary(const gedi__op *op, gedi_node *a, gedi_node *b);

/* Which nodes y is computed from, itself among them, by id up to its own; to be freed. NULL
 * when out of memory, and then the graph has the error. */
bool *gedi__sources(const gedi_node *y);

/* Is there a way from y to one of x [n] that a derivative can take? One that there is may still be
 * 0 in numbers. When out of memory, true, and the graph has the error. */
bool gedi__has_derivative(const gedi_node *y, gedi_node *const *x, int n);

/* gedi_replace, also for nodes that y may not depend on. */
gedi_node *gedi__substitute(gedi_node *y, gedi_node *const *from, gedi_node *const *to,
                            int n);

/* "term 'gen': log #12 [400, 2]" for messages; returns out. */
const char *gedi__node_text(const gedi_node *x, char *out, size_t n);

/* Shape of a and b broadcast together; false if they do not fit. */
bool gedi__broadcast_shape(gedi_shape a, gedi_shape b, gedi_shape *out);

/* Sums gx over the axes along which `to` was broadcast, so that it has the shape `to`. */
gedi_node *gedi__unbroadcast(gedi_node *gx, gedi_shape to);

#endif
