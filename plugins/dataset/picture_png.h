/* picture_png.h - a PNG file as bytes: the samples as the file has them.
 *
 * Source:  W3C 2003, "Portable Network Graphics (PNG) Specification", through libpng's low-level
 *          interface: its simplified one converts what states a gamma to that of sRGB
 * Inputs:  a file of any kind; what it says of gamma, colour profile and orientation is not looked at
 * Output:  samples of less than 8 bits are scaled to [0, 255], those of 16 become the nearest of
 *          v / 257. Whatever is transparent lies on black: v * alpha / 255, rounded.
 */
#ifndef GEDI_PLUGINS_DATASET_PICTURE_PNG_H
#define GEDI_PLUGINS_DATASET_PICTURE_PNG_H

#include <png.h>
#include <setjmp.h>

typedef struct picture_of_png {
    picture *p;
    png_structp png;
    png_infop info;
    int channels;   /* as decoded: grey, indices or RGB, and alpha where it is 2 or 4 */
    png_bytep *row; /* of the pixels */
    png_colorp palette; /* NULL: none; libpng's */
    png_bytep alpha;    /* of its first `alphas` colours */
    int colours, alphas;
    bool lacks_memory;
    char why[128];
} picture_of_png;

/* ---- what libpng calls ---- */

static inline void picture_png_on_error(png_structp png, png_const_charp text)
{
    picture_of_png *s = png_get_error_ptr(png);
    snprintf(s->why, sizeof s->why, "%s", text);
    png_longjmp(png, 1);
}

/* Of an odd chunk, say: no damage, for checksums are errors. */
static inline void picture_png_on_warning(png_structp png, png_const_charp text)
{
    (void)png, (void)text;
}

static inline png_voidp picture_png_malloc(png_structp png, png_alloc_size_t n)
{
    picture_of_png *s = png_get_mem_ptr(png);
    void *m = malloc(n);
    s->lacks_memory |= !m;
    return m;
}

static inline void picture_png_free(png_structp png, png_voidp m)
{
    (void)png;
    free(m);
}

/* ---- steps that end in picture_png_on_error where something is wrong ---- */

static inline bool picture_png_try(picture_of_png *s, void (*step)(picture_of_png *s))
{
    if (setjmp(png_jmpbuf(s->png)))
        return false;
    step(s);
    return true;
}

/* All that comes before the pixels. Only the chunks that are needed for them are read, so that the others
 * ask for no memory. */
