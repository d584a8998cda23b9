/* circles.c - a circle of the plane inside another.
 *
 * Source:  scikit-learn, sklearn.datasets.make_circles: the same geometry.
 * Inputs:  the seed of the run; train and test differ in their noise.
 * Output:  records [2]; label 0 the outer circle (radius 1), 1 the inner one (factor).
 *          x = scale * (circle(t) + noise * N(0, 1)), t evenly spaced on [0, 2 pi)
 * Differs: records are sorted by class (the harness draws their order); factor is 0.5 by
 *          default (0.8 there).
 */
#include "gedi/plugin.h"

#include <math.h>
#include <stdlib.h>

static const double circles_two_pi = 6.28318530717958647692;

typedef struct circles {
    double noise, factor, scale;
    int64_t train, test;
    float *x[GEDI_SPLITS]; /* [N, 2] */
    int64_t count[GEDI_SPLITS];
} circles;

static const gedi_option circles_options[] = {
    GEDI_REAL(circles, noise, 0.05, 0.0, 1e3,
              "standard deviation of the Gaussian noise, before scale"),
    GEDI_REAL(circles, factor, 0.5, 0.0, 0.999,
              "radius of the inner circle; the outer one has 1"),
    GEDI_REAL(circles, scale, 1.0, 1e-6, 1e6, "multiplies the noisy points"),
    GEDI_INT(circles, train, 10000, 1, 100000000, "records for training"),
    GEDI_INT(circles, test, 2000, 1, 100000000, "records for testing"),
    GEDI_END,
};

/* The outer circle has the smaller half of an odd number of records. */
static int64_t circles_outer(int64_t n)
{
    return n / 2;
}

/* x [n, 2] holds standard normal numbers and becomes the records. */
static void circles_place(const circles *o, float *x, int64_t n)
{
    int64_t outer = circles_outer(n);
    for (int64_t i = 0; i < n; i++) {
        bool inner = i >= outer;
        int64_t m = inner ? n - outer : outer;
        double t = circles_two_pi * (double)(inner ? i - outer : i) / (double)m;
        double radius = inner ? o->factor : 1.0;
        x[2 * i] = (float)(o->scale * (radius * cos(t) + o->noise * (double)x[2 * i]));
        x[2 * i + 1] =
            (float)(o->scale * (radius * sin(t) + o->noise * (double)x[2 * i + 1]));
    }
}

static void circles_close(void *self)
{
    circles *o = self;
    for (int s = 0; s < GEDI_SPLITS; s++) {
        free(o->x[s]);
        o->x[s] = NULL;
    }
}

static gedi_status circles_open(void *self, const gedi_open *open, gedi_data_info *info,
                                gedi_err *err)
{
    circles *o = self;
    o->count[GEDI_TRAIN] = o->train;
    o->count[GEDI_TEST] = o->test;
    *info = (gedi_data_info){.record = GEDI_DIMS(2), .classes = 2};
    for (int s = 0; s < GEDI_SPLITS; s++) {
        int64_t n = o->count[s];
        o->x[s] = malloc((size_t)n * 2 * sizeof(float));
        if (!o->x[s]) {
            circles_close(o);
            return GEDI_FAIL(err, GEDI_NOMEM, "%s: out of memory for %lld records",
                             s == GEDI_TRAIN ? "train" : "test", (long long)n);
        }
        gedi_rng rng = gedi_rng_at(open->seed, GEDI_STREAM_DATA, (uint64_t)s, 0);
        gedi_rng_fill_normal(&rng, o->x[s], 2 * n);
        circles_place(o, o->x[s], n);
        info->count[s] = n;
        info->labelled[s] = true;
    }
    return GEDI_OK;
}

static gedi_status circles_read(const void *self, gedi_split split, int64_t i, float *x,
                                int32_t *label, gedi_err *err)
{
    const circles *o = self;
    (void)err;
    GEDI_ASSERT(i >= 0 && i < o->count[split]);
    x[0] = o->x[split][2 * i];
    x[1] = o->x[split][2 * i + 1];
    *label = i >= circles_outer(o->count[split]);
    return GEDI_OK;
}

GEDI_DEFINE(dataset, circles) = {
    GEDI_HEAD(dataset, circles),
    .brief = "a circle of the plane inside another, with noise",
    .cite = "scikit-learn, sklearn.datasets.make_circles",
    .self_size = sizeof(circles),
    .options = circles_options,
    .open = circles_open,
    .read = circles_read,
    .close = circles_close,
};
