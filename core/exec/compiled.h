/* compiled.h - what a program consists of, between compile.c, which makes it, and program.c,
 * which runs it.
 */
#ifndef GEDI_EXEC_COMPILED_H
#define GEDI_EXEC_COMPILED_H

#include "core/exec/group.h"
#include "core/exec/program.h"
#include "core/op/op.h"

typedef struct gedi__program_step {
    gedi__group *group; /* or NULL: */
    gedi__step op;
    const float *copy; /* an output that must also lie elsewhere: memcpy to op.out */
    int scratch;       /* buffer of op.scratch, or -1 */
    bool stands;       /* depends on nothing but what stands */
    bool later;        /* begun in its turn, finished after all others */
} gedi__program_step;

struct gedi__program {
    int threads;
    int steps, copies; /* the last steps are copies */
    bool later;        /* some step is finished later */
    gedi__program_step *step;
    float *memory;     /* of the plan */
    float *persistent; /* inputs and constants of its own */
    float *scratch;    /* of the groups */
    size_t memory_floats, unplanned_floats;
    int outputs;
    const float **output;
    const gedi_node **output_node;
    int inputs;
    const gedi_node **input;
    float **input_data;
};

#endif
