/* moons.c - two interleaved half circles of the plane.
 *
 * Source:  scikit-learn, sklearn.datasets.make_moons: the same geometry.
 * Inputs:  the seed of the run
 * Output:  records [2]; label 0 the upper moon, 1 the lower one.
 *          x = scale * (arc(t) + noise * N(0, 1)), t uniform on [0, pi)
 * Differs: sorted by class; t is drawn, where scikit-learn's, `angles: even`, is evenly spaced,
 *          both ends included. As there, the moons are not centred; `center` subtracts
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

static void moons_arcs(const moons *o, arc arcs[PLANE_ARCS])
{
    double x = o->center ? -0.5 : 0.0, y = o->center ? -0.25 : 0.0;
    arcs[0] = (arc){.x = x, .y = y, .radius = 1, .from = 0, .to = ARC_PI};
    arcs[1] =
        (arc){.x = x + 1, .y = y + 0.5, .radius = 1, .from = ARC_PI, .to = 2 * ARC_PI};
}

static gedi_status moons_open(void *self, const gedi_open *open, gedi_data_info *info,
                              gedi_err *err)
{
    moons *o = self;
    arc arcs[PLANE_ARCS];
    moons_arcs(o, arcs);
    return plane_open(&o->plane, arcs, open, info, err);
}

static gedi_status moons_density(const void *self, const float *x, int64_t n,
                                 gedi_mixture *m, double *log_p, gedi_err *err)
{
    const moons *o = self;
    arc arcs[PLANE_ARCS];
    moons_arcs(o, arcs);
    return plane_density(&o->plane, arcs, x, n, m, log_p, err);
}

GEDI_DEFINE(dataset, moons) = {
    GEDI_HEAD(dataset, moons),
    .revision = 1, /* angles are drawn */
    .brief = "two interleaved half circles in the plane, with noise",
    .cite = "scikit-learn, sklearn.datasets.make_moons",
    .self_size = sizeof(moons),
    .options = moons_options,
    .open = moons_open,
    .read = plane_read,
    .close = plane_close,
    .density = moons_density,
};
