/* sampling.h - what chains are made of: where they start, and one transition. */
#ifndef GEDI_TRAIN_SAMPLING_H
#define GEDI_TRAIN_SAMPLING_H

#include "core/train/batches.h"
#include "core/network/network.h"

/* ---- the start ---- */

typedef struct gedi__start {
    gedi_chain how;    /* as the sampler says */
    int64_t record;    /* numbers in one */
    float *low, *high; /* [record] */
} gedi__start;

/* Asks the sampler; a plugin may err.
 *   Errors: GEDI_PLUGIN where no chain can be so.  */
gedi_status gedi__chain_ask(const gedi__component *sampler, int64_t record, gedi_chain *c,
                            gedi_err *err);

/* Asks the sampler, and the data for the box they lie in. */
gedi_status gedi__start_init(gedi__start *s, const gedi__component *sampler,
                             const gedi__batches *data, gedi_err *err);
void gedi__start_clear(gedi__start *s);

/* A new chain: x [record], by the numbers of `r`. */
void gedi__start_draw(const gedi__start *s, gedi_rng r, float *x);

/* ---- the transition ---- */

typedef struct gedi__transition {
    gedi__inference *inference;
    size_t bytes; /* of all states */
    float *x;     /* [n, record]: the states */
} gedi__transition;

/* Compiles it for n chains in the energy of the present parameters, in evaluation mode.
 * `views[i]` is the memory [B, record] of view i of the current batch, NULL where there is
 * none: then an energy that depends on it reads memory of the program's own. `averaged`: with
 * running averages of the parameters, where there are any. */
gedi_status gedi__transition_init(gedi__transition *t, const gedi__network *net,
                                  int64_t n, float *const *views, bool averaged,
                                  gedi_err *err);
void gedi__transition_clear(gedi__transition *t);

/* One transition of t->x, with the random numbers of (seed, stream, tick). `again`: the
 * parameters are those of the last one. */
void gedi__transition_run(gedi__transition *t, uint64_t seed, gedi_stream stream,
                          uint64_t tick, bool again);

#endif
