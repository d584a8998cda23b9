/* image.h - images, [N, H, W, C]. */
#ifndef GEDI_OP_IMAGE_H
#define GEDI_OP_IMAGE_H

#include "core/op/op.h"

typedef struct gedi__image {
    int64_t n, h, w, c;
} gedi__image;

/* False where the shape is none. */
bool gedi__image_of(gedi_shape s, gedi__image *out);
gedi_shape gedi__image_shape(const gedi__image *m);

/* GEDI_SHAPE, "... is no image, [N, H, W, C]". */
gedi_status gedi__image_required(gedi_shape s, gedi__image *out, gedi_err *err);

#endif
