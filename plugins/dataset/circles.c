/* circles.c - a circle of the plane inside another.
 *
 * Source:  scikit-learn, sklearn.datasets.make_circles: the same geometry.
 * Inputs:  the seed of the run
 * Output:  records [2]; label 0 the outer circle (radius 1), 1 the inner one (factor).
 *          x = scale * (circle(t) + noise * N(0, 1)), t uniform on [0, 2 pi)
 * Differs: sorted by class; factor is 0.5 by default (0.8 there); t is drawn, where
 *          scikit-learn's, `angles: even`, is evenly spaced.
 */
#include "plugins/dataset/plane.h"

typedef struct circles {
    plane plane;
    double factor;
} circles;

static const gedi_option circles_options[] = {
    PLANE_OPTIONS(circles, plane),
    GEDI_REAL(circles, factor, 0.5, 0.0, 0.999,
              "radius of the inner circle; that of the outer one is 1"),
    GEDI_END,
};

static void circles_arcs(const circles *o, arc arcs[PLANE_ARCS])
{
    for (int k = 0; k < PLANE_ARCS; k++)
        arcs[k] = (arc){.radius = k ? o->factor : 1.0, .from = 0, .to = 2 * ARC_PI};
}

static gedi_status circles_open(void *self, const gedi_open *open, gedi_data_info *info,
                                gedi_err *err)
{
    circles *o = self;
    arc arcs[PLANE_ARCS];
    circles_arcs(o, arcs);
    return plane_open(&o->plane, arcs, open, info, err);
}

static gedi_status circles_density(const void *self, const float *x, int64_t n,
                                   gedi_mixture *m, double *log_p, gedi_err *err)
{
    const circles *o = self;
    arc arcs[PLANE_ARCS];
    circles_arcs(o, arcs);
    return plane_density(&o->plane, arcs, x, n, m, log_p, err);
}

GEDI_DEFINE(dataset, circles) = {
    GEDI_HEAD(dataset, circles),
    .revision = 1, /* angles are drawn */
    .brief = "two circles in the plane, one inside the other, with noise",
    .cite = "scikit-learn, sklearn.datasets.make_circles",
    .self_size = sizeof(circles),
    .options = circles_options,
    .open = circles_open,
    .read = plane_read,
    .close = plane_close,
    .density = circles_density,
};
