/* test_npy.c - arrays as NumPy saves them (fixture/npy.py), and every way in which they are not. */
#include "tests/dataset.h"
#include "tests/experiment.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

extern const gedi_dataset gedi_dataset_npy;

static const gedi_dataset *const npy_set = &gedi_dataset_npy;

static const char *fixture(const char *name)
{
    static char path[4096];
    snprintf(path, sizeof path, "%s/tests/fixture/arrays%s%s", getenv("abs_top_srcdir"),
             *name ? "/" : "", name);
    return path;
}

/* Number j of record i, as fixture/npy.py has it. */
static int number(int64_t i, int64_t j)
{
    return (int)((7 * i + 3 * j) % 11);
}

static void expect_opens(component *c, const char *path, const char *options,
                         gedi_data_info *info)
{
    dataset_opens(npy_set, c, path, options, info);
}

static void close_it(component *c)
{
    dataset_close(npy_set, c);
}

static void expect_refused(const char *path, const char *options, gedi_status status,
                           const char *says)
{
    dataset_refuses(npy_set, path, options, status, says);
}

/* What is read of record i: scale * number + shift. */
static void ck_record(const component *c, gedi_split split, int64_t i, int64_t of,
                      int64_t n, double scale, double shift, int32_t want)
{
    float x[64];
    int32_t label = -2;
    ck_assert_int_eq(npy_set->read(c->self, split, i, x, &label, NULL), GEDI_OK);
    ck_assert_int_eq(label, want);
    for (int64_t j = 0; j < n; j++)
        ck_assert_msg(fabs((double)x[j] - (scale * number(of, j) + shift)) <= 1e-5,
                      "record %d, number %d: %g, not %g", (int)i, (int)j, (double)x[j],
                      scale * number(of, j) + shift);
}

/* Not through to the disk, as gedi writes: there are thousands. */
static void put(const char *file, const char *text, size_t n)
{
    FILE *f = fopen(file, "wb");
    ck_assert_ptr_nonnull(f);
    ck_assert(fwrite(text, 1, n, f) == n && fclose(f) == 0);
}

/* ---- what is read ---- */

/* The same from files, from archives of both kinds, and from files that are read record by record. */
START_TEST(images)
{
    static const char *const name[] = {"", "stored.npz", "packed.npz", ""};
    static const char *const keep[] = {"", "", "", " keep=files"};
    component c;
    gedi_data_info info;
    char options[64];
    snprintf(options, sizeof options, "mean=0.5 std=0.25%s", keep[_i]);
    expect_opens(&c, fixture(name[_i]), options, &info);
    ck_assert(gedi_shape_equal(info.record, GEDI_DIMS(4, 3, 2)));
    ck_assert(info.count[GEDI_TRAIN] == 7 && info.count[GEDI_TEST] == 5);
    ck_assert(info.labelled[GEDI_TRAIN] && info.labelled[GEDI_TEST]);
    ck_assert(info.classes == 3 && info.mean == 0.5 && info.std == 0.25);
    for (int i = 0; i < 7; i++)
        ck_record(&c, GEDI_TRAIN, i, i, 24, 20 / 255.0 / 0.25, -2, i % 3);
    for (int i = 0; i < 5; i++)
        ck_record(&c, GEDI_TEST, i, i, 24, 20 / 255.0 / 0.25, -2, i % 3);
    close_it(&c);
    expect_opens(&c, fixture(name[_i]), "train_limit=2 test_limit=1", &info);
    ck_assert(info.count[GEDI_TRAIN] == 2 && info.count[GEDI_TEST] == 1);
    close_it(&c);
}
END_TEST

