/* solarize.c - sometimes, what is bright becomes dark.
 *
 * Source:  torchvision 0.14, transforms.RandomSolarize; Grill et al. 2020, "Bootstrap Your Own
 *          Latent", appendix B, has the threshold 1/2 and p = .2 for one of its two views
 * Inputs:  x  [H, W, C]  pixels in [0, 1]
 * Output:  with probability p: x' = 1 - x where x >= threshold, else x; else x
 * Differs: nothing
 */
#include "plugins/view/image.h"

typedef struct solarize {
    double threshold, p;
} solarize;

static const gedi_option solarize_options[] = {
    GEDI_REAL(solarize, threshold, 0.5, 0.0, 1.0,
              "pixels of [0, 1] from here on are inverted, each channel by itself"),
    GEDI_REAL(solarize, p, 0.5, 0.0, 1.0, "probability that the image is solarized"),
    GEDI_END,
};

static void solarize_apply(const void *self, gedi_shape record, float *x, float *scratch,
                           gedi_rng *rng)
{
    const solarize *o = self;
    int64_t n = gedi_shape_size(record);
    float threshold = (float)o->threshold;
    (void)scratch;
    if (!image_chance(rng, o->p))
        return;
    for (int64_t i = 0; i < n; i++)
        x[i] = x[i] >= threshold ? 1.0f - x[i] : x[i];
}

static gedi_status solarize_accepts(const void *self, gedi_shape record, gedi_err *err)
{
    (void)self;
    return image_accepts("solarize", record, 0, err);
}

GEDI_DEFINE(view, solarize) = {
    GEDI_HEAD(view, solarize),
    .brief = "inverts what is bright, at random",
    .cite = "torchvision 0.14, transforms.RandomSolarize; Grill et al. 2020, appendix B",
    .self_size = sizeof(solarize),
    .options = solarize_options,
    .apply = solarize_apply,
    .accepts = solarize_accepts,
    .pixels = true,
};
