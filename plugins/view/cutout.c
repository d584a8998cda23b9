/* cutout.c - sometimes, a square at a random place is covered.
 *
 * Source:  DeVries & Taylor 2017, "Improved Regularization of Convolutional Neural Networks with
 *          Cutout", section 3.2, and their code: 16 pixels for CIFAR-10, 8 for CIFAR-100
 * Inputs:  x  [H, W, C]
 * Output:  with probability p: x'[h, w, .] = fill where i <= h < i + size and j <= w < j + size,
 *          i + floor(size / 2) uniform on 0 .. H - 1, j likewise on W, so that a part of the square
 *          may lie outside; else x
 * Differs: a square of odd size has it; their code's has a pixel less
 */
#include "plugins/view/image.h"

typedef struct cutout {
    int64_t size;
    double fill, p;
} cutout;

static const gedi_option cutout_options[] = {
    GEDI_INT(cutout, size, 16, 1, 4096, "side of the square in pixels"),
    GEDI_REAL(
        cutout, fill, 0.0, -1e6, 1e6,
        "what covers it, in units of the record: 0 is the mean of standardised data"),
    GEDI_REAL(cutout, p, 1.0, 0.0, 1.0, "probability that a square is covered"),
    GEDI_END,
};

/* first .. last - 1 of n, around a place that is drawn. */
static void cutout_range(gedi_rng *rng, int64_t size, int64_t n, int64_t *first,
                         int64_t *last)
{
    int64_t from = (int64_t)gedi_rng_below(rng, (uint64_t)n) - size / 2;
    *first = from > 0 ? from : 0;
    *last = from + size < n ? from + size : n;
}

static void cutout_apply(const void *self, gedi_shape record, float *x, float *scratch,
                         gedi_rng *rng)
{
    const cutout *o = self;
    int64_t channels = record.dim[2], row = record.dim[1] * channels;
    int64_t top, bottom, left, right;
    (void)scratch;
    if (!image_chance(rng, o->p))
        return;
    cutout_range(rng, o->size, record.dim[0], &top, &bottom);
    cutout_range(rng, o->size, record.dim[1], &left, &right);
    for (int64_t h = top; h < bottom; h++)
        for (int64_t k = left * channels; k < right * channels; k++)
            x[h * row + k] = (float)o->fill;
}

static gedi_status cutout_accepts(const void *self, gedi_shape record, gedi_err *err)
{
    (void)self;
    return image_accepts("cutout", record, 0, err);
}

GEDI_DEFINE(view, cutout) = {
    GEDI_HEAD(view, cutout),
    .brief = "covers a square at a random place",
    .cite = "DeVries & Taylor 2017, section 3.2",
    .self_size = sizeof(cutout),
    .options = cutout_options,
    .apply = cutout_apply,
    .accepts = cutout_accepts,
};
