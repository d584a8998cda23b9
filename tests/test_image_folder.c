/* test_image_folder.c - folders of PNG images: which are found, what is read, what is refused. */
#include "tests/dataset.h"
#include "plugins/view/colour.h"
#include "tests/experiment.h"

#include <math.h>
#include <png.h>
#include <sys/resource.h>
#include <sys/stat.h>

extern const gedi_dataset gedi_dataset_image_folder;

enum { HIGH = 3, WIDE = 5, PIXELS = HIGH * WIDE, MOST = 4 * PIXELS };

/* Channel c of an image with this number. */
static uint8_t byte_of(int number, int at, int c)
{
    return (uint8_t)(number * 23 + at * 11 + c * 60);
}

static void put_as(const char *name, int number, int high, int wide, png_uint_32 format)
{
    static uint8_t pixels[64 * 64 * 4];
    int channels = (int)PNG_IMAGE_SAMPLE_CHANNELS(format);
    for (int i = 0; i < high * wide * channels; i++)
        pixels[i] = byte_of(number, i / channels, i % channels);
    png_image png = {.version = PNG_IMAGE_VERSION,
                     .width = (png_uint_32)wide,
                     .height = (png_uint_32)high,
                     .format = format};
    gedi_err err = {0};
    char folder[128];
    snprintf(folder, sizeof folder, "%s", experiment_path(name));
    *strrchr(folder, '/') = 0;
    ck_assert_int_eq(gedi__folder_make(folder, &err), GEDI_OK);
    ck_assert_msg(
        png_image_write_to_file(&png, experiment_path(name), 0, pixels, 0, NULL), "%s",
        png.message);
}

static void put(const char *name, int number)
{
    put_as(name, number, HIGH, WIDE, PNG_FORMAT_RGB);
}

static void expect_opens(component *c, const char *options, gedi_data_info *info)
{
    dataset_opens(&gedi_dataset_image_folder, c, experiment_folder, options, info);
}

static void close_it(component *c)
{
    dataset_close(&gedi_dataset_image_folder, c);
}

/* The first number of a record tells which image it is. */
static int number_of(const component *c, gedi_split split, int i, int32_t *label)
{
    float x[MOST];
    ck_assert_int_eq(gedi_dataset_image_folder.read(c->self, split, i, x, label, NULL),
                     GEDI_OK);
    for (int number = 0; number < 11; number++)
        if (lrintf(255 * x[0]) == byte_of(number, 0, 0))
            return number;
    ck_abort_msg("record %d is no image", i);
    return -1;
}

/* train/ and test/; the classes take turns, and are numbered by their names. */
static void put_both(void)
{
    put("train/dog/b.png", 1);
    put("train/dog/a.PNG", 0);
    put("train/cat/x.png", 2);
    put("train/cat/y.png", 3);
    put("train/cat/z.png", 4);
    put("test/dog/q.png", 5);
    put("train/.hidden/a.png", 9);
    put("train/cat/.thumb.png", 9);
}

START_TEST(train_and_test)
{
    static const int number[] = {2, 0, 3, 1, 4}, of[] = {0, 1, 0, 1, 0};
    component c;
    gedi_data_info info;
    int32_t label;
    put_both();
    expect_opens(&c, "", &info);
    ck_assert(gedi_shape_equal(info.record, GEDI_DIMS(HIGH, WIDE, 3)));
    ck_assert_int_eq(info.classes, 2);
    ck_assert_int_eq(info.count[GEDI_TRAIN], 5);
    ck_assert_int_eq(info.count[GEDI_TEST], 1);
    for (int i = 0; i < 5; i++) {
        ck_assert_int_eq(number_of(&c, GEDI_TRAIN, i, &label), number[i]);
        ck_assert_int_eq(label, of[i]);
    }
    ck_assert_int_eq(number_of(&c, GEDI_TEST, 0, &label), 5);
    ck_assert_int_eq(label, 1);
    close_it(&c);
    expect_opens(&c, "train_limit=2", &info);
    ck_assert_int_eq(info.count[GEDI_TRAIN], 2);
    ck_assert_int_eq(number_of(&c, GEDI_TRAIN, 1, &label), 0);
    close_it(&c);
}
END_TEST

