/* picture_jpeg.h - a JPEG file as bytes, turned as its EXIF says.
 *
 * Source:  ITU-T T.81 (JPEG), through libjpeg-turbo with its defaults, which are those of Pillow; EXIF
 *          2.3, tag 274, Orientation
 * Inputs:  a file of 8 bits, baseline or progressive, grey, YCbCr, RGB, CMYK or YCCK. Of CMYK inks are
 *          taken to be stored inverted, as all programs do since Adobe's.
 * Output:  of inks R = C K / 255, G = M K / 255, B = Y K / 255 of the stored numbers, rounded, as
 *          Pillow's convert("RGB"). An orientation that is damaged is none.
 * Differs: a file that ends early, or in which libjpeg notices other damage, is refused, where libjpeg
 *          would fill up with grey; so are more than 100 scans, which cost time and give nothing
 */
#ifndef GEDI_PLUGINS_DATASET_PICTURE_JPEG_H
#define GEDI_PLUGINS_DATASET_PICTURE_JPEG_H

#ifndef HAVE_JPEG

static inline gedi_status picture_jpeg(picture *p, bool wanted, gedi_err *err)
{
    (void)wanted;
    return GEDI_FAIL(
        err, GEDI_DATA,
        "%.350s: a JPEG file, but gedi was built without libjpeg-turbo: install "
        "libjpeg62-turbo-dev and build again, or convert it to PNG",
        p->path);
}

#else

#include "plugins/dataset/exif.h"

#include <jerror.h>
#include <jpeglib.h>
#include <setjmp.h>

enum { PICTURE_JPEG_SCANS = 100 };

typedef struct picture_of_jpeg {
    struct jpeg_decompress_struct d;
    struct jpeg_error_mgr error;
    struct jpeg_progress_mgr progress;
    jmp_buf out;
    picture *p;
    int channels; /* as decoded: 1, 3 or, of inks, 4 */
    bool lacks_memory;
    char why[JMSG_LENGTH_MAX];
} picture_of_jpeg;

/* ---- what libjpeg calls ---- */

static inline void picture_jpeg_on_error(j_common_ptr d)
{
    picture_of_jpeg *s = d->client_data;
    s->lacks_memory = d->err->msg_code == JERR_OUT_OF_MEMORY;
    if (!*s->why)
        d->err->format_message(d, s->why);
    longjmp(s->out, 1);
}

/* Level -1 is a warning: of damage, but for these, which change no pixel. */
static inline void picture_jpeg_on_message(j_common_ptr d, int level)
{
    int code = d->err->msg_code;
    bool harmless = code == JWRN_EXTRANEOUS_DATA || code == JWRN_JFIF_MAJOR ||
                    code == JWRN_ADOBE_XFORM;
    if (level < 0 && !harmless)
        picture_jpeg_on_error(d);
}

static inline void picture_jpeg_on_progress(j_common_ptr d)
{
    picture_of_jpeg *s = d->client_data;
    if (s->d.input_scan_number <= PICTURE_JPEG_SCANS)
        return;
    snprintf(s->why, sizeof s->why, "more than %d scans", PICTURE_JPEG_SCANS);
    picture_jpeg_on_error(d);
}

/* ---- steps that end in picture_jpeg_on_error where something is wrong ---- */

static inline bool picture_jpeg_try(picture_of_jpeg *s, void (*step)(picture_of_jpeg *s))
{
    if (setjmp(s->out))
        return false;
    step(s);
    return true;
}

static inline void picture_jpeg_begin(picture_of_jpeg *s)
{
    jpeg_create_decompress(&s->d);
    s->d.progress = &s->progress;
    jpeg_stdio_src(&s->d, s->p->f);
    jpeg_save_markers(&s->d, JPEG_APP0 + 1, 0xffff);
    (void)jpeg_read_header(&s->d, TRUE);
    s->p->high = s->d.image_height;
    s->p->wide = s->d.image_width;
}

/* What libjpeg is asked for; 0 channels where it knows no colours. */
static inline void picture_jpeg_choose(picture_of_jpeg *s)
{
    J_COLOR_SPACE has = s->d.jpeg_color_space;
    if (has == JCS_CMYK || has == JCS_YCCK) {
        s->d.out_color_space = JCS_CMYK;
        s->channels = 4;
    } else if (has == JCS_GRAYSCALE && s->p->grey) {
        s->d.out_color_space = JCS_GRAYSCALE;
        s->channels = 1;
    } else if (has == JCS_GRAYSCALE || has == JCS_YCbCr || has == JCS_RGB) {
        s->d.out_color_space = JCS_RGB;
        s->channels = 3;
    }
}

