/* test_cifar.c - CIFAR-10 and CIFAR-100 as they should be, and every way in which they are not;
 * where datasets look for their files.
 */
#include "tests/component.h"
#include "tests/experiment.h"

#include <math.h>
#include <sys/stat.h>

extern const gedi_dataset gedi_dataset_cifar10, gedi_dataset_cifar100;

enum { PIXELS = 3072, TRAIN = 4, TEST = 3 };

typedef struct flavour {
    const gedi_dataset *dataset;
    const char *folder, *first, *test, *name;
    int labels;  /* bytes before the pixels */
    int classes; /* of the last label byte */
} flavour;

static const flavour flavours[] = {
    {&gedi_dataset_cifar10, "cifar-10-batches-bin", "data_batch_1.bin", "test_batch.bin",
     "cifar10", 1, 10},
    {&gedi_dataset_cifar100, "cifar-100-binary", "train.bin", "test.bin", "cifar100", 2,
     100},
};

static uint8_t pixel(int seed, int c, int h, int w)
{
    return (uint8_t)(seed * 41 + c * 85 + h * 7 + w);
}

static int label_of(const flavour *f, int seed)
{
    return (seed * 7 + 3) % f->classes;
}

/* n records; those of different seeds differ. `extra` bytes more, or fewer. */
static void put(const flavour *f, const char *name, int n, int seed, int extra)
{
    int size = f->labels + PIXELS;
    uint8_t *b = calloc((size_t)(n * size + 64), 1);
    gedi_err err = {0};
    ck_assert_ptr_nonnull(b);
    for (int i = 0; i < n; i++) {
        uint8_t *r = b + i * size;
        r[0] = 19; /* coarse; overwritten where there is no second byte */
        r[f->labels - 1] = (uint8_t)label_of(f, seed + i);
        for (int j = 0; j < PIXELS; j++)
            r[f->labels + j] = pixel(seed + i, j / 1024, j / 32 % 32, j % 32);
    }
    ck_assert_int_eq(
        gedi__file_write(experiment_path(name), b, (size_t)(n * size + extra), &err),
        GEDI_OK);
    free(b);
}

static void put_all(const flavour *f)
{
    if (f->labels == 2)
        put(f, "train.bin", TRAIN + 6, 0, 0);
    for (int i = 1; i <= 5 && f->labels == 1; i++) {
        char name[] = "data_batch_0.bin";
        name[11] = (char)('0' + i);
        put(f, name, i == 1 ? TRAIN + 2 : 1, i == 1 ? 0 : TRAIN + i, 0);
    }
    put(f, f->test, TEST, 50, 0);
}

static gedi_status open_with(const flavour *f, component *c, const char *path,
                             const char *directory, gedi_data_info *info, gedi_err *err)
{
    component_set(c, (const gedi_plugin *)f->dataset, "path", path);
    gedi_open open = {.directory = directory};
    return f->dataset->open(c->self, &open, info, err);
}

static void expect_record(const flavour *f, const component *c, gedi_split split, int i,
                          int seed, int label, double mean, double std)
{
    float x[PIXELS];
    int32_t got = -2;
    ck_assert_int_eq(f->dataset->read(c->self, split, i, x, &got, NULL), GEDI_OK);
    ck_assert_int_eq(got, label);
    int wrong = 0;
    for (int j = 0; j < PIXELS; j++) {
        double want = (pixel(seed, j % 3, j / 96, j / 3 % 32) / 255.0 - mean) / std;
        wrong += !(fabs(x[j] - want) <= 1e-6);
    }
    ck_assert_msg(!wrong, "record %d: %d numbers are wrong", i, wrong);
}

