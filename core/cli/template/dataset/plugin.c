/* @NAME@.c - a dataset: two Gaussian blobs in the plane.
 *
 * Source:  where the data come from
 * Inputs:  the seed of the run, from which each record follows: nothing is kept
 * Output:  records [2] = (+-distance / 2, 0) + N(0, I); label 0 left, 1 right
 * Differs: nothing
 */
#include <gedi/gedi.h>

typedef struct {
    double distance;
    int64_t records;
    uint64_t seed;
} @NAME@_self;

static const gedi_option @NAME@_options[] = {
    GEDI_REAL(@NAME@_self, distance, 4.0, 0.0, 1e6, "between the two centres"),
    GEDI_INT(@NAME@_self, records, 1000, 1, 100000000, "for training, and for testing"),
    GEDI_END,
};

static gedi_status @NAME@_open(void *self, const gedi_open *from, gedi_data_info *info,
                               gedi_err *err)
{
    @NAME@_self *o = self;
    (void)err; /* for GEDI_FAIL(err, GEDI_DATA, "..."): a file is not as expected */
    o->seed = from->seed;
    *info = (gedi_data_info){.record = GEDI_DIMS(2), .count = {o->records, o->records},
                             .classes = 2, .labelled = {true, true}};
    return GEDI_OK;
}

static gedi_status @NAME@_read(const void *self, gedi_split split, int64_t i, float *x,
                               int32_t *label, gedi_err *err)
{
    const @NAME@_self *o = self;
    (void)err;
    gedi_rng rng = gedi_rng_at(o->seed, GEDI_STREAM_DATA, (uint64_t)i, (uint32_t)split);
    *label = (int32_t)(i % 2);
    x[0] = (float)(o->distance * (*label - 0.5) + gedi_rng_normal(&rng));
    x[1] = gedi_rng_normal(&rng);
    return GEDI_OK;
}

static void @NAME@_close(void *self)
{
    (void)self; /* free what open allocated: nothing here */
}

GEDI_DEFINE(dataset, @NAME@) = {
    GEDI_HEAD(dataset, @NAME@),
    .brief = "two Gaussian blobs in the plane",
    .cite = "",
    .self_size = sizeof(@NAME@_self),
    .options = @NAME@_options,
    .open = @NAME@_open,
    .read = @NAME@_read,
    .close = @NAME@_close,
};
