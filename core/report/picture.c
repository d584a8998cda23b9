/* picture.c - what can be told of a PNG file without decoding it. */
#include "core/report/picture.h"
#include "core/base/file.h"
#include "core/base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    HEAD = 24,              /* bytes that end with width and height */
    SIDE = 20000,           /* pixels, at most */
    PIXELS = 100 * 1000000, /* of all, at most */
};

bool gedi__picture_is_whole(const char *path)
{
    static const struct {
        const char *name, *end;
        size_t n;
    } kind[] = {{".png", "\0\0\0\0IEND\xae\x42\x60\x82", 12},
                {".pdf", "%%EOF\n", 6},
                {".svg", "</svg>\n\n", 8}};
    char last[12];
    FILE *f;
    size_t k = 0, n = strlen(path);
    while (k < 3 && (n < 4 || strcmp(path + n - 4, kind[k].name)))
        k++;
    k = k == 3 ? 0 : k;
    bool whole = gedi__file_to_read(path, path, &f, NULL) == GEDI_OK &&
                 !fseek(f, -(long)kind[k].n, SEEK_END) &&
                 fread(last, 1, kind[k].n, f) == kind[k].n &&
                 !memcmp(last, kind[k].end, kind[k].n);
    if (f)
        fclose(f);
    return whole;
}

static uint32_t number(const unsigned char *b)
{
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static gedi_status read_size(const char *path, const char *file, int *width, int *height,
                             gedi_err *err)
{
    static const char start[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    unsigned char b[HEAD];
    FILE *f;
    GEDI_TRY(gedi__file_to_read(path, file, &f, err));
    size_t n = fread(b, 1, sizeof b, f);
    fclose(f);
    if (n < sizeof b || memcmp(b, start, sizeof start - 1))
        return GEDI_FAIL(err, GEDI_DATA, "%s: not a PNG picture", file);
    if (!gedi__picture_is_whole(path))
        return GEDI_FAIL(err, GEDI_DATA, "%s: the picture is cut off", file);
    uint32_t w = number(b + 16), h = number(b + 20);
    if (w < 1 || h < 1 || w > SIDE || h > SIDE || w * h > PIXELS)
        return GEDI_FAIL(
            err, GEDI_DATA,
            "%s: %lu x %lu pixels; a figure has up to %d on a side and %d in "
            "all",
            file, (unsigned long)w, (unsigned long)h, (int)SIDE, (int)PIXELS);
    *width = (int)w;
    *height = (int)h;
    return GEDI_OK;
}

gedi_status gedi__picture_size(const char *folder, const char *name, const char *ending,
                               int *width, int *height, gedi_err *err)
{
    gedi__text file = {0};
    gedi__text_add(&file, "%s%s", name, ending);
    char *path = file.failed ? NULL : gedi__path_join(folder, file.s);
    gedi_status s = path ? read_size(path, file.s, width, height, err)
                         : gedi_no_memory(err, "%s", name);
    free(path);
    gedi__text_clear(&file);
    return s;
}
