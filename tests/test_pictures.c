/* test_pictures.c - JPEG images in image_folder: pixels as Pillow has them (fixture/picture.py), squares as
 * torchvision makes them, 200 files of all kinds and sizes, and the same bytes from memory and from files.
 */
#include "tests/dataset.h"
#include "tests/experiment.h"

#include <math.h>
#include <stdio.h>
#include <sys/stat.h>

extern const gedi_dataset gedi_dataset_image_folder;

static const gedi_dataset *const folder = &gedi_dataset_image_folder;

static const struct row {
    const char *name;
    int high, wide;
    const double *v;
} rows[] = {
#include "tests/fixture/picture_cases.h"
};
enum { ROWS = sizeof rows / sizeof rows[0] };

static void expect_opens(component *c, const char *options, gedi_data_info *info)
{
    dataset_opens(folder, c, experiment_folder, options, info);
}

static void close_it(component *c)
{
    dataset_close(folder, c);
}

static void expect_refused(const char *options, gedi_status status, const char *says)
{
    dataset_refuses(folder, experiment_folder, options, status, says);
}

static void make_folder(const char *name)
{
    gedi_err err = {0};
    ck_assert_int_eq(gedi__folder_make(experiment_path(name), &err), GEDI_OK);
}

static void copy(const char *from, const char *to)
{
    char path[4096], *text;
    size_t n;
    gedi_err err = {0};
    snprintf(path, sizeof path, "%s/tests/fixture/pictures/%s", getenv("abs_top_srcdir"),
             from);
    ck_assert_msg(gedi__file_read(path, &text, &n, &err) == GEDI_OK, "%s", err.msg);
    /* Not through to the disk, as gedi writes: there are thousands. */
    FILE *f = fopen(experiment_path(to), "wb");
    ck_assert_ptr_nonnull(f);
    ck_assert(fwrite(text, 1, n, f) == n && fclose(f) == 0);
    free(text);
}

/* Rounded once: within half of what double has, but for the reference's own rounding. */
START_TEST(as_torchvision)
{
    int tried = 0;
    make_folder("a");
    copy("fit.png", "a/1.png");
    for (const struct row *r = rows; r < rows + ROWS; r++) {
        component c;
        gedi_data_info info;
        char options[96], crop[16];
        int size, resize;
        int32_t label;
        float x[1024];
        if (sscanf(r->name, "fitted %d %d %15s", &size, &resize, crop) != 3)
            continue;
        snprintf(options, sizeof options, "test_share=0 size=%d resize=%d crop=%s", size,
                 resize, crop);
        expect_opens(&c, options, &info);
        ck_assert(gedi_shape_equal(info.record, GEDI_DIMS(size, size, 3)));
        ck_assert_int_eq(folder->read(c.self, GEDI_TRAIN, 0, x, &label, NULL), GEDI_OK);
        for (int i = 0; i < size * size * 3; i++)
            ck_assert_msg(fabs((double)x[i] * 255 - r->v[i]) <= 0.5 + 1e-3,
                          "%s, number %d: %g, not %g", r->name, i, (double)x[i] * 255,
                          r->v[i]);
        close_it(&c);
        tried++;
    }
    ck_assert_int_eq(tried, 6);
}
END_TEST

#ifndef HAVE_JPEG

START_TEST(without_jpeg)
{
    make_folder("a");
    copy("baseline.jpg", "a/1.jpg");
    expect_refused("test_share=0", GEDI_DATA, "built without libjpeg-turbo");
}
END_TEST

static void add_tests(TCase *c)
{
    tcase_add_test(c, without_jpeg);
}

#else

#include <jpeglib.h>

/* ---- what Pillow reads ---- */

