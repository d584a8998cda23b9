/* holdout.h - training records that are held out for validation. */
#ifndef GEDI_TRAIN_HOLDOUT_H
#define GEDI_TRAIN_HOLDOUT_H

#include "core/descriptor/experiment.h"

/* Which records of an open dataset are trained on, and which are held out: numbers in ascending
 * order. They are drawn by the seed, with the shares of the labels (of a record's first part)
 * that the training records have, records without one among them as one more label. */
typedef struct gedi__holdout {
    int64_t kept, held;
    bool labelled; /* one that is held out has a label */
    int64_t *at;   /* [kept], then [held]; NULL: nothing is held out */
} gedi__holdout;

/*   Errors: GEDI_DESCRIPTOR where a fraction of them is none, or all; the dataset's; GEDI_NOMEM.  */
gedi_status gedi__holdout_init(gedi__holdout *h, const gedi__experiment *e,
                               const gedi_data_info *info, gedi_err *err);
void gedi__holdout_clear(gedi__holdout *h);

#endif
