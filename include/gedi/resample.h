/* resample.h - resampling a line of pixels: which of them a pixel of the result is made of.
 *
 * Source:  Pillow's and torchvision's bilinear resampling with antialias
 * Output:  pixel i of `size`, from n pixels: the mean of those around (i + 1/2) n / size, weighted by a
 *          triangle as wide as a pixel of the coarser of the two grids to either side; what lies
 *          outside of the line has no weight
 */
#ifndef GEDI_RESAMPLE_H
#define GEDI_RESAMPLE_H

#include <math.h>
#include <stdint.h>

typedef struct gedi_taps {
    int64_t first, last; /* first .. last - 1 */
    double centre, support, total;
} gedi_taps;

/* Of pixel k, to be divided by t->total. */
static inline double gedi_taps_weight(const gedi_taps *t, int64_t k)
{
    return fmax(0.0, 1.0 - fabs((double)k + 0.5 - t->centre) / t->support);
}

static inline gedi_taps gedi_taps_of(int64_t i, int64_t size, int64_t n)
{
    double scale = (double)n / (double)size;
    gedi_taps t;
    t.centre = ((double)i + 0.5) * scale;
    t.support = fmax(scale, 1.0);
    t.first = (int64_t)fmax(floor(t.centre - t.support + 0.5), 0.0);
    t.last = (int64_t)fmin(floor(t.centre + t.support + 0.5), (double)n);
    t.total = 0;
    for (int64_t k = t.first; k < t.last; k++)
        t.total += gedi_taps_weight(&t, k);
    return t;
}

#endif
