/* picture.h - one image file, PNG or JPEG, as bytes.
 *
 * Inputs:  a file of at most 50 million pixels, with sides of at most 65535. Its content says which kind
 *          it is, not its name.
 * Output:  [H, W, 3] or [H, W, 1] bytes, from picture_png.h or picture_jpeg.h. Grey of colour is the luma
 *          of the view gray_scale, of these bytes, rounded.
 */
#ifndef GEDI_PLUGINS_DATASET_PICTURE_H
#define GEDI_PLUGINS_DATASET_PICTURE_H

#include "gedi/error.h"
#include "plugins/dataset/file.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PICTURE_PIXELS = 50000000, PICTURE_SIDE = 65535 };

typedef struct picture {
    const char *path;
    FILE *f;
    bool grey; /* wanted: one channel; else three */
    int64_t high, wide;
    uint8_t *pixel; /* [high, wide, 3 or 1]; picture_clear() frees it */
} picture;

static inline void picture_clear(picture *p)
{
    if (p->f)
        fclose(p->f);
    free(p->pixel);
    *p = (picture){0};
}

/* Before anything is allocated. */
static inline gedi_status picture_check_size(const picture *p, gedi_err *err)
{
    if (p->high <= PICTURE_SIDE && p->wide <= PICTURE_SIDE &&
        p->high * p->wide <= PICTURE_PIXELS)
        return GEDI_OK;
    return GEDI_FAIL(
        err, GEDI_DATA,
        "%.300s: an image of %lld x %lld (width x height); at most %d million pixels are read, and "
        "%d in a row or a column: scale it down",
        p->path, (long long)p->wide, (long long)p->high, PICTURE_PIXELS / 1000000,
        PICTURE_SIDE);
}

static inline gedi_status picture_reserve(picture *p, int channels, gedi_err *err)
{
    p->pixel = malloc((size_t)(p->high * p->wide * channels));
    return p->pixel ? GEDI_OK : gedi_no_memory(err, "%.400s", p->path);
}

static inline uint8_t picture_grey(const uint8_t *rgb)
{
    return (uint8_t)lrintf(0.2989f * (float)rgb[0] + 0.587f * (float)rgb[1] +
                           0.114f * (float)rgb[2]);
}

/* Share a of 255 of v. */
static inline uint8_t picture_share(uint8_t v, uint8_t a)
{
    return (uint8_t)((v * a + 127) / 255);
}

#include "plugins/dataset/picture_jpeg.h"
#include "plugins/dataset/picture_png.h"

/* Opens the file, for one of the readers. */
static inline gedi_status picture_open(picture *p, const char *path, bool grey,
                                       bool *jpeg, gedi_err *err)
{
    uint8_t begin[4] = {0};
    *p = (picture){.path = path, .grey = grey};
    GEDI_TRY(file_stream(path, &p->f, err));
    size_t n = fread(begin, 1, sizeof begin, p->f);
    if (ferror(p->f))
        return GEDI_FAIL(err, GEDI_IO, "%.400s: %s", path, strerror(errno));
    rewind(p->f);
    *jpeg = n == 4 && begin[0] == 0xff && begin[1] == 0xd8 && begin[2] == 0xff;
    if (*jpeg || (n == 4 && !memcmp(begin, "\211PNG", 4)))
        return GEDI_OK;
    return GEDI_FAIL(err, GEDI_DATA, "%.350s: damaged, or neither a PNG nor a JPEG file",
                     path);
}

/* Reads all of it; picture_clear() it whatever happens.
 *   Errors: GEDI_IO, GEDI_DATA, GEDI_NOMEM.  */
static inline gedi_status picture_read(picture *p, const char *path, bool grey,
                                       gedi_err *err)
{
    bool jpeg = false;
    GEDI_TRY(picture_open(p, path, grey, &jpeg, err));
    return jpeg ? picture_jpeg(p, true, err) : picture_png(p, true, err);
}

/* Its size alone, as it will be read. */
static inline gedi_status picture_measure(picture *p, const char *path, gedi_err *err)
{
    bool jpeg = false;
    GEDI_TRY(picture_open(p, path, false, &jpeg, err));
    return jpeg ? picture_jpeg(p, false, err) : picture_png(p, false, err);
}

#endif
