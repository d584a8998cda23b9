/* exif.h - which way up a photograph is.
 *
 * Source:  CIPA DC-008, EXIF 2.3: tag 274, Orientation, of the first directory
 * Inputs:  the bytes of a JPEG marker APP1
 * Output:  1 .. 8; 1 where there is no orientation, or what is there is damaged
 */
#ifndef GEDI_PLUGINS_DATASET_EXIF_H
#define GEDI_PLUGINS_DATASET_EXIF_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { EXIF_HEAD = 6, EXIF_ENTRY = 12, EXIF_TAG = 274, EXIF_SHORT = 3 };

static inline bool exif_is(const uint8_t *data, size_t n)
{
    return n >= EXIF_HEAD && !memcmp(data, "Exif\0", EXIF_HEAD);
}

/* `bytes` of them, in the file's order. */
static inline uint32_t exif_number(const uint8_t *b, int bytes, bool big)
{
    uint32_t v = 0;
    for (int i = 0; i < bytes; i++)
        v = v << 8 | b[big ? i : bytes - 1 - i];
    return v;
}

static inline int exif_orientation(const uint8_t *data, size_t n)
{
    const uint8_t *b = data + EXIF_HEAD;
    size_t size = n - EXIF_HEAD;
    if (size < 8 || (memcmp(b, "II*", 4) && memcmp(b, "MM\0*", 4)))
        return 1;
    bool big = b[0] == 'M';
    size_t at = exif_number(b + 4, 4, big);
    if (at > size - 2)
        return 1;
    size_t count = exif_number(b + at, 2, big);
    for (at += 2; count > 0 && size - at >= EXIF_ENTRY; count--, at += EXIF_ENTRY) {
        if (exif_number(b + at, 2, big) != EXIF_TAG)
            continue;
        uint32_t v = exif_number(b + at + 8, 2, big);
        bool one = exif_number(b + at + 2, 2, big) == EXIF_SHORT &&
                   exif_number(b + at + 4, 4, big) == 1;
        return one && v >= 1 && v <= 8 ? (int)v : 1;
    }
    return 1;
}

/* Which pixel of [high, wide] stands in row h and column w of the picture the right way up. */
static inline int64_t exif_pixel(int orientation, int64_t high, int64_t wide, int64_t h,
                                 int64_t w)
{
    bool swaps = orientation > 4;
    int64_t row = swaps ? w : h, column = swaps ? h : w;
    if (orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7)
        row = high - 1 - row;
    if (orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8)
        column = wide - 1 - column;
    return row * wide + column;
}

#endif
