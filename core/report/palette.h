/* palette.h - colours that colour-blind readers can tell apart, too. */
#ifndef GEDI_REPORT_PALETTE_H
#define GEDI_REPORT_PALETTE_H

#include <stdint.h>

enum { GEDI__COLOURS = 20 };

/* 0xRRGGBB of the k-th kind; repeats after GEDI__COLOURS. */
uint32_t gedi__colour(int k);
/* The same mixed with white: `share` 0 is white, 1 the colour itself. */
uint32_t gedi__tint(int k, double share);
/* gnuplot's number of a filled mark; changes every 7 kinds, so that kinds of similar
 * colour differ in form. */
int gedi__mark(int k);

/* viridis as an argument of gnuplot's `set palette defined`. */
extern const char gedi__viridis[];

#endif