/* Every pixel, whatever kind of PNG it was stored in. */
START_TEST(kinds)
{
    static const png_uint_32 format[] = {PNG_FORMAT_RGB, PNG_FORMAT_GRAY};
    bool grey_file = _i % 2, grey = _i / 2;
    component c;
    gedi_data_info info;
    int32_t label;
    float x[MOST];
    put_as("a/1.png", 7, HIGH, WIDE, format[grey_file]);
    expect_opens(&c,
                 grey ? "color=grey mean=0.5 std=0.25 test_share=0"
                      : "color=rgb mean=0.5 std=0.25 test_share=0",
                 &info);
    ck_assert(gedi_shape_equal(info.record, GEDI_DIMS(HIGH, WIDE, grey ? 1 : 3)));
    ck_assert(info.mean == 0.5 && info.std == 0.25);
    ck_assert_int_eq(
        gedi_dataset_image_folder.read(c.self, GEDI_TRAIN, 0, x, &label, NULL), GEDI_OK);
    for (int i = 0; i < PIXELS; i++) {
        for (int k = 0; k < 3 && !grey; k++) {
            double want = (byte_of(7, i, grey_file ? 0 : k) / 255.0 - 0.5) / 0.25;
            ck_assert_double_eq_tol((double)x[3 * i + k], want, 1e-6);
        }
        float rgb[3];
        for (int k = 0; k < 3; k++)
            rgb[k] = byte_of(7, i, grey_file ? 0 : k);
        /* As the view gray_scale computes it, and to a byte. */
        double want = (double)lrintf(grey_file ? rgb[0] : colour_grey(rgb));
        ck_assert(!grey || fabs(((double)x[i] * 0.25 + 0.5) * 255 - want) <= 1e-3);
    }
    close_it(&c);
}
END_TEST

/* ---- a PNG file by its parts ---- */

typedef struct kind {
    int type, bits;
    double gamma;       /* 0: not stated */
    bool srgb, adam7;   /* adam7: interlaced */
    const char *bytes;  /* of one row */
    int wide, row;      /* pixels, and bytes of them */
    const int *palette; /* of 3 a colour */
    int colours;
    const char *alphas; /* of the palette's colours */
    int key;            /* the transparent grey; -1: none */
} kind;

static void put_kind(const kind *k, int high)
{
    gedi_err err = {0};
    ck_assert_int_eq(gedi__folder_make(experiment_path("a"), &err), GEDI_OK);
    FILE *f = fopen(experiment_path("a/1.png"), "wb");
    ck_assert_ptr_nonnull(f);
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    png_color palette[4] = {{0}};
    png_init_io(png, f);
    png_set_IHDR(png, info, (png_uint_32)k->wide, (png_uint_32)high, k->bits, k->type,
                 k->adam7 ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, 0, 0);
    for (int i = 0; i < k->colours; i++)
        palette[i] =
            (png_color){(png_byte)k->palette[3 * i], (png_byte)k->palette[3 * i + 1],
                        (png_byte)k->palette[3 * i + 2]};
    if (k->colours)
        png_set_PLTE(png, info, palette, k->colours);
    if (k->alphas)
        png_set_tRNS(png, info, (png_const_bytep)k->alphas, k->colours, NULL);
    if (k->key >= 0)
        png_set_tRNS(png, info, NULL, 0, &(png_color_16){.gray = (png_uint_16)k->key});
    if (k->gamma > 0)
        png_set_gAMA(png, info, k->gamma);
    if (k->srgb)
        png_set_sRGB(png, info, PNG_sRGB_INTENT_PERCEPTUAL);
    png_write_info(png, info);
    int passes = k->adam7 ? png_set_interlace_handling(png) : 1;
    for (int i = 0; i < passes * high; i++)
        png_write_row(png, (png_const_bytep)k->bytes);
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    ck_assert_int_eq(fclose(f), 0);
}

static void expect_bytes(const char *what, const char *options, const int *want, int n)
{
    component c;
    gedi_data_info info;
    int32_t label;
    float x[MOST];
    expect_opens(&c, options, &info);
    ck_assert_int_eq(gedi_shape_size(info.record), n);
    ck_assert_int_eq(
        gedi_dataset_image_folder.read(c.self, GEDI_TRAIN, 0, x, &label, NULL), GEDI_OK);
    for (int i = 0; i < n; i++)
        ck_assert_msg(fabs((double)x[i] * 255 - want[i]) <= 1e-3,
                      "%s, number %d: %g instead of %d", what, i, (double)x[i] * 255,
                      want[i]);
    close_it(&c);
}

