/* image.h - the two layouts of an image in memory, and loops that serve both. */
#ifndef GEDI_OP_IMAGE_H
#define GEDI_OP_IMAGE_H

#include "core/op/op.h"

enum { GEDI__BLOCK = 16 }; /* channels side by side in a blocked image */

/* [N, H, W, C], or blocked: [N, C/16, H, W, 16]. */
typedef struct gedi__image {
    int64_t n, h, w, c;
    bool blocked;
} gedi__image;

/* False where the shape is neither. */
bool gedi__image_of(gedi_shape s, gedi__image *out);
gedi_shape gedi__image_shape(const gedi__image *m);

/* Either layout is [outer, H, W, inner] in memory. */
int64_t gedi__image_inner(const gedi__image *m);
int64_t gedi__image_outer(const gedi__image *m);

/* What has one number a channel: the axes over which it is the same, and its shape with
 * these kept as 1. Whatever is no blocked image has its channels along the last axis. */
unsigned gedi__channel_axes(gedi_shape s);
gedi_shape gedi__channel_shape(gedi_shape s);

/* GEDI_SHAPE, "... is not an image, [N, H, W, C] or [N, C/16, H, W, 16]". */
gedi_status gedi__image_required(gedi_shape s, gedi__image *out, gedi_err *err);

#endif
