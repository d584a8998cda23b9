/* operation.h - what an operation states: shape, numbers, derivative, and how it treats
 * memory and the rows of a batch. The graph and the executor ask these slots and know no
 * operation by name; core/op fills them, each operation in its file.
 */
#ifndef GEDI_GRAPH_OPERATION_H
#define GEDI_GRAPH_OPERATION_H

#include "core/graph/node.h"
#include "gedi/rng.h"

/* One operation of a compiled program: addresses and shapes are final. */
typedef struct gedi__step {
    const gedi_node *node; /* op, attr, shape, in[].shape */
    const float *in[GEDI_MAX_INPUTS];
    float *out;
    int threads; /* at most this many may work on it */
    /* What prepare has made, and memory of this operation's own while it runs. */
    void *state;
    float *scratch;
    int64_t scratch_size; /* floats */
    /* What an input holds stays the same over many runs: known when preparing. In a run
     * `again` it is what it was in the last one. */
    bool stands[GEDI_MAX_INPUTS], again;
    /* random leaves: the position of this run */
    uint64_t seed;
    gedi_stream stream;
    uint64_t tick;
} gedi__step;

enum {
    GEDI__ELEMENTWISE = 1, /* has `map`, no `eval` */
    GEDI__ALIAS = 2,       /* the output is the input's memory, seen otherwise: no eval */
    GEDI__LEAF = 4,        /* no inputs */
    GEDI__NO_GRAD = 8,     /* derivative is zero where it exists; `why` says so */
    GEDI__RANDOM = 16,     /* never merged with an equal node */
    GEDI__INPUT = 32,      /* a leaf whose numbers come from outside */
    GEDI__UNIFORM = 64,    /* a leaf that holds attr.a everywhere */
    GEDI__FIXED = 128,     /* no derivative goes through it */
    GEDI__WHOLE = 256, /* of all ranks: it makes of what records share what none owns */
};

/* What the first axis of a node has to do with the records of a batch. */
typedef enum gedi__rows {
    GEDI__ROWS_FREE, /* nothing: it does not depend on the batch */
    GEDI__ROWS_OWN,  /* row i depends on record i alone */
    GEDI__ROWS_MIXED /* on more, or that is not known */
} gedi__rows;

struct gedi__op {
    const char *name;
    unsigned traits;

    /* Shape of the output, and a check of inputs and attributes. NULL: elementwise ops
     * use broadcasting. On failure fills err with GEDI_SHAPE; the graph adds operation
     * and node. */
    gedi_status (*infer)(const gedi_node *y, gedi_shape *out, gedi_err *err);

    /* Elementwise: y[i] = f(a[i], b[i]) for n contiguous numbers; y may be a or b; b is
     * NULL for one input. Called on short blocks in cache, by many threads. */
    void (*map)(const gedi__attr *at, int64_t n, const float *a, const float *b,
                float *y);

    /* Everything else. May use OpenMP up to s->threads; the bytes must not depend on it.
     */
    void (*eval)(const gedi__step *s);

    /* Optional, beside eval: what takes long to make and does not depend on numbers is made
     * once, when a program is compiled: s->state, s->scratch_size; node and threads are
     * known, addresses not yet. On failure nothing is kept. `release` frees the state. */
    gedi_status (*prepare)(gedi__step *s, gedi_err *err);
    void (*release)(void *state);

    /* Optional, beside eval: begins what `eval` does, for a result that no other step reads. It is there
     * after `finish`, at the end of the program; till then input and output are left alone. */
    void (*begin)(const gedi__step *s);
    void (*finish)(const gedi__step *s);

    /* Optional, beside eval: the input whose memory the output may take, because each of its
     * numbers is read before the one in its place is written, and not again; -1: none. */
    int (*over)(const gedi_node *y);

    /* Optional, beside eval: true where the output is a piece of the input's memory, from
     * `offset` floats on; then there is nothing to compute. */
    bool (*alias)(const gedi_node *y, size_t *offset);

    /* How the rows of y depend on a batch, when those of its inputs do as `in` says; asked
     * only where some input is GEDI__ROWS_OWN and none is GEDI__ROWS_MIXED. NULL: mixed,
     * the safe side; elementwise operations need none. */
    gedi__rows (*rows)(const gedi_node *y, const gedi__rows *in);

    /* Vector-Jacobian product: gx[i] = gy^T dy/dx_i, made of public builders only. gx[i]
     * may have the broadcast shape of y (the driver sums it back). Leave gx[i] NULL for
     * zero. NULL: see GEDI__NO_GRAD, or not differentiable. */
    void (*vjp)(gedi_node *y, gedi_node *gy, gedi_node **gx);

    const char *why; /* with GEDI__NO_GRAD or without vjp: the reason */
    /* Optional: why number `at` of the output is NaN although the inputs are finite. */
    void (*nan)(const gedi__step *s, int64_t at, char *out, size_t n);
};

#endif
