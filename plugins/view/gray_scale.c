/* gray_scale.c - sometimes, the grey of every pixel in place of its colour.
 *
 * Source:  torchvision 0.14, transforms.RandomGrayscale
 * Inputs:  x  [H, W, 3]  pixels in [0, 1]
 * Output:  with probability p: .2989 R + .587 G + .114 B in all three channels; else x
 * Differs: nothing
 */
#include "plugins/view/colour.h"
#include "plugins/view/image.h"

typedef struct gray_scale {
    double p;
} gray_scale;

static const gedi_option gray_scale_options[] = {
    GEDI_REAL(gray_scale, p, 0.1, 0.0, 1.0, "probability that the image turns grey"),
    GEDI_END,
};

static void gray_scale_apply(const void *self, gedi_shape record, float *x,
                             float *scratch, gedi_rng *rng)
{
    const gray_scale *o = self;
    int64_t n = record.dim[0] * record.dim[1];
    (void)scratch;
    if (!image_chance(rng, o->p))
        return;
    for (float *pixel = x; pixel < x + 3 * n; pixel += 3)
        pixel[0] = pixel[1] = pixel[2] = colour_grey(pixel);
}

static gedi_status gray_scale_accepts(const void *self, gedi_shape record, gedi_err *err)
{
    (void)self;
    return image_accepts("gray_scale", record, 3, err);
}

GEDI_DEFINE(view, gray_scale) = {
    GEDI_HEAD(view, gray_scale),
    .brief = "turns the image grey, at random",
    .cite = "torchvision 0.14, transforms.RandomGrayscale",
    .self_size = sizeof(gray_scale),
    .options = gray_scale_options,
    .apply = gray_scale_apply,
    .accepts = gray_scale_accepts,
    .pixels = true,
};