static inline void picture_png_begin(picture_of_png *s)
{
    png_init_io(s->png, s->p->f);
    png_set_crc_action(s->png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
    png_set_keep_unknown_chunks(s->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    png_set_keep_unknown_chunks(s->png, PNG_HANDLE_CHUNK_AS_DEFAULT,
                                (png_const_bytep) "tRNS", 1);
    png_set_user_limits(s->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX); /* ours is stated */
    png_read_info(s->png, s->info);
    s->p->high = png_get_image_height(s->png, s->info);
    s->p->wide = png_get_image_width(s->png, s->info);
}

/* A palette stays one: libpng would take an index beyond it for black. */
static inline void picture_png_expand(picture_of_png *s)
{
    if (png_get_color_type(s->png, s->info) == PNG_COLOR_TYPE_PALETTE) {
        png_get_PLTE(s->png, s->info, &s->palette, &s->colours);
        png_get_tRNS(s->png, s->info, &s->alpha, &s->alphas, NULL);
        png_set_packing(s->png);
    } else {
        png_set_expand(s->png); /* few bits, the transparent colour */
        png_set_scale_16(s->png);
        if (!s->p->grey)
            png_set_gray_to_rgb(s->png);
    }
    (void)png_set_interlace_handling(s->png);
    png_read_update_info(s->png, s->info);
    s->channels = png_get_channels(s->png, s->info);
}

static inline void picture_png_decode(picture_of_png *s)
{
    png_read_image(s->png, s->row);
    png_read_end(s->png, NULL);
}

/* ---- one picture ---- */

static inline gedi_status picture_png_fail(const picture_of_png *s, gedi_err *err)
{
    if (s->lacks_memory)
        return gedi_no_memory(err, "%.400s", s->p->path);
    if (ferror(s->p->f))
        return GEDI_FAIL(err, GEDI_IO, "%.400s: %s", s->p->path, strerror(errno));
    return GEDI_FAIL(err, GEDI_DATA, "%.350s: %s: damaged, or not a PNG file", s->p->path,
                     s->why);
}

/* Pixels as they were decoded, in place: they only become fewer bytes. */
static inline void picture_png_convert(const picture_of_png *s)
{
    int64_t n = s->p->high * s->p->wide;
    const uint8_t *from = s->p->pixel;
    uint8_t *to = s->p->pixel;
    int c = s->channels, colours = c < 3 ? 1 : 3;
    for (int64_t i = 0; i < n; i++, from += c) {
        uint8_t v[3], a = c % 2 ? 255 : from[c - 1];
        for (int k = 0; k < colours; k++)
            v[k] = picture_share(from[k], a);
        if (s->p->grey && colours == 3)
            v[0] = picture_grey(v);
        for (int k = 0; k < (s->p->grey ? 1 : 3); k++)
            *to++ = v[k];
    }
}

/* Indices from `from` on, at the end of the pixels' memory, as colours from its beginning. */
static inline gedi_status picture_png_look_up(const picture_of_png *s,
                                              const uint8_t *from, gedi_err *err)
{
    int64_t n = s->p->high * s->p->wide;
    uint8_t *to = s->p->pixel;
    for (int64_t i = 0; i < n; i++) {
        int at = from[i];
        if (at >= s->colours)
            return GEDI_FAIL(err, GEDI_DATA,
                             "%.350s: damaged: a pixel has colour %d of a palette of %d",
                             s->p->path, at, s->colours);
        uint8_t a = at < s->alphas ? s->alpha[at] : 255;
        const png_color *c = &s->palette[at];
        uint8_t v[3] = {picture_share(c->red, a), picture_share(c->green, a),
                        picture_share(c->blue, a)};
        if (s->p->grey)
            v[0] = picture_grey(v);
        for (int k = 0; k < (s->p->grey ? 1 : 3); k++)
            *to++ = v[k];
    }
    return GEDI_OK;
}

static inline gedi_status picture_png_pixels(picture_of_png *s, gedi_err *err)
{
    picture *p = s->p;
    if (!picture_png_try(s, picture_png_expand))
        return picture_png_fail(s, err);
    int channels = s->palette && !p->grey ? 3 : s->channels;
    int64_t before = p->high * p->wide * (channels - s->channels);
    GEDI_TRY(picture_reserve(p, channels, err));
    s->row = malloc((size_t)p->high * sizeof *s->row);
    if (!s->row)
        return gedi_no_memory(err, "%.400s", p->path);
    for (int64_t h = 0; h < p->high; h++)
        s->row[h] = p->pixel + before + h * p->wide * s->channels;
    if (!picture_png_try(s, picture_png_decode))
        return picture_png_fail(s, err);
    if (s->palette)
        return picture_png_look_up(s, p->pixel + before, err);
    picture_png_convert(s);
    return GEDI_OK;
}

/* Of an opened one: its size, and, where they are `wanted`, its pixels. */
static inline gedi_status picture_png(picture *p, bool wanted, gedi_err *err)
{
    picture_of_png s = {.p = p};
    s.png = png_create_read_struct_2(PNG_LIBPNG_VER_STRING, &s, picture_png_on_error,
                                     picture_png_on_warning, &s, picture_png_malloc,
                                     picture_png_free);
    s.info = s.png ? png_create_info_struct(s.png) : NULL;
    gedi_status status = GEDI_OK;
    if (!s.info)
        status = gedi_no_memory(err, "%.400s", p->path);
    else if (!picture_png_try(&s, picture_png_begin))
        status = picture_png_fail(&s, err);
    if (status == GEDI_OK)
        status = picture_check_size(p, err);
    if (status == GEDI_OK && wanted)
        status = picture_png_pixels(&s, err);
    png_destroy_read_struct(&s.png, &s.info, NULL);
    free(s.row);
    return status;
}

#endif
