/* conv_axes.h - Winograd's transformations along both axes, of one kind of tile: included by
 * conv_lanes.h for each KIND, without a guard.
 *
 * FROM and TO are the sides of the tiles, in pixels; POINTS those of one axis, FACTORS what kernels
 * have of them. DERIVES: with the derivative to the kernel.
 */
#define AXIS(name) OF(JOINED(name##_axis, KIND))
#define BOTH(name) OF(JOINED(name, KIND))

/* What each of them does: numbers that lie at in[N N] become N M, then M M. */
#define BOTH_AXES(N, M, axis, in, out)                                                   \
    vec half[(N) * (M)];                                                                 \
    _Pragma("GCC unroll 6") for (int i = 0; i < (N); i++)                                \
        axis(in + i * (N), 1, half + i * (M));                                           \
    _Pragma("GCC unroll 6") for (int j = 0; j < (M); j++) axis(half + j, M, out + j * (M))

/* from[FROM FROM] pixels -> v, planes apart; the plane of (p, q) is POINTS q + p, here and below. */
TARGET static void BOTH(image)(const float *const *from, int64_t channels, float *v,
                               int64_t plane)
{
    for (int64_t c = 0; c < channels; c += LANES) {
        vec d[FROM * FROM], both[POINTS * POINTS];
#pragma GCC unroll 36
        for (int k = 0; k < FROM * FROM; k++)
            OF(load)(from[k] + c, channels - c, &d[k]);
        BOTH_AXES(FROM, POINTS, AXIS(image), d, both);
#pragma GCC unroll 36
        for (int k = 0; k < POINTS * POINTS; k++)
            *(vec *)(v + k * plane + c) = both[k];
    }
}

/* A row of each of the nine taps, `tap` apart -> u. */
TARGET static void BOTH(kernel)(const float *w, int64_t tap, int64_t channels, float *u,
                                int64_t plane)
{
    for (int64_t c = 0; c < channels; c += LANES) {
        vec g[9], both[FACTORS * FACTORS];
#pragma GCC unroll 9
        for (int k = 0; k < 9; k++)
            OF(load)(w + k * tap + c, channels - c, &g[k]);
        BOTH_AXES(3, FACTORS, AXIS(kernel), g, both);
#pragma GCC unroll 36
        for (int k = 0; k < FACTORS * FACTORS; k++)
            *(vec *)(u + k * plane + c) = both[k];
    }
}

/* m, planes apart, with a bias or NULL -> to[TO TO] pixels, where not NULL. */
TARGET static void BOTH(output)(const float *m, int64_t plane, const float *bias,
                                int64_t channels, float *const *to)
{
    for (int64_t c = 0; c < channels; c += LANES) {
        vec got[POINTS * POINTS], both[TO * TO], more = {0};
#pragma GCC unroll 36
        for (int k = 0; k < POINTS * POINTS; k++)
            got[k] = *(const vec *)(m + k * plane + c);
        if (bias)
            OF(load)(bias + c, channels - c, &more);
        BOTH_AXES(POINTS, TO, AXIS(output), got, both);
#pragma GCC unroll 16
        for (int k = 0; k < TO * TO; k++) {
            vec y = both[k] + more;
            if (to[k])
                OF(store)(to[k] + c, channels - c, &y);
        }
    }
}

#ifdef DERIVES
/* from[TO TO] pixels -> u, and added to sum unless that is NULL. */
TARGET static void BOTH(cotangent)(const float *const *from, int64_t channels, float *u,
                                   int64_t plane, float *sum)
{
    for (int64_t c = 0; c < channels; c += LANES) {
        vec g[TO * TO], both[POINTS * POINTS];
#pragma GCC unroll 16
        for (int k = 0; k < TO * TO; k++)
            OF(load)(from[k] + c, channels - c, &g[k]);
        if (sum) {
            vec rows[TO];
#pragma GCC unroll 4
            for (int i = 0; i < TO; i++)
                rows[i] = g[TO * i] + g[TO * i + 1];
#if TO == 4
#pragma GCC unroll 4
            for (int i = 0; i < TO; i++)
                rows[i] += g[TO * i + 2] + g[TO * i + 3];
            rows[0] += rows[1];
            rows[1] = rows[2] + rows[3];
#endif
            *(vec *)(sum + c) += rows[0] + rows[1];
        }
        BOTH_AXES(TO, POINTS, AXIS(cotangent), g, both);
#pragma GCC unroll 36
        for (int k = 0; k < POINTS * POINTS; k++)
            *(vec *)(u + k * plane + c) = both[k];
    }
}

/* m -> a row of each of the nine taps. */
TARGET static void BOTH(gradient)(const float *m, int64_t plane, int64_t channels,
                                  float *gw, int64_t tap)
{
    for (int64_t c = 0; c < channels; c += LANES) {
        vec got[FACTORS * FACTORS], both[9];
#pragma GCC unroll 36
        for (int k = 0; k < FACTORS * FACTORS; k++)
            got[k] = *(const vec *)(m + k * plane + c);
        BOTH_AXES(FACTORS, 3, AXIS(gradient), got, both);
#pragma GCC unroll 9
        for (int k = 0; k < 9; k++)
            OF(store)(gw + k * tap + c, channels - c, &both[k]);
    }
}
#endif

static const gedi__transforms BOTH(transforms) = {
    .from = FROM,
    .to = TO,
    .points = POINTS,
    .factors = FACTORS,
    .image = BOTH(image),
    .kernel = BOTH(kernel),
    .output = BOTH(output),
#ifdef DERIVES
    .cotangent = BOTH(cotangent),
    .gradient = BOTH(gradient),
#endif
};

#undef AXIS
#undef BOTH
#undef BOTH_AXES
#undef KIND
#undef FROM
#undef TO
#undef POINTS
#undef FACTORS
#undef DERIVES
