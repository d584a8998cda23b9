/* image_grid.h - many small images as one picture, in rows and columns. */
#ifndef GEDI_REPORT_IMAGE_GRID_H
#define GEDI_REPORT_IMAGE_GRID_H

#include "gedi/error.h"
#include <stdint.h>

typedef struct gedi__image_grid {
    const float *x;               /* [n, H, W, C], row by row */
    int64_t n;                    /* images, at least 1; the last row may be short */
    int64_t high, wide, channels; /* of an image: H, W and C, which is 1 or 3 */
    int64_t columns;              /* at least 1 */
    double black, white;          /* the numbers that are; what is beyond is cut */
    int scale;                    /* side of a pixel in the picture, at least 1 */
    int gap;                      /* pixels of the picture between images */
} gedi__image_grid;

/* Width and height of the picture. */
void gedi__image_grid_size(const gedi__image_grid *g, int64_t *width, int64_t *height);

/* Writes the PNG file `path`, which appears when it is complete. Numbers that are not finite are
 * magenta, to be seen.
 *   Errors: GEDI_USAGE for what makes no picture; GEDI_IO, GEDI_NOMEM.  */
gedi_status gedi__image_grid_write(const char *path, const gedi__image_grid *g,
                                   gedi_err *err);

#endif
