/* test_svhn.c - SVHN's MATLAB files as they should be, and every way in which they are not. */
#include "tests/component.h"
#include "tests/experiment.h"

#include <math.h>
#include <matio.h>
#include <sys/stat.h>

extern const gedi_dataset gedi_dataset_svhn;

enum { PIXELS = 3072, TRAIN = 7, TEST = 3, EXTRA = 4, MOST = 8 };

/* A file to be written; zero means: as it should be. */
typedef struct mat {
    int n;                 /* records */
    int seed;              /* of the first; those of others follow */
    bool raw;              /* not compressed */
    bool no_y, no_x, flat; /* flat: y is [1, N] */
    int side;              /* of the images */
    int labels;            /* as many as there are records, and so many more */
    int bad_label;         /* of the last record, plus 1 */
    int y_type;            /* 1: doubles, 2: floats; 3: text */
    int x_type;            /* 1: doubles */
    int drop;              /* X has one dimension less */
} mat;

static uint8_t pixel(int seed, int c, int h, int w)
{
    return (uint8_t)(seed * 41 + c * 85 + h * 7 + w);
}

static int digit(int seed)
{
    return seed % 10;
}

static void put_var(mat_t *file, const char *name, int class, int type, int rank,
                    const size_t *dims, void *data, bool raw)
{
    matvar_t *v = Mat_VarCreate(name, class, type, rank, (size_t *)dims, data, 0);
    ck_assert_ptr_nonnull(v);
    ck_assert_int_eq(
        Mat_VarWrite(file, v, raw ? MAT_COMPRESSION_NONE : MAT_COMPRESSION_ZLIB), 0);
    Mat_VarFree(v);
}

static void put_x(mat_t *file, const mat *m)
{
    size_t side = m->side ? (size_t)m->side : 32;
    size_t dims[] = {side, 32, 3, (size_t)m->n};
    static uint8_t x[MOST * 2 * PIXELS];
    static double wide[MOST * PIXELS];
    for (int i = 0; i < m->n * PIXELS; i++) { /* columns first */
        int at = i % PIXELS;
        x[i] = pixel(m->seed + i / PIXELS, at / 1024, at % 32, at / 32 % 32);
    }
    if (m->x_type)
        put_var(file, "X", MAT_C_DOUBLE, MAT_T_DOUBLE, 4, dims, wide, m->raw);
    else
        put_var(file, "X", MAT_C_UINT8, MAT_T_UINT8, 4 - m->drop, dims, x, m->raw);
}

static void put_y(mat_t *file, const mat *m)
{
    size_t n = (size_t)(m->n + m->labels);
    size_t dims[] = {m->flat ? 1 : n, m->flat ? n : 1};
    uint8_t y[2 * MOST];
    double wide[2 * MOST];
    float narrow[2 * MOST] = {0};
    for (size_t i = 0; i < n; i++) {
        int d = digit(m->seed + (int)i);
        y[i] = (uint8_t)(d ? d : 10);
        if (m->bad_label && i + 1 == (size_t)m->n)
            y[i] = (uint8_t)(m->bad_label - 1);
        wide[i] = y[i];
    }
    if (m->y_type == 1)
        put_var(file, "y", MAT_C_DOUBLE, MAT_T_DOUBLE, 2, dims, wide, m->raw);
    else if (m->y_type == 2)
        put_var(file, "y", MAT_C_SINGLE, MAT_T_SINGLE, 2, dims, narrow, m->raw);
    else
        put_var(file, "y", MAT_C_UINT8, MAT_T_UINT8, 2, dims, y, m->raw);
}

static void put(const char *name, mat m)
{
    mat_t *file = Mat_CreateVer(experiment_path(name), NULL, MAT_FT_MAT5);
    ck_assert_ptr_nonnull(file);
    if (!m.no_x)
        put_x(file, &m);
    if (!m.no_y)
        put_y(file, &m);
    Mat_Close(file);
}

static void put_all(void)
{
    put("train_32x32.mat", (mat){.n = TRAIN, .seed = 5});
    put("test_32x32.mat", (mat){.n = TEST, .seed = 30});
    put("extra_32x32.mat", (mat){.n = EXTRA, .seed = 5 + TRAIN});
}

