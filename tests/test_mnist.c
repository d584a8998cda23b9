/* test_mnist.c - IDX files as they should be, and every way in which they are not. */
#include "tests/component.h"

#include <math.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

extern const gedi_dataset gedi_dataset_mnist;

enum { TRAIN = 20, TEST = 7, PIXELS = 28 * 28 };

/* An IDX file to be written; zero means: as it should be. */
typedef struct idx {
    uint32_t magic, count, side;
    int64_t extra; /* bytes more than the header says */
    int64_t whole; /* total bytes, if the file is to be shorter than its header */
    int cut;       /* bytes to cut off the gzip file */
    int flip;      /* the byte so far from the gzip file's end is changed */
    int bad_label; /* the label of record 5 */
    int first;     /* the smallest label */
    int classes;   /* how many there are; 0: 10 */
    bool gz;
} idx;

static char folder[32];

static const char *const names[] = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                                    "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};

static void place(char *out, size_t n, const char *name, const char *suffix)
{
    ck_assert_int_lt(snprintf(out, n, "%s/%s%s", folder, name, suffix), (int)n);
}

static uint8_t pixel(int record, int i)
{
    return (uint8_t)(record * 37 + i);
}

static void u32(uint8_t *at, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(v >> (24 - 8 * i));
}

/* Bytes of the file names[which]; free() them. */
static uint8_t *assemble(int which, const idx *x, size_t *size)
{
    bool labels = which % 2;
    uint32_t n = which < 2 ? TRAIN : TEST;
    size_t header = labels ? 8 : 16, record = labels ? 1 : PIXELS;
    size_t right = header + (x->count == 0 || x->count > 100 ? n : x->count) * record;
    uint8_t *b = calloc(1, right + 16);
    ck_assert_ptr_nonnull(b);
    u32(b, x->magic ? x->magic : labels ? 0x801 : 0x803);
    u32(b + 4, x->count ? x->count : n);
    if (!labels) {
        u32(b + 8, x->side ? x->side : 28);
        u32(b + 12, x->side ? x->side : 28);
    }
    for (size_t i = header; i < right; i++) {
        int at = (int)(i - header);
        b[i] = labels ? (uint8_t)(x->first + at % (x->classes ? x->classes : 10))
                      : pixel(at / PIXELS, at % PIXELS);
    }
    if (x->bad_label)
        b[header + 5] = (uint8_t)x->bad_label;
    *size = x->whole ? (size_t)x->whole : (size_t)((int64_t)right + x->extra);
    return b;
}

static void damage(const char *path, int cut, int flip)
{
    struct stat st;
    ck_assert_int_eq(stat(path, &st), 0);
    if (cut)
        ck_assert_int_eq(truncate(path, st.st_size - cut), 0);
    if (!flip)
        return;
    FILE *f = fopen(path, "r+b");
    ck_assert_ptr_nonnull(f);
    ck_assert_int_eq(fseek(f, -flip, SEEK_END), 0);
    int c = fgetc(f);
    ck_assert_int_eq(fseek(f, -flip, SEEK_END), 0);
    ck_assert_int_ne(fputc(c ^ 0x55, f), EOF);
    ck_assert_int_eq(fclose(f), 0);
}

static void put(int which, const char *name, const idx *x)
{
    char path[128];
    size_t size;
    uint8_t *b = assemble(which, x, &size);
    place(path, sizeof path, name, x->gz ? ".gz" : "");
    gzFile f = gzopen(path, x->gz ? "wb" : "wbT"); /* T: no compression, no header */
    ck_assert_ptr_nonnull(f);
    if (size)
        ck_assert_int_eq(gzwrite(f, b, (unsigned)size), (int)size);
    ck_assert_int_eq(gzclose(f), Z_OK);
    free(b);
    damage(path, x->cut, x->flip);
}

static void put_good(bool gz)
{
    for (int which = 0; which < 4; which++)
        put(which, names[which], &(idx){.gz = gz});
}

