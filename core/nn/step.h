/* step.h - a training step as a program: a loss, its derivatives, states after the step. */
#ifndef GEDI_NN_STEP_H
#define GEDI_NN_STEP_H

#include "core/nn/build.h"

typedef struct gedi__step {
    gedi__program *program; /* outputs: the caller's, gradients, states */
    int gradients, states;  /* the first of each */
} gedi__step;

/* Compiles `output` [n] and what a step on `loss` needs, if it is not NULL; `bind` [m] is memory of inputs other
 * than parameters. The build must outlive the step; gedi__program_free ends it.
 *   Errors: the graph's, GEDI_NOMEM.  */
gedi_status gedi__step_compile(gedi_build *b, gedi_node *loss, gedi_node *const *output,
                               int n, const gedi__binding *bind, int m, int threads,
                               gedi__step *out, gedi_err *err);

/* After a run of the program: gradients into the parameters' flat vector, or added to what is
 * there; states become what the step makes of them. */
void gedi__step_take_gradients(const gedi__step *s, const gedi_build *b);
void gedi__step_add_gradients(const gedi__step *s, const gedi_build *b);
void gedi__step_take_states(const gedi__step *s, const gedi_build *b);

#endif
