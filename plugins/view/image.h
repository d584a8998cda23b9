/* image.h - what views of images share. */
#ifndef GEDI_PLUGINS_VIEW_IMAGE_H
#define GEDI_PLUGINS_VIEW_IMAGE_H

#include "gedi/plugin.h"

#include <stdio.h>

/* Refuses what is no image of `channels` channels (0: any number). */
static inline gedi_status image_accepts(const char *view, gedi_shape record, int channels,
                                        gedi_err *err)
{
    char has[64], want[16] = "C";
    if (record.rank == 3 && (!channels || record.dim[2] == channels))
        return GEDI_OK;
    if (channels)
        snprintf(want, sizeof want, "%d", channels);
    return GEDI_FAIL(err, GEDI_SHAPE,
                     "view %s is for images [H, W, %s], but records have shape %s", view,
                     want, gedi_shape_text(record, has, sizeof has));
}

/* Pixel i of n in a line that goes on beyond its ends as its reflection, -n < i < 2 n - 1; the first
 * and the last are not repeated. */
static inline int64_t image_reflect(int64_t i, int64_t n)
{
    if (i < 0)
        return -i;
    return i < n ? i : 2 * (n - 1) - i;
}

/* Uniform. */
static inline double image_between(gedi_rng *rng, double low, double high)
{
    return low + (high - low) * (double)gedi_rng_uniform(rng);
}

/* True with probability p. */
static inline bool image_chance(gedi_rng *rng, double p)
{
    return (double)gedi_rng_uniform(rng) < p;
}

#endif
