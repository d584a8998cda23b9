/* conv_winograd.c - 3x3 convolutions of our own by Winograd's algorithm: a quarter of the
 * multiplications, with stride 2 five of six along each axis.
 *
 * Source:  Lavin & Gray 2016, "Fast algorithms for convolutional neural networks", section 4
 * Inputs:  x, w, y as conv.h says, images [N, H, W, C]
 * Output:  the map that c->pass names; the derivative to the kernel is in
 *          conv_winograd_weight.c
 * Differs: a group of tiles goes through all its steps before the next one, so that what lies
 *          between stays in cache. Each tile is computed by itself, so the bytes depend
 *          neither on the groups nor on threads.
 */
#include "core/op/winograd_state.h"
#include "core/base/loop.h"
#include "core/base/memory.h"
#include "core/op/strided.h"

#include <stdlib.h>
#include <string.h>

enum {
    BLOCK = 64,    /* channels of the result at a time, about */
    CHANNELS = 16, /* of either image: fewer do not pay for the transformations */
};

/* So that the same place of all planes is not the same place in the cache. */
static int64_t apart(int64_t size)
{
    return size + ROUNDING;
}

static void lay_out(gedi__winograd *s, int threads)
{
    const gedi__tiling *g = &s->tiling;
    bool back = s->conv.pass == GEDI__CONV_INPUT;
    int64_t blocks = (g->to.c + BLOCK - 1) / BLOCK;
    s->in = gedi__winograd_rounded(g->from.c);
    s->block = gedi__winograd_rounded((g->to.c + blocks - 1) / blocks);
    s->blocks = blocks;
    s->v_plane = apart(g->group * s->in);
    s->u_plane = apart(g->from.c * s->block);
    s->m_plane = apart(g->group * s->block);
    s->turned_size = back ? gedi__winograd_rounded(9 * s->conv.x.c * s->conv.y.c) : 0;
    s->u_size = s->blocks * s->factors * s->u_plane;
    s->own_size = s->points * (s->v_plane + s->m_plane) + s->in;
    s->scratch_size = s->turned_size + (s->keeps ? 0 : s->u_size) + threads * s->own_size;
}

/* One for whole groups, one for what is left. */
static void make_products(gedi__winograd *s)
{
    const gedi__tiling *g = &s->tiling;
    int64_t last = g->tiles - (g->groups - 1) * g->group;
    for (int i = 0; i < 2; i++) {
        s->product[i] = (gedi__xsmm){.m = i ? last : g->group,
                                     .n = s->block,
                                     .k = g->from.c,
                                     .lda = s->in,
                                     .ldb = s->block,
                                     .ldc = s->block};
        gedi__xsmm_make(&s->product[i]);
    }
}

/* ---- kernels ---- */

/* w [3, 3, C, O] turned round and transposed, [3, 3, O, C]. */
static void turn(const gedi__conv *c, const float *w, float *turned, int threads)
{
    const int64_t in = c->x.c, out = c->y.c;
    GEDI__PARALLEL_FOR(threads, k, 9, {
        gedi__copy_strided(w + (8 - k) * in * out, (const int64_t[]){1, out},
                           GEDI_DIMS(out, in), turned + k * in * out, 1);
    });
}

/* Row `c` of all taps, w[9][from][to], in blocks of the result's channels. */
static void transform_row(const gedi__winograd *s, const float *w, int64_t c, float *u)
{
    const int64_t in = s->tiling.from.c, out = s->tiling.to.c;
    for (int64_t b = 0; b < s->blocks; b++) {
        int64_t first = b * s->block, n = gedi__min64(s->block, out - first);
        float *row = u + b * s->factors * s->u_plane + c * s->block;
        for (int64_t k = 0; n < s->block && k < s->factors; k++)
            memset(row + k * s->u_plane, 0, (size_t)s->block * sizeof *row);
        s->to->kernel(w + c * out + first, in * out, n, row, s->u_plane);
    }
}

static void transform_kernel(const gedi__winograd *s, const gedi__step *step, float *u)
{
    const float *w = step->in[1];
    if (s->conv.pass == GEDI__CONV_INPUT) {
        turn(&s->conv, w, step->scratch, step->threads);
        w = step->scratch;
    }
    GEDI__PARALLEL_FOR(step->threads, c, s->tiling.from.c,
                       { transform_row(s, w, c, u); });
}

/* ---- a group of tiles ---- */