START_TEST(as_pillow)
{
    int tried = 0;
    make_folder("a");
    for (const struct row *r = rows; r < rows + ROWS; r++) {
        component c;
        gedi_data_info info;
        char name[64];
        int32_t label;
        float x[512];
        if (!strncmp(r->name, "fitted", 6))
            continue;
        snprintf(name, sizeof name, "%s.jpg", r->name);
        copy(name, "a/1.jpeg");
        expect_opens(&c, "test_share=0", &info);
        ck_assert(gedi_shape_equal(info.record, GEDI_DIMS(r->high, r->wide, 3)));
        ck_assert_int_eq(folder->read(c.self, GEDI_TRAIN, 0, x, &label, NULL), GEDI_OK);
        for (int i = 0; i < r->high * r->wide * 3; i++)
            ck_assert_msg(fabs((double)x[i] * 255 - r->v[i]) <= 1e-3,
                          "%s, number %d: %g, not %g", r->name, i, (double)x[i] * 255,
                          r->v[i]);
        close_it(&c);
        tried++;
    }
    ck_assert_int_eq(tried, 13);
}
END_TEST

/* ---- 200 files ---- */

enum { MANY = 200, SIDE = 12 };

typedef enum ink { RGB, GREY, CMYK, YCCK, INKS } ink;

typedef struct photo {
    int high, wide; /* as stored */
    ink ink;
    bool progressive, little; /* little: the byte order of its EXIF */
    int orientation;          /* 0: no EXIF */
} photo;

static photo photo_of(int i)
{
    return (photo){
        .high = 9 + i * 37 % 211,
        .wide = 9 + i * 53 % 307,
        .ink = i % 7 == 3   ? GREY
               : i % 7 == 5 ? CMYK
               : i % 7 == 6 ? YCCK
                            : RGB,
        .progressive = i % 3 == 1,
        .orientation = i % 2 ? 1 + i / 2 % 8 : 0,
        .little = i % 5 < 2,
    };
}

/* Brightness rises along the columns of the picture as it is stored, and green along its rows, so
 * that every orientation is another picture. */
static double colour(const photo *p, double row, double column, int c)
{
    double right = 30 + 190 * (column + 0.5) / p->wide,
           down = 30 + 190 * (row + 0.5) / p->high;
    if (p->ink == GREY)
        return 0.5 * (right + down);
    return c == 0 ? right : c == 1 ? down : 120;
}

static void put_exif(struct jpeg_compress_struct *j, const photo *p)
{
    uint8_t little[] = "Exif\0\0II*\0\10\0\0\0\2\0"
                       "\0\1\3\0\1\0\0\0\7\0\0\0"
                       "\22\1\3\0\1\0\0\0\1\0\0\0\0\0\0\0";
    uint8_t big[] = "Exif\0\0MM\0*\0\0\0\10\0\1"
                    "\1\22\0\3\0\0\0\1\0\1\0\0\0\0\0\0";
    little[36] = big[25] = (uint8_t)p->orientation;
    if (p->orientation && p->little)
        jpeg_write_marker(j, JPEG_APP0 + 1, little, sizeof little - 1);
    else if (p->orientation)
        jpeg_write_marker(j, JPEG_APP0 + 1, big, sizeof big - 1);
}

