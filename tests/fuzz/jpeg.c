/* jpeg.c - fuzz target: a JPEG file with its EXIF, as datasets of image files read it. */
#include "plugins/dataset/fit.h"
#include "plugins/dataset/picture.h"
#include "tests/fuzz/fuzz.h"

/* Read as a whole, it has the size that it states. */
static void read_as(const char *path, bool grey, const picture *stated)
{
    static const fit to[] = {{8, 8, false}, {5, 9, false}, {7, 7, true}};
    picture p;
    gedi_err err = {0};
    uint8_t out[8 * 8 * 3];
    gedi_status s = picture_read(&p, path, grey, &err);
    fuzz_must(s == GEDI_OK || *err.msg, "refused without a word", NULL);
    if (s == GEDI_OK) {
        fuzz_must(p.high == stated->high && p.wide == stated->wide, "another size", NULL);
        for (int i = 0; i < 3; i++)
            fuzz_must(fit_picture(&to[i], p.pixel, p.high, p.wide, grey ? 1 : 3, out,
                                  &err) == GEDI_OK,
                      "cannot be resized:", err.msg);
    }
    picture_clear(&p);
}

FUZZ_TARGET(jpeg)
{
    char path[FUZZ_PATH + 128];
    picture p;
    gedi_err err = {0};
    snprintf(path, sizeof path, "%s", fuzz_file("picture.jpg", data, size));
    gedi_status s = picture_measure(&p, path, &err);
    fuzz_must(s == GEDI_OK || *err.msg, "refused without a word", NULL);
    if (s == GEDI_OK) {
        read_as(path, false, &p);
        read_as(path, true, &p);
    }
    picture_clear(&p);
    return 0;
}
