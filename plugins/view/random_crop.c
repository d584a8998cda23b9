/* random_crop.c - the image is continued by reflection on all sides, and a piece of its own size
 * is cut out at a random place.
 *
 * Source:  torchvision 0.14, transforms.RandomCrop with padding_mode "reflect"
 * Inputs:  x  [H, W, C]
 * Output:  x'[h, w] = x[r(h + i - padding), r(w + j - padding)], i and j uniform on
 *          0 .. 2 padding; r reflects at the first and the last row, which are not repeated
 * Differs: pads here, before the crop; where another view stands between (as in pipelines that pad
 *          first), only what that computes of the whole image, a mean, could differ.
 */
#include "plugins/view/image.h"

#include <string.h>

typedef struct random_crop {
    int64_t padding;
} random_crop;

static const gedi_option random_crop_options[] = {
    GEDI_INT(random_crop, padding, 4, 0, 4096,
             "pixels added on each side; the crop is shifted by at most as many"),
    GEDI_END,
};

static void random_crop_apply(const void *self, gedi_shape record, float *x,
                              float *scratch, gedi_rng *rng)
{
    const random_crop *o = self;
    int64_t high = record.dim[0], wide = record.dim[1], channels = record.dim[2];
    uint64_t places = (uint64_t)(2 * o->padding + 1);
    int64_t down = (int64_t)gedi_rng_below(rng, places) - o->padding;
    int64_t right = (int64_t)gedi_rng_below(rng, places) - o->padding;
    if (!down && !right)
        return;
    memcpy(scratch, x, (size_t)gedi_shape_size(record) * sizeof *x);
    for (int64_t h = 0; h < high; h++) {
        const float *row = scratch + image_reflect(h + down, high) * wide * channels;
        for (int64_t w = 0; w < wide; w++) {
            const float *from = row + image_reflect(w + right, wide) * channels;
            for (int64_t c = 0; c < channels; c++)
                *x++ = from[c];
        }
    }
}

static gedi_status random_crop_accepts(const void *self, gedi_shape record, gedi_err *err)
{
    const random_crop *o = self;
    char has[64];
    GEDI_TRY(image_accepts("random_crop", record, 0, err));
    if (o->padding < record.dim[0] && o->padding < record.dim[1])
        return GEDI_OK;
    return GEDI_FAIL(
        err, GEDI_SHAPE,
        "view random_crop: padding %lld must be less than height and width of records "
        "of shape %s: more cannot be reflected",
        (long long)o->padding, gedi_shape_text(record, has, sizeof has));
}

GEDI_DEFINE(view, random_crop) = {
    GEDI_HEAD(view, random_crop),
    .brief = "shifts the image at random and fills the gap with its reflection",
    .cite = "torchvision 0.14, transforms.RandomCrop, padding_mode reflect",
    .self_size = sizeof(random_crop),
    .options = random_crop_options,
    .apply = random_crop_apply,
    .accepts = random_crop_accepts,
};