/* The folder is opened and all of it is as it was written. */
static void expect_good(const flavour *f, const char *path, const char *directory,
                        const char *options, int train, int test, double mean, double std)
{
    component c = component_new(f->dataset, options);
    gedi_data_info info;
    gedi_err err = {0};
    ck_assert_msg(open_with(f, &c, path, directory, &info, &err) == GEDI_OK, "%s",
                  err.msg);
    ck_assert(gedi_shape_equal(info.record, GEDI_DIMS(32, 32, 3)));
    ck_assert_int_eq(info.classes, f->classes);
    ck_assert_int_eq(info.count[GEDI_TRAIN], train);
    ck_assert_int_eq(info.count[GEDI_TEST], test);
    ck_assert(info.labelled[GEDI_TRAIN] && info.labelled[GEDI_TEST]);
    ck_assert(info.mean == mean && info.std == std);
    for (int i = 0; i < train; i++)
        expect_record(f, &c, GEDI_TRAIN, i, i, label_of(f, i), mean, std);
    for (int i = 0; i < test; i++)
        expect_record(f, &c, GEDI_TEST, i, 50 + i, label_of(f, 50 + i), mean, std);
    f->dataset->close(c.self);
    component_free(&c);
}

START_TEST(records)
{
    const flavour *f = &flavours[_i];
    put_all(f);
    expect_good(f, experiment_folder, "", "", 10, TEST, 0, 1);
    expect_good(f, experiment_folder, ".", "mean=0.48 std=0.25", 10, TEST, 0.48, 0.25);
    expect_good(f, experiment_folder, ".", "train_limit=7 test_limit=1", 7, 1, 0, 1);
    expect_good(f, experiment_folder, ".", "train_limit=10 test_limit=3", 10, 3, 0, 1);
    expect_good(f, experiment_folder, ".", "train_limit=2", 2, TEST, 0, 1);
}
END_TEST

START_TEST(coarse_labels)
{
    const flavour *f = &flavours[1];
    put_all(f);
    component c = component_new(f->dataset, "labels=coarse");
    gedi_data_info info;
    ck_assert_int_eq(open_with(f, &c, experiment_folder, ".", &info, NULL), GEDI_OK);
    ck_assert_int_eq(info.classes, 20);
    expect_record(f, &c, GEDI_TRAIN, 2, 2, 19, 0, 1);
    f->dataset->close(c.self);
    component_free(&c);
}
END_TEST

/* ---- where the files are ---- */

static void expect_refused(const flavour *f, const char *path, const char *options,
                           gedi_status status, const char *says, const char *also)
{
    component c = component_new(f->dataset, options);
    gedi_data_info info;
    gedi_err err = {0};
    gedi_status s = open_with(f, &c, path, ".", &info, &err);
    ck_assert_msg(s == status, "status %d, not %d: %s", s, status, err.msg);
    ck_assert_msg(strstr(err.msg, says) != NULL, "'%s' does not say '%s'", err.msg, says);
    ck_assert_msg(strstr(err.msg, also) != NULL, "'%s' does not say '%s'", err.msg, also);
    component_free(&c); /* open freed what it had: the leak checker looks */
}

/* The folder's files go to ROOT/below; GEDI_DATA, XDG_CACHE_HOME and HOME name ROOT. */
static void expect_cached(const flavour *f, const char *variable, const char *between)
{
    char root[4096], below[8192], here[2048];
    gedi_err err = {0};
    ck_assert_ptr_nonnull(getcwd(here, sizeof here));
    snprintf(root, sizeof root, "%s/%s", here, experiment_path("root"));
    snprintf(below, sizeof below, "%s%s", root, between);
    ck_assert_int_eq(gedi__folder_make(below, &err), GEDI_OK);
    snprintf(below, sizeof below, "%s%s/%s", root, between, f->folder);
    ck_assert_int_eq(rename(experiment_path("files"), below), 0);
    setenv(variable, root, 1);
    expect_good(f, "", "/nowhere", "", 10, TEST, 0, 1);
    unsetenv(variable);
    ck_assert_int_eq(rename(below, experiment_path("files")), 0);
}

