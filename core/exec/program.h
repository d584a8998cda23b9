/* program.h - a graph compiled for fixed inputs and outputs, run many times. */
#ifndef GEDI_EXEC_PROGRAM_H
#define GEDI_EXEC_PROGRAM_H

#include "gedi/graph.h"
#include "gedi/rng.h"

typedef struct gedi__program gedi__program;

/* Memory of an input that lives outside the program (parameters, batches), or of an
 * output that must be written there (gradients). Not owned. */
typedef struct gedi__binding {
    gedi_node *node;
    float *data;
} gedi__binding;

/* Compiles what `outputs` need and nothing else. Inputs that are not bound get memory of
 * the program's own (gedi__program_input). Outputs that are not bound likewise. The graph
 * must outlive the program. Errors: the graph's first error; GEDI_NOMEM.  */
gedi_status gedi__program_new(gedi_graph *g, gedi_node *const *outputs, int n,
                              const gedi__binding *bind, int m, int threads,
                              gedi__program **out, gedi_err *err);
void gedi__program_free(gedi__program *p);

float *gedi__program_input(gedi__program *p,
                           const gedi_node *input); /* NULL: not needed */
const float *gedi__program_output(const gedi__program *p, int i);

/* Random leaves draw from (seed, stream, tick) of the run that follows. */
void gedi__program_seed(gedi__program *p, uint64_t seed, gedi_stream stream,
                        uint64_t tick);
/* Computes all outputs. Allocates nothing. */
void gedi__program_run(gedi__program *p);
/* The same. `again`: all inputs that stand (gedi__input_stand) are as in the last run, and
 * what depends on nothing else is not computed again. */
void gedi__program_repeat(gedi__program *p, bool again);

/* Runs again, looking at every result: the first number that is not finite, named with
 * its operation, node and index in `text`. False if all are finite. */
bool gedi__program_find_nonfinite(gedi__program *p, char *text, size_t n);

/* Bytes of its own memory plan, and the sum there would be without reuse. */
size_t gedi__program_bytes(const gedi__program *p, size_t *without_reuse);

#endif
