/* largest.h - the class that a record is given: that of its largest number. */
#ifndef GEDI_PLUGINS_EVALUATOR_LARGEST_H
#define GEDI_PLUGINS_EVALUATOR_LARGEST_H

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

#endif
