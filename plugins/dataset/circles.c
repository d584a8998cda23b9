/* circles.c - a circle of the plane inside another.
 *
 * Source:  scikit-learn, sklearn.datasets.make_circles: the same geometry.
 * Inputs:  the seed of the run
 * Output:  records [2]; label 0 the outer circle (radius 1), 1 the inner one (factor).
 *          x = scale * (circle(t) + noise * N(0, 1)), t evenly spaced on [0, 2 pi)
 * Differs: sorted by class; factor is 0.5 by default (0.8 there).
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

static void circles_point(const void *self, bool inner, int64_t j, int64_t m, double *x,
                          double *y)
{
    const circles *o = self;
    double t = 2.0 * PLANE_PI * (double)j / (double)m;
    double radius = inner ? o->factor : 1.0;
    *x = radius * cos(t);
    *y = radius * sin(t);
}

static gedi_status circles_open(void *self, const gedi_open *open, gedi_data_info *info,
                                gedi_err *err)
{
    return plane_open(self, circles_point, open, info, err);
}

GEDI_DEFINE(dataset, circles) = {
    GEDI_HEAD(dataset, circles),
    .brief = "two circles in the plane, one inside the other, with noise",
    .cite = "scikit-learn, sklearn.datasets.make_circles",
    .self_size = sizeof(circles),
    .options = circles_options,
    .open = circles_open,
    .read = plane_read,
    .close = plane_close,
};