static const int two_colours[] = {10, 20, 30, 200, 100, 51};
static const struct {
    const char *what;
    kind k;
    int wide, grey[4], rgb[12]; /* of the first row */
} kinds_of_png[] = {
    {"gamma 1",
     {0, 8, 1.0, .bytes = "\200", .wide = 1, .key = -1},
     1,
     {128},
     {128, 128, 128}},
    {"gamma .55556",
     {2, 8, .55556, .bytes = "\200\200\200", .wide = 1, .key = -1},
     1,
     {128},
     {128, 128, 128}},
    {"sRGB",
     {2, 8, .srgb = true, .bytes = "\200\100\377", .wide = 1, .key = -1},
     1,
     {105}, /* 104.9 */
     {128, 64, 255}},
    {"16 bits of gamma 1",
     {0, 16, 1.0, .bytes = "\200\200\201\000\201\001\377\377", .wide = 4, .key = -1},
     4,
     {128, 128, 129, 255}, /* 32896, 33024 and 33025 over 257 */
     {128, 128, 128, 128, 128, 128, 129, 129, 129, 255, 255, 255}},
    {"2 bits, of which the last is transparent",
     {0, 2, .bytes = "\033", .wide = 4, .key = 3},
     4,
     {0, 85, 170, 0},
     {0, 0, 0, 85, 85, 85, 170, 170, 170, 0, 0, 0}},
    {"a palette with alpha",
     {3, 8, .bytes = "\000\001", .wide = 2, .palette = two_colours, .colours = 2,
      .alphas = "\200\377", .key = -1},
     2,
     {9, 124}, /* of 5, 10, 15; and 124.3 */
     {5, 10, 15, 200, 100, 51}},
    {"alpha, interlaced",
     {6, 8, 1.0, .adam7 = true,
      .bytes = "\310\144\062\377\310\144\062\000\310\144\062\063", .wide = 3, .key = -1},
     3,
     {124, 0, 25}, /* 200, 100, 50; black; a fifth of it */
     {200, 100, 50, 0, 0, 0, 40, 20, 10}},
    {"grey with alpha",
     {4, 8, .bytes = "\310\377\310\200", .wide = 2, .key = -1},
     2,
     {200, 100},
     {200, 200, 200, 100, 100, 100}},
};
enum { KINDS_OF_PNG = sizeof kinds_of_png / sizeof kinds_of_png[0] };

/* The stored samples, as other readers give them, whatever gamma the file states. */
START_TEST(stored_samples)
{
    for (int i = 0; i < KINDS_OF_PNG; i++) {
        const char *what = kinds_of_png[i].what;
        put_kind(&kinds_of_png[i].k, 1);
        expect_bytes(what, "test_share=0", kinds_of_png[i].rgb, 3 * kinds_of_png[i].wide);
        expect_bytes(what, "color=grey test_share=0", kinds_of_png[i].grey,
                     kinds_of_png[i].wide);
    }
}
END_TEST

/* A share of each class, the same every time; together they are all there is. */
START_TEST(divided)
{
    component c, again;
    gedi_data_info info;
    int32_t label, label2;
    int seen[11] = {0}, tests[2] = {0};
    for (int i = 0; i < 11; i++) {
        char name[32];
        snprintf(name, sizeof name, "%s/%02d.png", i < 7 ? "one" : "two", i);
        put(name, i);
    }
    expect_opens(&c, "test_share=0.3", &info);
    expect_opens(&again, "test_share=0.3", &info);
    ck_assert_int_eq(info.count[GEDI_TRAIN], 8);
    ck_assert_int_eq(info.count[GEDI_TEST], 3);
    for (int s = 0; s < GEDI_SPLITS; s++)
        for (int i = 0; i < info.count[s]; i++) {
            int number = number_of(&c, (gedi_split)s, i, &label);
            ck_assert_int_eq(number_of(&again, (gedi_split)s, i, &label2), number);
            ck_assert_int_eq(label, number >= 7);
            seen[number]++;
            tests[label] += s == GEDI_TEST;
        }
    for (int i = 0; i < 11; i++)
        ck_assert_int_eq(seen[i], 1);
    ck_assert(tests[0] == 2 && tests[1] == 1);
    close_it(&c);
    close_it(&again);
}
END_TEST

/* ---- what is refused ---- */

static void expect_refused(const char *options, gedi_status status, const char *says,
                           const char *also)
{
    component c;
    gedi_data_info info;
    gedi_err err = {0};
    gedi_status s = dataset_open(&gedi_dataset_image_folder, &c, experiment_folder,
                                 options, &info, &err);
    ck_assert_msg(s == status, "status %d, not %d: %s", s, status, err.msg);
    ck_assert_msg(strstr(err.msg, says) != NULL, "'%s' does not say '%s'", err.msg, says);
    ck_assert_msg(strstr(err.msg, also) != NULL, "'%s' does not say '%s'", err.msg, also);
    component_free(&c);
}

