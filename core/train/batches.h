/* batches.h - the records of an iteration: order, reading, views.
 *
 * A batch is a function of (seed, iteration) alone: two methods with the same seed see
 * the same records under the same transformations, and nothing has to be saved to resume.
 * Where an iteration accumulates k batches, they are numbered k * iteration + j, and have the
 * records and the views that one of k times the size would have.
 */
#ifndef GEDI_TRAIN_BATCHES_H
#define GEDI_TRAIN_BATCHES_H

#include "core/data/digest.h"
#include "core/descriptor/experiment.h"
#include "core/network/inference.h"
#include "core/train/holdout.h"

typedef struct gedi__batches {
    const gedi__experiment *e;
    const gedi__stage *stage;
    gedi_data_info info; /* training records without those that are held out */
    gedi__holdout holdout;
    bool
        validating; /* what is held out stands in place of the test records, which were: */
    int64_t tests;
    bool labelled_tests;
    int64_t parts;                /* P of a record */
    int64_t record;               /* numbers in one part */
    int64_t view[GEDI_MAX_VIEWS]; /* numbers that each pipeline makes of one */
    int64_t room;   /* the most that one has on the way through any of them */
    bool reshapes;  /* any of them makes another shape of it */
    int64_t *order; /* of the epoch `epoch` */
    int64_t epoch;
    float *scratch;            /* of each thread; small records: a batch of them */
    int32_t *label;            /* [P] of each thread */
    char digest[GEDI__DIGEST]; /* of the data */
    bool open;
} gedi__batches;

/* Opens the dataset.
 *   Errors: the dataset's; GEDI_DESCRIPTOR where all records, or none, are held out; GEDI_SHAPE from a
 * view.  */
gedi_status gedi__batches_open(gedi__batches *b, const gedi__experiment *e,
                               const gedi__stage *stage, gedi_err *err);
void gedi__batches_close(gedi__batches *b);
/* Are there records for an iteration? Evaluation has none.
 *   Errors: GEDI_DESCRIPTOR where the batch is larger than the training split.  */
gedi_status gedi__batches_enough(const gedi__batches *b, gedi_err *err);

/* Puts the records that are held out, if any are, in place of the test records, and back. */
void gedi__batches_validate(gedi__batches *b, bool on);
/* Which record of the dataset record i of a split is; *split becomes the dataset's. */
int64_t gedi__batches_record(const gedi__batches *b, gedi_split *split, int64_t i);

/* Iterations of an epoch. */
int64_t gedi__batches_epoch(const gedi__batches *b);

/* View `v` of a batch, by its number (from 0), into x [B P, view], and the labels into
 * `label` [B P], -1 for none, unless it is NULL. Epochs are complete permutations; what is left
 * over at the end of one is dropped. */
gedi_status gedi__batches_fill(gedi__batches *b, int64_t batch, int v, float *x,
                               float *label, gedi_err *err);
/* The numbers of the records in that batch, [B]. */
void gedi__batches_index(gedi__batches *b, int64_t batch, float *index);

/* Record i of the first epoch into x [P, record], as view v of another iteration would show it in
 * its place; as it is for v = -1. For figures. */
gedi_status gedi__batches_look(gedi__batches *b, int64_t i, int v, int64_t iteration,
                               float *x, gedi_err *err);

/* Outside of training, for energies that depend on a batch: the first of training stands for
 * all. Fills the views that the inference reads.
 *   Errors: the dataset's; those of gedi__batches_enough, where there are such views.  */
gedi_status gedi__batches_stand_in(gedi__batches *b, gedi__inference *f, gedi_err *err);

#endif
