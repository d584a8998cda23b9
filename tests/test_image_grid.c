/* test_image_grid.c - images as pictures: every pixel of the PNG, and the figure around it. */
#include "core/report/figure.h"
#include "core/report/image_grid.h"
#include "tests/report.h"

#include <math.h>
#include <png.h>

enum { N = 5, COLUMNS = 3, HIGH = 2, WIDE = 3, MOST = N * HIGH * WIDE * 3 };

static float number(int64_t i)
{
    return -1 + 2 * (float)(i * 7 % 90) / 89; /* of [-1, 1] */
}

static void read_png(const char *file, png_image *png, uint8_t *pixels, size_t size)
{
    *png = (png_image){.version = PNG_IMAGE_VERSION};
    ck_assert_msg(png_image_begin_read_from_file(png, path_of(file)), "%s", png->message);
    png->format = PNG_FORMAT_RGB;
    ck_assert_uint_le(PNG_IMAGE_SIZE(*png), size);
    ck_assert_msg(png_image_finish_read(png, NULL, pixels, 0, NULL), "%s", png->message);
}

/* The byte of channel c at a place of the picture, from the definition. */
static int want(const gedi__image_grid *g, int64_t y, int64_t x, int c)
{
    int64_t high = g->high * g->scale + g->gap, wide = g->wide * g->scale + g->gap;
    int64_t i = y / high * g->columns + x / wide, h = y % high / g->scale,
            w = x % wide / g->scale;
    if (h >= g->high || w >= g->wide || i >= g->n)
        return 255;
    float v = g->x[((i * g->high + h) * g->wide + w) * g->channels +
                   (g->channels == 1 ? 0 : c)];
    double share = ((double)v - g->black) / (g->white - g->black);
    return (int)lrint(255 * fmin(fmax(share, 0), 1));
}

START_TEST(every_pixel)
{
    static uint8_t pixels[1 << 16];
    float x[MOST];
    png_image png;
    for (int i = 0; i < MOST; i++)
        x[i] = number(i);
    gedi__image_grid g = {x, N, HIGH, WIDE, _i % 2 ? 1 : 3, COLUMNS, -0.9, 0.8, 2, 3};
    if (_i >= 2) {
        g.scale = 1;
        g.gap = 0;
    }
    ck_assert_msg(gedi__image_grid_write(path_of("a.png"), &g, &err) == GEDI_OK, "%s",
                  err.msg);
    read_png("a.png", &png, pixels, sizeof pixels);
    ck_assert_int_eq(png.width, COLUMNS * (WIDE * g.scale + g.gap) - g.gap);
    ck_assert_int_eq(png.height, 2 * (HIGH * g.scale + g.gap) - g.gap);
    for (int64_t y = 0; y < png.height; y++)
        for (int64_t k = 0; k < png.width; k++)
            for (int c = 0; c < 3; c++) {
                int got = pixels[(y * png.width + k) * 3 + c];
                ck_assert_msg(got == want(&g, y, k, c), "row %d, column %d: %d, not %d",
                              (int)y, (int)k, got, want(&g, y, k, c));
            }
}
END_TEST

START_TEST(not_finite)
{
    uint8_t pixels[64];
    float x[9] = {0, NAN, 0.5f, INFINITY, -INFINITY, NAN, 0, 0, 0};
    png_image png;
    gedi__image_grid g = {x, 1, 1, 3, 3, 1, 0, 1, 1, 0};
    ck_assert_int_eq(gedi__image_grid_write(path_of("a.png"), &g, &err), GEDI_OK);
    read_png("a.png", &png, pixels, sizeof pixels);
    static const uint8_t expected[9] = {255, 0, 255, 255, 0, 255, 0, 0, 0};
    ck_assert_mem_eq(pixels, expected, sizeof expected);
}
END_TEST

