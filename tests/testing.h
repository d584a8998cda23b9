/* testing.h - what several test programs need: numbers to begin with, and comparing what
 * came out with a reference in double.
 */
#ifndef GEDI_TESTS_TESTING_H
#define GEDI_TESTS_TESTING_H

#include "gedi/rng.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Numbers of [lo, hi), the same for the same seed. */
static inline void testing_uniform(float *x, int64_t n, uint64_t seed, double lo,
                                   double hi)
{
    gedi_rng r = gedi_rng_at(seed, GEDI_STREAM_DATA, 0, 0);
    for (int64_t i = 0; i < n; i++)
        x[i] = (float)(lo + (hi - lo) * (double)gedi_rng_uniform(&r));
}

/* n different numbers of [lo, hi) in random order, (hi - lo) / n apart and none closer
 * than a quarter of that to 0: finite differences do not step over a kink. */
static inline void testing_distinct(float *x, int64_t n, uint64_t seed, double lo,
                                    double hi)
{
    gedi_rng r = gedi_rng_at(seed, GEDI_STREAM_DATA, 1, 0);
    for (int64_t i = 0; i < n; i++) {
        double v = lo + (hi - lo) * ((double)i + 0.5) / (double)n;
        double gap = 0.25 * (hi - lo) / (double)n;
        x[i] = (float)(fabs(v) < gap ? gap : v);
        int64_t j = (int64_t)gedi_rng_below(&r, (uint64_t)i + 1);
        float t = x[i];
        x[i] = x[j];
        x[j] = t;
    }
}

/* The largest |got - want| relative to the largest finite |want|, or to `floor` if that
 * is larger. A NaN or infinity that is not the one wanted is an infinite error, so
 * `error <= tolerance` is a safe comparison. */
static inline double testing_error(const float *got, const double *want, int64_t n,
                                   double floor)
{
    double worst = 0, scale = floor;
    for (int64_t i = 0; i < n; i++)
        if (isfinite(want[i]) && fabs(want[i]) > scale)
            scale = fabs(want[i]);
    for (int64_t i = 0; i < n; i++) {
        double e = fabs((double)got[i] - want[i]);
        if (isnan(want[i]))
            e = isnan(got[i]) ? 0 : INFINITY;
        else if (isinf(want[i]))
            e = (double)got[i] == want[i] ? 0 : INFINITY;
        else if (!isfinite(got[i]))
            e = INFINITY;
        if (e > worst)
            worst = e;
    }
    return scale > 0 ? worst / scale : worst > 0 ? INFINITY : 0;
}

#endif
