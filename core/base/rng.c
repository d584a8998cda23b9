/* rng.c - counter-based random numbers.
 *
 * Source:  Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3",
 * Philox4x32-10. Inputs:  seed, stream -> key; major, minor, block -> counter Output:
 * uniform bits, U[0, 1) with 24 bits, N(0, 1) by Box and Muller 1958 Differs: the stream
 * is folded into the second key word.
 */
#include "gedi/rng.h"
#include "core/base/loop.h"
#include "core/base/vecmath.h"

#include <math.h>
#include <string.h>

enum { LANES = 16 }; /* counters worked on at a time */

/* The four words of one counter. */
GEDI__INLINE void philox(const uint32_t key[2], const uint32_t ctr[4], uint32_t out[4])
{
    uint32_t x0 = ctr[0], x1 = ctr[1], x2 = ctr[2], x3 = ctr[3];
    for (uint32_t i = 0; i < 10; i++) {
        uint64_t p = (uint64_t)0xD2511F53u * x0;
        uint64_t q = (uint64_t)0xCD9E8D57u * x2;
        x0 = (uint32_t)(q >> 32) ^ x1 ^ (key[0] + i * 0x9E3779B9u);
        x1 = (uint32_t)q;
        x2 = (uint32_t)(p >> 32) ^ x3 ^ (key[1] + i * 0xBB67AE85u);
        x3 = (uint32_t)p;
    }
    out[0] = x0;
    out[1] = x1;
    out[2] = x2;
    out[3] = x3;
}

/* The words of LANES counters, whose first and second word go up by `step` and `minor`: word k
 * of counter i at [k][i]. */
GEDI__CLONES static void philox_lanes(const uint32_t key[2], const uint32_t ctr[4],
                                      uint32_t step, uint32_t minor,
                                      uint32_t out[4][LANES])
{
    const uint32_t k[2] = {key[0], key[1]}, c[4] = {ctr[0], ctr[1], ctr[2], ctr[3]};
    for (uint32_t i = 0; i < LANES; i++) {
        const uint32_t at[4] = {c[0] + step * i, c[1] + minor * i, c[2], c[3]};
        uint32_t w[4];
        philox(k, at, w);
        out[0][i] = w[0];
        out[1][i] = w[1];
        out[2][i] = w[2];
        out[3][i] = w[3];
    }
}

gedi_rng gedi_rng_at(uint64_t seed, gedi_stream stream, uint64_t major, uint32_t minor)
{
    gedi_rng r = {0};
    r.key[0] = (uint32_t)seed;
    r.key[1] = (uint32_t)(seed >> 32) ^ (uint32_t)stream * 0x9E3779B9u;
    r.counter[1] = minor;
    r.counter[2] = (uint32_t)major;
    r.counter[3] = (uint32_t)(major >> 32);
    return r;
}

static void refill(gedi_rng *r)
{
    philox(r->key, r->counter, r->out);
    r->counter[0]++;
    r->left = 4;
}

uint32_t gedi_rng_u32(gedi_rng *r)
{
    if (!r->left)
        refill(r);
    return r->out[4 - r->left--];
}

GEDI__INLINE float to_uniform(uint32_t u)
{
    /* From a signed number, which every vector unit converts; 24 bits fit. */
    return (float)(int32_t)(u >> 8) * 0x1p-24f;
}

float gedi_rng_uniform(gedi_rng *r)
{
    return to_uniform(gedi_rng_u32(r));
}

uint64_t gedi_rng_below(gedi_rng *r, uint64_t n)
{
    GEDI_ASSERT(n > 0);
    /* Numbers under 2^64 mod n would make the low remainders likelier: draw again. That is
     * less than n, so it is hardly ever worked out. */
    for (;;) {
        uint64_t u = (uint64_t)gedi_rng_u32(r) << 32;
        u |= gedi_rng_u32(r);
        if (u >= n || u >= (0 - n) % n)
            return u % n;
    }
}

/* Two normals from two words. 1 - u is in [2^-24, 1]: the logarithm is of a plain number, and no
 * normal is beyond sqrt(2 ln 2^24) = 5.77. */
