/* largest.h - the class that a record is given: that of its largest number. */
#ifndef GEDI_PLUGINS_EVALUATOR_LARGEST_H
#define GEDI_PLUGINS_EVALUATOR_LARGEST_H

#include "gedi/error.h"

#include <math.h>
#include <stdint.h>

/* Index of the largest of x [k], the first among equals; -1 if one is not a number. */
static inline int32_t largest_of(const float *x, int64_t k)
{
    int64_t best = 0;
    for (int64_t j = 0; j < k; j++) {
        if (isnan(x[j]))
            return -1;
        if (x[j] > x[best])
            best = j;
    }
    return (int32_t)best;
}

/* y [n], the cluster of each record, from p(y|x) [n, k].
 *   Errors: GEDI_NUMERIC where one is not a number.  */
static inline gedi_status largest_of_each(const float *p, int64_t n, int64_t k,
                                          int32_t *y, gedi_err *err)
{
    for (int64_t i = 0; i < n; i++) {
        y[i] = largest_of(p + i * k, k);
        if (y[i] < 0)
            return GEDI_FAIL(err, GEDI_NUMERIC, "p(y|x) of record %lld is not a number",
                             (long long)i);
    }
    return GEDI_OK;
}

#endif
