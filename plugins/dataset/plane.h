/* plane.h - what datasets of two arcs in the plane share: points on them, noise, reading them, and
 * the density that they are drawn from.
 *
 * Records are sorted by class; the harness draws their order. Train and test differ in their
 * angles and in their noise. The first arc has the smaller half of an odd number of records.
 */
#ifndef GEDI_PLUGINS_DATASET_PLANE_H
#define GEDI_PLUGINS_DATASET_PLANE_H

#include "gedi/plugin.h"
#include "plugins/dataset/arc.h"

#include <math.h>
#include <stdlib.h>

enum { PLANE_ARCS = 2 };
/* By option `angles`. */
enum { PLANE_DRAWN, PLANE_EVEN };

/* The first member of a dataset's struct. */
typedef struct plane {
    double noise, scale;
    int64_t train, test, angles;
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
        GEDI_INT_AT(S, at.test, "test", 2000, 1, 100000000, "number of test records"),   \
        GEDI_ENUM_AT(S, at.angles, "angles", PLANE_DRAWN, "drawn|even",                  \
                     "places on the curves: drawn uniformly, for train and test apart, " \
                     "or even, the same in both, as scikit-learn has them")

static void plane_close(void *self)
{
    plane *p = self;
    for (int s = 0; s < GEDI_SPLITS; s++) {
        free(p->x[s]);
        p->x[s] = NULL;
    }
}

/* Share j of m, in even steps; both ends of an arc that is open are there. */
static inline double plane_even(const arc *a, int64_t j, int64_t m)
{
    bool open = a->to - a->from < 2 * ARC_PI;
    int64_t steps = open ? m - 1 : m;
    return steps > 0 ? (double)j / (double)steps : 0.0;
}

/* x [n, 2] holds standard normal numbers and becomes the records. */
static inline void plane_place(const plane *p, const arc *arcs, gedi_rng *angles,
                               float *x, int64_t n)
{
    int64_t first = n / 2;
    for (int64_t i = 0; i < n; i++) {
        bool second = i >= first;
        const arc *a = &arcs[second];
        double cx, cy;
        double share = p->angles == PLANE_DRAWN ? (double)gedi_rng_uniform(angles)
                                                : plane_even(a, second ? i - first : i,
                                                             second ? n - first : first);
        arc_point(a, share, &cx, &cy);
        x[2 * i] = (float)(p->scale * (cx + p->noise * (double)x[2 * i]));
        x[2 * i + 1] = (float)(p->scale * (cy + p->noise * (double)x[2 * i + 1]));
    }
}

static inline gedi_status plane_open(plane *p, const arc *arcs, const gedi_open *open,
                                     gedi_data_info *info, gedi_err *err)
{
    p->count[GEDI_TRAIN] = p->train;
    p->count[GEDI_TEST] = p->test;
    *info = (gedi_data_info){.record = GEDI_DIMS(2), .classes = PLANE_ARCS};
    for (int s = 0; s < GEDI_SPLITS; s++) {
        int64_t n = p->count[s];
        p->x[s] = malloc((size_t)n * 2 * sizeof(float));
        if (!p->x[s]) {
            plane_close(p);
            return gedi_no_memory(err, "%s: %lld records",
                                  s == GEDI_TRAIN ? "train" : "test", (long long)n);
        }
        gedi_rng noise = gedi_rng_at(open->seed, GEDI_STREAM_DATA, (uint64_t)s, 0);
        gedi_rng angles =
            gedi_rng_at(open->seed, GEDI_STREAM_DATA, (uint64_t)(GEDI_SPLITS + s), 0);
        gedi_rng_fill_normal(&noise, p->x[s], 2 * n);
        plane_place(p, arcs, &angles, p->x[s], n);
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

/* Of drawn angles; even ones have the same density in the limit of many records. */
static inline gedi_status plane_density(const plane *p, const arc *arcs, const float *x,
                                        int64_t n, gedi_mixture *m, double *log_p,
                                        gedi_err *err)
{
    arc_rule rule;
    if (!(p->noise > 0))
        return GEDI_FAIL(err, GEDI_OPTION,
                         "noise: 0 leaves the records on two curves, which have no "
                         "density in the plane: set it above 0, for example 0.05");
    *m = (gedi_mixture){.components = PLANE_ARCS, .weight = {0.5, 0.5}};
    arc_rule_init(&rule);
    for (int64_t i = 0; i < n; i++)
        for (int k = 0; k < PLANE_ARCS;
             k++) /* before scale, and its part of the volume */
            log_p[PLANE_ARCS * i + k] =
                arc_log_density(&arcs[k], &rule, p->noise, x[2 * i] / p->scale,
                                x[2 * i + 1] / p->scale) -
                2 * log(p->scale);
    return GEDI_OK;
}

#endif
