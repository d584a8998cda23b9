/* plane.h - what datasets of two curves in the plane share: points evenly along each curve, noise,
 * and reading them.
 *
 * Records are sorted by class; the harness draws their order. Train and test differ in their
 * noise. The first curve has the smaller half of an odd number of records.
 */
#ifndef GEDI_PLUGINS_DATASET_PLANE_H
#define GEDI_PLUGINS_DATASET_PLANE_H

#include "gedi/plugin.h"

#include <math.h>
#include <stdlib.h>

#define PLANE_PI 3.14159265358979323846

/* The first member of a dataset's struct. */
typedef struct plane {
    double noise, scale;
    int64_t train, test;
    float *x[GEDI_SPLITS]; /* [N, 2] */
    int64_t count[GEDI_SPLITS];
} plane;

/* Rows for the options table of a struct S with a plane `at`. */
#define PLANE_OPTIONS(S, at)                                                             \
    GEDI_REAL_AT(S, at.noise, "noise", 0.05, 0.0, 1e3,                                   \
                 "standard deviation of the Gaussian noise, before scale"),              \
        GEDI_REAL_AT(S, at.scale, "scale", 1.0, 1e-6, 1e6,                               \
                     "multiplies the noisy points"),                                     \
        GEDI_INT_AT(S, at.train, "train", 10000, 1, 100000000,                           \
                    "number of training records"),                                       \
        GEDI_INT_AT(S, at.test, "test", 2000, 1, 100000000, "number of test records")

/* Point j of m on the first or the second curve, without noise. */
typedef void plane_curve(const void *self, bool second, int64_t j, int64_t m, double *x,
                         double *y);

static void plane_close(void *self)
{
    plane *p = self;
    for (int s = 0; s < GEDI_SPLITS; s++) {
        free(p->x[s]);
        p->x[s] = NULL;
    }
}

/* x [n, 2] holds standard normal numbers and becomes the records. */
static void plane_place(const plane *p, plane_curve *curve, float *x, int64_t n)
{
    int64_t first = n / 2;
    for (int64_t i = 0; i < n; i++) {
        bool second = i >= first;
        double cx, cy;
        curve(p, second, second ? i - first : i, second ? n - first : first, &cx, &cy);
        x[2 * i] = (float)(p->scale * (cx + p->noise * (double)x[2 * i]));
        x[2 * i + 1] = (float)(p->scale * (cy + p->noise * (double)x[2 * i + 1]));
    }
}

static inline gedi_status plane_open(plane *p, plane_curve *curve, const gedi_open *open,
                                     gedi_data_info *info, gedi_err *err)
{
    p->count[GEDI_TRAIN] = p->train;
    p->count[GEDI_TEST] = p->test;
    *info = (gedi_data_info){.record = GEDI_DIMS(2), .classes = 2};
    for (int s = 0; s < GEDI_SPLITS; s++) {
        int64_t n = p->count[s];
        p->x[s] = malloc((size_t)n * 2 * sizeof(float));
        if (!p->x[s]) {
            plane_close(p);
            return gedi_no_memory(err, "%s: %lld records",
                                  s == GEDI_TRAIN ? "train" : "test", (long long)n);
        }
        gedi_rng rng = gedi_rng_at(open->seed, GEDI_STREAM_DATA, (uint64_t)s, 0);
        gedi_rng_fill_normal(&rng, p->x[s], 2 * n);
        plane_place(p, curve, p->x[s], n);
        info->count[s] = n;
        info->labelled[s] = true;
    }
    return GEDI_OK;
}

static gedi_status plane_read(const void *self, gedi_split split, int64_t i, float *x,
                              int32_t *label, gedi_err *err)
{
    const plane *p = self;
    (void)err;
    GEDI_ASSERT(i >= 0 && i < p->count[split]);
    x[0] = p->x[split][2 * i];
    x[1] = p->x[split][2 * i + 1];
    *label = i >= p->count[split] / 2;
    return GEDI_OK;
}

#endif
