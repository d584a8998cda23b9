/* resized_crop.c - a rectangle at a random place, of random size and aspect, brought to one size.
 *
 * Source:  torchvision 0.14, transforms.RandomResizedCrop, bilinear with antialias; Szegedy et al.
 *          2015, "Going deeper with convolutions", section 6
 * Inputs:  x  [H, W, C]
 * Output:  x' [height, width, C]: of a rectangle of area s H W and aspect a (width to height),
 *          s uniform on [scale_min, scale_max], log a on [-log aspect, log aspect], sides rounded
 *          and its place uniform; after ten that do not fit, the largest in the middle whose
 *          aspect is allowed
 * Differs: not rounded to bytes, as Pillow does
 */
#include "plugins/view/image.h"
#include "plugins/view/rectangle.h"

#include <string.h>

typedef struct resized_crop {
    int64_t height, width;
    double scale_min, scale_max, aspect;
} resized_crop;

static const gedi_option resized_crop_options[] = {
    GEDI_INT(resized_crop, height, 0, 0, 4096, "of the result; 0: as the record"),
    GEDI_INT(resized_crop, width, 0, 0, 4096, "of the result; 0: as the record"),
    GEDI_REAL(resized_crop, scale_min, 0.08, 1e-4, 1.0,
              "smallest share of the image's area that is cut out"),
    GEDI_REAL(resized_crop, scale_max, 1.0, 1e-4, 1.0, "largest share of the area"),
    GEDI_REAL(resized_crop, aspect, 4.0 / 3.0, 1.0, 100.0,
              "largest ratio of the longer side to the shorter"),
    GEDI_END,
};

static gedi_shape resized_crop_shape(const void *self, gedi_shape record)
{
    const resized_crop *o = self;
    record.dim[0] = o->height ? o->height : record.dim[0];
    record.dim[1] = o->width ? o->width : record.dim[1];
    return record;
}

static void resized_crop_apply(const void *self, gedi_shape record, float *x,
                               float *scratch, gedi_rng *rng)
{
    const resized_crop *o = self;
    gedi_shape to = resized_crop_shape(self, record);
    rectangle_range range = {o->scale_min, o->scale_max, o->aspect};
    rectangle r = rectangle_draw(range, record.dim[0], record.dim[1], rng);
    memcpy(scratch, x, (size_t)gedi_shape_size(record) * sizeof *x);
    rectangle_resize(scratch, record.dim[1], record.dim[2], r, to.dim[0], to.dim[1], x);
}

static gedi_status resized_crop_accepts(const void *self, gedi_shape record,
                                        gedi_err *err)
{
    const resized_crop *o = self;
    if (o->scale_min > o->scale_max)
        return GEDI_FAIL(err, GEDI_USAGE,
                         "view resized_crop: scale_min %g is above scale_max %g",
                         o->scale_min, o->scale_max);
    return image_accepts("resized_crop", record, 0, err);
}

GEDI_DEFINE(view, resized_crop) = {
    GEDI_HEAD(view, resized_crop),
    .brief = "cuts out a rectangle of random size, aspect and place, and resizes it",
    .cite = "torchvision 0.14, transforms.RandomResizedCrop",
    .self_size = sizeof(resized_crop),
    .options = resized_crop_options,
    .apply = resized_crop_apply,
    .accepts = resized_crop_accepts,
    .shape = resized_crop_shape,
};
