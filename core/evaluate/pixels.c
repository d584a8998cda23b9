/* pixels.c - images as their own features: pixels, averaged over the cells of a grid. */
#include "core/evaluate/pixels.h"

#include <math.h>

gedi_status gedi__pixels_init(gedi__pixels *p, const gedi_data_info *records,
                              int64_t side, gedi_err *err)
{
    char is[64];
    const gedi_shape *s = &records->record;
    if (s->rank != 3 || !(records->std > 0))
        return GEDI_FAIL(
            err, GEDI_SHAPE,
            "pixels are those of images, but the dataset does not say that its "
            "records, of shape %s, are images: the evaluator two_sample compares "
            "records of any kind",
            gedi_shape_text(*s, is, sizeof is));
    int64_t most = s->dim[0] < s->dim[1] ? s->dim[0] : s->dim[1];
    if (side > most)
        return GEDI_FAIL(
            err, GEDI_OPTION,
            "%lld cells are more than the %lld pixels of an edge: take at most %lld, or 0 "
            "for all pixels",
            (long long)side, (long long)most, (long long)most);
    *p = (gedi__pixels){.record = *s,
                        .high = side ? side : s->dim[0],
                        .wide = side ? side : s->dim[1],
                        .scale = records->std,
                        .shift = records->mean};
    return GEDI_OK;
}

int64_t gedi__pixels_features(const gedi__pixels *p)
{
    return p->high * p->wide * p->record.dim[2];
}

/* How much of the i-th of `cells` equal parts of an edge of n pixels is pixel k. */
static double share(int64_t i, int64_t cells, int64_t n, int64_t k)
{
    double length = (double)n / (double)cells;
    double first = fmax((double)i * length, (double)k);
    double last = fmin((double)(i + 1) * length, (double)(k + 1));
    return fmax(last - first, 0) / length;
}

/* Mean of channel c over cell (i, j) of the image x [H, W, C]. */
static double mean_of(const gedi__pixels *p, const float *x, int64_t i, int64_t j,
                      int64_t c)
{
    const int64_t *dim = p->record.dim;
    double sum = 0;
    for (int64_t k = i * dim[0] / p->high; k * p->high < (i + 1) * dim[0]; k++) {
        double line = 0;
        for (int64_t l = j * dim[1] / p->wide; l * p->wide < (j + 1) * dim[1]; l++)
            line += share(j, p->wide, dim[1], l) * x[(k * dim[1] + l) * dim[2] + c];
        sum += share(i, p->high, dim[0], k) * line;
    }
    return sum;
}

void gedi__pixels_run(const gedi__pixels *p, const float *x, int64_t n, float *h)
{
    const int64_t record = gedi_shape_size(p->record);
    for (int64_t r = 0; r < n; r++, x += record)
        for (int64_t i = 0; i < p->high; i++)
            for (int64_t j = 0; j < p->wide; j++)
                for (int64_t c = 0; c < p->record.dim[2]; c++)
                    *h++ = (float)(p->scale * mean_of(p, x, i, j, c) + p->shift);
}
