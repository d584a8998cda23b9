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

/* True with probability p. */
static inline bool image_chance(gedi_rng *rng, double p)
{
    return (double)gedi_rng_uniform(rng) < p;
}

#endif