static void put(const char *name, const photo *p)
{
    static const J_COLOR_SPACE in[INKS] = {JCS_RGB, JCS_GRAYSCALE, JCS_CMYK, JCS_CMYK};
    static const int channels[INKS] = {3, 1, 4, 4};
    static uint8_t row[400 * 4];
    struct jpeg_error_mgr error;
    struct jpeg_compress_struct j = {.err = jpeg_std_error(&error)};
    FILE *f = fopen(experiment_path(name), "wb");
    ck_assert_ptr_nonnull(f);
    jpeg_create_compress(&j);
    jpeg_stdio_dest(&j, f);
    j.image_height = (JDIMENSION)p->high;
    j.image_width = (JDIMENSION)p->wide;
    j.input_components = channels[p->ink];
    j.in_color_space = in[p->ink];
    jpeg_set_defaults(&j);
    if (p->ink == YCCK)
        jpeg_set_colorspace(&j, JCS_YCCK);
    jpeg_set_quality(&j, 97, TRUE);
    if (p->progressive)
        jpeg_simple_progression(&j);
    jpeg_start_compress(&j, TRUE);
    put_exif(&j, p);
    for (int h = 0; h < p->high; h++) {
        int n = channels[p->ink];
        for (int w = 0; w < p->wide; w++)
            for (int c = 0; c < n; c++) /* of inks a quarter is black */
                row[w * n + c] =
                    c == 3   ? 192
                    : n == 4 ? (uint8_t)lrint(colour(p, h, w, c) * 255 / 192 / 1.2)
                             : (uint8_t)lrint(colour(p, h, w, c));
        JSAMPROW line = row;
        jpeg_write_scanlines(&j, &line, 1);
    }
    jpeg_finish_compress(&j);
    jpeg_destroy_compress(&j);
    ck_assert_int_eq(fclose(f), 0);
}

/* The place of the stored picture that is seen at (h, w), shares of height and width of the picture the
 * right way up: EXIF 2.3, table of Orientation. */
static void stored_place(int orientation, double h, double w, double *row, double *column)
{
    double place[9][2] = {{h, w}, {h, w},     {h, 1 - w},     {1 - h, 1 - w}, {1 - h, w},
                          {w, h}, {1 - w, h}, {1 - w, 1 - h}, {w, 1 - h}};
    *row = place[orientation][0];
    *column = place[orientation][1];
}

/* A picture that is linear stays so whatever triangle it is resampled by, but beside its border. What
 * JPEG loses at this quality is a few levels. */
static void ck_photo(const photo *p, const float *x, const char *name)
{
    bool swaps = p->orientation > 4;
    int high = swaps ? p->wide : p->high, wide = swaps ? p->high : p->wide;
    int shorter = high < wide ? high : wide;
    double whole_h = high > shorter ? floor((double)SIDE * high / shorter) : SIDE;
    double whole_w = wide > shorter ? floor((double)SIDE * wide / shorter) : SIDE;
    double top = rint((whole_h - SIDE) / 2), left = rint((whole_w - SIDE) / 2);
    for (int h = 2; h < SIDE - 2; h++)
        for (int w = 2; w < SIDE - 2; w++)
            for (int c = 0; c < 3; c++) {
                double row, column;
                stored_place(p->orientation, (top + h + 0.5) / whole_h,
                             (left + w + 0.5) / whole_w, &row, &column);
                double want = colour(p, row * p->high - 0.5, column * p->wide - 0.5, c);
                if (p->ink == CMYK || p->ink == YCCK)
                    want /= 1.2;
                double is = (double)x[(h * SIDE + w) * 3 + c] * 255;
                ck_assert_msg(fabs(is - want) <= 8, "%s, %d %d %d: %g, not %g", name, h,
                              w, c, is, want);
            }
}

START_TEST(two_hundred)
{
    component c, lazy;
    gedi_data_info info, info2;
    float x[SIDE * SIDE * 3], y[SIDE * SIDE * 3];
    int32_t label, label2;
    char name[64], note[256] = "";
    make_folder("a");
    for (int i = 0; i < MANY; i++) {
        photo p = photo_of(i);
        /* Some are not what their names say. */
        snprintf(name, sizeof name, "a/%03d.%s", i, i % 11 == 4 ? "png" : "JPG");
        put(name, &p);
    }
    expect_opens(&c, "test_share=0 size=12 keep=memory", &info);
    expect_opens(&lazy, "test_share=0 size=12 keep=files", &info2);
    ck_assert_mem_eq(&info, &info2, sizeof info);
    ck_assert_int_eq(info.count[GEDI_TRAIN], MANY);
    for (int i = 0; i < MANY; i++) {
        photo p = photo_of(i);
        ck_assert_int_eq(folder->read(c.self, GEDI_TRAIN, i, x, &label, NULL), GEDI_OK);
        ck_assert_int_eq(folder->read(lazy.self, GEDI_TRAIN, i, y, &label2, NULL),
                         GEDI_OK);
        ck_assert_mem_eq(x, y, sizeof x);
        ck_assert_int_eq(label, label2);
        snprintf(name, sizeof name, "photo %d, %d x %d, ink %d, orientation %d", i,
                 p.high, p.wide, p.ink, p.orientation);
        ck_photo(&p, x, name);
    }
    folder->note(lazy.self, note, sizeof note);
    ck_assert_msg(
        strstr(note,
               "200 images of 12 x 12 (width x height), 0.0864 MB, stay in their files: "
               "each is read from its file whenever it is used") == note,
        "%s", note);
    close_it(&c);
    close_it(&lazy);
}
END_TEST

