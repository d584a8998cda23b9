/* picture.h - one PNG file as bytes: the samples as the file has them.
 *
 * Source:  W3C 2003, "Portable Network Graphics (PNG) Specification", through libpng's low-level
 *          interface: its simplified one converts what states a gamma to that of sRGB
 * Inputs:  a file of at most 4096 x 4096 pixels of any kind; what it says of gamma and colour
 *          profile is not looked at
 * Output:  [H, W, 3] or [H, W, 1] bytes. Samples of less than 8 bits are scaled to [0, 255], those of
 *          16 become the nearest of v / 257. Whatever is transparent lies on black: v * alpha / 255,
 *          rounded. Grey of colour is the luma of the view gray_scale, of these samples, rounded.
 */
#ifndef GEDI_PLUGINS_DATASET_PICTURE_H
#define GEDI_PLUGINS_DATASET_PICTURE_H

#include "gedi/error.h"
#include "plugins/dataset/file.h"

#include <errno.h>
#include <math.h>
#include <png.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PICTURE_SIDE = 4096 };

typedef struct picture {
    const char *path;
    FILE *f;
    png_structp png;
    png_infop info;
    int64_t high, wide;
    int channels; /* of `pixel`: grey or RGB, and alpha where it is 2 or 4 */
    uint8_t *pixel;
    png_bytep *row; /* of pixel */
    bool lacks_memory;
    char why[128];
} picture;

/* ---- what libpng calls ---- */

static inline void picture_on_error(png_structp png, png_const_charp text)
{
    picture *p = png_get_error_ptr(png);
    snprintf(p->why, sizeof p->why, "%s", text);
    png_longjmp(png, 1);
}

/* Of an odd chunk, say: no damage, for checksums are errors. */
static inline void picture_on_warning(png_structp png, png_const_charp text)
{
    (void)png, (void)text;
}

static inline png_voidp picture_malloc(png_structp png, png_alloc_size_t n)
{
    picture *p = png_get_mem_ptr(png);
    void *m = malloc(n);
    p->lacks_memory |= !m;
    return m;
}

static inline void picture_free(png_structp png, png_voidp m)
{
    (void)png;
    free(m);
}

/* ---- steps that end in picture_on_error where something is wrong ---- */

static inline bool picture_try(picture *p, void (*step)(picture *p))
{
    if (setjmp(png_jmpbuf(p->png)))
        return false;
    step(p);
    return true;
}

/* All that comes before the pixels. Only the chunks that are needed for them are read, so that the others
 * ask for no memory. */
static inline void picture_begin(picture *p)
{
    png_init_io(p->png, p->f);
    png_set_crc_action(p->png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
    png_set_keep_unknown_chunks(p->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    png_set_keep_unknown_chunks(p->png, PNG_HANDLE_CHUNK_AS_DEFAULT,
                                (png_const_bytep) "tRNS", 1);
    png_set_user_limits(p->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX); /* ours is stated */
    png_read_info(p->png, p->info);
    p->high = png_get_image_height(p->png, p->info);
    p->wide = png_get_image_width(p->png, p->info);
}

static inline void picture_expand(picture *p)
{
    png_set_expand(p->png); /* palette, few bits, the transparent colour */
    png_set_scale_16(p->png);
    (void)png_set_interlace_handling(p->png);
    png_read_update_info(p->png, p->info);
    p->channels = png_get_channels(p->png, p->info);
}

static inline void picture_decode(picture *p)
{
    png_read_image(p->png, p->row);
    png_read_end(p->png, NULL);
}

/* ---- one picture ---- */

static inline gedi_status picture_fail(const picture *p, gedi_err *err)
{
    if (p->lacks_memory)
        return gedi_no_memory(err, "%.400s", p->path);
    if (ferror(p->f))
        return GEDI_FAIL(err, GEDI_IO, "%.400s: %s", p->path, strerror(errno));
    return GEDI_FAIL(err, GEDI_DATA, "%.350s: %s: damaged, or not a PNG file", p->path,
                     p->why);
}

static inline void picture_close(picture *p)
{
    png_destroy_read_struct(&p->png, &p->info, NULL);
    if (p->f)
        fclose(p->f);
    free(p->pixel);
    free(p->row);
    *p = (picture){0};
}

/* Opens the file and reads its size; picture_close() it whatever happens.
 *   Errors: GEDI_IO, GEDI_DATA, GEDI_NOMEM.  */
static inline gedi_status picture_open(picture *p, const char *path, gedi_err *err)
{
    *p = (picture){.path = path};
    GEDI_TRY(file_stream(path, &p->f, err));
    p->png =
        png_create_read_struct_2(PNG_LIBPNG_VER_STRING, p, picture_on_error,
                                 picture_on_warning, p, picture_malloc, picture_free);
    p->info = p->png ? png_create_info_struct(p->png) : NULL;
    if (!p->info)
        return gedi_no_memory(err, "%.400s", path);
    if (!picture_try(p, picture_begin))
        return picture_fail(p, err);
    if (p->high > PICTURE_SIDE || p->wide > PICTURE_SIDE)
        return GEDI_FAIL(
            err, GEDI_DATA,
            "%.300s: an image of %lld x %lld; at most %d x %d are read: scale "
            "it down",
            path, (long long)p->high, (long long)p->wide, PICTURE_SIDE, PICTURE_SIDE);
    return GEDI_OK;
}

/* The luma of ITU-R 601 as the view gray_scale has it. */
static inline uint8_t picture_grey(const uint8_t *rgb)
{
    return (uint8_t)lrintf(0.2989f * (float)rgb[0] + 0.587f * (float)rgb[1] +
                           0.114f * (float)rgb[2]);
}

/* n pixels as they were decoded, in one channel or in three. */
static inline void picture_convert(const uint8_t *from, int channels, int64_t n,
                                   bool grey, uint8_t *to)
{
    bool colour = channels >= 3, alpha = channels % 2 == 0;
    for (int64_t i = 0; i < n; i++, from += channels) {
        unsigned a = alpha ? from[channels - 1] : 255;
        uint8_t v[3];
        for (int c = 0; c < 3; c++)
            v[c] = (uint8_t)((from[colour ? c : 0] * a + 127) / 255);
        if (grey)
            *to++ = colour ? picture_grey(v) : v[0];
        for (int c = 0; c < 3 && !grey; c++)
            *to++ = v[c];
    }
}

/* The pixels of an opened one, once. */
static inline gedi_status picture_read(picture *p, bool grey, uint8_t *to, gedi_err *err)
{
    if (!picture_try(p, picture_expand))
        return picture_fail(p, err);
    size_t bytes = (size_t)p->wide * (size_t)p->channels;
    p->pixel = malloc((size_t)p->high * bytes);
    p->row = malloc((size_t)p->high * sizeof *p->row);
    if (!p->pixel || !p->row)
        return gedi_no_memory(err, "%.400s", p->path);
    for (int64_t h = 0; h < p->high; h++)
        p->row[h] = p->pixel + (size_t)h * bytes;
    if (!picture_try(p, picture_decode))
        return picture_fail(p, err);
    picture_convert(p->pixel, p->channels, p->high * p->wide, grey, to);
    return GEDI_OK;
}

#endif
