/* moons.c - two interleaved half circles of the plane.
 *
 * Source:  scikit-learn, sklearn.datasets.make_moons: the same geometry.
 * Inputs:  the seed of the run
 * Output:  records [2]; label 0 the upper moon, 1 the lower one.
 *          x = scale * (arc(t) + noise * N(0, 1)), t evenly spaced, both ends included
 * Differs: sorted by class. As there, the moons are not centred; `center` subtracts
 *          (1/2, 1/4), the mean of the arcs.
 */
#include "plugins/dataset/plane.h"

typedef struct moons {
    plane plane;
    bool center;
} moons;

static const gedi_option moons_options[] = {
    PLANE_OPTIONS(moons, plane),
    GEDI_BOOL(
        moons, center, false,
        "subtract (0.5, 0.25), the mean of the noiseless arcs; scikit-learn's moons "
        "are not centred"),
    GEDI_END,
};

static void moons_arc(const void *self, bool lower, int64_t j, int64_t m, double *x,
                      double *y)
{
    const moons *o = self;
    double t = m > 1 ? PLANE_PI * (double)j / (double)(m - 1) : 0.0;
    *x = (lower ? 1.0 - cos(t) : cos(t)) - (o->center ? 0.5 : 0.0);
    *y = (lower ? 0.5 - sin(t) : sin(t)) - (o->center ? 0.25 : 0.0);
}

static gedi_status moons_open(void *self, const gedi_open *open, gedi_data_info *info,
                              gedi_err *err)
{
    return plane_open(self, moons_arc, open, info, err);
}

GEDI_DEFINE(dataset, moons) = {
    GEDI_HEAD(dataset, moons),
    .brief = "two interleaved half circles in the plane, with noise",
    .cite = "scikit-learn, sklearn.datasets.make_moons",
    .self_size = sizeof(moons),
    .options = moons_options,
    .open = moons_open,
    .read = plane_read,
    .close = plane_close,
};
