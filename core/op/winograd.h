/* winograd.h - what the convolutions by Winograd's algorithm have in common. */
#ifndef GEDI_OP_WINOGRAD_H
#define GEDI_OP_WINOGRAD_H

#include "core/op/conv.h"
#include "core/op/product_xsmm.h"

enum {
    POINTS = 36,   /* of both axes: as many products */
    ROUNDING = 16, /* channels of what is transformed are rounded up to it, with zeros */
};

/* Channels lie side by side, `plane` is how far the points are apart, and what is transformed
 * has room for channels rounded up. */
typedef struct gedi__transforms {
    int lanes;
    /* from[36] pixels of the image, 6 x 6 -> v */
    void (*image)(const float *const *from, int64_t channels, float *v, int64_t plane);
    /* from[16] pixels of the derivative to the output, 4 x 4 -> u; added to sum, unless NULL */
    void (*cotangent)(const float *const *from, int64_t channels, float *u, int64_t plane,
                      float *sum);
    /* a row of a kernel, the nine taps so far apart -> u */
    void (*kernel)(const float *w, int64_t tap, int64_t channels, float *u,
                   int64_t plane);
    /* products, and a bias unless NULL -> to[16] pixels, unless NULL */
    void (*output)(const float *m, int64_t plane, const float *bias, int64_t channels,
                   float *const *to);
    /* sums of products -> a row of the nine taps of the kernel's derivative */
    void (*gradient)(const float *m, int64_t plane, int64_t channels, float *gw,
                     int64_t tap);
} gedi__transforms;

/* Those for the vectors that the processor has; no wider than libxsmm's. */
const gedi__transforms *gedi__transforms_here(void);
int gedi__winograd_lanes(void); /* numbers in a vector of theirs */

static inline int64_t gedi__winograd_rounded(int64_t n)
{
    return (n + ROUNDING - 1) / ROUNDING * ROUNDING;
}

/* A convolution from `from` to `to`, cut into tiles of 4 x 4 pixels of `to`, and these into
 * groups that one thread computes at a time. */
typedef struct gedi__tiling {
    gedi__image from, to;
    int64_t top;          /* rows and columns of zeros around `from`; may be negative */
    int64_t down, across; /* tiles of an image */
    int64_t tiles, group, groups;
} gedi__tiling;

gedi__tiling gedi__tiling_of(const gedi__conv *c);
/* The 36 pixels of x that tile t needs; `zeros` are those outside. */
void gedi__tiling_from(const gedi__tiling *g, int64_t t, const float *x,
                       const float *zeros, const float **from);
/* Its 16 pixels of y; `outside` beyond the border. */
void gedi__tiling_to(const gedi__tiling *g, int64_t t, float *y, float *outside,
                     float **to);

#endif
