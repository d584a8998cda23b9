/* tiny.c - small images of simple shapes, drawn from the seed: for tests and first steps, without files.
 *
 * Inputs:  the seed of the run
 * Output:  records [side, side, 3] or [side, side, 1], (pixel / 255 - mean) / std. Record i shows the shape
 *          of class i mod classes: disc, square, triangle, cross, ring, lying stripes, standing stripes,
 *          checks. Half its width is uniform on [.25, .4] side, its place such that it is inside; each
 *          channel of the ground is uniform on [0, .4], of the shape on [.6, 1], or, every other time, the
 *          other way round. A pixel is the mean of 4 x 4 points, plus noise * N(0, 1), cut off at 0 and 1
 *          and rounded to bytes. So no class is told by colour, place or mean brightness alone.
 */
#include "plugins/dataset/images.h"

#include <math.h>

enum { TINY_CLASSES = 8, TINY_POINTS = 4 };
enum { TINY_RGB, TINY_GREY }; /* values of `color` */

typedef struct tiny {
    int64_t side, classes, color, records[GEDI_SPLITS];
    double noise;
    images images;
} tiny;

static const gedi_option tiny_options[] = {
    GEDI_INT(tiny, side, 16, 8, 256, "height and width of an image"),
    GEDI_INT(tiny, classes, 4, 2, TINY_CLASSES,
             "how many shapes, of disc, square, triangle, cross, ring, lying stripes, "
             "standing stripes, checks"),
    GEDI_ENUM(tiny, color, TINY_RGB, "rgb|grey", "three channels or one"),
    GEDI_REAL(tiny, noise, 0.05, 0.0, 1.0, "standard deviation of the noise, of [0, 1]"),
    GEDI_INT_AT(tiny, records[GEDI_TRAIN], "train", 512, 1, 1000000, "training records"),
    GEDI_INT_AT(tiny, records[GEDI_TEST], "test", 128, 0, 1000000, "test records"),
    GEDI_REAL_AT(tiny, images.mean, "mean", 0.5, -1e3, 1e3,
                 "subtracted from pixels in [0, 1]"),
    GEDI_REAL_AT(tiny, images.std, "std", 0.3, 1e-6, 1e6, "divides them afterwards"),
    GEDI_END,
};

/* Whether a point belongs to the shape: u to the right, v downwards, the shape within [-1, 1]. */
static bool tiny_inside(int64_t shape, double u, double v)
{
    double far = fmax(fabs(u), fabs(v)), round = u * u + v * v;
    bool lying = (int)floor((v + 1) * 2.5) % 2 == 0,
         standing = (int)floor((u + 1) * 2.5) % 2 == 0;
    if (far > 1)
        return false;
    switch (shape) {
    case 0:
        return round <= 1;
    case 1:
        return true;
    case 2:
        return fabs(u) <= (v + 1) / 2;
    case 3:
        return fabs(u) <= 1.0 / 3 || fabs(v) <= 1.0 / 3;
    case 4:
        return round <= 1 && round >= 0.36;
    case 5:
        return lying;
    case 6:
        return standing;
    default:
        return lying == standing;
    }
}

typedef struct tiny_figure {
    int64_t shape;
    double half, x, y;   /* of the shape, in pixels */
    double colour[2][3]; /* of ground and shape */
} tiny_figure;

static double tiny_between(gedi_rng *rng, double low, double high)
{
    return low + (high - low) * (double)gedi_rng_uniform(rng);
}

static tiny_figure tiny_draw(const tiny *o, int64_t shape, gedi_rng *rng)
{
    double side = (double)o->side;
    tiny_figure f = {.shape = shape, .half = tiny_between(rng, 0.25, 0.4) * side};
    f.x = tiny_between(rng, f.half, side - f.half);
    f.y = tiny_between(rng, f.half, side - f.half);
    bool dark = gedi_rng_below(rng, 2) == 1; /* a dark shape on a bright ground */
    for (int c = 0; c < 3; c++) {
        f.colour[dark][c] = tiny_between(rng, 0, 0.4);
        f.colour[!dark][c] = tiny_between(rng, 0.6, 1);
    }
    return f;
}

/* How much of a pixel the shape covers. */
static double tiny_cover(const tiny_figure *f, int64_t h, int64_t w)
{
    int inside = 0;
    for (int k = 0; k < TINY_POINTS * TINY_POINTS; k++) {
        double y = (double)h + (k / TINY_POINTS + 0.5) / TINY_POINTS,
               x = (double)w + (k % TINY_POINTS + 0.5) / TINY_POINTS;
        inside += tiny_inside(f->shape, (x - f->x) / f->half, (y - f->y) / f->half);
    }
    return (double)inside / (TINY_POINTS * TINY_POINTS);
}

static void tiny_paint(const tiny *o, const tiny_figure *f, gedi_rng *rng, uint8_t *to)
{
    int channels = o->color == TINY_RGB ? 3 : 1;
    for (int64_t i = 0; i < o->side * o->side; i++) {
        double cover = tiny_cover(f, i / o->side, i % o->side);
        for (int c = 0; c < channels; c++) {
            double v = cover * f->colour[1][c] + (1 - cover) * f->colour[0][c] +
                       o->noise * (double)gedi_rng_normal(rng);
            *to++ = (uint8_t)lrint(255 * fmin(fmax(v, 0), 1));
        }
    }
}

static gedi_status tiny_open(void *self, const gedi_open *open, gedi_data_info *info,
                             gedi_err *err)
{
    tiny *o = self;
    images *m = &o->images;
    int channels = o->color == TINY_RGB ? 3 : 1;
    gedi_status s = GEDI_OK;
    m->record = o->side * o->side * channels;
    for (int k = 0; k < GEDI_SPLITS && s == GEDI_OK; k++) {
        m->count[k] = o->records[k];
        s = images_reserve(m, (gedi_split)k, err);
        for (int64_t i = 0; i < m->count[k] && s == GEDI_OK; i++) {
            gedi_rng rng =
                gedi_rng_at(open->seed, GEDI_STREAM_DATA, (uint64_t)k, (uint32_t)i);
            tiny_figure f = tiny_draw(o, i % o->classes, &rng);
            tiny_paint(o, &f, &rng, m->pixel[k] + i * m->record);
            m->label[k][i] = (int32_t)f.shape;
        }
    }
    if (s == GEDI_OK)
        images_ready(m, GEDI_DIMS(o->side, o->side, channels), (int32_t)o->classes, info);
    else
        images_clear(m);
    return s;
}

static gedi_status tiny_read(const void *self, gedi_split split, int64_t i, float *x,
                             int32_t *label, gedi_err *err)
{
    (void)err;
    return images_read(&((const tiny *)self)->images, split, i, x, label);
}

static void tiny_close(void *self)
{
    images_clear(&((tiny *)self)->images);
}

GEDI_DEFINE(dataset, tiny) = {
    GEDI_HEAD(dataset, tiny),
    .brief = "small images of simple shapes, drawn from the seed: for tests",
    .cite = "",
    .self_size = sizeof(tiny),
    .options = tiny_options,
    .open = tiny_open,
    .read = tiny_read,
    .close = tiny_close,
};
