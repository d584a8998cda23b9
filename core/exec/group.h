/* group.h - several elementwise operations computed in one pass over memory. */
#ifndef GEDI_EXEC_GROUP_H
#define GEDI_EXEC_GROUP_H

#include "core/graph/node.h"

enum {
    GEDI__GROUP_NODES = 16,    /* operations of one group */
    GEDI__GROUP_OPERANDS = 16, /* what it reads from memory */
    GEDI__GROUP_BLOCK =
        1024, /* numbers worked on at a time: all of a group stays in L1 */
};

/* How an operand's index follows from the index i in the group's shape. */
typedef enum gedi__spread {
    GEDI__FULL,   /* i */
    GEDI__SCALAR, /* 0 */
    GEDI__SUFFIX, /* i % period: [D] against [B, D] */
    GEDI__PREFIX, /* i / period: [B, 1] against [B, D] */
    GEDI__MIDDLE, /* i / period % count * inner + i % inner: [1, C/16, 1, 1, 16] against an
                      image */
    GEDI__STRIDED, /* general broadcasting */
} gedi__spread;

typedef struct gedi__operand {
    const gedi_node *node;
    gedi__spread spread;
    int64_t period, count, inner;
    int64_t stride[GEDI_MAX_RANK]; /* STRIDED: of each axis of the group's shape */
    double value;                  /* SCALAR of a constant: needs no memory */
    const float *data;
} gedi__operand;

typedef struct gedi__instruction {
    const gedi_node *node;
    int a, b;   /* >= 0: result of that instruction; < 0: operand ~a; b of one input is
                   unused */
    int slot;   /* scratch block it writes to, when it is not stored */
    float *out; /* memory it is stored to, or NULL */
    bool stored;
} gedi__instruction;

typedef struct gedi__group {
    gedi_shape shape;
    int64_t size;
    int instructions, operands, slots;
    gedi__instruction instruction[GEDI__GROUP_NODES];
    gedi__operand operand[GEDI__GROUP_OPERANDS];
} gedi__group;

/* Sets group[id] to the id of the group's last node for every elementwise node that is
 * needed, to -1 for others. */
gedi_status gedi__group_assign(const gedi_graph *g, const bool *need, int *group,
                               gedi_err *err);

/* Instructions and operands of the group whose last node is `root`. stored[id] says which
 * results go to memory. */
void gedi__group_make(gedi__group *out, const gedi_graph *g, const int *group,
                      const bool *stored, int root);

/* Floats of scratch one thread needs for any group. */
size_t gedi__group_scratch(void);

void gedi__group_run(const gedi__group *g, int threads, float *scratch);

/* A number that is not finite, and whose it is. */
typedef struct gedi__nonfinite {
    const gedi_node *node; /* NULL: there is none */
    int64_t index;
    float value;
} gedi__nonfinite;

/* The same on one thread, looking at every result, those that are never stored, too. */
void gedi__group_run_watched(const gedi__group *g, float *scratch, gedi__nonfinite *seen);

#endif