static inline void picture_jpeg_decode(picture_of_jpeg *s)
{
    (void)jpeg_start_decompress(&s->d);
    while (s->d.output_scanline < s->d.output_height) {
        JSAMPROW row =
            s->p->pixel + (int64_t)s->d.output_scanline * s->p->wide * s->channels;
        (void)jpeg_read_scanlines(&s->d, &row, 1);
    }
    (void)jpeg_finish_decompress(&s->d);
}

/* ---- one picture ---- */

static inline gedi_status picture_jpeg_fail(const picture_of_jpeg *s, gedi_err *err)
{
    if (s->lacks_memory)
        return gedi_no_memory(err, "%.400s", s->p->path);
    if (ferror(s->p->f))
        return GEDI_FAIL(err, GEDI_IO, "%.400s: %s", s->p->path, strerror(errno));
    return GEDI_FAIL(err, GEDI_DATA,
                     "%.300s: %.150s: damaged, or a JPEG file of a kind that is not read",
                     s->p->path, s->why);
}

/* Pixels as they were decoded, in place: they only become fewer bytes. */
static inline void picture_jpeg_convert(const picture_of_jpeg *s)
{
    int64_t n = s->p->high * s->p->wide;
    const uint8_t *from = s->p->pixel;
    uint8_t *to = s->p->pixel;
    for (int64_t i = 0; i < n && s->channels > 1; i++, from += s->channels) {
        uint8_t v[3];
        for (int k = 0; k < 3; k++)
            v[k] = s->channels == 4 ? picture_share(from[k], from[3]) : from[k];
        if (s->p->grey)
            v[0] = picture_grey(v);
        for (int k = 0; k < (s->p->grey ? 1 : 3); k++)
            *to++ = v[k];
    }
}

/* Of the first marker with EXIF in it. */
static inline int picture_jpeg_orientation(const picture_of_jpeg *s)
{
    for (jpeg_saved_marker_ptr m = s->d.marker_list; m; m = m->next)
        if (exif_is(m->data, m->data_length))
            return exif_orientation(m->data, m->data_length);
    return 1;
}

static inline gedi_status picture_jpeg_pixels(picture_of_jpeg *s, gedi_err *err)
{
    picture_jpeg_choose(s);
    if (!s->channels)
        return GEDI_FAIL(err, GEDI_DATA,
                         "%.350s: a JPEG file with %d channels of no known colours",
                         s->p->path, s->d.num_components);
    GEDI_TRY(picture_reserve(s->p, s->channels, err));
    if (!picture_jpeg_try(s, picture_jpeg_decode))
        return picture_jpeg_fail(s, err);
    picture_jpeg_convert(s);
    return GEDI_OK;
}

/* The pixels as `orientation` says; beyond 4 rows become columns. */
static inline gedi_status picture_turn(picture *p, int orientation, bool pixels,
                                       gedi_err *err)
{
    bool swaps = orientation > 4;
    int64_t high = swaps ? p->wide : p->high, wide = swaps ? p->high : p->wide;
    size_t bytes = p->grey ? 1 : 3;
    uint8_t *turned = pixels ? malloc((size_t)(high * wide) * bytes) : NULL;
    if (pixels && !turned)
        return gedi_no_memory(err, "%.400s", p->path);
    for (int64_t i = 0; pixels && i < high * wide; i++) {
        int64_t from = exif_pixel(orientation, p->high, p->wide, i / wide, i % wide);
        memcpy(turned + (size_t)i * bytes, p->pixel + (size_t)from * bytes, bytes);
    }
    free(p->pixel);
    p->pixel = turned;
    p->high = high;
    p->wide = wide;
    return GEDI_OK;
}

/* Of an opened one: its size, and, where they are `wanted`, its pixels. */
static inline gedi_status picture_jpeg(picture *p, bool wanted, gedi_err *err)
{
    picture_of_jpeg s = {.p = p};
    gedi_status status = GEDI_OK;
    s.d.err = jpeg_std_error(&s.error);
    s.d.client_data = &s;
    s.error.error_exit = picture_jpeg_on_error;
    s.error.emit_message = picture_jpeg_on_message;
    s.progress.progress_monitor = picture_jpeg_on_progress;
    if (!picture_jpeg_try(&s, picture_jpeg_begin))
        status = picture_jpeg_fail(&s, err);
    if (status == GEDI_OK)
        status = picture_check_size(p, err);
    int orientation = status == GEDI_OK ? picture_jpeg_orientation(&s) : 1;
    if (status == GEDI_OK && wanted) /* forgets the markers */
        status = picture_jpeg_pixels(&s, err);
    jpeg_destroy_decompress(&s.d);
    if (status == GEDI_OK && orientation > 1)
        status = picture_turn(p, orientation, wanted, err);
    return status;
}

#endif
#endif
