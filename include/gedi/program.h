/* program.h - a network of one's own: an evaluator builds it, trains it and asks it.
 *
 * The build is written as a model's is (gedi/nn.h); the way back comes from the graph:
 *
 *   static void probe(const void *self, gedi_build *b, gedi_node *const *in, gedi_node **out)
 *   {
 *       gedi_node *logits = gedi_linear(b, "layer", in[0], 10, true, init);
 *       out[0] = gedi_loss_cross_entropy(in[1], logits);
 *       out[1] = gedi_softmax(logits);
 *   }
 */
#ifndef GEDI_PROGRAM_H
#define GEDI_PROGRAM_H

#include "gedi/nn.h"
#include "gedi/option.h"
#include "gedi/rng.h"

typedef struct gedi_program gedi_program;
struct gedi_trial;

/* The run's encoder, for a build: h [B, D] of records x [B, record]. In a plan with `begins_as` its
 * weights begin as the run's, else afresh.  */
GEDI_EXPORT gedi_node *gedi_trial_encode(const struct gedi_trial *t, gedi_build *b,
                                         gedi_node *x);
/* Of what it takes: [n, record].  */
GEDI_EXPORT gedi_shape gedi_trial_batch(const struct gedi_trial *t, int64_t n);

enum { GEDI_PROGRAM_ENDS = 8 }; /* inputs or outputs, at most */

typedef struct gedi_program_plan {
    /* From `inputs` nodes builds `outputs` nodes; the first one is the loss, one element, where
     * the program learns. Called twice, once to find the parameters. */
    void (*build)(const void *self, gedi_build *b, gedi_node *const *in, gedi_node **out);
    const void *self;
    int inputs, outputs;
    gedi_shape input[GEDI_PROGRAM_ENDS];
    gedi_rng rng; /* first weights and random nodes follow from it: gedi_trial_rng */
    /* Of a program that learns, e.g. from an option GEDI_COMPONENTS(..., "optimizer", ...): by
     * which, and how many steps its schedules reach over. It is built in training mode. */
    const gedi_component *optimizer;
    int64_t steps;
    /* Or a program with whose weights this one computes, in evaluation mode: for another
     * number of records, or other outputs. It must outlive this one. What is scheduled stands
     * where it is after `steps`. */
    const gedi_program *weights_of;
    /* Or parameters and states that have names of the run's network begin as those of the trial, as
     * evaluation reads them; the trial stays as it is. */
    const struct gedi_trial *begins_as;
} gedi_program_plan;

/* Can a program learn by it? For `ready`, before there is a program.
 *   Errors: GEDI_OPTION where a schedule counts epochs, which are training's.  */
GEDI_EXPORT gedi_status gedi_program_optimizer(const gedi_component *optimizer,
                                               gedi_err *err);

/* Can it be built? For `ready`: a batch that is too small for what the network does, such as one record
 * for batch normalisation, is refused before anything is trained. Its weights are made, so that all that
 * gedi_program_new refuses is refused; nothing is computed of them.
 *   Errors: as gedi_program_new.  */
GEDI_EXPORT gedi_status gedi_program_check(const gedi_program_plan *plan, gedi_err *err);

/*   Errors: GEDI_USAGE for a plan that contradicts itself, GEDI_NOMEM, what the build raises.  */
GEDI_EXPORT gedi_status gedi_program_new(const gedi_program_plan *plan,
                                         gedi_program **out, gedi_err *err);
GEDI_EXPORT void gedi_program_free(gedi_program *p); /* legal for NULL */

/* Memory of input i, to be filled; NULL where no output depends on it. */
GEDI_EXPORT float *gedi_program_input(gedi_program *p, int i);

/* Computes the outputs of the inputs; a program that learns does a step as well. Outputs are of
 * the weights before it, those that are weights themselves among them.
 *   Errors: GEDI_NUMERIC where loss or gradient are not finite: the weights stay as they were.  */
GEDI_EXPORT gedi_status gedi_program_run(gedi_program *p, gedi_err *err);

/* Output i, as it was in the last run, whatever has been learned or filled in since. */
GEDI_EXPORT const float *gedi_program_output(const gedi_program *p, int i);

#endif