static gedi_status open_with(component *c, const char *path, gedi_data_info *info,
                             gedi_err *err)
{
    component_set(c, (const gedi_plugin *)&gedi_dataset_svhn, "path", path);
    gedi_open open = {.directory = "."};
    return gedi_dataset_svhn.open(c->self, &open, info, err);
}

static void expect_split(const component *c, gedi_split split, int64_t n, int seed,
                         bool labels, double mean, double std)
{
    for (int i = 0; i < n; i++) {
        float x[PIXELS];
        int32_t label = -2;
        ck_assert_int_eq(gedi_dataset_svhn.read(c->self, split, i, x, &label, NULL),
                         GEDI_OK);
        ck_assert_int_eq(label, labels ? digit(seed + i) : -1);
        int wrong = 0;
        for (int j = 0; j < PIXELS; j++) {
            double want =
                (pixel(seed + i, j % 3, j / 96, j / 3 % 32) / 255.0 - mean) / std;
            wrong += !(fabs(x[j] - want) <= 1e-6);
        }
        ck_assert_msg(!wrong, "record %d: %d numbers are wrong", i, wrong);
    }
}

typedef struct expected {
    const char *options;
    int64_t train, test;
    bool train_labels, test_labels;
    double mean, std;
} expected;

static void expect_good(expected e)
{
    component c = component_new(&gedi_dataset_svhn, e.options);
    gedi_data_info info;
    gedi_err err = {0};
    gedi_status s = open_with(&c, experiment_folder, &info, &err);
    ck_assert_msg(s == GEDI_OK, "%s", err.msg);
    ck_assert(gedi_shape_equal(info.record, GEDI_DIMS(32, 32, 3)));
    ck_assert_int_eq(info.classes, e.train_labels || e.test_labels ? 10 : 0);
    ck_assert_int_eq(info.count[GEDI_TRAIN], e.train);
    ck_assert_int_eq(info.count[GEDI_TEST], e.test);
    ck_assert_int_eq(info.labelled[GEDI_TRAIN], e.train_labels);
    ck_assert_int_eq(info.labelled[GEDI_TEST], e.test_labels);
    double std = e.std > 0 ? e.std : 1;
    ck_assert(info.mean == e.mean && info.std == std);
    expect_split(&c, GEDI_TRAIN, e.train, 5, e.train_labels, e.mean, std);
    expect_split(&c, GEDI_TEST, e.test, 30, e.test_labels, e.mean, std);
    gedi_dataset_svhn.close(c.self);
    component_free(&c);
}

START_TEST(records)
{
    put_all();
    expect_good((expected){"", TRAIN, TEST, true, true, 0, 1});
    expect_good((expected){"mean=0.45 std=0.19", TRAIN, TEST, true, true, 0.45, 0.19});
    expect_good((expected){"train_limit=2 test_limit=1", 2, 1, true, true, 0, 1});
    expect_good((expected){"extra=true", TRAIN + EXTRA, TEST, true, true, 0, 1});
    expect_good((expected){"extra=true train_limit=9", 9, TEST, true, true, 0, 1});
    expect_good((expected){"extra=true train_limit=3", 3, TEST, true, true, 0, 1});
    put("train_32x32.mat", (mat){.n = TRAIN, .seed = 5, .raw = true, .flat = true});
    put("test_32x32.mat", (mat){.n = 1, .seed = 30, .y_type = 1, .drop = 1});
    expect_good((expected){"", TRAIN, 1, true, true, 0, 1});
}
END_TEST

START_TEST(unlabelled)
{
    put_all();
    put("extra_32x32.mat", (mat){.n = EXTRA, .seed = 5 + TRAIN, .no_y = true});
    expect_good((expected){"", TRAIN, TEST, true, true, 0, 1});
    expect_good((expected){"extra=true", TRAIN + EXTRA, TEST, false, true, 0, 1});
    put("train_32x32.mat", (mat){.n = TRAIN, .seed = 5, .no_y = true});
    expect_good((expected){"", TRAIN, TEST, false, true, 0, 1});
    put("test_32x32.mat", (mat){.n = TEST, .seed = 30, .no_y = true});
    expect_good((expected){"", TRAIN, TEST, false, false, 0, 1});
}
END_TEST

/* ---- what is refused ---- */