START_TEST(wrong_folders)
{
    gedi_err err = {0};
    component c = component_new(&gedi_dataset_image_folder, "");
    gedi_data_info info;
    ck_assert_int_eq(gedi_dataset_image_folder.open(c.self, &(gedi_open){0}, &info, &err),
                     GEDI_OPTION);
    ck_assert_msg(strstr(err.msg, "path: must be given"), "%s", err.msg);
    component_free(&c);
    expect_refused("", GEDI_DATA, "there are no folders of classes in it", "experiment-");
    put("train/dog/a.png", 1);
    expect_refused("", GEDI_OPTION, "has a folder train/ but none that is called test/",
                   "path:");
    put("val/dog/a.png", 1);
    expect_refused("", GEDI_OPTION,
                   "none that is called test/: rename val/ to test/, or link it", "");
    put("test/wolf/a.png", 1);
    expect_refused("", GEDI_DATA, "test/wolf: a class that is not in train/", "");
    ck_assert_int_eq(rename(experiment_path("test/wolf"), experiment_path("test/dog")),
                     0);
    expect_refused("train_limit=2", GEDI_OPTION,
                   "train_limit: 2 is more than the 1 records of", "");
    ck_assert_int_eq(gedi__file_write(experiment_path("train/notes.txt"), "x", 1, &err),
                     GEDI_OK);
    expect_refused("", GEDI_DATA, "train/notes.txt: not a folder: images lie in folders",
                   "");
    ck_assert_int_eq(rename(experiment_path("train/notes.txt"),
                            experiment_path("train/dog/notes.bmp")),
                     0);
    expect_refused("", GEDI_DATA,
                   "train/dog/notes.bmp: not called .png, .jpg or .jpeg: convert it", "");
    ck_assert_int_eq(unlink(experiment_path("train/dog/notes.bmp")), 0);
    put("train/dog/more/b.png", 1);
    expect_refused("", GEDI_DATA,
                   "train/dog/more: a folder in the folder of a class: the images of a",
                   "");
    ck_assert_int_eq(unlink(experiment_path("train/dog/more/b.png")), 0);
    ck_assert_int_eq(rmdir(experiment_path("train/dog/more")), 0);
    ck_assert_int_eq(gedi__folder_make(experiment_path("train/empty"), &err), GEDI_OK);
    expect_refused("", GEDI_DATA, "train/empty: the folder of a class, but no image", "");
}
END_TEST

START_TEST(wrong_sizes)
{
    put("a/1.png", 1);
    put_as("a/2.png", 2, HIGH, WIDE + 1, PNG_FORMAT_RGB);
    put_as("b/1.png", 2, HIGH + 1, WIDE, PNG_FORMAT_RGB);
    expect_refused("test_share=0", GEDI_DATA,
                   "b/1.png: an image of 5 x 4 (width x height), but the first is 5 x 3",
                   "one size");
    put("b/1.png", 1);
    expect_refused("test_share=0", GEDI_DATA,
                   "a/2.png: an image of 6 x 3 (width x height), but the first is 5 x 3",
                   "one size");
    put("a/2.png", 1);
    expect_refused("test_share=0.9", GEDI_OPTION,
                   "test_share: 0.9 leaves nothing to train on", "3 images");
}
END_TEST

/* Cut anywhere before the last of its pixels' checksums, or with a byte changed. */
START_TEST(damaged)
{
    struct stat st;
    put("a/1.png", 1);
    ck_assert_int_eq(stat(experiment_path("a/1.png"), &st), 0);
    for (off_t cut = 0; cut < st.st_size - 12; cut++) { /* 12: the chunk IEND */
        put("a/1.png", 1);
        ck_assert_int_eq(truncate(experiment_path("a/1.png"), cut), 0);
        expect_refused("test_share=0", GEDI_DATA, "a/1.png: ", "damaged, or n");
    }
    for (long at = 0; at < st.st_size - 12; at++) {
        put("a/1.png", 1);
        FILE *f = fopen(experiment_path("a/1.png"), "r+b");
        ck_assert_ptr_nonnull(f);
        ck_assert_int_eq(fseek(f, at, SEEK_SET), 0);
        int byte = fgetc(f);
        ck_assert_int_eq(fseek(f, at, SEEK_SET), 0);
        ck_assert_int_ne(fputc(byte ^ 0x55, f), EOF);
        ck_assert_int_eq(fclose(f), 0);
        expect_refused("test_share=0", GEDI_DATA, "a/1.png: ", "damaged, or n");
    }
}
END_TEST