/* ---- what is refused ---- */

/* Some of the 200 end too early: these are refused by name, and the others read. */
START_TEST(some_truncated)
{
    component c;
    gedi_data_info info;
    char name[64];
    make_folder("a");
    for (int i = 0; i < MANY; i++) {
        struct stat st;
        photo p = photo_of(i);
        snprintf(name, sizeof name, "a/%03d.jpg", i);
        put(name, &p);
        if (i % 9 != 5)
            continue;
        ck_assert_int_eq(stat(experiment_path(name), &st), 0);
        ck_assert_int_eq(truncate(experiment_path(name), st.st_size * (i % 10) / 10), 0);
    }
    expect_refused("test_share=0 size=12 keep=memory", GEDI_DATA, "a/005.jpg: ");
    expect_opens(&c, "test_share=0 size=12 keep=files", &info);
    for (int i = 0; i < MANY; i++) {
        float x[SIDE * SIDE * 3];
        int32_t label;
        gedi_err err = {0};
        gedi_status s = folder->read(c.self, GEDI_TRAIN, i, x, &label, &err);
        snprintf(name, sizeof name, "a/%03d.jpg: ", i);
        ck_assert_int_eq(s, i % 9 == 5 ? GEDI_DATA : GEDI_OK);
        ck_assert_msg(s == GEDI_OK || strstr(err.msg, name), "%s", err.msg);
    }
    close_it(&c);
}
END_TEST

/* Cut anywhere, of both kinds; what only lacks its end marker, too. */
START_TEST(truncated)
{
    static const char *const name[] = {"baseline.jpg", "progressive.jpg"};
    struct stat st;
    make_folder("a");
    copy(name[_i], "a/1.jpg");
    ck_assert_int_eq(stat(experiment_path("a/1.jpg"), &st), 0);
    for (off_t cut = 0; cut < st.st_size; cut++) {
        copy(name[_i], "a/1.jpg");
        ck_assert_int_eq(truncate(experiment_path("a/1.jpg"), cut), 0);
        expect_refused("test_share=0", GEDI_DATA, "a/1.jpg: ");
    }
}
END_TEST

/* A file kept where it is, is noticed when it is read. */
START_TEST(damaged_later)
{
    component c;
    gedi_data_info info;
    gedi_err err = {0};
    int32_t label;
    float x[3 * 16];
    make_folder("a");
    copy("baseline.jpg", "a/1.jpg");
    copy("baseline.jpg", "a/2.jpg");
    ck_assert_int_eq(truncate(experiment_path("a/2.jpg"), 500), 0);
    expect_refused("test_share=0 size=4", GEDI_DATA, "a/2.jpg: ");
    expect_opens(&c, "test_share=0 size=4 keep=files", &info);
    ck_assert_int_eq(folder->read(c.self, GEDI_TRAIN, 0, x, &label, &err), GEDI_OK);
    ck_assert_int_eq(folder->read(c.self, GEDI_TRAIN, 1, x, &label, &err), GEDI_DATA);
    ck_assert_msg(strstr(err.msg, "a/2.jpg: ") != NULL, "%s", err.msg);
    ck_assert_int_eq(unlink(experiment_path("a/2.jpg")), 0);
    ck_assert_int_eq(folder->read(c.self, GEDI_TRAIN, 1, x, &label, &err), GEDI_IO);
    ck_assert_msg(strstr(err.msg, "No such file") != NULL, "%s", err.msg);
    copy("orientation6.jpg", "a/2.jpg");
    ck_assert_int_eq(folder->read(c.self, GEDI_TRAIN, 1, x, &label, &err), GEDI_OK);
    close_it(&c);
    expect_opens(&c, "test_share=0 train_limit=2 keep=files size=4", &info);
    close_it(&c);
    expect_refused(
        "test_share=0", GEDI_DATA,
        "a/2.jpg: an image of 10 x 13 (width x height), but the first is 13 x 10: all must have "
        "one size, or set size");
}
END_TEST

