/* strided.h - copying numbers into another order, or several times. */
#ifndef GEDI_OP_STRIDED_H
#define GEDI_OP_STRIDED_H

#include "core/op/op.h"

/* y, contiguous, of shape `to`, from x: a step along axis i of y is stride[i] numbers in
 * x; 0 repeats. */
void gedi__copy_strided(const float *x, const int64_t *stride, gedi_shape to, float *y,
                        int threads);

/* The strides of contiguous numbers of that shape. */
void gedi__strides(gedi_shape s, int64_t *stride);

/* y[i] = v */
void gedi__fill(float *y, int64_t n, float v);

#endif
