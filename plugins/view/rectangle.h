/* rectangle.h - rectangles of an image: drawn at random, and brought to another size. */
#ifndef GEDI_PLUGINS_VIEW_RECTANGLE_H
#define GEDI_PLUGINS_VIEW_RECTANGLE_H

#include "gedi/resample.h"
#include "plugins/view/image.h"

#include <math.h>

typedef struct rectangle {
    int64_t top, left, high, wide;
} rectangle;

/* Shares of an image's area, and the largest ratio of two sides. */
typedef struct rectangle_range {
    double least, most, aspect;
} rectangle_range;

/* The largest whose aspect is allowed: all where the image's own is. */
static inline rectangle rectangle_middle(double aspect, int64_t high, int64_t wide)
{
    rectangle r = {.high = high, .wide = wide};
    if ((double)wide > aspect * (double)high)
        r.wide = llround(aspect * (double)high);
    else if ((double)high > aspect * (double)wide)
        r.high = llround(aspect * (double)wide);
    r.top = (high - r.high) / 2;
    r.left = (wide - r.wide) / 2;
    return r;
}

/* Area uniform on the range, log of the aspect uniform, then the place; in the middle after ten
 * that did not fit. */
static inline rectangle rectangle_draw(rectangle_range range, int64_t high, int64_t wide,
                                       gedi_rng *rng)
{
    double most = log(range.aspect);
    for (int k = 0; k < 10; k++) {
        double share = image_between(rng, range.least, range.most);
        double aspect = exp(image_between(rng, -most, most));
        double area = share * (double)high * (double)wide;
        rectangle r = {.high = llround(sqrt(area / aspect)),
                       .wide = llround(sqrt(area * aspect))};
        if (r.high < 1 || r.wide < 1 || r.high > high || r.wide > wide)
            continue;
        r.top = (int64_t)gedi_rng_below(rng, (uint64_t)(high - r.high + 1));
        r.left = (int64_t)gedi_rng_below(rng, (uint64_t)(wide - r.wide + 1));
        return r;
    }
    return rectangle_middle(range.aspect, high, wide);
}

/* Bilinear, with a filter that widens where the image shrinks (no aliasing).
 *   x [., wide, channels] from which r is taken -> out [h, w, channels] */
static inline void rectangle_resize(const float *x, int64_t wide, int64_t channels,
                                    rectangle r, int64_t h, int64_t w, float *out)
{
    for (int64_t i = 0; i < h; i++) {
        gedi_taps down = gedi_taps_of(i, h, r.high);
        for (int64_t j = 0; j < w; j++) {
            gedi_taps along = gedi_taps_of(j, w, r.wide);
            for (int64_t c = 0; c < channels; c++, out++) {
                double sum = 0;
                for (int64_t a = down.first; a < down.last; a++) {
                    const float *row = x + ((r.top + a) * wide + r.left) * channels + c;
                    double part = 0;
                    for (int64_t k = along.first; k < along.last; k++)
                        part += gedi_taps_weight(&along, k) * (double)row[k * channels];
                    sum += gedi_taps_weight(&down, a) * part;
                }
                *out = (float)(sum / (down.total * along.total));
            }
        }
    }
}

#endif
