/* rotation.c - the image turned around its middle by a random angle.
 *
 * Source:  torchvision 0.14, transforms.RandomRotation with a single number, and functional.rotate
 * Inputs:  x  [H, W, C]
 * Output:  x'[h, w] = x at row sin(a) v + cos(a) u, column cos(a) v - sin(a) u, all from the middle of
 *          the image: u = h - (H - 1) / 2 downwards, v = w - (W - 1) / 2 to the right; a uniform on
 *          [-degrees, degrees], counterclockwise. nearest: the pixel that is nearest (a half to the
 *          even one), `fill` outside; bilinear: the four around, those outside being `fill`
 * Differs: beside the border, bilinear, torchvision multiplies what the image gives by its share of the
 *          weights once more when a fill is stated
 */
#include "plugins/view/image.h"

#include <math.h>
#include <string.h>

enum { ROTATION_NEAREST, ROTATION_BILINEAR }; /* values of `interpolation` */

typedef struct rotation {
    double degrees, fill, p;
    int64_t interpolation;
} rotation;

static const gedi_option rotation_options[] = {
    GEDI_REAL(rotation, degrees, 15.0, 0.0, 180.0,
              "largest angle, either way, in degrees"),
    GEDI_ENUM(rotation, interpolation, ROTATION_NEAREST, "nearest|bilinear",
              "from the nearest pixel, or from the four around"),
    GEDI_REAL(
        rotation, fill, 0.0, -1e6, 1e6,
        "what comes in at the corners, in units of the record: 0 is the mean of standardised "
        "data"),
    GEDI_REAL(rotation, p, 1.0, 0.0, 1.0, "probability that the image is turned"),
    GEDI_END,
};

/* A pixel, or NULL outside of the image. */
static const float *rotation_pixel(const float *x, gedi_shape s, double row,
                                   double column)
{
    bool inside =
        row >= 0 && row < (double)s.dim[0] && column >= 0 && column < (double)s.dim[1];
    return inside ? x + ((int64_t)row * s.dim[1] + (int64_t)column) * s.dim[2] : NULL;
}

static void rotation_nearest(const rotation *o, const float *x, gedi_shape s, double row,
                             double column, float *out)
{
    const float *from = rotation_pixel(x, s, rint(row), rint(column));
    for (int64_t c = 0; c < s.dim[2]; c++)
        out[c] = from ? from[c] : (float)o->fill;
}

static void rotation_bilinear(const rotation *o, const float *x, gedi_shape s, double row,
                              double column, float *out)
{
    double top = floor(row), left = floor(column), down = row - top,
           right = column - left;
    const float *from[4] = {
        rotation_pixel(x, s, top, left), rotation_pixel(x, s, top, left + 1),
        rotation_pixel(x, s, top + 1, left), rotation_pixel(x, s, top + 1, left + 1)};
    const double weight[4] = {(1 - down) * (1 - right), (1 - down) * right,
                              down * (1 - right), down * right};
    for (int64_t c = 0; c < s.dim[2]; c++) {
        double sum = 0;
        for (int k = 0; k < 4; k++)
            sum += weight[k] * (from[k] ? (double)from[k][c] : o->fill);
        out[c] = (float)sum;
    }
}

/* By so many degrees, from x into `out`. */
static void rotation_turn(const rotation *o, double degrees, gedi_shape s, const float *x,
                          float *out)
{
    double sine = sin(degrees * (M_PI / 180)), cosine = cos(degrees * (M_PI / 180));
    double middle = (double)(s.dim[0] - 1) / 2, centre = (double)(s.dim[1] - 1) / 2;
    for (int64_t h = 0; h < s.dim[0]; h++)
        for (int64_t w = 0; w < s.dim[1]; w++, out += s.dim[2]) {
            double u = (double)h - middle, v = (double)w - centre;
            double row = sine * v + cosine * u + middle;
            double column = cosine * v - sine * u + centre;
            if (o->interpolation == ROTATION_NEAREST)
                rotation_nearest(o, x, s, row, column, out);
            else
                rotation_bilinear(o, x, s, row, column, out);
        }
}

static void rotation_apply(const void *self, gedi_shape record, float *x, float *scratch,
                           gedi_rng *rng)
{
    const rotation *o = self;
    if (!image_chance(rng, o->p))
        return;
    memcpy(scratch, x, (size_t)gedi_shape_size(record) * sizeof *x);
    rotation_turn(o, image_between(rng, -o->degrees, o->degrees), record, scratch, x);
}

static gedi_status rotation_accepts(const void *self, gedi_shape record, gedi_err *err)
{
    (void)self;
    return image_accepts("rotation", record, 0, err);
}

GEDI_DEFINE(view, rotation) = {
    GEDI_HEAD(view, rotation),
    .brief = "turns the image around its middle by a random angle",
    .cite = "torchvision 0.14, transforms.RandomRotation",
    .self_size = sizeof(rotation),
    .options = rotation_options,
    .apply = rotation_apply,
    .accepts = rotation_accepts,
};
