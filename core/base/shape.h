/* shape.h - may a tensor have this shape? */
#ifndef GEDI_BASE_SHAPE_H
#define GEDI_BASE_SHAPE_H

#include "gedi/tensor.h"

/* The most numbers of one tensor: 4 TiB. Sizes, offsets and bytes of what is smaller do not
 * overflow, so they are computed without a check. */
#define GEDI__MAX_NUMBERS (INT64_C(1) << 40)

/* Dimensions are `least` or more, and their product, that of those that are not 0, is not above
 * the most.
 *   Errors: GEDI_SHAPE.  */
gedi_status gedi__shape_check(gedi_shape s, int64_t least, gedi_err *err);

#endif
