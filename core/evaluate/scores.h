/* scores.h - what a trained model says of single records: log p(x), its slope, max p(y|x). */
#ifndef GEDI_EVALUATE_SCORES_H
#define GEDI_EVALUATE_SCORES_H

#include "core/evaluate/tell.h"
#include "core/train/records.h"
#include "core/network/network.h"

typedef struct gedi__scorer gedi__scorer;

/* For the network's present weights; both are borrowed.
 *   Errors: GEDI_STATE where the objective has neither an energy nor p(y|x).  */
gedi_status gedi__scorer_new(const gedi__network *net, gedi__batches *data,
                             gedi__scorer **out, gedi_err *err);
void gedi__scorer_free(gedi__scorer *s); /* legal for NULL */

/* Where the scores of n records go, [n] each; NULL where the objective does not state them. */
typedef struct gedi__scored {
    float *log_p, *slope;    /* of an energy */
    float *max_p, *log_odds; /* of p(y|x) */
} gedi__scored;

/* Of the n records of a split of an open dataset, whose shape the network takes.
 *   Errors: the dataset's; those of `tell`, which is called after each batch.  */
gedi_status gedi__scorer_run(gedi__scorer *s, gedi__source from, gedi_split split,
                             int64_t n, const gedi__scored *to, gedi__tell *tell,
                             void *context, gedi_err *err);

#endif