static void setup(void)
{
    strcpy(folder, "mnist-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    unsetenv("GEDI_DATA");
}

static void teardown(void)
{
    static const char *const suffix[] = {"", ".gz"};
    char path[128];
    for (int i = 0; i < 8; i++) {
        place(path, sizeof path, names[i % 4], suffix[i / 4]);
        (void)remove(path);
    }
    ck_assert_msg(rmdir(folder) == 0, "files were left in %s", folder);
}

static gedi_status open_with(component *c, const char *path, const char *directory,
                             gedi_data_info *info, gedi_err *err)
{
    component_set(c, (const gedi_plugin *)&gedi_dataset_mnist, "path", path);
    gedi_open open = {.directory = directory};
    return gedi_dataset_mnist.open(c->self, &open, info, err);
}

/* Opens the folder, looks at every record, closes. */
static void expect_good(const char *path, const char *directory, const char *options,
                        int train, int test, double mean, double std)
{
    component c = component_new(&gedi_dataset_mnist, options);
    gedi_data_info info;
    gedi_err err = {0};
    ck_assert_msg(open_with(&c, path, directory, &info, &err) == GEDI_OK, "%s", err.msg);
    ck_assert(gedi_shape_equal(info.record, GEDI_DIMS(28, 28, 1)));
    ck_assert_int_eq(info.classes, 10);
    ck_assert_int_eq(info.count[GEDI_TRAIN], train);
    ck_assert_int_eq(info.count[GEDI_TEST], test);
    ck_assert(info.labelled[GEDI_TRAIN] && info.labelled[GEDI_TEST]);
    ck_assert(info.mean == mean && info.std == std);
    for (int s = 0; s < GEDI_SPLITS; s++)
        for (int i = 0; i < info.count[s]; i++) {
            float x[PIXELS];
            int32_t label;
            ck_assert_int_eq(
                gedi_dataset_mnist.read(c.self, (gedi_split)s, i, x, &label, NULL),
                GEDI_OK);
            ck_assert_int_eq(label, i % 10);
            int wrong = 0;
            for (int j = 0; j < PIXELS; j++) {
                double want = (pixel(i, j) / 255.0 - mean) / std;
                wrong += !(fabs(x[j] - want) <= 1e-6);
            }
            ck_assert_msg(!wrong, "record %d: %d pixels are wrong", i, wrong);
        }
    gedi_dataset_mnist.close(c.self);
    component_free(&c);
}

START_TEST(raw_and_gzip)
{
    put_good(_i);
    expect_good(folder, "", "", TRAIN, TEST, 0, 1);
    expect_good(folder, ".", "mean=0.5 std=0.25", TRAIN, TEST, 0.5, 0.25);
    expect_good(folder, ".", "train_limit=3 test_limit=7", 3, 7, 0, 1);
}
END_TEST

/* In the middle of black, three times. */
START_TEST(in_three_channels)
{
    enum { WIDE = 32 };
    put_good(false);
    component c = component_new(&gedi_dataset_mnist, "shape=32x32x3 mean=0.5 std=0.25");
    gedi_data_info info;
    gedi_err err = {0};
    ck_assert_msg(open_with(&c, folder, ".", &info, &err) == GEDI_OK, "%s", err.msg);
    ck_assert(gedi_shape_equal(info.record, GEDI_DIMS(WIDE, WIDE, 3)));
    ck_assert(info.mean == 0.5 && info.std == 0.25);
    for (int i = 0; i < TEST; i++) {
        float x[WIDE * WIDE * 3];
        int32_t label;
        ck_assert_int_eq(gedi_dataset_mnist.read(c.self, GEDI_TEST, i, x, &label, NULL),
                         GEDI_OK);
        ck_assert_int_eq(label, i % 10);
        int wrong = 0;
        for (int j = 0; j < WIDE * WIDE * 3; j++) {
            int h = j / (3 * WIDE) - 2, w = j / 3 % WIDE - 2;
            bool inside = h >= 0 && h < 28 && w >= 0 && w < 28;
            double want = ((inside ? pixel(i, 28 * h + w) : 0) / 255.0 - 0.5) / 0.25;
            wrong += !(fabs(x[j] - want) <= 1e-6);
        }
        ck_assert_msg(!wrong, "record %d: %d numbers are wrong", i, wrong);
    }
    gedi_dataset_mnist.close(c.self);
    component_free(&c);
}
END_TEST

START_TEST(dotted_names)
{
    static const char *const dotted[] = {
        "train-images.idx3-ubyte", "train-labels.idx1-ubyte", "t10k-images.idx3-ubyte",
        "t10k-labels.idx1-ubyte"};
    char path[128];
    for (int which = 0; which < 4; which++)
        put(which, dotted[which], &(idx){.gz = _i});
    expect_good(folder, ".", "", TRAIN, TEST, 0, 1);
    for (int which = 0; which < 4; which++) {
        place(path, sizeof path, dotted[which], _i ? ".gz" : "");
        ck_assert_int_eq(unlink(path), 0);
    }
}
END_TEST

/* Relative to the descriptor's folder; absolute; in GEDI_DATA. */
START_TEST(places)
{
    char root[64], whole[128], here[4096], deep[8192];
    put_good(false);
    ck_assert_ptr_nonnull(getcwd(here, sizeof here));
    snprintf(deep, sizeof deep, "%s/%s", here, folder);
    expect_good(deep, "/nowhere", "", TRAIN, TEST, 0, 1);
    expect_good(folder, here, "", TRAIN, TEST, 0, 1);
    expect_good(folder, NULL, "", TRAIN, TEST, 0, 1);

    strcpy(root, "data-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(root));
    snprintf(whole, sizeof whole, "%s/mnist", root);
    ck_assert_int_eq(rename(folder, whole), 0);
    setenv("GEDI_DATA", root, 1);
    expect_good("", "/nowhere", "", TRAIN, TEST, 0, 1);
    ck_assert_int_eq(rename(whole, folder), 0);
    ck_assert_int_eq(rmdir(root), 0);
}
END_TEST

/* ---- what is refused ---- */

typedef struct refusal {
    int which; /* the file that is replaced; -1: removed is the last one */
    idx file;
    gedi_status status;
    const char *says, *also;
} refusal;

static const refusal refusals[] = {
    {0,
     {.extra = -10},
     GEDI_DATA,
     "truncated: 15696 bytes expected (20 images of 784 bytes "
     "and a header of 16), 15686 bytes found",
     "train-images"},
    {3,
     {.extra = -1},
     GEDI_DATA,
     "truncated: 15 bytes expected (7 labels of 1 bytes and a "
     "header of 8), 14 bytes found",
     "t10k-labels"},
    {2,
     {.extra = -PIXELS, .gz = true},
     GEDI_DATA,
     "truncated: 5504 bytes expected",
     ".gz"},
    {0,
     {.extra = 3},
     GEDI_DATA,
     "15696 bytes expected (20 images), 15699 bytes found: 3 "
     "too many",
     "train-images"},
    {1, {.extra = 1}, GEDI_DATA, "29 bytes found: 1 too many", "train-labels"},
    {0,
     {.magic = 0x903},
     GEDI_DATA,
     "magic 0x00000903, expected 0x00000803 (an IDX file "
     "of unsigned bytes in 3 dimensions)",
     "train-images"},
    {1,
     {.magic = 0x01000801},
     GEDI_DATA,
     "magic 0x01000801, expected 0x00000801 (an IDX "
     "file of unsigned bytes in 1 dimension)",
     "train-labels"},
    {0,
     {.magic = 0x801},
     GEDI_DATA,
     "has labels (magic 0x00000801) where images "
     "(0x00000803) belong",
     "train-images"},
    {3,
     {.magic = 0x803},
     GEDI_DATA,
     "has images (magic 0x00000803) where labels "
     "(0x00000801) belong",
     "t10k-labels"},
    {2, {.side = 32}, GEDI_DATA, "images of 32 x 32, expected 28 x 28", "t10k-images"},
    {1, {.count = 19}, GEDI_DATA, "has 19 labels for the 20 images of", "train-labels"},
    {1,
     {.bad_label = 10},
     GEDI_DATA,
     "label 10 of record 5 is not in [0, 9]",
     "train-labels"},
    {0,
     {.whole = 10},
     GEDI_DATA,
     "truncated: a header of 16 bytes expected, 10 bytes found",
     "train-images"},
    {1,
     {.extra = -TRAIN - 8},
     GEDI_DATA,
     "truncated: a header of 8 bytes expected, 0 bytes "
     "found",
     "train-labels"},
    {0, {.gz = true, .cut = 40}, GEDI_DATA, "truncated: 15696 bytes expected", ".gz"},
    {0,
     {.gz = true, .cut = 4},
     GEDI_DATA,
     "truncated: the end of the gzip data, its "
     "checksum, is missing",
     ".gz"},
    {0,
     {.gz = true, .flip = 7},
     GEDI_DATA,
     "damaged gzip data (incorrect data check); get",
     ".gz: "},
};
enum { REFUSALS = sizeof refusals / sizeof refusals[0] };

static void expect_refused(const char *path, const char *options, gedi_status status,
                           const char *says, const char *also)
{
    component c = component_new(&gedi_dataset_mnist, options);
    gedi_data_info info;
    gedi_err err = {0};
    gedi_status s = open_with(&c, path, ".", &info, &err);
    ck_assert_msg(s == status, "status %d, not %d: %s", s, status, err.msg);
    ck_assert_msg(strstr(err.msg, says) != NULL, "'%s' does not say '%s'", err.msg, says);
    ck_assert_msg(strstr(err.msg, also) != NULL, "'%s' does not say '%s'", err.msg, also);
    component_free(&c); /* open freed what it had: the leak checker looks */
}

START_TEST(damaged_files)
{
    const refusal *r = &refusals[_i];
    char path[128];
    put_good(false);
    place(path, sizeof path, names[r->which], "");
    ck_assert_int_eq(unlink(path), 0);
    put(r->which, names[r->which], &r->file);
    expect_refused(folder, "", r->status, r->says, r->also);
    /* A limit keeps fewer records, but sees the same damage. */
    expect_refused(folder, "train_limit=2 test_limit=1", r->status, r->says, r->also);
}
END_TEST

/* A header that states more than memory could hold. */
START_TEST(too_large)
{
    put_good(false);
    put(0, names[0], &(idx){.count = 0xffffffff});
    expect_refused(folder, "", GEDI_DATA,
                   "4294967295 train images of 784 bytes: all are kept in memory",
                   "train_limit");
    expect_refused(folder, "train_limit=2", GEDI_DATA,
                   "truncated: 3367254359296 bytes expected", "train-images");
}
END_TEST

/* Labels of `classes` from `first` on in both files. */
static void put_labels(int first, int classes)
{
    put_good(false);
    for (int which = 1; which < 4; which += 2)
        put(which, names[which], &(idx){.first = first, .classes = classes});
}

static void expect_classes(const char *options, int classes, int shift)
{
    component c = component_new(&gedi_dataset_mnist, options);
    gedi_data_info info;
    gedi_err err = {0};
    float x[PIXELS];
    int32_t label;
    ck_assert_msg(open_with(&c, folder, ".", &info, &err) == GEDI_OK, "%s: %s", options,
                  err.msg);
    ck_assert_int_eq(info.classes, classes);
    for (int i = 0; i < info.count[GEDI_TRAIN]; i++) {
        ck_assert_int_eq(gedi_dataset_mnist.read(c.self, GEDI_TRAIN, i, x, &label, NULL),
                         GEDI_OK);
        ck_assert_int_eq(label, i % 13 + shift);
    }
    gedi_dataset_mnist.close(c.self);
    component_free(&c);
}

/* Other than ten; those of EMNIST's letters begin at 1. A limit changes nothing in their numbers. */
START_TEST(other_classes)
{
    put_labels(0, 13);
    expect_refused(folder, "", GEDI_DATA,
                   "train-labels-idx1-ubyte: label 10 of record 10 is not in [0, 9]",
                   "set classes, or classes: 0 to find it");
    expect_classes("classes=0", 13, 0);
    expect_classes("classes=0 train_limit=3 test_limit=1", 13, 0);
    expect_classes("classes=13", 13, 0);
    expect_classes("classes=20", 20, 0);
    put_labels(1, 13);
    expect_classes("classes=0", 13, 0);
    expect_classes("classes=0 train_limit=3 test_limit=1", 13, 0);
    expect_classes("classes=13", 13, 0);
    expect_classes("classes=20", 20, 1); /* 0 may be one that has no record */
    expect_refused(folder, "classes=12", GEDI_DATA,
                   "label 12 of record 11 is not in [0, 11]", "train-labels");
    put_labels(2, 13);
    expect_classes("classes=0", 15, 2);
}
END_TEST

START_TEST(missing_files)
{
    char path[128];
    setenv("GEDI_DATA", folder, 1);
    expect_refused("", "", GEDI_OPTION, "path: not set, and the cache has no ",
                   "/mnist: run `gedi data fetch mnist', or set path");
    expect_refused("no/such", "", GEDI_OPTION,
                   "path: the folder './no/such' does not exist",
                   "run `gedi data fetch mnist'");
    put_good(true);
    place(path, sizeof path, names[3], ".gz");
    ck_assert_int_eq(unlink(path), 0);
    expect_refused(folder, "", GEDI_OPTION,
                   "path: neither t10k-labels-idx1-ubyte nor t10k-labels-idx1-ubyte.gz "
                   "is in './mnist-",
                   "put the file there or set path");
    ck_assert_int_eq(mkdir(path, 0777), 0);
    expect_refused(folder, "", GEDI_IO, "t10k-labels-idx1-ubyte.gz: not a file", "");
}
END_TEST

START_TEST(limits)
{
    put_good(false);
    expect_refused(folder, "train_limit=21", GEDI_OPTION,
                   "train_limit: 21 is more than the 20 records of", "train-images");
    expect_refused(folder, "test_limit=8", GEDI_OPTION,
                   "test_limit: 8 is more than the 7 records of", "t10k-images");
}
END_TEST

START_TEST(long_path)
{
    char path[5000];
    memset(path, 'a', sizeof path - 1);
    path[sizeof path - 1] = 0;
    expect_refused(path, "", GEDI_OPTION, "path: longer than 4000 bytes: 'aaa", "...'");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("mnist");
    TCase *c = tcase_create("mnist");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, raw_and_gzip, 0, 2);
    tcase_add_test(c, in_three_channels);
    tcase_add_loop_test(c, dotted_names, 0, 2);
    tcase_add_test(c, places);
    tcase_add_loop_test(c, damaged_files, 0, REFUSALS);
    tcase_add_test(c, too_large);
    tcase_add_test(c, other_classes);
    tcase_add_test(c, missing_files);
    tcase_add_test(c, limits);
    tcase_add_test(c, long_path);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
