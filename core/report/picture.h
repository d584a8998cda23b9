/* picture.h - what can be told of a PNG file without decoding it. */
#ifndef GEDI_REPORT_PICTURE_H
#define GEDI_REPORT_PICTURE_H

#include "gedi/error.h"
#include <stdbool.h>

/* Does it end as a PNG file does, or a PDF or SVG of gnuplot, by the end of its name? */
bool gedi__picture_is_whole(const char *path);

/* Width and height of the PNG file FOLDER/NAMEENDING, ".png" or "-images.png", which anyone may have
 * written.
 *   Errors: GEDI_DATA where it is none, is cut off, or has more pixels than a figure;
 *   GEDI_IO; GEDI_NOMEM. The messages leave FOLDER out.  */
gedi_status gedi__picture_size(const char *folder, const char *name, const char *ending,
                               int *width, int *height, gedi_err *err);

#endif
