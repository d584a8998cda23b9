/* conv_tiling.c - the tiles into which Winograd's convolutions cut images. */
#include "core/op/winograd.h"
#include "core/base/loop.h"

enum { GROUP = 64 }; /* tiles: more no longer stay in cache, fewer make products thin */

gedi__tiling gedi__tiling_of(const gedi__conv *c, const gedi__transforms *t)
{
    bool back = c->pass == GEDI__CONV_INPUT;
    gedi__tiling g = {.from = back ? c->y : c->x, .to = back ? c->x : c->y};
    g.side_from = t->from;
    g.side_to = t->to;
    g.every = back ? t->to / c->stride : t->to * c->stride;
    g.top = back ? (c->kh - 1 - c->pad) / c->stride : c->pad;
    g.down = (g.to.h + t->to - 1) / t->to;
    g.across = (g.to.w + t->to - 1) / t->to;
    g.tiles = g.to.n * g.down * g.across;
    g.groups = (g.tiles + GROUP - 1) / GROUP;
    g.group = (g.tiles + g.groups - 1) / g.groups;
    g.groups = (g.tiles + g.group - 1) / g.group;
    return g;
}

/* The first pixel of tile t, which begin so often. */
static void corner(const gedi__tiling *g, int64_t t, int64_t every, int64_t *n,
                   int64_t *h, int64_t *w)
{
    int64_t area = g->down * g->across;
    *n = t / area;
    *h = t % area / g->across * every;
    *w = t % g->across * every;
}

void gedi__tiling_from(const gedi__tiling *g, int64_t t, const float *x,
                       const float *zeros, const float **from)
{
    const gedi__image *m = &g->from;
    int64_t n, h, w;
    corner(g, t, g->every, &n, &h, &w);
    h -= g->top;
    w -= g->top;
    for (int64_t i = h; i < h + g->side_from; i++)
        for (int64_t j = w; j < w + g->side_from; j++)
            *from++ = i < 0 || i >= m->h || j < 0 || j >= m->w
                          ? zeros
                          : x + ((n * m->h + i) * m->w + j) * m->c;
}

void gedi__tiling_to(const gedi__tiling *g, int64_t t, float *y, float *outside,
                     float **to)
{
    const gedi__image *m = &g->to;
    int64_t n, h, w;
    corner(g, t, g->side_to, &n, &h, &w);
    for (int64_t i = h; i < h + g->side_to; i++)
        for (int64_t j = w; j < w + g->side_to; j++)
            *to++ =
                i >= m->h || j >= m->w ? outside : y + ((n * m->h + i) * m->w + j) * m->c;
}
