/* batches.h - the records of an iteration: order, reading, views.
 *
 * A batch is a function of (seed, iteration) alone: two methods with the same seed see
 * the same records under the same transformations, and nothing has to be saved to resume.
 */
#ifndef GEDI_TRAIN_BATCHES_H
#define GEDI_TRAIN_BATCHES_H

#include "core/descriptor/experiment.h"
#include "core/network/inference.h"

typedef struct gedi__batches {
    const gedi__experiment *e;
    const gedi__stage *stage;
    gedi_data_info info;
    int64_t record; /* numbers in one record */
    int64_t *order; /* of the epoch `epoch` */
    int64_t epoch;
    float *scratch; /* a record for each thread; small records: a batch of them */
    bool open;
} gedi__batches;

/* Opens the dataset.
 *   Errors: the dataset's; GEDI_DESCRIPTOR if the batch is larger than the training
 * split; GEDI_SHAPE from a view.  */
gedi_status gedi__batches_open(gedi__batches *b, const gedi__experiment *e,
                               const gedi__stage *stage, gedi_err *err);
void gedi__batches_close(gedi__batches *b);

/* View `v` of the batch of an iteration (from 0) into x [B, record]. Epochs are complete
 * permutations; what is left over at the end of one is dropped. */
gedi_status gedi__batches_fill(gedi__batches *b, int64_t iteration, int v, float *x,
                               gedi_err *err);

/* Record i of the first epoch into x, as view v of another iteration would show it in its place; as
 * it is for v = -1. For figures. */
gedi_status gedi__batches_look(gedi__batches *b, int64_t i, int v, int64_t iteration,
                               float *x, gedi_err *err);

/* Outside of training, for energies that depend on a batch: the first of training stands for
 * all. Fills the views that the inference reads. */
gedi_status gedi__batches_stand_in(gedi__batches *b, gedi__inference *f, gedi_err *err);

#endif
