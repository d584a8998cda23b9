/* compile_parts.h - what the parts of a compilation share: compile.c and in_place.c. */
#ifndef GEDI_EXEC_COMPILE_PARTS_H
#define GEDI_EXEC_COMPILE_PARTS_H

#include "core/exec/compiled.h"
#include "core/exec/plan.h"

/* Where a node's numbers lie. */
typedef struct gedi__place {
    int buffer;    /* index, or -1 */
    size_t offset; /* floats into the buffer or `fixed` */
    float *fixed;  /* bound or persistent memory */
} gedi__place;

/* Everything that only compiling needs. */
typedef struct gedi__compiler {
    gedi_graph *g;
    gedi__program *p;
    bool *need, *stored, *stands;
    int *group;
    gedi__place *place;
    gedi__buffer *buffer;
    int buffers;
    gedi_node *const *outputs;
    int n;
    const gedi__binding *bind;
    int m;
    gedi_err *err;
} gedi__compiler;

/* The node whose memory x sees, and where in it x begins, in floats. */
const gedi_node *gedi__alias_root(const gedi_node *x, size_t *offset);

/* Results take the place of an operand that nobody reads later, where their step allows it: two buffers
 * become one. */
void gedi__work_in_place(gedi__compiler *c);

#endif
