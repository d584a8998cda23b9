/* @NAME@.c - a dataset: two Gaussian blobs in the plane.
 *
 * Source:  where the data come from
 * Inputs:  the seed of the run
 * Output:  records [2] = (+-distance / 2, 0) + std * N(0, I); label 0 left, 1 right
 * Differs: nothing
 */
#include <gedi/gedi.h>

typedef struct {
    double distance, std;
    int64_t train, test;
    uint64_t seed;
} @NAME@_self;

static const gedi_option @NAME@_options[] = {
    GEDI_REAL(@NAME@_self, distance, 4.0, 0.0, 1e6, "between the two centres"),
    GEDI_REAL(@NAME@_self, std, 1.0, 0.0, 1e6, "standard deviation of each blob"),
    GEDI_INT(@NAME@_self, train, 1000, 1, 100000000, "records for training"),
    GEDI_INT(@NAME@_self, test, 500, 1, 100000000, "records for testing"),
    GEDI_END,
};

static gedi_status @NAME@_open(void *self, const gedi_open *from, gedi_data_info *info,
                               gedi_err *err)
{
    @NAME@_self *o = self;
    (void)err; /* GEDI_FAIL(err, GEDI_DATA, "...") is how a reader of files refuses one */
    o->seed = from->seed;
    *info = (gedi_data_info){.record = GEDI_DIMS(2), .classes = 2};
    info->count[GEDI_TRAIN] = o->train;
    info->count[GEDI_TEST] = o->test;
    info->labelled[GEDI_TRAIN] = info->labelled[GEDI_TEST] = true;
    return GEDI_OK;
}

/* Record i follows from the seed alone: nothing is kept, any thread may ask. */
static gedi_status @NAME@_read(const void *self, gedi_split split, int64_t i, float *x,
                               int32_t *label, gedi_err *err)
{
    const @NAME@_self *o = self;
    (void)err;
    gedi_rng rng = gedi_rng_at(o->seed, GEDI_STREAM_DATA, (uint64_t)i, (uint32_t)split);
    *label = (int32_t)(i % 2);
    x[0] = (float)(o->distance * (*label - 0.5) + o->std * gedi_rng_normal(&rng));
    x[1] = (float)o->std * gedi_rng_normal(&rng);
    return GEDI_OK;
}

GEDI_DEFINE(dataset, @NAME@) = {
    GEDI_HEAD(dataset, @NAME@),
    .brief = "two Gaussian blobs in the plane",
    .cite = "",
    .self_size = sizeof(@NAME@_self),
    .options = @NAME@_options,
    .open = @NAME@_open,
    .read = @NAME@_read,
};