START_TEST(other_files)
{
    gedi_err err = {0};
    make_folder("a");
    ck_assert_int_eq(gedi__file_write(experiment_path("a/1.jpg"), "GIF89a...", 9, &err),
                     GEDI_OK);
    expect_refused("test_share=0", GEDI_DATA,
                   "a/1.jpg: damaged, or neither a PNG nor a JPEG file");
    ck_assert_int_eq(gedi__file_write(experiment_path("a/1.jpg"), "", 0, &err), GEDI_OK);
    expect_refused("test_share=0", GEDI_DATA, "neither a PNG nor a JPEG file");
    copy("fit.png", "a/1.jpg"); /* its content says what it is */
    component c;
    gedi_data_info info;
    expect_opens(&c, "test_share=0", &info);
    close_it(&c);
}
END_TEST

/* The size that the header states, before memory is asked for it. */
START_TEST(too_large)
{
    uint8_t *text;
    size_t n, at = 0;
    gedi_err err = {0};
    make_folder("a");
    copy("baseline.jpg", "a/1.jpg");
    ck_assert_int_eq(
        gedi__file_read(experiment_path("a/1.jpg"), (char **)&text, &n, &err), GEDI_OK);
    while (at + 9 < n && !(text[at] == 0xff && text[at + 1] == 0xc0))
        at++;
    ck_assert(at + 9 < n);
    text[at + 5] = text[at + 7] = 0x9c; /* 40000 and some */
    ck_assert_int_eq(gedi__file_write(experiment_path("a/1.jpg"), (char *)text, n, &err),
                     GEDI_OK);
    expect_refused("test_share=0 size=8", GEDI_DATA,
                   "at most 50 million pixels are read, and 65535 in a row");
    free(text);
}
END_TEST

START_TEST(options_that_contradict)
{
    make_folder("a");
    copy("baseline.jpg", "a/1.jpg");
    expect_refused("resize=40", GEDI_OPTION, "resize: has no meaning without size");
    expect_refused("crop=none", GEDI_OPTION, "crop: has no meaning without size");
    expect_refused("size=32 resize=31", GEDI_OPTION, "resize: 31 is less than size 32");
    expect_refused("size=32 resize=40 crop=none", GEDI_OPTION,
                   "resize: with `crop: none`");
}
END_TEST

static void add_tests(TCase *c)
{
    tcase_add_test(c, as_pillow);
    tcase_add_test(c, two_hundred);
    tcase_add_test(c, some_truncated);
    tcase_add_loop_test(c, truncated, 0, 2);
    tcase_add_test(c, damaged_later);
    tcase_add_test(c, other_files);
    tcase_add_test(c, too_large);
    tcase_add_test(c, options_that_contradict);
}

#endif

int main(void)
{
    Suite *s = suite_create("pictures");
    TCase *c = tcase_create("pictures");
    tcase_add_checked_fixture(c, experiment_setup, experiment_teardown);
    tcase_set_timeout(c, 60);
    tcase_add_test(c, as_torchvision);
    add_tests(c);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
