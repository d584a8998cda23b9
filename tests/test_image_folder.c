/* test_image_folder.c - folders of PNG images: which are found, what is read, what is refused. */
#include "tests/component.h"
#include "tests/experiment.h"

#include <math.h>
#include <png.h>
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

static gedi_status open_with(component *c, const char *options, gedi_data_info *info,
                             gedi_err *err)
{
    *c = component_new(&gedi_dataset_image_folder, options);
    component_set(c, (const gedi_plugin *)&gedi_dataset_image_folder, "path",
                  experiment_folder);
    return gedi_dataset_image_folder.open(c->self, &(gedi_open){.directory = "."}, info,
                                          err);
}

static void expect_opens(component *c, const char *options, gedi_data_info *info)
{
    gedi_err err = {0};
    ck_assert_msg(open_with(c, options, info, &err) == GEDI_OK, "%s", err.msg);
}

static void close_it(component *c)
{
    gedi_dataset_image_folder.close(c->self);
    component_free(c);
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
        int least = 255, most = 0;
        for (int k = 0; k < 3; k++) {
            int b = byte_of(7, i, grey_file ? 0 : k);
            least = b < least ? b : least;
            most = b > most ? b : most;
        }
        double value = ((double)x[i] * 0.25 + 0.5) * 255;
        ck_assert_msg(!grey || (value >= least - 0.01 && value <= most + 0.01),
                      "pixel %d: %g", i, value);
    }
    close_it(&c);
}
END_TEST

/* What is transparent lies on black. */
START_TEST(transparent)
{
    component c;
    gedi_data_info info;
    int32_t label;
    float x[MOST];
    uint8_t pixels[8] = {200, 100, 50, 255, 200, 100, 50, 0};
    gedi_err err = {0};
    png_image png = {
        .version = PNG_IMAGE_VERSION, .width = 2, .height = 1, .format = PNG_FORMAT_RGBA};
    ck_assert_int_eq(gedi__folder_make(experiment_path("a"), &err), GEDI_OK);
    ck_assert(
        png_image_write_to_file(&png, experiment_path("a/1.png"), 0, pixels, 0, NULL));
    expect_opens(&c, "test_share=0", &info);
    ck_assert_int_eq(
        gedi_dataset_image_folder.read(c.self, GEDI_TRAIN, 0, x, &label, NULL), GEDI_OK);
    for (int i = 0; i < 6; i++)
        ck_assert_int_eq(lrintf(255 * x[i]), i < 3 ? pixels[i] : 0);
    close_it(&c);
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
    gedi_status s = open_with(&c, options, &info, &err);
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
                            experiment_path("train/dog/notes.jpg")),
                     0);
    expect_refused("", GEDI_DATA, "train/dog/notes.jpg: not a PNG file: convert it", "");
    ck_assert_int_eq(unlink(experiment_path("train/dog/notes.jpg")), 0);
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
                   "b/1.png: an image of 4 x 5, but those before it are 3 x 5",
                   "one size");
    put("b/1.png", 1);
    expect_refused("test_share=0", GEDI_DATA,
                   "a/2.png: an image of 3 x 6, but those before it are 3 x 5",
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
        expect_refused("test_share=0", GEDI_DATA,
                       "a/1.png: ", "damaged, or not a PNG file");
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
        expect_refused("test_share=0", GEDI_DATA,
                       "a/1.png: ", "damaged, or not a PNG file");
    }
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
    tcase_add_test(c, transparent);
    tcase_add_test(c, divided);
    tcase_add_test(c, wrong_folders);
    tcase_add_test(c, wrong_sizes);
    tcase_add_test(c, damaged);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
