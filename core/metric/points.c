/* points.c - what all that looks at points asks of them. */
#include "core/metric/points.h"
#include "core/base/loop.h"

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

GEDI__CLONES float gedi__points_square(const float *a, const float *b, int64_t d)
{
    float lane[16] = {0}, rest = 0;
    int64_t i = 0;
    for (; i + 16 <= d; i += 16)
#pragma omp simd
        for (int j = 0; j < 16; j++)
            lane[j] += (a[i + j] - b[i + j]) * (a[i + j] - b[i + j]);
    for (; i < d; i++)
        rest += (a[i] - b[i]) * (a[i] - b[i]);
    for (int j = 0; j < 16; j++)
        rest += lane[j];
    return rest;
}
