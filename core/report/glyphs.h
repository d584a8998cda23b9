/* glyphs.h - letters that no font of this machine has. */
#ifndef GEDI_REPORT_GLYPHS_H
#define GEDI_REPORT_GLYPHS_H

#include "core/base/text.h"

/* Adds `text`, with a ? for each letter that no font has: gnuplot would draw black shapes over all of the picture. Where
 * fontconfig's fc-list is missing, all stay. *missing: is there one? */
void gedi__glyphs_add(gedi__text *out, const char *text, bool *missing);

#endif
