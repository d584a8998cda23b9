/* color_jitter.c - random brightness, contrast, saturation and hue, in random order.
 *
 * Source:  torchvision 0.14, transforms.ColorJitter within transforms.RandomApply
 * Inputs:  x  [H, W, 3]  pixels in [0, 1]
 * Output:  with probability p: brightness, contrast and saturation times U[max(0, 1 - a), 1 + a],
 *          hue turned by U[-a, a] of its circle, a the option of each; else x
 * Differs: float numbers throughout, as torchvision's for tensors; its images of PIL are rounded
 *          to 256 levels after each step
 */
#include "plugins/view/colour.h"
#include "plugins/view/image.h"

enum { COLOR_JITTER_STEPS = 4 };

typedef struct color_jitter {
    double brightness, contrast, saturation, hue, p;
} color_jitter;

static const gedi_option color_jitter_options[] = {
    GEDI_REAL(color_jitter, brightness, 0.4, 0.0, 1e3,
              "brightness is multiplied by up to 1 + this, or down to 1 - this"),
    GEDI_REAL(color_jitter, contrast, 0.4, 0.0, 1e3, "the same for contrast"),
    GEDI_REAL(color_jitter, saturation, 0.4, 0.0, 1e3, "the same for saturation"),
    GEDI_REAL(color_jitter, hue, 0.1, 0.0, 0.5,
              "hue is shifted by up to this share of the colour circle, either way"),
    GEDI_REAL(color_jitter, p, 0.1, 0.0, 1.0, "probability that the view does anything"),
    GEDI_END,
};

static float color_jitter_between(gedi_rng *rng, double low, double high)
{
    return (float)image_between(rng, low, high);
}

static float color_jitter_factor(gedi_rng *rng, double amount)
{
    return color_jitter_between(rng, fmax(0.0, 1.0 - amount), 1.0 + amount);
}

static void color_jitter_apply(const void *self, gedi_shape record, float *x,
                               float *scratch, gedi_rng *rng)
{
    const color_jitter *o = self;
    int64_t n = record.dim[0] * record.dim[1], order[COLOR_JITTER_STEPS];
    (void)scratch;
    if (!image_chance(rng, o->p))
        return;
    gedi_rng_permutation(rng, order, COLOR_JITTER_STEPS);
    float brightness = color_jitter_factor(rng, o->brightness);
    float contrast = color_jitter_factor(rng, o->contrast);
    float saturation = color_jitter_factor(rng, o->saturation);
    float hue = color_jitter_between(rng, -o->hue, o->hue);
    for (int i = 0; i < COLOR_JITTER_STEPS; i++) {
        if (order[i] == 0 && o->brightness > 0)
            colour_brightness(x, n, brightness);
        else if (order[i] == 1 && o->contrast > 0)
            colour_contrast(x, n, contrast);
        else if (order[i] == 2 && o->saturation > 0)
            colour_saturation(x, n, saturation);
        else if (order[i] == 3 && o->hue > 0)
            colour_hue(x, n, hue);
    }
}

static gedi_status color_jitter_accepts(const void *self, gedi_shape record,
                                        gedi_err *err)
{
    (void)self;
    return image_accepts("color_jitter", record, 3, err);
}

GEDI_DEFINE(view, color_jitter) = {
    GEDI_HEAD(view, color_jitter),
    .brief = "random brightness, contrast, saturation and hue of colour images",
    .cite = "torchvision 0.14, transforms.ColorJitter within RandomApply",
    .self_size = sizeof(color_jitter),
    .options = color_jitter_options,
    .apply = color_jitter_apply,
    .accepts = color_jitter_accepts,
    .pixels = true,
};
