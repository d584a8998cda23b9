/* conv_lanes.h - Winograd's transformations along one axis with vectors of LANES channels, for
 * the processors that TARGET names: included once for each, without a guard. conv_axes.h makes
 * those along both of them.
 *
 * With stride 1 the points are 0, a, -a, b, -b and infinity, as winograd.h has them. Along one axis, with
 * M(x) = x (x^2 - a^2) (x^2 - b^2) and N_p = M'(p):
 *   image     v_p = sum_i d_i [x^i] M(x) / (x - p)
 *   kernel    u_p = (g_0 + p g_1 + p^2 g_2) / N_p, at infinity g_2
 *   output    y_i = sum_p p^i m_p, and m at infinity for the last i
 * For the derivative to the kernel, gy's four numbers are the kernel: what N_p divides is left
 * to the output then, as it is computed once and not for each tile.
 *
 * With stride 2 and y_p = w_0 x_(2p-1) + w_1 x_(2p) + w_2 x_(2p+1), the taps 0 and 2 see every
 * other pixel with stride 1 and go by F(2, 2) with the points 0, 1 and infinity, whose factors are
 * +-1. Tap 1 sees the others, one product each: five for two results, where the definition has six.
 */
#define JOINED_(name, more) name##_##more
#define JOINED(name, more) JOINED_(name, more)
#define OF(name) JOINED(name, LANES)
#define vec OF(vec)
#define INLINE TARGET static inline __attribute__((always_inline))

typedef float vec __attribute__((vector_size(LANES * sizeof(float)),
                                 aligned(sizeof(float)), may_alias));

/* The first n numbers at p, and zeros. */
INLINE void OF(load)(const float *p, int64_t n, vec *out)
{
    if (n >= LANES) {
        *out = *(const vec *)p;
        return;
    }
    float some[LANES] = {0};
    for (int64_t i = 0; i < n; i++)
        some[i] = p[i];
    *out = *(const vec *)some;
}

INLINE void OF(store)(float *p, int64_t n, const vec *x)
{
    if (n >= LANES) {
        *(vec *)p = *x;
        return;
    }
    for (int64_t i = 0; i < n; i++)
        p[i] = (*x)[i];
}

/* ---- along one axis, numbers `s` apart ---- */

INLINE void OF(image_axis_unit)(const vec *d, int s, vec *v)
{
    const vec odd_a = d[3 * s] - B2 * d[s], even_a = d[4 * s] - B2 * d[2 * s];
    const vec odd_b = d[3 * s] - A2 * d[s], even_b = d[4 * s] - A2 * d[2 * s];
    v[0] = A2B2 * d[0] - SUM2 * d[2 * s] + d[4 * s];
    v[1] = even_a + A1 * odd_a;
    v[2] = even_a - A1 * odd_a;
    v[3] = even_b + B1 * odd_b;
    v[4] = even_b - B1 * odd_b;
    v[5] = A2B2 * d[s] - SUM2 * d[3 * s] + d[5 * s];
}

INLINE void OF(kernel_axis_unit)(const vec *g, int s, vec *u)
{
    const vec even_a = NA * (g[0] + A2 * g[2 * s]), odd_a = NA * A1 * g[s];
    const vec even_b = NB * (g[0] + B2 * g[2 * s]), odd_b = NB * B1 * g[s];
    u[0] = N0 * g[0];
    u[1] = even_a + odd_a;
    u[2] = even_a - odd_a;
    u[3] = even_b + odd_b;
    u[4] = even_b - odd_b;
    u[5] = g[2 * s];
}

INLINE void OF(output_axis_unit)(const vec *m, int s, vec *y)
{
    const vec plus_a = m[s] + m[2 * s], minus_a = A1 * (m[s] - m[2 * s]);
    const vec plus_b = m[3 * s] + m[4 * s], minus_b = B1 * (m[3 * s] - m[4 * s]);
    y[0] = m[0] + plus_a + plus_b;
    y[1] = minus_a + minus_b;
    y[2] = A2 * plus_a + B2 * plus_b;
    y[3] = A2 * minus_a + B2 * minus_b + m[5 * s];
}