/* Of two colours, a pixel has the third. */
START_TEST(beyond_palette)
{
    static const int two[] = {1, 2, 3, 4, 5, 6};
    kind k = {3,        8, .bytes = "\001\000", .wide = 2, .palette = two, .colours = 2,
              .key = -1};
    component c;
    gedi_data_info info;
    put_kind(&k, 1);
    dataset_opens(&gedi_dataset_image_folder, &c, experiment_folder, "test_share=0",
                  &info);
    dataset_close(&gedi_dataset_image_folder, &c);
    k.bytes = "\001\002";
    put_kind(&k, 1);
    expect_refused("test_share=0", GEDI_DATA, "a/1.png: damaged: a pixel has colour 2",
                   "of a palette of 2");
}
END_TEST

START_TEST(several_damaged)
{
    put("a/1.png", 1);
    for (int i = 2; i < 16; i++) {
        char name[32];
        snprintf(name, sizeof name, "a/%d.png", i + 18);
        put(name, i);
        ck_assert_int_eq(truncate(experiment_path(name), 20), 0);
        if (i == 2)
            expect_refused("test_share=0", GEDI_DATA, "a/20.png: ", "damaged");
        if (i == 4)
            expect_refused("test_share=0", GEDI_DATA, "a/20.png: ",
                           "; and 2 more cannot be used: a/21.png, a/22.png");
    }
    expect_refused("test_share=0", GEDI_DATA, "; and 13 more cannot be used: a/21.png, ",
                   ", a/29.png and 4 others");
}
END_TEST

static long most_memory(void)
{
    struct rusage u;
    ck_assert_int_eq(getrusage(RUSAGE_SELF, &u), 0);
    return u.ru_maxrss; /* KiB */
}

/* Few bytes that are many pixels. */
START_TEST(too_large)
{
    enum { SIDE = 20000 };
    static char row[SIDE / 8];
    long before = most_memory();
    put_kind(&(kind){0, 1, .bytes = row, .wide = SIDE, .key = -1}, SIDE);
    expect_refused(
        "test_share=0", GEDI_DATA,
        "a/1.png: an image of 20000 x 20000 (width x height); at most 50 million pixels are read",
        "scale it down");
    put_kind(&(kind){0, 1, .bytes = row, .wide = 8, .key = -1}, 65536);
    expect_refused("test_share=0", GEDI_DATA,
                   "an image of 8 x 65536 (width x height); at most",
                   "65535 in a row or a column");
    ck_assert_int_lt(most_memory() - before, 100000);
}
END_TEST

/* One image under many names: more than the machine's memory in all. */
START_TEST(too_many)
{
    enum { SIDE = 4096 };
    static char row[SIDE / 8];
    long before = most_memory();
    int64_t memory = (int64_t)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE);
    int n = (int)(memory / (3 * SIDE * SIDE)) + 1;
    put_kind(&(kind){0, 1, .bytes = row, .wide = SIDE, .key = -1}, SIDE);
    for (int i = 2; i <= n; i++) {
        char name[32];
        snprintf(name, sizeof name, "a/%d.png", i);
        ck_assert_int_eq(symlink("1.png", experiment_path(name)), 0);
    }
    expect_refused("test_share=0 keep=memory", GEDI_OPTION,
                   "of images are more than this machine's memory of",
                   "set `keep: files`, or use fewer, with train_limit");
    component c;
    gedi_data_info info;
    char note[256] = "", says[96];
    expect_opens(&c, "test_share=0", &info);
    gedi_dataset_image_folder.note(c.self, note, sizeof note);
    snprintf(says, sizeof says,
             "%d images of 4096 x 4096 (width x height), %.3g GB, are more than half", n,
             n * 50331648e-9);
    ck_assert_msg(strstr(note, says) == note, "%s", note);
    close_it(&c);
    expect_opens(&c, "test_share=0 train_limit=1", &info);
    strcpy(note, "");
    gedi_dataset_image_folder.note(c.self, note, sizeof note);
    ck_assert_str_eq(note, "");
    close_it(&c);
    ck_assert_int_lt(most_memory() - before, 1000000);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("image_folder");
    TCase *c = tcase_create("image_folder");
    tcase_add_checked_fixture(c, experiment_setup, experiment_teardown);
    tcase_set_timeout(c, 60);
    tcase_add_test(c, train_and_test);
    tcase_add_loop_test(c, kinds, 0, 4);
    tcase_add_test(c, stored_samples);
    tcase_add_test(c, divided);
    tcase_add_test(c, wrong_folders);
    tcase_add_test(c, wrong_sizes);
    tcase_add_test(c, damaged);
    tcase_add_test(c, beyond_palette);
    tcase_add_test(c, several_damaged);
    tcase_add_test(c, too_large);
    tcase_add_test(c, too_many);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
