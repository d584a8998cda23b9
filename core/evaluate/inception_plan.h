/* inception_plan.h - the layers of the 2015 Inception network, one after the other. */
#ifndef GEDI_EVALUATE_INCEPTION_PLAN_H
#define GEDI_EVALUATE_INCEPTION_PLAN_H

#include "core/evaluate/inception_layers.h"

enum {
    GEDI__INCEPTION_SIDE = 299, /* of the images it takes */
    GEDI__INCEPTION_FEATURES = 2048,
    GEDI__INCEPTION_PLACES = 4, /* pieces of memory that layers read and write */
    GEDI__INCEPTION_MOST = 128, /* layers, at most */
};

typedef enum gedi__layer_kind {
    GEDI__CONVOLVE, /* with batch normalisation and ReLU */
    GEDI__POOL_MEAN,
    GEDI__POOL_LARGEST,
} gedi__layer_kind;

typedef struct gedi__layer {
    gedi__layer_kind kind;
    gedi__window window;
    int from, to;         /* places, 0 .. GEDI__INCEPTION_PLACES - 1 */
    gedi__maps in, out;   /* sizes, without memory */
    int64_t first, count; /* channels of `out` that it writes */
    char name[48];        /* of a convolution's tensors: "Mixed_5b.branch1x1" */
} gedi__layer;

/* All layers from the image in place 0 on, but for the mean over the last map; returns how
 * many. What the last one belongs to lies in place *last. */
int gedi__inception_plan(gedi__layer layer[GEDI__INCEPTION_MOST], int *last);

#endif
