/* op.h - what an operation states: shape, numbers, derivative, side by side in its file.
 */
#ifndef GEDI_OP_OP_H
#define GEDI_OP_OP_H

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
};

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

    /* Optional, beside eval: the input whose memory the output may take, because each of its
     * numbers is read before the one in its place is written, and not again; -1: none. */
    int (*over)(const gedi_node *y);

    /* Vector-Jacobian product: gx[i] = gy^T dy/dx_i, made of public builders only. gx[i]
     * may have the broadcast shape of y (the driver sums it back). Leave gx[i] NULL for
     * zero. NULL: see GEDI__NO_GRAD, or not differentiable. */
    void (*vjp)(gedi_node *y, gedi_node *gy, gedi_node **gx);

    const char *why; /* with GEDI__NO_GRAD or without vjp: the reason */
};

#define GEDI_OP(id, inputs) extern const gedi__op gedi__op_##id;
#include "gedi/ops.def"
#undef GEDI_OP

/* An input whose numbers stay the same over many runs: a parameter of a network that is
 * not being trained. */
void gedi__input_stand(gedi_node *input);
bool gedi__input_stands(const gedi_node *x);

/* All operations in the order of ops.def. */
extern const gedi__op *const gedi__ops[];
extern const int gedi__op_inputs[]; /* -1: any number */
extern const int gedi__op_count;

#endif
