/* fit.h - a picture of any size brought to a square.
 *
 * Source:  torchvision 0.14, transforms.Resize(shorter, antialias) and CenterCrop(size); the filter is
 *          that of gedi/resample.h
 * Inputs:  x [H, W, C]  bytes
 * Output:  [size, size, C]: the shorter side becomes `shorter`, the longer floor(shorter * longer /
 *          shorter side), and the square is cut out of the middle, from row and column round((side -
 *          size) / 2) on, a half to the even one; or, `stretch`, both sides become `size`
 * Differs: rounded to bytes once, at the end; Pillow rounds between rows and columns, too, so that its
 *          numbers may differ by one
 */
#ifndef GEDI_PLUGINS_DATASET_FIT_H
#define GEDI_PLUGINS_DATASET_FIT_H

#include "gedi/error.h"
#include "gedi/resample.h"

#include <stdbool.h>
#include <stdlib.h>

typedef struct fit {
    int64_t size, shorter;
    bool stretch;
} fit;

/* One side: the line of n pixels becomes `whole`, of which pixels first .. first + size - 1 are kept. */
typedef struct fit_side {
    int64_t n, whole, first;
} fit_side;

static inline fit_side fit_side_of(const fit *f, int64_t n, int64_t other)
{
    int64_t whole = n <= other ? f->shorter : f->shorter * n / other;
    if (f->stretch)
        return (fit_side){n, f->size, 0};
    return (fit_side){n, whole, (int64_t)rint((double)(whole - f->size) / 2)};
}

static inline gedi_taps fit_taps(const fit_side *s, int64_t i)
{
    return gedi_taps_of(s->first + i, s->whole, s->n);
}

/* The weighted mean of some rows: numbers `from` to `to` of each, into `line`. */
static inline void fit_rows(const uint8_t *x, int64_t row, gedi_taps t, int64_t from,
                            int64_t to, double *line)
{
    for (int64_t j = from; j < to; j++)
        line[j] = 0;
    for (int64_t k = t.first; k < t.last; k++) {
        double weight = gedi_taps_weight(&t, k) / t.total;
        for (int64_t j = from; j < to; j++)
            line[j] += weight * x[k * row + j];
    }
}

static inline gedi_status fit_picture(const fit *f, const uint8_t *x, int64_t high,
                                      int64_t wide, int64_t channels, uint8_t *out,
                                      gedi_err *err)
{
    fit_side down = fit_side_of(f, high, wide), along = fit_side_of(f, wide, high);
    gedi_taps begin = fit_taps(&along, 0), end = fit_taps(&along, f->size - 1);
    int64_t row = wide * channels;
    double *line = malloc((size_t)row * sizeof *line);
    if (!line)
        return gedi_no_memory(err, "a row of %lld pixels", (long long)wide);
    for (int64_t i = 0; i < f->size; i++) {
        fit_rows(x, row, fit_taps(&down, i), begin.first * channels, end.last * channels,
                 line);
        for (int64_t j = 0; j < f->size; j++) {
            gedi_taps t = fit_taps(&along, j);
            for (int64_t c = 0; c < channels; c++) {
                double sum = 0;
                for (int64_t k = t.first; k < t.last; k++)
                    sum += gedi_taps_weight(&t, k) * line[k * channels + c];
                *out++ = (uint8_t)lrint(sum / t.total);
            }
        }
    }
    free(line);
    return GEDI_OK;
}

#endif
