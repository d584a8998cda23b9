/* test_tiny_imagenet.c - the folders of Tiny-ImageNet, of a few small images, and how they may be wrong.
 * The images are PNG files, for a build without libjpeg: their content says what they are.
 */
#include "tests/dataset.h"
#include "tests/experiment.h"

#include <math.h>
#include <png.h>
#include <stdio.h>

extern const gedi_dataset gedi_dataset_tiny_imagenet;

static const gedi_dataset *const set = &gedi_dataset_tiny_imagenet;

enum { SIDE = 4, PIXELS = SIDE * SIDE * 3 };

/* All pixels are `value`. */
static void put(const char *name, int value, bool grey)
{
    uint8_t pixels[PIXELS];
    char folder[160];
    gedi_err err = {0};
    png_image png = {.version = PNG_IMAGE_VERSION,
                     .width = SIDE,
                     .height = SIDE,
                     .format = grey ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB};
    memset(pixels, value, sizeof pixels);
    snprintf(folder, sizeof folder, "%s", experiment_path(name));
    *strrchr(folder, '/') = 0;
    ck_assert_int_eq(gedi__folder_make(folder, &err), GEDI_OK);
    ck_assert(png_image_write_to_file(&png, experiment_path(name), 0, pixels, 0, NULL));
}

static void annotate(const char *text)
{
    gedi_err err = {0};
    ck_assert_int_eq(gedi__file_write(experiment_path("val/val_annotations.txt"), text,
                                      strlen(text), &err),
                     GEDI_OK);
}

static void put_all(void)
{
    put("train/n02/images/n02_0.JPEG", 20, false);
    put("train/n02/images/n02_1.JPEG", 21, true);
    put("train/n01/images/n01_0.JPEG", 10, false);
    put("train/n01/images/n01_1.JPEG", 11, false);
    put("train/n03/images/n03_0.JPEG", 30, false);
    put("val/images/val_0.JPEG", 130, false);
    put("val/images/val_1.JPEG", 110, true);
    put("test/images/test_0.JPEG", 200, false);
    annotate("val_0.JPEG\tn03\t0\t32\t44\t62\nval_1.JPEG\tn01\t52\t55\t57\t59\n");
}

static void ck_record(const component *c, gedi_split split, int i, int value, int want)
{
    float x[PIXELS];
    int32_t label = -2;
    ck_assert_int_eq(set->read(c->self, split, i, x, &label, NULL), GEDI_OK);
    ck_assert_int_eq(label, want);
    for (int k = 0; k < PIXELS; k++)
        ck_assert(lrintf(x[k] * 255) == value);
}

/* The same from memory and from files. */
START_TEST(records)
{
    static const int train[] = {10, 20, 30, 11, 21}, of[] = {0, 1, 2, 0, 1};
    component c;
    gedi_data_info info;
    put_all();
    dataset_opens(set, &c, experiment_folder, _i ? "keep=files" : "", &info);
    ck_assert(gedi_shape_equal(info.record, GEDI_DIMS(SIDE, SIDE, 3)));
    ck_assert(info.classes == 3 && info.labelled[GEDI_TRAIN] && info.labelled[GEDI_TEST]);
    ck_assert(info.count[GEDI_TRAIN] == 5 && info.count[GEDI_TEST] == 2);
    for (int i = 0; i < 5; i++)
        ck_record(&c, GEDI_TRAIN, i, train[i], of[i]);
    ck_record(&c, GEDI_TEST, 0, 130, 2);
    ck_record(&c, GEDI_TEST, 1, 110, 0);
    dataset_close(set, &c);
}
END_TEST

static void expect_refused(const char *options, gedi_status status, const char *says)
{
    dataset_refuses(set, experiment_folder, options, status, says);
}

START_TEST(refused)
{
    expect_refused("", GEDI_OPTION, "has no val/val_annotations.txt");
    put_all();
    annotate("val_0.JPEG\tn03\nval_1.JPEG\tn09\n");
    expect_refused("", GEDI_DATA, "line 2 names no image and a class of train/");
    annotate("val_0.JPEG n03\n");
    expect_refused("", GEDI_DATA, "line 1 names no image and a class of train/");
    annotate("../../train/n02/images/n02_0.JPEG\tn03\n");
    expect_refused("", GEDI_DATA, "line 1 names no image and a class of train/");
    annotate("val_0.JPEG\tn03\nval_1.JPEG\tn01\nval_9.JPEG\tn03\n");
    expect_refused("", GEDI_IO, "val/images/val_9.JPEG: No such file or directory");
    annotate("val_0.JPEG\tn03");
    expect_refused("", GEDI_DATA,
                   "val/images/val_1.JPEG: no line of val_annotations.txt names it");
    annotate("val_0.JPEG\tn03\nval_1.JPEG\tn01\n");
    expect_refused("test_limit=3", GEDI_OPTION, "test_limit: 3 is more than the 2");
    put("train/n02/boxes/x.png", 1, false);
    put("train/n04/boxes/x.png", 1, false);
    expect_refused("", GEDI_OPTION, "train/n04/images: No such file or directory");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("tiny_imagenet");
    TCase *c = tcase_create("tiny_imagenet");
    tcase_add_checked_fixture(c, experiment_setup, experiment_teardown);
    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, records, 0, 2);
    tcase_add_test(c, refused);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