static void run_group(const gedi__winograd *s, const gedi__step *step, int64_t group,
                      const float *u, float *own)
{
    const gedi__tiling *g = &s->tiling;
    const float *bias = s->conv.bias ? step->in[2] : NULL, *from[MOST_PIXELS];
    const int64_t first = group * g->group;
    const int64_t tiles = gedi__min64(g->group, g->tiles - first);
    const gedi__xsmm *product = &s->product[tiles < g->group];
    float *v = own, *m = v + s->points * s->v_plane, *zeros = m + s->points * s->m_plane;
    float *to[MOST_PIXELS];
    memset(zeros, 0, (size_t)s->in * sizeof *zeros);
    for (int64_t t = 0; t < tiles; t++) {
        gedi__tiling_from(g, first + t, step->in[0], zeros, from);
        s->to->image(from, g->from.c, v + t * s->in, s->v_plane);
    }
    for (int64_t b = 0; b < s->blocks; b++, u += s->factors * s->u_plane) {
        int64_t done = b * s->block, n = gedi__min64(s->block, g->to.c - done);
        for (int k = 0; k < s->points; k++)
            gedi__xsmm_run(product, v + k * s->v_plane, u + s->factor[k] * s->u_plane,
                           m + k * s->m_plane);
        for (int64_t t = 0; t < tiles; t++) {
            gedi__tiling_to(g, first + t, step->out + done, NULL, to);
            s->to->output(m + t * s->block, s->m_plane, bias ? bias + done : NULL, n, to);
        }
    }
}

static void run(const gedi__step *step)
{
    const gedi__winograd *s = step->state;
    if (s->conv.pass == GEDI__CONV_WEIGHT) {
        gedi__winograd_weight_run(s, step);
        return;
    }
    float *u = s->keeps ? s->kept : step->scratch + s->turned_size;
    float *own = step->scratch + s->turned_size + (s->keeps ? 0 : s->u_size);
    if (!s->keeps || !step->again)
        transform_kernel(s, step, u);
    GEDI__PARALLEL_FOR(step->threads, k, s->tiling.groups,
                       { run_group(s, step, k, u, own + gedi__thread() * s->own_size); });
}

/* ---- the state of a step ---- */

static void release(void *p)
{
    gedi__winograd *s = p;
    if (s)
        free(s->kept);
    free(s);
}

static bool pays(const gedi__conv *c)
{
    return (c->stride == 1 || (c->stride == 2 && c->pad == 1)) && c->kh == 3 &&
           c->kw == 3 && c->x.c >= CHANNELS && c->y.c >= CHANNELS;
}

static void set_transforms(gedi__winograd *s)
{
    const gedi__conv *c = &s->conv;
    s->to = gedi__transforms_here(c->stride == 1                ? GEDI__TILE_UNIT
                                  : c->pass == GEDI__CONV_INPUT ? GEDI__TILE_DOUBLING
                                                                : GEDI__TILE_HALVING);
    const int points = s->to->points, factors = s->to->factors;
    s->points = points * points;
    s->factors = factors * factors;
    for (int k = 0; k < s->points; k++) {
        int down = k % points, across = k / points;
        s->factor[k] =
            gedi__factor_of(s->to, across) * factors + gedi__factor_of(s->to, down);
        s->shares[k] = down >= factors || across >= factors;
    }
}

gedi_status gedi__winograd_prepare(const gedi__conv *c, gedi__step *step, gedi_err *err)
{
    if (!pays(c))
        return GEDI_OK;
    gedi__winograd *s = gedi__alloc(1, sizeof *s, err, "a convolution");
    if (!s)
        return GEDI_NOMEM;
    s->way = (gedi__conv_way){run, release};
    s->conv = *c;
    set_transforms(s);
    s->tiling = gedi__tiling_of(c, s->to);
    if (c->pass == GEDI__CONV_WEIGHT) {
        gedi__winograd_weight_prepare(s, step->threads);
    } else {
        s->keeps = step->stands[1];
        lay_out(s, step->threads);
        make_products(s);
    }
    if (s->keeps) {
        s->kept = gedi__alloc((size_t)s->u_size, sizeof *s->kept, err, "a kernel");
        if (!s->kept) {
            free(s);
            return GEDI_NOMEM;
        }
    }
    step->scratch_size = s->scratch_size;
    step->state = s;
    return GEDI_OK;
}