START_TEST(types)
{
    static const char *const name[] = {
        "little_f4", "big_f4", "little_f8", "big_f8", "one_i1",    "little_i2", "big_i2",
        "little_i4", "big_i8", "little_u2", "big_u4", "little_u8", "bool"};
    for (size_t k = 0; k < sizeof name / sizeof *name; k++) {
        component c;
        gedi_data_info info;
        char options[128];
        bool whole = strstr(name[k], "_u") != NULL, bits = !strcmp(name[k], "bool");
        snprintf(options, sizeof options, "x=x_%s y=y test_x= test_share=0 keep=%s",
                 name[k], _i ? "files" : "memory");
        expect_opens(&c, fixture(""), options, &info);
        ck_assert(gedi_shape_equal(info.record, GEDI_DIMS(3)));
        ck_assert(info.std == 0 && info.classes == 3);
        ck_assert(info.count[GEDI_TRAIN] == 6 && info.count[GEDI_TEST] == 0);
        for (int i = 0; i < 6 && !bits; i++)
            ck_record(&c, GEDI_TRAIN, i, i, 3, 1, whole ? 0 : -5, i % 3);
        for (int i = 0; i < 6 && bits; i++) {
            float x[3];
            int32_t label;
            npy_set->read(c.self, GEDI_TRAIN, i, x, &label, NULL);
            for (int j = 0; j < 3; j++)
                ck_assert(x[j] == (float)(number(i, j) % 2));
        }
        close_it(&c);
    }
}
END_TEST

/* [N, C, H, W] becomes what [N, H, W, C] is; [N, H, W] has one channel. */
START_TEST(layouts)
{
    component c, d;
    gedi_data_info info;
    expect_opens(&c, fixture(""),
                 _i ? "x=first channels=first test_x= test_share=0 keep=files"
                    : "x=first channels=first test_x= test_share=0",
                 &info);
    ck_assert(gedi_shape_equal(info.record, GEDI_DIMS(4, 3, 2)));
    for (int i = 0; i < 7; i++)
        ck_record(&c, GEDI_TRAIN, i, i, 24, 20 / 255.0, 0, i % 3);
    close_it(&c);
    expect_opens(&d, fixture(""), "x=grey y=y_negative test_x= test_share=0", &info);
    ck_assert(gedi_shape_equal(info.record, GEDI_DIMS(4, 3, 1)));
    ck_record(&d, GEDI_TRAIN, 1, 1, 12, 20 / 255.0, 0, -1);
    ck_record(&d, GEDI_TRAIN, 2, 2, 12, 20 / 255.0, 0, 2);
    close_it(&d);
    expect_opens(&d, fixture(""), "x=grey y= test_x= test_share=0 white=200", &info);
    ck_assert(!info.labelled[GEDI_TRAIN] && info.classes == 0 && info.std == 1);
    ck_record(&d, GEDI_TRAIN, 2, 2, 12, 0.1, 0, -1);
    close_it(&d);
}
END_TEST

/* Both parts together are all there is, the same every time. */
START_TEST(divided)
{
    component c, again;
    gedi_data_info info;
    bool seen[7] = {false};
    expect_opens(&c, fixture("packed.npz"), "test_x= test_share=0.4", &info);
    expect_opens(&again, fixture("packed.npz"), "test_x= test_share=0.4", &info);
    ck_assert(info.count[GEDI_TRAIN] == 4 && info.count[GEDI_TEST] == 3);
    ck_assert(info.labelled[GEDI_TEST]);
    for (int s = 0; s < GEDI_SPLITS; s++)
        for (int i = 0; i < info.count[s]; i++) {
            float x[24], y[24];
            int32_t label, label2;
            int of = 0;
            npy_set->read(c.self, (gedi_split)s, i, x, &label, NULL);
            npy_set->read(again.self, (gedi_split)s, i, y, &label2, NULL);
            ck_assert(label == label2 && !memcmp(x, y, sizeof x));
            while (of < 7 && lrintf(x[0] * 255) != 20 * number(of, 0))
                of++;
            ck_assert(of < 7 && !seen[of] && label == of % 3);
            seen[of] = true;
        }
    close_it(&c);
    close_it(&again);
}
END_TEST

/* ---- what is refused ---- */

