/* winograd.h - what the convolutions by Winograd's algorithm have in common. */
#ifndef GEDI_OP_WINOGRAD_H
#define GEDI_OP_WINOGRAD_H

#include "core/op/conv.h"
#include "core/op/product_xsmm.h"

enum {
    MOST_PIXELS = 36, /* of a tile */
    ROUNDING = 16, /* channels of what is transformed are rounded up to it, with zeros */
};

typedef enum gedi__tile_kind {
    GEDI__TILE_UNIT,     /* stride 1 */
    GEDI__TILE_HALVING,  /* stride 2: the output, and the derivative to the kernel */
    GEDI__TILE_DOUBLING, /* stride 2: the derivative to the input */
} gedi__tile_kind;

/* What is computed of one kind of tile. Each axis has so many points, and products as many as
 * both; kernels have `factors` of an axis, as points may share one. Channels lie side by side, `plane`
 * is how far the points are apart, and what is transformed has room for channels rounded up. */
typedef struct gedi__transforms {
    int from, to, points,
        factors; /* sides: of the tile of the image, of that of the result */
    /* from[from from] pixels of the image -> v */
    void (*image)(const float *const *from, int64_t channels, float *v, int64_t plane);
    /* a row of a kernel, the nine taps so far apart -> u */
    void (*kernel)(const float *w, int64_t tap, int64_t channels, float *u,
                   int64_t plane);
    /* products, and a bias unless NULL -> to[to to] pixels, unless NULL */
    void (*output)(const float *m, int64_t plane, const float *bias, int64_t channels,
                   float *const *to);
    /* from[to to] pixels of the derivative to the output -> u; added to sum, unless NULL */
    void (*cotangent)(const float *const *from, int64_t channels, float *u, int64_t plane,
                      float *sum);
    /* sums of products, one for each factor -> a row of the nine taps of the kernel's
     * derivative */
    void (*gradient)(const float *m, int64_t plane, int64_t channels, float *gw,
                     int64_t tap);
} gedi__transforms;

/* Those for the vectors that the processor has; no wider than libxsmm's. */
const gedi__transforms *gedi__transforms_here(gedi__tile_kind kind);
int gedi__winograd_lanes(void); /* numbers in a vector of theirs */

/* The factor of a point, both of one axis: the last points share the last one. */
static inline int gedi__factor_of(const gedi__transforms *t, int point)
{
    return point < t->factors ? point : t->factors - 1;
}

static inline int64_t gedi__winograd_rounded(int64_t n)
{
    return (n + ROUNDING - 1) / ROUNDING * ROUNDING;
}

/* A convolution from `from` to `to`, cut into tiles of pixels of `to`, and these into
 * groups that one thread computes at a time. */
typedef struct gedi__tiling {
    gedi__image from, to;
    int64_t side_from, side_to, every; /* sides of tiles; in `from` they begin so often */
    int64_t top;          /* rows and columns of zeros around `from`; may be negative */
    int64_t down, across; /* tiles of an image */
    int64_t tiles, group, groups;
} gedi__tiling;

gedi__tiling gedi__tiling_of(const gedi__conv *c, const gedi__transforms *t);
/* The pixels of x that tile t needs; `zeros` are those outside. */
void gedi__tiling_from(const gedi__tiling *g, int64_t t, const float *x,
                       const float *zeros, const float **from);
/* Its pixels of y; `outside` beyond the border. */
void gedi__tiling_to(const gedi__tiling *g, int64_t t, float *y, float *outside,
                     float **to);

#endif
