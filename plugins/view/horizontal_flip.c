/* horizontal_flip.c - sometimes, the image in a mirror: left and right change places.
 *
 * Source:  torchvision 0.14, transforms.RandomHorizontalFlip
 * Inputs:  x  [H, W, C]
 * Output:  with probability p: x'[h, w] = x[h, W - 1 - w]; else x
 * Differs: nothing
 */
#include "plugins/view/image.h"

typedef struct horizontal_flip {
    double p;
} horizontal_flip;

static const gedi_option horizontal_flip_options[] = {
    GEDI_REAL(horizontal_flip, p, 0.5, 0.0, 1.0,
              "probability that the image is mirrored"),
    GEDI_END,
};

static void horizontal_flip_apply(const void *self, gedi_shape record, float *x,
                                  float *scratch, gedi_rng *rng)
{
    const horizontal_flip *o = self;
    int64_t wide = record.dim[1], channels = record.dim[2];
    (void)scratch;
    if (!image_chance(rng, o->p))
        return;
    for (int64_t h = 0; h < record.dim[0]; h++, x += wide * channels)
        for (int64_t l = 0, r = wide - 1; l < r; l++, r--)
            for (int64_t c = 0; c < channels; c++) {
                float left = x[l * channels + c];
                x[l * channels + c] = x[r * channels + c];
                x[r * channels + c] = left;
            }
}

static gedi_status horizontal_flip_accepts(const void *self, gedi_shape record,
                                           gedi_err *err)
{
    (void)self;
    return image_accepts("horizontal_flip", record, 0, err);
}

GEDI_DEFINE(view, horizontal_flip) = {
    GEDI_HEAD(view, horizontal_flip),
    .brief = "mirrors the image, at random: left and right change places",
    .cite = "torchvision 0.14, transforms.RandomHorizontalFlip",
    .self_size = sizeof(horizontal_flip),
    .options = horizontal_flip_options,
    .apply = horizontal_flip_apply,
    .accepts = horizontal_flip_accepts,
};
