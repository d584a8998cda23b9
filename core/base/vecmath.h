/* vecmath.h - exp, log, tanh and relatives of one float, without branches, so that a loop
 * around them becomes vector code.
 *
 * Source:  Moshier 1992, Cephes: the polynomials of expf, logf and tanhf.
 * Inputs:  any float, also denormal, infinite or NaN (which gives NaN)
 * Output:  within 2 units in the last place of the true value (sigmoid: 3; turn: 1.2e-7
 *          of 1); exact limits
 *          at 0 and infinity
 * Differs: one path for all arguments; results may be denormal.
 */
#ifndef GEDI_BASE_VECMATH_H
#define GEDI_BASE_VECMATH_H

#include <stdint.h>
#include <string.h>

#define GEDI__INLINE static inline __attribute__((always_inline))

GEDI__INLINE uint32_t gedi__bits(float x)
{
    uint32_t u;
    memcpy(&u, &x, sizeof u);
    return u;
}

GEDI__INLINE float gedi__float(uint32_t u)
{
    float x;
    memcpy(&x, &u, sizeof x);
    return x;
}

GEDI__INLINE float gedi__absf(float x)
{
    return gedi__float(gedi__bits(x) & 0x7fffffffu);
}

/* c ? a : b. The compiler makes a branch of the operator where it could skip work, and
 * then does not vectorise: so this is done in bits. */
GEDI__INLINE float gedi__select(int c, float a, float b)
{
    uint32_t mask = 0u - (uint32_t)c;
    return gedi__float((gedi__bits(a) & mask) | (gedi__bits(b) & ~mask));
}

/* ln 2 in two parts: n times the first is exact for |n| < 2^15. */
#define GEDI__LN2_HIGH 0.693359375f
#define GEDI__LN2_LOW -2.12194440e-4f

/* e^x = 2^n e^r, |r| <= ln 2 / 2. Adding 1.5 * 2^23 rounds to an integer and leaves it in
 * the low bits. 2^n is applied in two steps, so that n may be -150 (denormal results) or
 * 128 (just under overflow). */
GEDI__INLINE float gedi__expf(float x)
{
    const float shift = 12582912.0f;
    x = x > 89.0f ? 89.0f : x; /* NaN passes both comparisons */
    x = x < -104.0f ? -104.0f : x;
    float s = x * 1.44269504088896341f + shift;
    int32_t n = (int32_t)(gedi__bits(s) - gedi__bits(shift));
    float f = s - shift;
    float r = x - f * GEDI__LN2_HIGH - f * GEDI__LN2_LOW;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * (r * r) + r + 1.0f;
    int32_t half = n >> 1;
    float a = gedi__float((uint32_t)(half + 127) << 23);
    float b = gedi__float((uint32_t)(n - half + 127) << 23);
    return p * a * b;
}

/* log of x 2^shift = e ln 2 + log m, m in [sqrt(1/2), sqrt(2)); x positive, finite and not
 * denormal. */
GEDI__INLINE float gedi__logf_normal(float x, int32_t shift)
{
    const uint32_t sqrt_half = 0x3f3504f3u;
    uint32_t u = gedi__bits(x) - sqrt_half;
    float e = (float)(((int32_t)u >> 23) + shift);
    float m = gedi__float((u & 0x007fffffu) + sqrt_half) - 1.0f;
    float z = m * m;
    float p = 7.0376836292e-2f;
    p = p * m + -1.1514610310e-1f;
    p = p * m + 1.1676998740e-1f;
    p = p * m + -1.2420140846e-1f;
    p = p * m + 1.4249322787e-1f;
    p = p * m + -1.6668057665e-1f;
    p = p * m + 2.0000714765e-1f;
    p = p * m + -2.4999993993e-1f;
    p = p * m + 3.3333331174e-1f;
    p = p * m * z + e * GEDI__LN2_LOW - 0.5f * z;
    return m + p + e * GEDI__LN2_HIGH;
}

GEDI__INLINE float gedi__logf(float x)
{
    float scaled = x * 0x1p25f; /* a denormal has too few bits to cut the exponent off */
    int32_t tiny = x < 0x1p-126f;
    float y = gedi__logf_normal(gedi__select(tiny, scaled, x), tiny ? -25 : 0);
    const float inf = __builtin_inff();
    y = gedi__select(x < inf, y, x); /* inf and NaN */
    y = gedi__select(x == 0.0f, -inf, y);
    return gedi__select(x < 0.0f, __builtin_nanf(""), y);
}

/* sin and cos of 2 pi u, u in [0, 1]: the nearest quarter turn taken off, then polynomials. */
GEDI__INLINE void gedi__turnf(float u, float *sine, float *cosine)
{
    int32_t q = (int32_t)(4.0f * u + 0.5f); /* 0 .. 4 */
    float r = (4.0f * u - (float)q) * 1.57079632679489662f;
    float z = r * r;
    float s =
        ((-1.9515295891e-4f * z + 8.3321608736e-3f) * z - 1.6666654611e-1f) * z * r + r;
    float c = ((2.4433157118e-5f * z - 1.3887316255e-3f) * z + 4.1666645683e-2f) * z * z -
              0.5f * z + 1.0f;
    float a = gedi__select(q & 1, c, s), b = gedi__select(q & 1, s, c);
    *sine = gedi__float(gedi__bits(a) ^ ((uint32_t)(q & 2) << 30));
    *cosine = gedi__float(gedi__bits(b) ^ ((uint32_t)((q + 1) & 2) << 30));
}

/* log(1 + t), t in [0, 1]: what rounding 1 + t lost is put back. */
GEDI__INLINE float gedi__log1pf(float t)
{
    float u = 1.0f + t;
    return gedi__logf(u) + (t - (u - 1.0f)) / u;
}

GEDI__INLINE float gedi__tanhf(float x)
{
    float a = gedi__absf(x), z = x * x;
    float p = -5.70498872745e-3f;
    p = p * z + 2.06390887954e-2f;
    p = p * z + -5.37397155531e-2f;
    p = p * z + 1.33314422036e-1f;
    p = p * z + -3.33332819422e-1f;
    float near = p * z * x + x;
    float far = 1.0f - 2.0f / (gedi__expf(a + a) + 1.0f);
    far = gedi__float(gedi__bits(far) | (gedi__bits(x) & 0x80000000u));
    return a < 0.625f ? near : far;
}

/* 1 / (1 + e^-x), by e^-|x| so that small results keep their digits. */
GEDI__INLINE float gedi__sigmoidf(float x)
{
    float t = gedi__expf(-gedi__absf(x));
    float s = 1.0f / (1.0f + t), c = t / (1.0f + t);
    return x < 0.0f ? c : s;
}

/* log(1 + e^x) = max(x, 0) + log(1 + e^-|x|) */
GEDI__INLINE float gedi__softplusf(float x)
{
    float top = x < 0.0f ? 0.0f : x;
    return top + gedi__log1pf(gedi__expf(-gedi__absf(x)));
}

#endif
