/* tensor.h - shapes.
 *
 * Letters used in every comment of the project:
 *   B batch   D embedding   K clusters   C channels   H W image
 *   N dataset T sampler steps   P parameters
 * Numbers are float32, row major; images are [N, H, W, C].
 */
#ifndef GEDI_TENSOR_H
#define GEDI_TENSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "gedi/error.h"

#define GEDI_MAX_RANK 5
#define GEDI_MAX_RECORD_RANK 3 /* of one record: [D] or [H, W, C] */

typedef struct gedi_shape {
    int32_t rank;               /* 0 .. GEDI_MAX_RANK */
    int32_t pad;                /* zero, so that shapes compare bytewise */
    int64_t dim[GEDI_MAX_RANK]; /* dims beyond rank are zero */
} gedi_shape;

/* GEDI_DIMS(400, 2) is the shape [400, 2]. */
#ifdef __cplusplus
template <class... T> static inline gedi_shape gedi_dims_(T... dim)
{
    return {(int32_t)sizeof...(dim), 0, {(int64_t)dim...}};
}
#define GEDI_DIMS(...) gedi_dims_(__VA_ARGS__)
#else
#define GEDI_DIMS(...)                                                                   \
    ((gedi_shape){.rank = (int32_t)(sizeof((int64_t[]){__VA_ARGS__}) / sizeof(int64_t)), \
                  .dim = {__VA_ARGS__}})
#endif

/* Number of elements; 1 for rank 0. */
GEDI_EXPORT int64_t gedi_shape_size(gedi_shape s);
GEDI_EXPORT bool gedi_shape_equal(gedi_shape a, gedi_shape b);

/* Writes "[400, 2]" into `out` of `n` bytes; returns `out`. 64 bytes are enough. */
GEDI_EXPORT const char *gedi_shape_text(gedi_shape s, char *out, size_t n);

#endif