static void expect_refused(const char *options, gedi_status status, const char *says,
                           const char *also)
{
    component c = component_new(&gedi_dataset_svhn, options);
    gedi_data_info info;
    gedi_err err = {0};
    gedi_status s = open_with(&c, experiment_folder, &info, &err);
    ck_assert_msg(s == status, "status %d, not %d: %s", s, status, err.msg);
    ck_assert_msg(strstr(err.msg, says) != NULL, "'%s' does not say '%s'", err.msg, says);
    ck_assert_msg(strstr(err.msg, also) != NULL, "'%s' does not say '%s'", err.msg, also);
    component_free(&c); /* open freed what it had: the leak checker looks */
}

static const struct {
    mat file;
    const char *says;
} refusals[] = {
    {{.n = 4, .bad_label = 1}, "label 0 of record 3 is not in [1, 10]"},
    {{.n = 4, .bad_label = 12}, "label 11 of record 3 is not in [1, 10]"},
    {{.n = 4, .bad_label = 12, .y_type = 1}, "label 11 of record 3 is not in [1, 10]"},
    {{.n = 4, .labels = 1}, "y is 5 x 1, expected 4 x 1, as X has so many images"},
    {{.n = 4, .labels = -1, .flat = true}, "y is 1 x 3, expected 4 x 1"},
    {{.n = 4, .y_type = 2}, "y is neither of unsigned bytes nor of doubles"},
    {{.n = 4, .x_type = 1}, "X is not of unsigned bytes (uint8)"},
    {{.n = 4, .no_x = true}, "has no variable X: not a file of SVHN's format 2"},
    {{.n = 4, .side = 16}, "X is 16 x 32 x 3 x 4, expected 32 x 32 x 3 x N"},
    {{.n = 4, .drop = 2}, "X is 32 x 32, expected 32 x 32 x 3 x N"},
};
enum { REFUSALS = sizeof refusals / sizeof refusals[0] };

START_TEST(wrong_contents)
{
    static const char *const names[] = {"train_32x32.mat", "test_32x32.mat",
                                        "extra_32x32.mat"};
    for (int i = 0; i < 3; i++) {
        put_all();
        put(names[i], refusals[_i].file);
        expect_refused("extra=true", GEDI_DATA, refusals[_i].says, names[i]);
    }
}
END_TEST

START_TEST(limits)
{
    put_all();
    expect_refused("train_limit=8", GEDI_OPTION,
                   "train_limit: 8 is more than the 7 records of", "train_32x32.mat");
    expect_refused("train_limit=12 extra=true", GEDI_OPTION,
                   "train_limit: 12 is more than the 11 records of", experiment_folder);
    expect_refused("test_limit=4", GEDI_OPTION, "test_limit: 4 is more than the 3",
                   "test_32x32.mat");
}
END_TEST

static off_t size_of(const char *name)
{
    struct stat st;
    ck_assert_int_eq(stat(experiment_path(name), &st), 0);
    return st.st_size;
}

/* Cut after every interesting number of bytes, compressed or not. */
START_TEST(truncated)
{
    const char *name = "train_32x32.mat";
    mat whole = {.n = 2, .seed = 5, .raw = _i};
    put_all();
    put(name, whole);
    off_t size = size_of(name);
    const off_t cuts[] = {0,   1,   127,      129,       135,     136,
                          137, 200, size / 2, size - 40, size - 1};
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        put(name, whole);
        ck_assert_int_eq(truncate(experiment_path(name), cuts[i]), 0);
        expect_refused("", GEDI_DATA, "truncated: ", name);
        expect_refused("train_limit=1", GEDI_DATA, "bytes found", name);
    }
    put(name, whole);
    ck_assert_int_eq(truncate(experiment_path(name), 128), 0);
    expect_refused("", GEDI_DATA, "has no variable X", name);
}
END_TEST

/* A changed byte anywhere in the compressed images: libmatio would not notice. */
START_TEST(damaged)
{
    const char *name = "test_32x32.mat";
    put_all();
    off_t size = size_of(name);
    for (off_t at = 140; at < size - 80; at += 97) {
        put(name, (mat){.n = TEST, .seed = 30});
        FILE *f = fopen(experiment_path(name), "r+b");
        ck_assert_ptr_nonnull(f);
        ck_assert_int_eq(fseek(f, at, SEEK_SET), 0);
        int c = fgetc(f);
        ck_assert_int_eq(fseek(f, at, SEEK_SET), 0);
        ck_assert_int_ne(fputc(c ^ 0x55, f), EOF);
        ck_assert_int_eq(fclose(f), 0);
        expect_refused("", GEDI_DATA, "damaged data (", name);
    }
}
END_TEST

