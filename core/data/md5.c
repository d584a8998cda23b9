/* md5.c - the sum by which data sets are published.
 *
 * Source:  Rivest 1992, RFC 1321, "The MD5 Message-Digest Algorithm", section 3
 */
#include "core/data/md5.h"

#include <stdio.h>
#include <string.h>

/* floor(2^32 |sin(i + 1)|) */
static const uint32_t sines[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613,
    0xfd469501, 0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193,
    0xa679438e, 0x49b40821, 0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d,
    0x02441453, 0xd8a1e681, 0xe7d3fbc8, 0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed,
    0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a, 0xfffa3942, 0x8771f681, 0x6d9d6122,
    0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70, 0x289b7ec6, 0xeaa127fa,
    0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665, 0xf4292244,
    0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb,
    0xeb86d391,
};

static uint32_t rotate(uint32_t x, unsigned n)
{
    return x << n | x >> (32 - n);
}

static uint32_t word(const uint8_t *b)
{
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 |
           (uint32_t)b[3] << 24;
}

/* Four rounds of sixteen steps; F, G, H, I of the source are `mix`. */
static void digest(uint32_t state[4], const uint8_t block[64])
{
    static const uint8_t turn[4][4] = {
        {7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    for (uint32_t i = 0; i < 64; i++) {
        uint32_t mix, k;
        if (i < 16) {
            mix = (b & c) | (~b & d);
            k = i;
        } else if (i < 32) {
            mix = (b & d) | (c & ~d);
            k = (5 * i + 1) % 16;
        } else if (i < 48) {
            mix = b ^ c ^ d;
            k = (3 * i + 5) % 16;
        } else {
            mix = c ^ (b | ~d);
            k = 7 * i % 16;
        }
        uint32_t next =
            b + rotate(a + mix + word(block + 4 * k) + sines[i], turn[i / 16][i % 4]);
        a = d;
        d = c;
        c = b;
        b = next;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
}

void gedi__md5_start(gedi__md5 *m)
{
    *m = (gedi__md5){.state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476}};
}

void gedi__md5_add(gedi__md5 *m, const void *data, size_t n)
{
    const uint8_t *from = data;
    while (n > 0) {
        size_t at = m->length % 64, take = n < 64 - at ? n : 64 - at;
        memcpy(m->block + at, from, take);
        m->length += take;
        from += take;
        n -= take;
        if (at + take == 64)
            digest(m->state, m->block);
    }
}

void gedi__md5_end(gedi__md5 *m, char text[GEDI__MD5_TEXT])
{
    static const uint8_t one = 0x80, zero[64] = {0};
    uint64_t bits = 8 * m->length;
    uint8_t length[8];
    for (int i = 0; i < 8; i++)
        length[i] = (uint8_t)(bits >> (8 * i));
    gedi__md5_add(m, &one, 1);
    gedi__md5_add(m, zero, (64 + 56 - m->length % 64) % 64);
    gedi__md5_add(m, length, sizeof length);
    for (int i = 0; i < 16; i++)
        snprintf(text + 2 * i, 3, "%02x",
                 (unsigned)(m->state[i / 4] >> (8 * (i % 4)) & 0xff));
}