START_TEST(refused)
{
    float x[MOST] = {0};
    const gedi__image_grid good = {x, N, HIGH, WIDE, 3, COLUMNS, 0, 1, 1, 1};
    gedi__image_grid g = good;
    const char *path = strdup(path_of("a.png"));
    g.n = 0;
    ck_assert_int_eq(gedi__image_grid_write(path, &g, &err), GEDI_USAGE);
    ck_assert_msg(strstr(err.msg, "a.png: 0 images of 2 x 3 in 3 columns"), "%s",
                  err.msg);
    g = good;
    g.channels = 2;
    ck_assert_int_eq(gedi__image_grid_write(path, &g, &err), GEDI_USAGE);
    ck_assert_msg(strstr(err.msg, "images of 2 channels; it can be 1 or 3"), "%s",
                  err.msg);
    g = good;
    g.white = NAN;
    ck_assert_int_eq(gedi__image_grid_write(path, &g, &err), GEDI_USAGE);
    ck_assert_msg(strstr(err.msg, "black is 0 and white nan"), "%s", err.msg);
    g = good;
    g.scale = 20000;
    ck_assert_int_eq(gedi__image_grid_write(path, &g, &err), GEDI_USAGE);
    ck_assert_msg(strstr(err.msg, "at most 32768 on a side"), "%s", err.msg);
    ck_assert(!exists("a.png"));
    ck_assert_int_eq(gedi__image_grid_write("no/such/folder/a.png", &good, &err),
                     GEDI_IO);
    ck_assert_msg(strstr(err.msg, "no/such/folder/a.png"), "%s", err.msg);
    free((void *)path);
}
END_TEST

static const gedi__image_rows groups[] = {
    {"original", NULL, 1}, {"view 1", "one\ntwo", 2}, {"view 2", "as it is", 1}};

static gedi_status draw(const float *x, int n_groups)
{
    gedi__figure_images f = {.title = "Views",
                             .x = x,
                             .high = HIGH,
                             .wide = WIDE,
                             .channels = 3,
                             .columns = 4,
                             .white = 1,
                             .groups = n_groups,
                             .group = groups};
    return gedi__draw_images(folder, "views", &f, &err);
}

START_TEST(figure)
{
    static float x[4 * 4 * HIGH * WIDE * 3];
    static uint8_t pixels[1 << 22];
    png_image png;
    bool can = have_gnuplot();
    gedi_status s = draw(x, 3);
    ck_assert_msg(s == (can ? GEDI_OK : GEDI_IO), "%s", err.msg);
    expect_in("views.gp", "plot name.'-images.png'");
    expect_in("views.gp", "set label 'view 1'");
    expect_in("views.gp", "set label 'two'");
    read_png("views-images.png", &png, pixels, sizeof pixels);
    ck_assert_int_gt(png.width, 4 * 90);
    ck_assert(!can || exists("views.png"));
    if (!can)
        return;
    /* Pixel by pixel: the black images take as many in the figure. */
    uint32_t own = 0, all = 0;
    for (uint32_t i = 0; i < png.width * png.height; i++)
        own += pixels[3 * i] == 0 && pixels[3 * i + 1] == 0 && pixels[3 * i + 2] == 0;
    uint32_t wide = png.width;
    read_png("views.png", &png, pixels, sizeof pixels);
    for (uint32_t y = 150; y < png.height; y++)
        for (uint32_t k = png.width - 40 - wide; k < png.width - 40; k++) {
            const uint8_t *p = pixels + 3 * (y * png.width + k);
            all += p[0] == 0 && p[1] == 0 && p[2] == 0;
        }
    ck_assert_uint_eq(all, own);
}
END_TEST

START_TEST(without_words)
{
    static float x[4 * HIGH * WIDE * 3];
    static const gedi__image_rows one = {"", NULL, 1};
    gedi__figure_images f = {.x = x,
                             .high = HIGH,
                             .wide = WIDE,
                             .channels = 3,
                             .columns = 4,
                             .white = 1,
                             .groups = 1,
                             .group = &one};
    without_gnuplot();
    ck_assert_int_eq(gedi__draw_images(folder, "samples", &f, &err), GEDI_IO);
    ck_assert_msg(strstr(err.msg, "gnuplot was not found"), "%s", err.msg);
    ck_assert(exists("samples-images.png") && exists("samples.gp"));
    f.white = 0;
    ck_assert_int_eq(gedi__draw_images(folder, "other", &f, &err), GEDI_USAGE);
    ck_assert(!exists("other.gp"));
}
END_TEST

int main(void)
{
    Suite *s = suite_create("image_grid");
    TCase *c = tcase_create("image_grid");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, every_pixel, 0, 4);
    tcase_add_test(c, not_finite);
    tcase_add_test(c, refused);
    tcase_add_test(c, figure);
    tcase_add_test(c, without_words);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
