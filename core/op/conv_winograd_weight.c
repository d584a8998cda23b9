/* conv_winograd_weight.c - the derivative of 3x3 convolutions to their kernels by Winograd's
 * algorithm.
 *
 * Source:  Lavin & Gray 2016, section 4.2: F(3x3, 4x4), a tile of gy being the kernel; with stride 2 as
 *          conv_lanes.h says
 * Inputs:  x, gy as conv.h says, images [N, H, W, C]
 * Output:  gw [3, 3, C, O], and after it gy's sum where the bias is asked for
 * Differs: sums over tiles are made before the transformation back. What is summed by itself
 *          depends on the sizes alone, so the bytes do not depend on threads.
 */
#include "core/base/loop.h"
#include "core/op/winograd_state.h"

#include <string.h>

enum {
    PIECES = 16, /* at most */
    PIECE = 4,   /* groups of tiles that are worth one */
};

static int64_t apart(int64_t size)
{
    return size + ROUNDING;
}

void gedi__winograd_weight_prepare(gedi__winograd *s, int threads)
{
    const gedi__tiling *g = &s->tiling;
    int64_t last = g->tiles - (g->groups - 1) * g->group;
    s->in = gedi__winograd_rounded(g->from.c);
    s->block = gedi__winograd_rounded(g->to.c);
    s->v_plane = apart(g->group * s->in);
    s->u_plane = apart(g->group * s->block);
    s->m_plane = apart(g->from.c * s->block);
    int64_t pieces = gedi__min64(PIECES, (g->groups + PIECE - 1) / PIECE);
    pieces = gedi__min64(g->groups, pieces < 2 ? 2 : pieces);
    s->piece = (g->groups + pieces - 1) / pieces;
    s->pieces = (g->groups + s->piece - 1) / s->piece;
    s->part_size = gedi__winograd_rounded(9 * g->from.c * g->to.c) + s->block;
    s->own_size = s->points * (s->v_plane + s->u_plane) + s->factors * s->m_plane +
                  (s->in > s->block ? s->in : s->block);
    s->scratch_size = s->pieces * s->part_size + threads * s->own_size;
    for (int i = 0; i < 2; i++) {
        s->product[i] = (gedi__xsmm){.m = g->from.c,
                                     .n = s->block,
                                     .k = i ? last : g->group,
                                     .lda = s->in,
                                     .ldb = s->block,
                                     .ldc = s->block,
                                     .ta = true,
                                     .add = true};
        s->first[i] = s->product[i];
        s->first[i].add = false;
        gedi__xsmm_make(&s->product[i]);
        gedi__xsmm_make(&s->first[i]);
    }
}

/* m (+)= what a group of tiles gives. */
static void add_group(const gedi__winograd *s, const gedi__step *step, int64_t group,
                      bool begins, float *own, float *sum)
{
    const gedi__tiling *g = &s->tiling;
    const int64_t first = group * g->group;
    const int64_t tiles = gedi__min64(g->group, g->tiles - first);
    const bool last = tiles < g->group;
    float *v = own, *u = v + s->points * s->v_plane, *m = u + s->points * s->u_plane;
    float *zeros = m + s->factors * s->m_plane, *to[MOST_PIXELS];
    const float *from[MOST_PIXELS];
    for (int64_t t = 0; t < tiles; t++) {
        gedi__tiling_from(g, first + t, step->in[0], zeros, from);
        s->to->image(from, g->from.c, v + t * s->in, s->v_plane);
        gedi__tiling_to(g, first + t, (float *)step->in[1], zeros, to);
        s->to->cotangent((const float *const *)to, g->to.c, u + t * s->block, s->u_plane,
                         sum);
    }
    for (int k = 0; k < s->points; k++) {
        bool sets = begins && !s->shares[k];
        gedi__xsmm_run(sets ? &s->first[last] : &s->product[last], v + k * s->v_plane,
                       u + k * s->u_plane, m + s->factor[k] * s->m_plane);
    }
}

/* What piece p adds to the derivative: [3, 3, C, O], then to the bias's. */
static void run_piece(const gedi__winograd *s, const gedi__step *step, int64_t p,
                      float *own)
{
    const gedi__tiling *g = &s->tiling;
    const int64_t from = p * s->piece, to = gedi__min64(from + s->piece, g->groups);
    const int64_t in = g->from.c, out = g->to.c;
    float *part = step->scratch + p * s->part_size;
    float *sum = part + s->part_size - s->block;
    float *m = own + s->points * (s->v_plane + s->u_plane),
          *zeros = m + s->factors * s->m_plane;
    memset(zeros, 0, (size_t)(s->in > s->block ? s->in : s->block) * sizeof *zeros);
    memset(sum, 0, (size_t)s->block * sizeof *sum);
    for (int64_t k = from; k < to; k++)
        add_group(s, step, k, k == from, own, s->conv.bias ? sum : NULL);
    for (int64_t c = 0; c < in; c++)
        s->to->gradient(m + c * s->block, s->m_plane, out, part + c * out, in * out);
}

void gedi__winograd_weight_run(const gedi__winograd *s, const gedi__step *step)
{
    const int64_t size = 9 * s->tiling.from.c * s->tiling.to.c;
    const float *part = step->scratch;
    float *own = step->scratch + s->pieces * s->part_size;
    GEDI__PARALLEL_FOR(step->threads, p, s->pieces,
                       { run_piece(s, step, p, own + gedi__thread() * s->own_size); });
    gedi__conv_add_parts(part, s->part_size, s->pieces, size, step->out, step->threads);
    if (s->conv.bias)
        gedi__conv_add_parts(part + s->part_size - s->block, s->part_size, s->pieces,
                             s->tiling.to.c, step->out + size, 1);
}