START_TEST(places)
{
    const flavour *f = &flavours[_i];
    char whole[4096], here[2048];
    gedi_err err = {0};
    snprintf(whole, sizeof whole, "%s/files", experiment_folder);
    ck_assert_int_eq(gedi__folder_make(whole, &err), GEDI_OK);
    put_all(f);
    for (int i = 0; i < 6; i++) {
        char name[] = "data_batch_0.bin", to[64];
        name[11] = (char)('0' + i);
        const char *from = i ? name : f->test;
        snprintf(to, sizeof to, "files/%s", from);
        (void)rename(experiment_path(from), experiment_path(to));
    }
    (void)rename(experiment_path("train.bin"), experiment_path("files/train.bin"));

    ck_assert_ptr_nonnull(getcwd(here, sizeof here));
    expect_good(f, whole, NULL, "", 10, TEST, 0, 1);
    expect_good(f, whole, here, "", 10, TEST, 0, 1);
    expect_good(f, "files", experiment_folder, "", 10, TEST, 0, 1);
    unsetenv("GEDI_DATA");
    unsetenv("XDG_CACHE_HOME");
    unsetenv("HOME");
    expect_cached(f, "GEDI_DATA", "");
    expect_cached(f, "XDG_CACHE_HOME", "/gedi");
    expect_cached(f, "HOME", "/.cache/gedi");

    /* `path` may be the folder in which the archive was unpacked. */
    ck_assert_int_eq(rename(whole, experiment_path(f->folder)), 0);
    expect_good(f, experiment_folder, ".", "", 10, TEST, 0, 1);
}
END_TEST

START_TEST(missing)
{
    const flavour *f = &flavours[_i];
    char fetch[64], file[64], cached[128];
    snprintf(fetch, sizeof fetch, "run `gedi data fetch %s'", f->name);
    snprintf(file, sizeof file, "has no %s", f->first);
    expect_refused(f, "no/such", "", GEDI_OPTION,
                   "path: the folder './no/such' does not exist; it should hold", fetch);
    expect_refused(f, experiment_folder, "", GEDI_OPTION, file, fetch);
    setenv("GEDI_DATA", experiment_folder, 1);
    snprintf(cached, sizeof cached, "path: not set, and the cache has no %s/%s/%s",
             experiment_folder, f->folder, f->first);
    expect_refused(f, "", "", GEDI_OPTION, cached, fetch);
    unsetenv("GEDI_DATA");
    unsetenv("XDG_CACHE_HOME");
    unsetenv("HOME");
    expect_refused(f, "", "", GEDI_OPTION,
                   "there is no cache folder: none of the environment variables",
                   "GEDI_DATA");
    setenv("XDG_CACHE_HOME", "relative", 1);
    expect_refused(f, "", "", GEDI_OPTION, "there is no cache folder", "HOME");
    put_all(f);
    ck_assert_int_eq(unlink(experiment_path(f->test)), 0);
    expect_refused(f, experiment_folder, "", GEDI_OPTION, f->test, fetch);
    ck_assert_int_eq(mkdir(experiment_path(f->test), 0777), 0);
    expect_refused(f, experiment_folder, "", GEDI_IO, f->test, "not a file");
}
END_TEST

START_TEST(one_batch_missing)
{
    put_all(&flavours[0]);
    ck_assert_int_eq(unlink(experiment_path("data_batch_4.bin")), 0);
    expect_refused(&flavours[0], experiment_folder, "train_limit=1", GEDI_OPTION,
                   "data_batch_4.bin: No such file",
                   "remove the folder and run `gedi data fetch cifar10'");
}
END_TEST

START_TEST(long_path)
{
    char path[5000];
    memset(path, 'a', sizeof path - 1);
    path[sizeof path - 1] = 0;
    expect_refused(&flavours[_i], path, "", GEDI_OPTION, "path: longer than 4", "'aaa");
}
END_TEST

/* ---- damage ---- */

