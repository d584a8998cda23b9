/* points.c - what all that looks at points asks of them. */
#include "core/metric/points.h"

#include <math.h>

gedi_status gedi__points_finite(const char *what, const float *x, int64_t n, int64_t d,
                                gedi_err *err)
{
    for (int64_t i = 0; i < n * d; i++)
        if (!isfinite(x[i]))
            return GEDI_FAIL(err, GEDI_NUMERIC, "%s: number %lld of point %lld is %g",
                             what, (long long)(i % d), (long long)(i / d), (double)x[i]);
    return GEDI_OK;
}
