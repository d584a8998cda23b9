/* conv_tiling.c - the tiles into which Winograd's convolutions cut images. */
#include "core/op/winograd.h"
#include "core/base/loop.h"

enum {
    SIDE = 4,
    GROUP = 64
}; /* tiles: more no longer stay in cache, fewer make products thin */

gedi__tiling gedi__tiling_of(const gedi__conv *c)
{
    bool back = c->pass == GEDI__CONV_INPUT;
    gedi__tiling g = {.from = back ? c->y : c->x, .to = back ? c->x : c->y};
    g.top = back ? c->kh - 1 - c->pad : c->pad;
    g.down = (g.to.h + SIDE - 1) / SIDE;
    g.across = (g.to.w + SIDE - 1) / SIDE;
    g.tiles = g.to.n * g.down * g.across;
    g.groups = (g.tiles + GROUP - 1) / GROUP;
    g.group = (g.tiles + g.groups - 1) / g.groups;
    g.groups = (g.tiles + g.group - 1) / g.group;
    return g;
}

/* The first pixel of tile t. */
static void corner(const gedi__tiling *g, int64_t t, int64_t *n, int64_t *h, int64_t *w)
{
    int64_t area = g->down * g->across;
    *n = t / area;
    *h = t % area / g->across * SIDE;
    *w = t % g->across * SIDE;
}

void gedi__tiling_from(const gedi__tiling *g, int64_t t, const float *x,
                       const float *zeros, const float **from)
{
    const gedi__image *m = &g->from;
    int64_t n, h, w;
    corner(g, t, &n, &h, &w);
    h -= g->top;
    w -= g->top;
    for (int64_t i = h; i < h + 6; i++)
        for (int64_t j = w; j < w + 6; j++)
            *from++ = i < 0 || i >= m->h || j < 0 || j >= m->w
                          ? zeros
                          : x + ((n * m->h + i) * m->w + j) * m->c;
}

void gedi__tiling_to(const gedi__tiling *g, int64_t t, float *y, float *outside,
                     float **to)
{
    const gedi__image *m = &g->to;
    int64_t n, h, w;
    corner(g, t, &n, &h, &w);
    for (int64_t i = h; i < h + SIDE; i++)
        for (int64_t j = w; j < w + SIDE; j++)
            *to++ =
                i >= m->h || j >= m->w ? outside : y + ((n * m->h + i) * m->w + j) * m->c;
}