START_TEST(refused)
{
    static const struct {
        const char *x, *says;
    } cases[] = {
        {"bad_fortran",
         "in Fortran order, column by column: save numpy.ascontiguousarray"},
        {"bad_object",
         "numbers of type '|O': Python objects are not read, because reading"},
        {"bad_fields", "records of several fields are not read"},
        {"bad_complex", "numbers of type '<c8': bool, integers, float32 and float64 are"},
        {"bad_half", "numbers of type '<f2': bool, integers, float32 and float64 are"},
        {"bad_scalar", "records need 2 to 4 dimensions"},
        {"bad_vector", "records need 2 to 4 dimensions"},
        {"bad_empty", "there are no records in it"},
        {"bad_rank", "more than 4 dimensions"},
        {"bad_nan", "number 3, of record 1, is nan"},
        {"bad_infinite", "number 1, of record 0, is 1e+300"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        char options[64], name[64];
        snprintf(options, sizeof options, "x=%s y= test_x=", cases[k].x);
        snprintf(name, sizeof name, "arrays/%s.npy: ", cases[k].x);
        expect_refused(fixture(""), options, GEDI_DATA, cases[k].says);
        expect_refused(fixture(""), options, GEDI_DATA, name);
    }
    expect_refused(fixture(""), "x=grey y=y_wrong test_x=", GEDI_DATA,
                   "y_wrong.npy: label -2 of record 1 is not in");
    expect_refused(fixture(""), "x=grey y=y_float test_x=", GEDI_DATA,
                   "y_float.npy: labels are integers, [N] or [N, 1]");
    expect_refused(fixture(""), "x=grey y=train_y test_x=", GEDI_DATA,
                   "train_y.npy: 7 labels of 6 records");
    expect_refused(fixture(""), "x=grey y=y", GEDI_DATA,
                   "test_x: records [4, 3, 2] of bytes, but those of x are [4, 3, 1]");
    expect_refused(fixture(""), "train_limit=9", GEDI_OPTION,
                   "train_limit: 9 is more than the 7 records");
}
END_TEST

START_TEST(missing)
{
    expect_refused(fixture(""), "x=nothing", GEDI_OPTION,
                   "arrays has no array nothing.npy: name it by `x: NAME`");
    expect_refused(fixture("stored.npz"), "x=nothing", GEDI_OPTION,
                   "stored.npz has no array nothing: name it by `x: NAME`");
    expect_refused(fixture("stored.npz"), "y=labels", GEDI_OPTION,
                   "y: NAME`, or by \"\" where there are no labels");
    expect_refused(fixture("stored.npz"), "test_x=tests", GEDI_OPTION,
                   "or set `test_x: \"\"` to keep a share of the others");
    expect_refused(fixture("none.npz"), "", GEDI_OPTION, "none.npz");
    expect_refused("", "", GEDI_OPTION, "path: must be given");
}
END_TEST

/* Cut anywhere, or with any byte changed: refused, or the same numbers as before. */
START_TEST(damaged)
{
    static const char *const name[] = {"stored.npz", "packed.npz", "train_x.npy"};
    const char *options = _i == 2 ? "x=d y= test_x= test_share=0" : "";
    char *text, place[128];
    size_t n;
    gedi_err err = {0};
    ck_assert_int_eq(gedi__file_read(fixture(name[_i]), &text, &n, &err), GEDI_OK);
    snprintf(place, sizeof place, "%s%s", experiment_folder, _i == 2 ? "" : "/d.npz");
    const char *file = experiment_path(_i == 2 ? "d.npy" : "d.npz");
    for (size_t cut = 0; cut < n; cut++) {
        component c;
        gedi_data_info info;
        put(file, text, cut);
        err.msg[0] = 0;
        ck_assert_int_eq(dataset_open(npy_set, &c, place, options, &info, &err),
                         GEDI_DATA);
        ck_assert(strstr(err.msg, "d.np"));
        component_free(&c);
    }
    for (size_t at = 0; at < n; at++) {
        component c;
        gedi_data_info info;
        text[at] ^= 0x55;
        put(file, text, n);
        text[at] ^= 0x55;
        gedi_status s = dataset_open(npy_set, &c, place, options, &info, &err);
        ck_assert_msg(s == GEDI_OK || s == GEDI_DATA || s == GEDI_OPTION, "%d: %s", s,
                      err.msg);
        for (int i = 0; s == GEDI_OK && i < 7 && _i < 2; i++)
            ck_record(&c, GEDI_TRAIN, i, i, 24, 20 / 255.0, 0, i % 3);
        if (s == GEDI_OK)
            npy_set->close(c.self);
        component_free(&c);
    }
    free(text);
}
END_TEST

/* Records that stay in their file are refused when their turn comes. */
START_TEST(in_files)
{
    component c;
    gedi_data_info info;
    gedi_err err = {0};
    char *text, note[512] = "";
    float x[64];
    int32_t label;
    size_t n;
    expect_refused(fixture("stored.npz"), "keep=files", GEDI_OPTION,
                   "keep: records of an archive cannot stay in it: unpack ");
    expect_opens(&c, fixture(""), "x=bad_nan y= test_x= test_share=0 keep=files", &info);
    ck_assert_int_eq(npy_set->read(c.self, GEDI_TRAIN, 0, x, &label, &err), GEDI_OK);
    ck_assert_int_eq(npy_set->read(c.self, GEDI_TRAIN, 1, x, &label, &err), GEDI_DATA);
    ck_assert_msg(strstr(err.msg, "bad_nan.npy: number 3, of record 1, is nan") != NULL,
                  "%s", err.msg);
    close_it(&c);
    ck_assert_int_eq(gedi__file_read(fixture("train_x.npy"), &text, &n, &err), GEDI_OK);
    put(experiment_path("d.npy"), text, n);
    expect_opens(&c, experiment_folder, "x=d y= test_x= test_share=0 keep=files", &info);
    npy_set->note(c.self, note, sizeof note);
    ck_assert_msg(strstr(note, "7 records of [4, 3, 2], 0.000168 MB, stay in their") !=
                      NULL,
                  "%s", note);
    close_it(&c);
    ck_assert_int_eq(truncate(experiment_path("d.npy"), (off_t)n - 1), 0);
    expect_refused(experiment_folder, "x=d y= test_x= test_share=0 keep=files", GEDI_DATA,
                   "d.npy: ");
    free(text);
}
END_TEST

/* As if it had been written long ago, or right now; clocks of files are coarse. */
static void set_time(const char *path, time_t at)
{
    const struct timespec t[2] = {{.tv_sec = at}, {.tv_sec = at}};
    ck_assert_int_eq(utimensat(AT_FDCWD, path, t, 0), 0);
}

/* A file that changes below an open run ends it, whatever its size. */
START_TEST(in_files_that_change)
{
    static const char *const why[] = {"truncated", "written", "removed or replaced"};
    component c;
    gedi_data_info info;
    gedi_err err = {0};
    char *text, want[96];
    float x[64];
    int32_t label;
    size_t n;
    ck_assert_int_eq(gedi__file_read(fixture("train_x.npy"), &text, &n, &err), GEDI_OK);
    put(experiment_path("d.npy"), text, n);
    set_time(experiment_path("d.npy"), 1000);
    expect_opens(&c, experiment_folder, "x=d y= test_x= test_share=0 keep=files", &info);
    ck_assert_int_eq(npy_set->read(c.self, GEDI_TRAIN, 6, x, &label, &err), GEDI_OK);
    if (_i == 0) {
        ck_assert_int_eq(truncate(experiment_path("d.npy"), (off_t)n - 1), 0);
    } else if (_i == 1) {
        put(experiment_path("d.npy"), text, n);
    } else {
        put(experiment_path("new"), text, n);
        set_time(experiment_path("new"), 1000);
        char *new = strdup(experiment_path("new"));
        ck_assert_int_eq(rename(new, experiment_path("d.npy")), 0);
        free(new);
    }
    ck_assert_int_eq(npy_set->read(c.self, GEDI_TRAIN, 6, x, &label, &err), GEDI_DATA);
    snprintf(want, sizeof want, "d.npy: %s since it was opened", why[_i]);
    ck_assert_msg(strstr(err.msg, want) != NULL, "%s", err.msg);
    close_it(&c);
    free(text);
}
END_TEST

/* Headers that state much are held against what is there. */
/* The records are damaged as well, but their number shows in the headers. */
START_TEST(headers_first)
{
    char text[4096];
    gedi_err err = {0};
    char *labels;
    size_t size;
    const char *head = "{'descr': '|u1', 'fortran_order': False, 'shape': (4, 2), }";
    memset(text, 0, sizeof text);
    memcpy(text, "\223NUMPY\1", 7);
    text[8] = (char)strlen(head);
    memcpy(text + 10, head, strlen(head));
    put(experiment_path("x.npy"), text, 10 + strlen(head) + 8);
    ck_assert_int_eq(gedi__file_read(fixture("train_y.npy"), &labels, &size, &err),
                     GEDI_OK);
    put(experiment_path("y.npy"), labels, size);
    free(labels);
    expect_refused(experiment_folder, "x=x y=y test_x=", GEDI_DATA,
                   "y.npy: 7 labels of 4 records");
    expect_refused(experiment_folder, "x=x y= test_x=x test_y=y", GEDI_DATA,
                   "y.npy: 7 labels of 4 records");
}
END_TEST

/* Which of two entries is meant? */
START_TEST(twice)
{
    char *text;
    size_t n;
    gedi_err err = {0};
    ck_assert_int_eq(gedi__file_read(fixture("stored.npz"), &text, &n, &err), GEDI_OK);
    for (size_t i = 0; i + 11 <= n; i++)
        if (!memcmp(text + i, "test_x.npy", 10))
            memcpy(text + i, "test_y.npy", 10);
    put(experiment_path("d.npz"), text, n);
    free(text);
    char place[128];
    snprintf(place, sizeof place, "%s/d.npz", experiment_folder);
    expect_refused(place, "", GEDI_OPTION, "has no array test_x");
    expect_refused(place, "test_x=test_y", GEDI_DATA,
                   "2 entries are called test_y.npy: which one is meant?");
}
END_TEST

START_TEST(stated)
{
    static const struct {
        const char *head, *says;
    } cases[] = {
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (99999999999, 9999999999), }",
         "its header states 9223372036854775807 bytes, but 0 are there"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (4, 0), }",
         "a record without numbers"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (4, -1), }",
         "its shape is no tuple of numbers"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': 4, }",
         "its shape is no tuple"},
        {"{'descr': '|u1', 'fortran_order': False, }", "its header is not complete"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (4, 4), 'more': 1}",
         "a key that NumPy does not write"},
        {"{'descr': '|u1", "its header"},
        {"[]", "its header is no dictionary"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        char text[256] = "\223NUMPY\1";
        size_t n = strlen(cases[k].head);
        text[8] = (char)n;
        memcpy(text + 10, cases[k].head, n);
        put(experiment_path("h.npy"), text, 10 + n);
        expect_refused(experiment_folder, "x=h y= test_x=", GEDI_DATA, cases[k].says);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("npy");
    TCase *c = tcase_create("npy");
    tcase_add_checked_fixture(c, experiment_setup, experiment_teardown);
    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, images, 0, 4);
    tcase_add_loop_test(c, types, 0, 2);
    tcase_add_loop_test(c, layouts, 0, 2);
    tcase_add_test(c, divided);
    tcase_add_test(c, refused);
    tcase_add_test(c, missing);
    tcase_add_loop_test(c, damaged, 0, 3);
    tcase_add_test(c, in_files);
    tcase_add_loop_test(c, in_files_that_change, 0, 3);
    tcase_add_test(c, headers_first);
    tcase_add_test(c, twice);
    tcase_add_test(c, stated);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
