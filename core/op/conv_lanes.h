/* conv_lanes.h - Winograd's transformations with vectors of LANES channels, for the processors
 * that TARGET names: included once for each, without a guard.
 *
 * The points are 0, a, -a, b, -b and infinity, as winograd.h has them. Along one axis, with
 * M(x) = x (x^2 - a^2) (x^2 - b^2) and N_p = M'(p):
 *   image     v_p = sum_i d_i [x^i] M(x) / (x - p)
 *   kernel    u_p = (g_0 + p g_1 + p^2 g_2) / N_p, at infinity g_2
 *   output    y_i = sum_p p^i m_p, and m at infinity for the last i
 * For the derivative to the kernel, gy's four numbers are the kernel: what N_p divides is left
 * to the output then, as it is computed once and not for each tile.
 */
#define LANES__(name, lanes) name##_##lanes
#define LANES_(name, lanes) LANES__(name, lanes)
#define OF(name) LANES_(name, LANES)
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

INLINE void OF(image_axis)(const vec *d, int s, vec *v)
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

INLINE void OF(kernel_axis)(const vec *g, int s, vec *u)
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

INLINE void OF(output_axis)(const vec *m, int s, vec *y)
{
    const vec plus_a = m[s] + m[2 * s], minus_a = A1 * (m[s] - m[2 * s]);
    const vec plus_b = m[3 * s] + m[4 * s], minus_b = B1 * (m[3 * s] - m[4 * s]);
    y[0] = m[0] + plus_a + plus_b;
    y[1] = minus_a + minus_b;
    y[2] = A2 * plus_a + B2 * plus_b;
    y[3] = A2 * minus_a + B2 * minus_b + m[5 * s];
}

INLINE void OF(cotangent_axis)(const vec *g, int s, vec *u)
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

INLINE void OF(gradient_axis)(const vec *m, int s, vec *g)
{
    const vec plus_a = NA * (m[s] + m[2 * s]), minus_a = NA * (m[s] - m[2 * s]);
    const vec plus_b = NB * (m[3 * s] + m[4 * s]), minus_b = NB * (m[3 * s] - m[4 * s]);
    g[0] = N0 * m[0] + plus_a + plus_b;
    g[1] = A1 * minus_a + B1 * minus_b;
    g[2] = A2 * plus_a + B2 * plus_b + m[5 * s];
}

/* ---- along both ---- */

/* What each of them does: numbers that lie at from[FROM FROM] become FROM TO, then TO TO. */
#define BOTH_AXES(FROM, TO, axis, in, out)                                               \
    vec half[FROM * TO];                                                                 \
    _Pragma("GCC unroll 6") for (int i = 0; i < FROM; i++)                               \
        OF(axis)(in + i * FROM, 1, half + i * TO);                                       \
    _Pragma("GCC unroll 6") for (int j = 0; j < TO; j++)                                 \
        OF(axis)(half + j, TO, out + j * TO)

/* from[36] pixels -> v, planes apart; the plane of (p, q) is 6 q + p, here and below. */
TARGET static void OF(image)(const float *const *from, int64_t channels, float *v,
                             int64_t plane)
{
    for (int64_t c = 0; c < channels; c += LANES) {
        vec d[POINTS], both[POINTS];
#pragma GCC unroll 36
        for (int k = 0; k < POINTS; k++)
            OF(load)(from[k] + c, channels - c, &d[k]);
        BOTH_AXES(6, 6, image_axis, d, both);
#pragma GCC unroll 36
        for (int k = 0; k < POINTS; k++)
            *(vec *)(v + k * plane + c) = both[k];
    }
}

/* from[16] pixels -> u, and added to sum unless that is NULL. */
TARGET static void OF(cotangent)(const float *const *from, int64_t channels, float *u,
                                 int64_t plane, float *sum)
{
    for (int64_t c = 0; c < channels; c += LANES) {
        vec g[16], both[POINTS];
#pragma GCC unroll 16
        for (int k = 0; k < 16; k++)
            OF(load)(from[k] + c, channels - c, &g[k]);
        if (sum) {
            vec rows[4];
#pragma GCC unroll 4
            for (int i = 0; i < 4; i++)
                rows[i] = (g[4 * i] + g[4 * i + 1]) + (g[4 * i + 2] + g[4 * i + 3]);
            *(vec *)(sum + c) += (rows[0] + rows[1]) + (rows[2] + rows[3]);
        }
        BOTH_AXES(4, 6, cotangent_axis, g, both);
#pragma GCC unroll 36
        for (int k = 0; k < POINTS; k++)
            *(vec *)(u + k * plane + c) = both[k];
    }
}

/* A row of each of the nine taps, `tap` apart -> u. */
TARGET static void OF(kernel)(const float *w, int64_t tap, int64_t channels, float *u,
                              int64_t plane)
{
    for (int64_t c = 0; c < channels; c += LANES) {
        vec g[9], both[POINTS];
#pragma GCC unroll 9
        for (int k = 0; k < 9; k++)
            OF(load)(w + k * tap + c, channels - c, &g[k]);
        BOTH_AXES(3, 6, kernel_axis, g, both);
#pragma GCC unroll 36
        for (int k = 0; k < POINTS; k++)
            *(vec *)(u + k * plane + c) = both[k];
    }
}

/* m, planes apart, with a bias or NULL -> to[16] pixels, where not NULL. */
TARGET static void OF(output)(const float *m, int64_t plane, const float *bias,
                              int64_t channels, float *const *to)
{
    for (int64_t c = 0; c < channels; c += LANES) {
        vec got[POINTS], both[16], more = {0};
#pragma GCC unroll 36
        for (int k = 0; k < POINTS; k++)
            got[k] = *(const vec *)(m + k * plane + c);
        if (bias)
            OF(load)(bias + c, channels - c, &more);
        BOTH_AXES(6, 4, output_axis, got, both);
#pragma GCC unroll 16
        for (int k = 0; k < 16; k++) {
            vec y = both[k] + more;
            if (to[k])
                OF(store)(to[k] + c, channels - c, &y);
        }
    }
}

/* m -> a row of each of the nine taps. */
TARGET static void OF(gradient)(const float *m, int64_t plane, int64_t channels,
                                float *gw, int64_t tap)
{
    for (int64_t c = 0; c < channels; c += LANES) {
        vec got[POINTS], both[9];
#pragma GCC unroll 36
        for (int k = 0; k < POINTS; k++)
            got[k] = *(const vec *)(m + k * plane + c);
        BOTH_AXES(6, 3, gradient_axis, got, both);
#pragma GCC unroll 9
        for (int k = 0; k < 9; k++)
            OF(store)(gw + k * tap + c, channels - c, &both[k]);
    }
}

static const gedi__transforms OF(transforms) = {
    LANES, OF(image), OF(cotangent), OF(kernel), OF(output), OF(gradient),
};

#undef LANES__
#undef LANES_
#undef OF
#undef vec
#undef INLINE
#undef BOTH_AXES
#undef LANES
#undef TARGET
