/* image_grid.c - many small images as one picture, in rows and columns. */
#include "core/report/image_grid.h"
#include "core/base/file.h"

#include <math.h>
#include <png.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_SIDE = 32768, RGB = 3 };

void gedi__image_grid_size(const gedi__image_grid *g, int64_t *width, int64_t *height)
{
    int64_t rows = (g->n + g->columns - 1) / g->columns;
    *width = g->columns * (g->wide * g->scale + g->gap) - g->gap;
    *height = rows * (g->high * g->scale + g->gap) - g->gap;
}

static gedi_status check(const char *path, const gedi__image_grid *g, gedi_err *err)
{
    if (g->n < 1 || g->columns < 1 || g->high < 1 || g->wide < 1 || g->scale < 1 ||
        g->gap < 0)
        return GEDI_FAIL(
            err, GEDI_USAGE,
            "%.200s: %lld images of %lld x %lld in %lld columns make no picture", path,
            (long long)g->n, (long long)g->high, (long long)g->wide,
            (long long)g->columns);
    if (g->channels != 1 && g->channels != RGB)
        return GEDI_FAIL(err, GEDI_USAGE,
                         "%.200s: images of %lld channels; it can be 1 or 3", path,
                         (long long)g->channels);
    if (!(g->black < g->white))
        return GEDI_FAIL(err, GEDI_USAGE,
                         "%.200s: black is %g and white %g: white must be more", path,
                         g->black, g->white);
    int64_t width, height;
    gedi__image_grid_size(g, &width, &height);
    if (width > LONGEST_SIDE || height > LONGEST_SIDE)
        return GEDI_FAIL(err, GEDI_USAGE,
                         "%.200s: a picture of %lld x %lld pixels; at most %d on a side",
                         path, (long long)width, (long long)height, LONGEST_SIDE);
    return GEDI_OK;
}

static uint8_t byte_of(const gedi__image_grid *g, float v)
{
    double share = ((double)v - g->black) / (g->white - g->black);
    return (uint8_t)lrint(255 * fmin(fmax(share, 0), 1));
}

static void colour(const gedi__image_grid *g, const float *pixel, uint8_t *rgb)
{
    static const uint8_t magenta[RGB] = {255, 0, 255};
    bool one = g->channels == 1, finite = true;
    for (int c = 0; c < g->channels; c++)
        finite &= isfinite(pixel[c]) != 0;
    for (int c = 0; c < RGB; c++)
        rgb[c] = finite ? byte_of(g, pixel[one ? 0 : c]) : magenta[c];
}

/* Image i into the picture `to` of `width` pixels a row. */
static void place(const gedi__image_grid *g, int64_t i, uint8_t *to, int64_t width)
{
    const float *x = g->x + i * g->high * g->wide * g->channels;
    int64_t top = i / g->columns * (g->high * g->scale + g->gap);
    int64_t left = i % g->columns * (g->wide * g->scale + g->gap);
    for (int64_t h = 0; h < g->high * g->scale; h++)
        for (int64_t w = 0; w < g->wide * g->scale; w++) {
            int64_t from = (h / g->scale * g->wide + w / g->scale) * g->channels;
            colour(g, x + from, to + ((top + h) * width + left + w) * RGB);
        }
}

gedi_status gedi__image_grid_write(const char *path, const gedi__image_grid *g,
                                   gedi_err *err)
{
    int64_t width, height;
    GEDI_TRY(check(path, g, err));
    gedi__image_grid_size(g, &width, &height);
    size_t size = (size_t)(width * height * RGB);
    uint8_t *picture = malloc(size);
    if (!picture)
        return gedi_no_memory(err, "%s: %zu bytes", path, size);
    memset(picture, 255, size);
    for (int64_t i = 0; i < g->n; i++)
        place(g, i, picture, width);
    png_image png = {
        .version = PNG_IMAGE_VERSION,
        .width = (png_uint_32)width,
        .height = (png_uint_32)height,
        .format = PNG_FORMAT_RGB,
    };
    gedi__replace r;
    gedi_status s = gedi__replace_open(&r, path, err);
    if (s == GEDI_OK) {
        if (png_image_write_to_stdio(&png, r.f, 0, picture, 0, NULL)) {
            s = gedi__replace_commit(&r, err);
        } else {
            gedi__replace_abandon(&r);
            s = GEDI_FAIL(err, GEDI_IO, "%.300s: cannot be written: %s", path,
                          png.message);
        }
    }
    free(picture);
    return s;
}
