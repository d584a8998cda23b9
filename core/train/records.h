/* records.h - records of an open dataset, many at a time, on the scale that is asked for. */
#ifndef GEDI_TRAIN_RECORDS_H
#define GEDI_TRAIN_RECORDS_H

#include "core/train/batches.h"

/* From the numbers of one dataset's records to what another would have for the same pixels. */
typedef struct gedi__rescaling {
    double scale, shift;
} gedi__rescaling;

/* Of images, by mean and std of both; nothing changes where one of them is no image. */
gedi__rescaling gedi__rescaling_of(const gedi_data_info *from, const gedi_data_info *to);
/* out [n] may be x. */
void gedi__rescale(gedi__rescaling r, const float *x, int64_t n, float *out);

typedef struct gedi__source { /* an open dataset, borrowed */
    const gedi__component *dataset;
    int64_t record; /* numbers in one part */
    int64_t parts;  /* of a record */
    int threads;
    gedi__rescaling rescaling;
    const gedi__batches *own; /* whose splits are meant; NULL: those of the dataset */
} gedi__source;

/* The run's own records, as they are. */
gedi__source gedi__source_of(const gedi__batches *b);

/* How many parts to pass through the network at a time: what it makes of images is large. */
int64_t gedi__records_at_once(const gedi__batches *b);

/* Parts first .. first + n - 1 of all records of a split, one after the other: x [n, record], and
 * their labels [n] where `label` is not NULL, without views.
 *   Errors: the dataset's, GEDI_NOMEM.  */
gedi_status gedi__records_read(gedi__source s, gedi_split split, int64_t first, int64_t n,
                               float *x, int32_t *label, gedi_err *err);

#endif
