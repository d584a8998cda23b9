/* records.h - records of an open dataset as they are, many at a time. */
#ifndef GEDI_HARNESS_RECORDS_H
#define GEDI_HARNESS_RECORDS_H

#include "core/harness/batches.h"

typedef struct gedi__source { /* an open dataset, borrowed */
    const gedi__component *dataset;
    int64_t record; /* numbers in one */
    int threads;
} gedi__source;

gedi__source gedi__source_of(const gedi__batches *b);

/* Records first .. first + n - 1 of a split: x [n, record], and their labels [n] where `label`
 * is not NULL, without views. Errors: the dataset's.  */
gedi_status gedi__records_read(gedi__source s, gedi_split split, int64_t first, int64_t n,
                               float *x, int32_t *label, gedi_err *err);

#endif