/* The images' element says that it is shorter, so that its stream does not end in it. */
START_TEST(cut_inside)
{
    const char *name = "test_32x32.mat";
    put_all();
    FILE *f = fopen(experiment_path(name), "r+b");
    ck_assert_ptr_nonnull(f);
    ck_assert_int_eq(fseek(f, 132, SEEK_SET), 0);
    int low = fgetc(f);
    ck_assert_int_eq(fseek(f, 132, SEEK_SET), 0);
    ck_assert_int_ne(fputc(low >= 8 ? low - 8 : low, f), EOF);
    int next = fgetc(f);
    ck_assert_int_gt(next, 0);
    ck_assert_int_eq(fseek(f, 133, SEEK_SET), 0);
    ck_assert_int_ne(fputc(low >= 8 ? next : next - 1, f), EOF);
    ck_assert_int_eq(fclose(f), 0);
    expect_refused("", GEDI_DATA,
                   "damaged data (it ends too early) in the variable at byte 128", name);
}
END_TEST

static void patch(const char *name, long at, const void *bytes, size_t n)
{
    FILE *f = fopen(experiment_path(name), "r+b");
    ck_assert_ptr_nonnull(f);
    ck_assert_int_eq(fseek(f, at, SEEK_SET), 0);
    ck_assert_uint_eq(fwrite(bytes, 1, n, f), n);
    ck_assert_int_eq(fclose(f), 0);
}

/* Where a file that is not compressed says how many images X has, and how it says its level. */
enum { AT_N = 128 + 8 + 16 + 8 + 3 * 4, AT_LEVEL = 124 };

/* The file says that X has more images than are in it, or than any could have. */
START_TEST(too_large)
{
    const int32_t n[] = {INT32_MAX, -1, INT32_MAX / PIXELS, TEST + 1};
    put_all();
    for (int i = 0; i < 4; i++) {
        put("test_32x32.mat", (mat){.n = TEST, .seed = 30, .raw = true, .no_y = true});
        patch("test_32x32.mat", AT_N, &n[i], sizeof n[i]);
        expect_refused("", GEDI_DATA, "test_32x32.mat: damaged: X is 32 x 32 x 3 x ",
                       "no variable has more than 9272 bytes");
    }
}
END_TEST

/* MATLAB's other levels are read by code that nothing here has looked at first. */
START_TEST(other_levels)
{
    put_all();
    patch("test_32x32.mat", AT_LEVEL, "\0\2IM", 4);
    expect_refused("", GEDI_DATA, "test_32x32.mat: not a MATLAB file of level 5", "-v7");
}
END_TEST

START_TEST(no_such_file)
{
    gedi_err err = {0};
    expect_refused("", GEDI_OPTION, "has no train_32x32.mat",
                   "run `gedi data fetch svhn'");
    put_all();
    ck_assert_int_eq(unlink(experiment_path("extra_32x32.mat")), 0);
    expect_good((expected){"", TRAIN, TEST, true, true, 0, 1});
    expect_refused("extra=true", GEDI_OPTION, "extra_32x32.mat does not exist",
                   "run `gedi data fetch svhn_extra'");
    char text[300];
    memset(text, 'x', sizeof text);
    ck_assert_int_eq(
        gedi__file_write(experiment_path("test_32x32.mat"), text, sizeof text, &err),
        GEDI_OK);
    expect_refused("", GEDI_DATA, "test_32x32.mat: ", "not a MATLAB file");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("svhn");
    TCase *c = tcase_create("svhn");
    tcase_add_checked_fixture(c, experiment_setup, experiment_teardown);
    tcase_set_timeout(c, 60);
    tcase_add_test(c, records);
    tcase_add_test(c, unlabelled);
    tcase_add_loop_test(c, wrong_contents, 0, REFUSALS);
    tcase_add_test(c, limits);
    tcase_add_loop_test(c, truncated, 0, 2);
    tcase_add_test(c, damaged);
    tcase_add_test(c, cut_inside);
    tcase_add_test(c, too_large);
    tcase_add_test(c, other_levels);
    tcase_add_test(c, no_such_file);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
