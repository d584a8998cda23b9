/* equalize.c - sometimes, all levels of brightness become about equally frequent.
 *
 * Source:  torchvision 0.14, transforms.RandomEqualize, functional_tensor._scale_channel, which is
 *          Pillow's ImageOps.equalize
 * Inputs:  x  [H, W, C]  pixels in [0, 1], rounded to levels v of 0 .. 255
 * Output:  with probability p, in each channel by itself: x' = min(255, floor((n_v + floor(s / 2)) / s))
 *          / 255, n_v the number of pixels below level v and s = floor(m / 255), m the number of pixels
 *          but for those of the brightest level; x where s = 0 (fewer pixels, or all alike); else x
 * Differs: nothing
 */
#include "plugins/view/image.h"

#include <math.h>

enum { EQUALIZE_LEVELS = 256 };

typedef struct equalize {
    double p;
} equalize;

static const gedi_option equalize_options[] = {
    GEDI_REAL(equalize, p, 0.5, 0.0, 1.0, "probability that the image is equalized"),
    GEDI_END,
};

static int equalize_level(float x)
{
    float v = rintf(255.0f * x);
    return v > 0.0f ? v < 255.0f ? (int)v : 255 : 0;
}

/* One channel of n pixels, `step` apart. */
static void equalize_channel(float *x, int64_t n, int64_t step)
{
    int64_t count[EQUALIZE_LEVELS] = {0}, below = 0;
    float to[EQUALIZE_LEVELS];
    int brightest = 0;
    for (int64_t i = 0; i < n; i++) {
        int v = equalize_level(x[i * step]);
        count[v]++;
        brightest = v > brightest ? v : brightest;
    }
    int64_t s = (n - count[brightest]) / 255;
    if (s == 0)
        return;
    for (int v = 0; v < EQUALIZE_LEVELS; below += count[v], v++) {
        int64_t level = (below + s / 2) / s;
        to[v] = (float)(level < 255 ? level : 255) / 255.0f;
    }
    for (int64_t i = 0; i < n; i++)
        x[i * step] = to[equalize_level(x[i * step])];
}

static void equalize_apply(const void *self, gedi_shape record, float *x, float *scratch,
                           gedi_rng *rng)
{
    const equalize *o = self;
    (void)scratch;
    if (!image_chance(rng, o->p))
        return;
    for (int64_t c = 0; c < record.dim[2]; c++)
        equalize_channel(x + c, record.dim[0] * record.dim[1], record.dim[2]);
}

static gedi_status equalize_accepts(const void *self, gedi_shape record, gedi_err *err)
{
    (void)self;
    return image_accepts("equalize", record, 0, err);
}

GEDI_DEFINE(view, equalize) = {
    GEDI_HEAD(view, equalize),
    .brief = "makes all levels of brightness equally frequent, at random",
    .cite = "torchvision 0.14, transforms.RandomEqualize",
    .self_size = sizeof(equalize),
    .options = equalize_options,
    .apply = equalize_apply,
    .accepts = equalize_accepts,
    .pixels = true,
};
