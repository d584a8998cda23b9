/* chains.h - negative samples: the replay buffer and the sampler's program. */
#ifndef GEDI_TRAIN_CHAINS_H
#define GEDI_TRAIN_CHAINS_H

#include "core/train/sampling.h"

typedef struct gedi__chains {
    const gedi__network *net;
    gedi_chain how;
    int64_t record, batch;
    int64_t transitions; /* of the stages before: each has random numbers of its own */
    float *buffer;       /* [how.buffer, record] */
    int64_t *slot;       /* [B]: the buffer's place of each chain, -1 for none */
    gedi__start start;
    gedi__transition transition; /* of a batch */
    int watches;
    gedi__watch_value watch[GEDI__WATCHES]; /* the sampler's, mean over the last draw */
} gedi__chains;

/* Compiles the transition and fills the buffer. `views[i]` is the memory [B, record] of
 * view i of the current batch (NULL where it is not read), for energies that depend on
 * it. */
gedi_status gedi__chains_init(gedi__chains *c, const gedi__network *net,
                              gedi__batches *data, float *const *views, gedi_err *err);
void gedi__chains_clear(gedi__chains *c);

/* Draws the samples of a batch, by its number, into `out` [B, record] and keeps them. */
void gedi__chains_draw(gedi__chains *c, int64_t batch, float *out);

/* Looks for the number that is not finite in the last transition. */
bool gedi__chains_find_nonfinite(gedi__chains *c, char *text, size_t n);

#endif