START_TEST(truncated)
{
    static const int cut[] = {-1, 1, -PIXELS, -PIXELS + 1, -PIXELS - 1};
    const flavour *f = &flavours[_i / 2];
    bool test = _i % 2;
    put_all(f);
    for (size_t i = 0; i < sizeof cut / sizeof *cut; i++) {
        int extra = cut[i] == -PIXELS - 1 && f->labels == 1 ? 5 : cut[i];
        put(f, test ? f->test : f->first, 2, 0, extra);
        char bytes[64];
        snprintf(bytes, sizeof bytes, "%d bytes are not a whole number of records of %d",
                 2 * (f->labels + PIXELS) + extra, f->labels + PIXELS);
        expect_refused(f, experiment_folder, "", GEDI_DATA, bytes, "get it again");
        expect_refused(f, experiment_folder, "train_limit=1 test_limit=1", GEDI_DATA,
                       bytes, test ? f->test : f->first);
    }
    put(f, test ? f->test : f->first, 0, 0, 0);
    expect_refused(f, experiment_folder, "", GEDI_DATA, "0 bytes are not a whole number",
                   test ? f->test : f->first);
}
END_TEST

static void set_byte(const char *name, long at, int value)
{
    FILE *file = fopen(experiment_path(name), "r+b");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fseek(file, at, SEEK_SET), 0);
    ck_assert_int_ne(fputc(value, file), EOF);
    ck_assert_int_eq(fclose(file), 0);
}

START_TEST(wrong_labels)
{
    const flavour *f = &flavours[_i];
    put_all(f);
    set_byte(f->first, 2 * (f->labels + PIXELS) + f->labels - 1, f->classes);
    expect_refused(f, experiment_folder, "", GEDI_DATA,
                   f->labels == 1 ? "label 10 of record 2 is not in [0, 9]"
                                  : "label 100 of record 2 is not in [0, 99]",
                   f->first);
    expect_good(f, experiment_folder, ".", "train_limit=2", 2, TEST, 0,
                1); /* not looked at */
    if (f->labels == 1)
        return;
    put_all(f);
    set_byte(f->test, f->labels + PIXELS, 20);
    expect_refused(f, experiment_folder, "", GEDI_DATA,
                   "label 20 of record 1 is not in [0, 19]", f->test);
}
END_TEST

START_TEST(limits)
{
    const flavour *f = &flavours[_i];
    put_all(f);
    expect_refused(f, experiment_folder, "train_limit=11", GEDI_OPTION,
                   "train_limit: 11 is more than the 10 records of", experiment_folder);
    expect_refused(f, experiment_folder, "test_limit=4", GEDI_OPTION,
                   "test_limit: 4 is more than the 3 records of", experiment_folder);
}
END_TEST

/* A file of nothing but zeros that are not on disk, of more bytes than the machine's memory. */
START_TEST(too_large)
{
    const flavour *f = &flavours[_i];
    char name[96];
    int64_t memory = (int64_t)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE);
    int64_t n = memory / PIXELS + 1;
    put_all(f);
    snprintf(name, sizeof name, "%s", f->test);
    ck_assert_int_eq(truncate(experiment_path(name), n * (f->labels + PIXELS)), 0);
    expect_refused(f, experiment_folder, "", GEDI_DATA,
                   "test images of 3072 bytes: all are kept in memory", "test_limit");
    expect_good(f, experiment_folder, ".", "test_limit=3", 10, TEST, 0, 1);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("cifar");
    TCase *c = tcase_create("cifar");
    tcase_add_checked_fixture(c, experiment_setup, experiment_teardown);
    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, records, 0, 2);
    tcase_add_test(c, coarse_labels);
    tcase_add_loop_test(c, places, 0, 2);
    tcase_add_loop_test(c, missing, 0, 2);
    tcase_add_test(c, one_batch_missing);
    tcase_add_loop_test(c, long_path, 0, 2);
    tcase_add_loop_test(c, truncated, 0, 4);
    tcase_add_loop_test(c, wrong_labels, 0, 2);
    tcase_add_loop_test(c, limits, 0, 2);
    tcase_add_loop_test(c, too_large, 0, 2);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
