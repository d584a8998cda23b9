/* moons.c - two interleaved half circles of the plane.
 *
 * Source:  scikit-learn, sklearn.datasets.make_moons: the same geometry.
 * Inputs:  the seed of the run; train and test differ in their noise.
 * Output:  records [2]; label 0 the upper moon, 1 the lower one.
 *          x = scale * (arc(t) + noise * N(0, 1)), t evenly spaced, both ends included
 * Differs: records are sorted by class (the harness draws their order). As there, the
 *          moons are not centred; `center` subtracts (1/2, 1/4), the mean of the arcs.
 */
#include "gedi/plugin.h"

#include <math.h>
#include <stdlib.h>

static const double moons_pi = 3.14159265358979323846;

typedef struct moons {
    double noise, scale;
    bool center;
    int64_t train, test;
    float *x[GEDI_SPLITS]; /* [N, 2] */
    int64_t count[GEDI_SPLITS];
} moons;

static const gedi_option moons_options[] = {
    GEDI_REAL(moons, noise, 0.05, 0.0, 1e3,
              "standard deviation of the Gaussian noise, before scale"),
    GEDI_REAL(moons, scale, 1.0, 1e-6, 1e6, "multiplies the noisy points"),
    GEDI_BOOL(
        moons, center, false,
        "subtract (0.5, 0.25), the mean of the noiseless arcs; scikit-learn's moons "
        "are not centred"),
    GEDI_INT(moons, train, 10000, 1, 100000000, "records for training"),
    GEDI_INT(moons, test, 2000, 1, 100000000, "records for testing"),
    GEDI_END,
};

/* The upper moon has the smaller half of an odd number of records. */
static int64_t moons_upper(int64_t n)
{
    return n / 2;
}

/* Place of record i of n without noise. */
static void moons_arc(int64_t i, int64_t n, double *x, double *y)
{
    bool lower = i >= moons_upper(n);
    int64_t m = lower ? n - moons_upper(n) : moons_upper(n);
    int64_t j = lower ? i - moons_upper(n) : i;
    double t = m > 1 ? moons_pi * (double)j / (double)(m - 1) : 0.0;
    *x = lower ? 1.0 - cos(t) : cos(t);
    *y = lower ? 0.5 - sin(t) : sin(t);
}

/* x [n, 2] holds standard normal numbers and becomes the records. */
static void moons_place(const moons *o, float *x, int64_t n)
{
    double cx = o->center ? 0.5 : 0.0, cy = o->center ? 0.25 : 0.0;
    for (int64_t i = 0; i < n; i++) {
        double ax, ay;
        moons_arc(i, n, &ax, &ay);
        x[2 * i] = (float)(o->scale * (ax - cx + o->noise * (double)x[2 * i]));
        x[2 * i + 1] = (float)(o->scale * (ay - cy + o->noise * (double)x[2 * i + 1]));
    }
}

static void moons_close(void *self)
{
    moons *o = self;
    for (int s = 0; s < GEDI_SPLITS; s++) {
        free(o->x[s]);
        o->x[s] = NULL;
    }
}

static gedi_status moons_open(void *self, const gedi_open *open, gedi_data_info *info,
                              gedi_err *err)
{
    moons *o = self;
    o->count[GEDI_TRAIN] = o->train;
    o->count[GEDI_TEST] = o->test;
    *info = (gedi_data_info){.record = GEDI_DIMS(2), .classes = 2};
    for (int s = 0; s < GEDI_SPLITS; s++) {
        int64_t n = o->count[s];
        o->x[s] = malloc((size_t)n * 2 * sizeof(float));
        if (!o->x[s]) {
            moons_close(o);
            return GEDI_FAIL(err, GEDI_NOMEM, "%s: out of memory for %lld records",
                             s == GEDI_TRAIN ? "train" : "test", (long long)n);
        }
        gedi_rng rng = gedi_rng_at(open->seed, GEDI_STREAM_DATA, (uint64_t)s, 0);
        gedi_rng_fill_normal(&rng, o->x[s], 2 * n);
        moons_place(o, o->x[s], n);
        info->count[s] = n;
        info->labelled[s] = true;
    }
    return GEDI_OK;
}

static gedi_status moons_read(const void *self, gedi_split split, int64_t i, float *x,
                              int32_t *label, gedi_err *err)
{
    const moons *o = self;
    (void)err;
    GEDI_ASSERT(i >= 0 && i < o->count[split]);
    x[0] = o->x[split][2 * i];
    x[1] = o->x[split][2 * i + 1];
    *label = i >= moons_upper(o->count[split]);
    return GEDI_OK;
}

GEDI_DEFINE(dataset, moons) = {
    GEDI_HEAD(dataset, moons),
    .brief = "two interleaved half circles of the plane, with noise",
    .cite = "scikit-learn, sklearn.datasets.make_moons",
    .self_size = sizeof(moons),
    .options = moons_options,
    .open = moons_open,
    .read = moons_read,
    .close = moons_close,
};