INLINE void OF(cotangent_axis_unit)(const vec *g, int s, vec *u)
{
    const vec even_a = g[0] + A2 * g[2 * s], odd_a = A1 * (g[s] + A2 * g[3 * s]);
    const vec even_b = g[0] + B2 * g[2 * s], odd_b = B1 * (g[s] + B2 * g[3 * s]);
    u[0] = g[0];
    u[1] = even_a + odd_a;
    u[2] = even_a - odd_a;
    u[3] = even_b + odd_b;
    u[4] = even_b - odd_b;
    u[5] = g[3 * s];
}

INLINE void OF(gradient_axis_unit)(const vec *m, int s, vec *g)
{
    const vec plus_a = NA * (m[s] + m[2 * s]), minus_a = NA * (m[s] - m[2 * s]);
    const vec plus_b = NB * (m[3 * s] + m[4 * s]), minus_b = NB * (m[3 * s] - m[4 * s]);
    g[0] = N0 * m[0] + plus_a + plus_b;
    g[1] = A1 * minus_a + B1 * minus_b;
    g[2] = A2 * plus_a + B2 * plus_b + m[5 * s];
}

/* ---- with stride 2: five pixels to two, or back three to four ---- */

INLINE void OF(image_axis_halving)(const vec *d, int s, vec *v)
{
    v[0] = d[0] - d[2 * s];
    v[1] = d[2 * s];
    v[2] = d[2 * s] - d[4 * s];
    v[3] = d[s];
    v[4] = d[3 * s];
}

INLINE void OF(image_axis_doubling)(const vec *d, int s, vec *v)
{
    v[0] = d[0] - d[s];
    v[1] = d[s];
    v[2] = d[s] - d[2 * s];
    v[3] = d[0];
    v[4] = d[s];
}

INLINE void OF(kernel_axis_halving)(const vec *g, int s, vec *u)
{
    u[0] = g[0];
    u[1] = g[0] + g[2 * s];
    u[2] = g[2 * s];
    u[3] = g[s];
}

/* The kernel being turned round, its taps lie as those of the other way. */
INLINE void OF(kernel_axis_doubling)(const vec *g, int s, vec *u)
{
    OF(kernel_axis_halving)(g, s, u);
}

INLINE void OF(output_axis_halving)(const vec *m, int s, vec *y)
{
    y[0] = m[0] + m[s] + m[3 * s];
    y[1] = m[s] - m[2 * s] + m[4 * s];
}

INLINE void OF(output_axis_doubling)(const vec *m, int s, vec *y)
{
    y[0] = m[3 * s];
    y[1] = m[0] + m[s];
    y[2] = m[4 * s];
    y[3] = m[s] - m[2 * s];
}

INLINE void OF(cotangent_axis_halving)(const vec *g, int s, vec *u)
{
    u[0] = g[0];
    u[1] = g[0] + g[s];
    u[2] = -g[s];
    u[3] = g[0];
    u[4] = g[s];
}

INLINE void OF(gradient_axis_halving)(const vec *m, int s, vec *g)
{
    g[0] = m[0] + m[s];
    g[1] = m[3 * s];
    g[2] = m[s] + m[2 * s];
}

#define KIND unit
#define FROM 6
#define TO 4
#define POINTS 6
#define FACTORS 6
#define DERIVES
#include "core/op/conv_axes.h"

#define KIND halving
#define FROM 5
#define TO 2
#define POINTS 5
#define FACTORS 4
#define DERIVES
#include "core/op/conv_axes.h"

#define KIND doubling
#define FROM 3
#define TO 4
#define POINTS 5
#define FACTORS 4
#include "core/op/conv_axes.h"

static const gedi__transforms *OF(transforms)(gedi__tile_kind kind)
{
    static const gedi__transforms *const all[] = {
        [GEDI__TILE_UNIT] = &OF(transforms_unit),
        [GEDI__TILE_HALVING] = &OF(transforms_halving),
        [GEDI__TILE_DOUBLING] = &OF(transforms_doubling),
    };
    return all[kind];
}

#undef JOINED_
#undef JOINED
#undef OF
#undef vec
#undef INLINE
#undef LANES
#undef TARGET
