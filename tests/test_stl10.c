/* test_stl10.c - STL-10's files as they are published, of a few records, and how they may be wrong. */
#include "tests/dataset.h"
#include "tests/experiment.h"

#include <math.h>
#include <stdio.h>

extern const gedi_dataset gedi_dataset_stl10;

static const gedi_dataset *const set = &gedi_dataset_stl10;

enum { SIDE = 96, PIXELS = SIDE * SIDE * 3, TRAIN = 4, TEST = 3, MORE = 5 };

/* Of record `seed`; every row, column and channel is another. */
static uint8_t pixel(int seed, int h, int w, int c)
{
    return (uint8_t)(seed * 31 + h * 2 + w * 3 + c * 50);
}

/* As in the published files: planes, in which a column follows the other. */
static void put_images(const char *name, int n, int seed, int missing)
{
    static uint8_t b[8 * PIXELS];
    for (int i = 0; i < n; i++)
        for (int c = 0; c < 3; c++)
            for (int w = 0; w < SIDE; w++)
                for (int h = 0; h < SIDE; h++)
                    b[i * PIXELS + (c * SIDE + w) * SIDE + h] = pixel(seed + i, h, w, c);
    gedi_err err = {0};
    ck_assert_int_eq(gedi__file_write(experiment_path(name), (char *)b,
                                      (size_t)(n * PIXELS - missing), &err),
                     GEDI_OK);
}

static void put_labels(const char *name, const char *labels, size_t n)
{
    gedi_err err = {0};
    ck_assert_int_eq(gedi__file_write(experiment_path(name), labels, n, &err), GEDI_OK);
}

static void put_all(void)
{
    put_images("train_X.bin", TRAIN, 1, 0);
    put_labels("train_y.bin", "\1\12\3\4", TRAIN);
    put_images("unlabeled_X.bin", MORE, 20, 0);
    put_images("test_X.bin", TEST, 40, 0);
    put_labels("test_y.bin", "\2\1\12", TEST);
}

static void ck_record(const component *c, gedi_split split, int i, int seed, int want)
{
    static float x[PIXELS];
    int32_t label = -2;
    ck_assert_int_eq(set->read(c->self, split, i, x, &label, NULL), GEDI_OK);
    ck_assert_int_eq(label, want);
    for (int h = 0; h < SIDE; h++)
        for (int w = 0; w < SIDE; w++)
            for (int k = 0; k < 3; k++) {
                double is = ((double)x[(h * SIDE + w) * 3 + k] * 0.26 + 0.43) * 255;
                ck_assert(fabs(is - pixel(seed, h, w, k)) <= 1e-3);
            }
}

START_TEST(records)
{
    static const struct {
        const char *options;
        int labelled, more;
    } cases[] = {{"", TRAIN, 0},
                 {"train=unlabelled", 0, MORE},
                 {"train=both", TRAIN, MORE},
                 {"train=both train_limit=6", TRAIN, 2},
                 {"train=both train_limit=2", 2, 0}};
    static const int labels[TRAIN] = {0, 9, 2, 3}, tests[TEST] = {1, 0, 9};
    put_all();
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        char options[128];
        component c;
        gedi_data_info info;
        int n = cases[k].labelled, more = cases[k].more;
        snprintf(options, sizeof options, "mean=0.43 std=0.26 %s", cases[k].options);
        dataset_opens(set, &c, experiment_folder, options, &info);
        ck_assert(gedi_shape_equal(info.record, GEDI_DIMS(SIDE, SIDE, 3)));
        ck_assert(info.classes == 10 && info.count[GEDI_TEST] == TEST);
        ck_assert_int_eq(info.count[GEDI_TRAIN], n + more);
        ck_assert(info.labelled[GEDI_TRAIN] == (n > 0) && info.labelled[GEDI_TEST]);
        for (int i = 0; i < n + more; i++)
            ck_record(&c, GEDI_TRAIN, i, i < n ? 1 + i : 20 + i - n,
                      i < n ? labels[i] : -1);
        for (int i = 0; i < TEST; i++)
            ck_record(&c, GEDI_TEST, i, 40 + i, tests[i]);
        dataset_close(set, &c);
    }
}
END_TEST

static void expect_refused(const char *options, gedi_status status, const char *says)
{
    dataset_refuses(set, experiment_folder, options, status, says);
}

START_TEST(refused)
{
    expect_refused("", GEDI_OPTION, "has no test_X.bin");
    put_all();
    put_labels("train_y.bin", "\1\13\3\4", TRAIN);
    expect_refused("", GEDI_DATA, "train_y.bin: label 11 of record 1 is not in [1, 10]");
    put_labels("train_y.bin", "\1\0\3\4", TRAIN);
    expect_refused("", GEDI_DATA, "train_y.bin: label 0 of record 1 is not in [1, 10]");
    put_labels("train_y.bin", "\1\2\3", 3);
    expect_refused("", GEDI_DATA, "train_y.bin: 3 labels, but train_X.bin has 4 images");
    put_all();
    put_images("test_X.bin", TEST, 40, 1);
    expect_refused("", GEDI_DATA, "test_X.bin: 82943 bytes are not a whole number of");
    put_labels("test_X.bin", "", 0);
    expect_refused("", GEDI_DATA, "test_X.bin: 0 bytes are not a whole number of");
    put_all();
    expect_refused("train_limit=5", GEDI_OPTION, "train_limit: 5 is more than the 4");
    ck_assert_int_eq(unlink(experiment_path("unlabeled_X.bin")), 0);
    expect_refused("train=both", GEDI_IO, "unlabeled_X.bin: No such file or directory");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("stl10");
    TCase *c = tcase_create("stl10");
    tcase_add_checked_fixture(c, experiment_setup, experiment_teardown);
    tcase_set_timeout(c, 60);
    tcase_add_test(c, records);
    tcase_add_test(c, refused);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
