/* rng.c - counter-based random numbers.
 *
 * Source:  Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3",
 * Philox4x32-10. Inputs:  seed, stream -> key; major, minor, block -> counter Output:
 * uniform bits, U[0, 1) with 24 bits, N(0, 1) by Box and Muller 1958 Differs: the stream
 * is folded into the second key word.
 */
#include "gedi/rng.h"

#include <math.h>

static void philox(const uint32_t key[2], const uint32_t ctr[4], uint32_t out[4])
{
    uint32_t k0 = key[0], k1 = key[1];
    uint32_t x0 = ctr[0], x1 = ctr[1], x2 = ctr[2], x3 = ctr[3];
    for (int i = 0; i < 10; i++) {
        uint64_t p = (uint64_t)0xD2511F53u * x0;
        uint64_t q = (uint64_t)0xCD9E8D57u * x2;
        x0 = (uint32_t)(q >> 32) ^ x1 ^ k0;
        x1 = (uint32_t)q;
        x2 = (uint32_t)(p >> 32) ^ x3 ^ k1;
        x3 = (uint32_t)p;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    out[0] = x0;
    out[1] = x1;
    out[2] = x2;
    out[3] = x3;
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

static float to_uniform(uint32_t u)
{
    return (float)(u >> 8) * 0x1p-24f;
}

float gedi_rng_uniform(gedi_rng *r)
{
    return to_uniform(gedi_rng_u32(r));
}

uint64_t gedi_rng_below(gedi_rng *r, uint64_t n)
{
    GEDI_ASSERT(n > 0);
    /* Numbers under 2^64 mod n would make the low remainders likelier: draw again. */
    uint64_t reject = (0 - n) % n;
    for (;;) {
        uint64_t u = (uint64_t)gedi_rng_u32(r) << 32;
        u |= gedi_rng_u32(r);
        if (u >= reject)
            return u % n;
    }
}

/* Two normals from two words. 1 - u is in (0, 1], so the logarithm is finite. */
static void box_muller(uint32_t a, uint32_t b, float *x, float *y)
{
    float radius = sqrtf(-2.0f * logf(1.0f - to_uniform(a)));
    float angle = 6.28318530717958647692f * to_uniform(b);
    *x = radius * cosf(angle);
    *y = radius * sinf(angle);
}

float gedi_rng_normal(gedi_rng *r)
{
    float x, y;
    uint32_t a = gedi_rng_u32(r), b = gedi_rng_u32(r);
    box_muller(a, b, &x, &y);
    return x;
}

void gedi_rng_fill_uniform(gedi_rng *r, float *x, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        x[i] = gedi_rng_uniform(r);
}

void gedi_rng_fill_normal(gedi_rng *r, float *x, int64_t n)
{
    int64_t i = 0;
    for (; i + 1 < n; i += 2) {
        uint32_t a = gedi_rng_u32(r), b = gedi_rng_u32(r);
        box_muller(a, b, x + i, x + i + 1);
    }
    if (i < n)
        x[i] = gedi_rng_normal(r);
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