GEDI__INLINE void box_muller(uint32_t a, uint32_t b, float *x, float *y)
{
    float sine, cosine;
    float radius = sqrtf(-2.0f * gedi__logf_normal(1.0f - to_uniform(a), 0));
    gedi__turnf(to_uniform(b), &sine, &cosine);
    *x = radius * cosine;
    *y = radius * sine;
}

float gedi_rng_normal(gedi_rng *r)
{
    float x, y;
    uint32_t a = gedi_rng_u32(r), b = gedi_rng_u32(r);
    box_muller(a, b, &x, &y);
    return x;
}

/* 4 LANES numbers at a time, the same as one by one. */
GEDI__CLONES static void uniform_lanes(const uint32_t w[4][LANES], float *x)
{
    for (int k = 0; k < 4; k++)
#pragma omp simd
        for (int i = 0; i < LANES; i++)
            x[4 * i + k] = to_uniform(w[k][i]);
}

GEDI__CLONES static void normal_lanes(const uint32_t w[4][LANES], float *x)
{
    float a[LANES], b[LANES];
    for (int k = 0; k < 4; k += 2) {
        for (int i = 0; i < LANES; i++)
            box_muller(w[k][i], w[k + 1][i], &a[i], &b[i]);
        for (int i = 0; i < LANES; i++) {
            x[4 * i + k] = a[i];
            x[4 * i + k + 1] = b[i];
        }
    }
}

/* Whole blocks of lanes; returns how many numbers were made. Only where no word is left over
 * from a counter, and the counter's low word does not run over. */
static int64_t fill_lanes(gedi_rng *r, float *x, int64_t n,
                          void (*make)(const uint32_t w[4][LANES], float *))
{
    uint32_t w[4][LANES];
    int64_t at = 0;
    if (r->left)
        return 0;
    for (; n - at >= 4 * LANES && r->counter[0] <= UINT32_MAX - LANES; at += 4 * LANES) {
        philox_lanes(r->key, r->counter, 1, 0, w);
        r->counter[0] += LANES;
        make((const uint32_t(*)[LANES])w, x + at);
    }
    return at;
}

void gedi_rng_fill_uniform(gedi_rng *r, float *x, int64_t n)
{
    for (int64_t i = fill_lanes(r, x, n, uniform_lanes); i < n; i++)
        x[i] = gedi_rng_uniform(r);
}

void gedi_rng_fill_normal(gedi_rng *r, float *x, int64_t n)
{
    int64_t i = fill_lanes(r, x, n, normal_lanes);
    for (; i + 1 < n; i += 2) {
        uint32_t a = gedi_rng_u32(r), b = gedi_rng_u32(r);
        box_muller(a, b, x + i, x + i + 1);
    }
    if (i < n)
        x[i] = gedi_rng_normal(r);
}

/* A few numbers of each come from its first counter: LANES generators are worked on at once. */
void gedi_rng_fill_normal_each(const gedi_rng *first, float *x, int64_t n, int64_t count)
{
    gedi_rng r = *first;
    int64_t i = 0;
    GEDI_ASSERT(!r.left); /* words that are left over are of one generator only */
    for (; n <= 4 && i + LANES <= count; i += LANES) {
        uint32_t w[4][LANES];
        float four[4 * LANES];
        philox_lanes(r.key, r.counter, 0, 1, w);
        normal_lanes((const uint32_t(*)[LANES])w, four);
        for (int64_t k = 0; k < LANES; k++)
            memcpy(x + (i + k) * n, four + 4 * k, (size_t)n * sizeof *x);
        r.counter[1] += LANES;
    }
    for (; i < count; i++, r.counter[1]++) {
        gedi_rng own = r;
        gedi_rng_fill_normal(&own, x + i * n, n);
    }
}

void gedi_rng_permutation(gedi_rng *r, int64_t *p, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        p[i] = i;
    for (int64_t i = n - 1; i > 0; i--) { /* Fisher and Yates */
        int64_t j = (int64_t)gedi_rng_below(r, (uint64_t)i + 1);
        int64_t t = p[i];
        p[i] = p[j];
        p[j] = t;
    }
}
