/* test_corpus.c - every kept input of the fuzz targets, among them all that crashed gedi once. */
#include "config.h"

#include <check.h>
#include <dirent.h>
#include <ftw.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef HAVE_FETCH
#define OF_FETCH(X) X(unpack)
#else
#define OF_FETCH(X)
#endif
#define TARGETS(X)                                                                       \
    X(cifar)                                                                             \
    X(descriptor)                                                                        \
    X(idx)                                                                               \
    X(imports)                                                                           \
    X(jpeg)                                                                              \
    X(label)                                                                             \
    X(mark)                                                                              \
    X(mat)                                                                               \
    X(metrics)                                                                           \
    X(npy)                                                                               \
    X(override)                                                                          \
    X(png)                                                                               \
    X(points)                                                                            \
    X(safetensors) X(schedule) X(summary) X(sweep) OF_FETCH(X)

#define DECLARE(name) int fuzz_##name(const uint8_t *data, size_t size);
#define ROW(name) {#name, fuzz_##name},

TARGETS(DECLARE)

static const struct {
    const char *name;
    int (*run)(const uint8_t *data, size_t size);
} target[] = {TARGETS(ROW)};
enum { COUNT = sizeof target / sizeof *target };

static char folder[16];

static void setup(void)
{
    char path[4096], place[4096 + 32];
    strcpy(folder, "corpus-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_ptr_nonnull(getcwd(path, sizeof path));
    snprintf(place, sizeof place, "%s/%s", path, folder);
    ck_assert_int_eq(setenv("TMPDIR", place, 1), 0);
}

static int remove_one(const char *path, const struct stat *st, int what, struct FTW *f)
{
    (void)st, (void)what, (void)f;
    return remove(path);
}

static void teardown(void)
{
    ck_assert_int_eq(nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

/* Exactly its bytes, so that the sanitizers see what is read behind them. */
static uint8_t *bytes_of(const char *path, size_t *size)
{
    FILE *f = fopen(path, "rb");
    ck_assert_msg(f != NULL, "%s", path);
    ck_assert_int_eq(fseek(f, 0, SEEK_END), 0);
    *size = (size_t)ftell(f);
    rewind(f);
    uint8_t *data = malloc(*size ? *size : 1);
    ck_assert_ptr_nonnull(data);
    ck_assert_uint_eq(fread(data, 1, *size, f), *size);
    fclose(f);
    return data;
}

START_TEST(kept_inputs_crash_nothing)
{
    char place[4096], path[8192];
    int inputs = 0;
    snprintf(place, sizeof place, "%s/tests/fuzz/corpus/%s", getenv("abs_top_srcdir"),
             target[_i].name);
    DIR *d = opendir(place);
    ck_assert_msg(d != NULL, "%s", place);
    for (const struct dirent *e; (e = readdir(d));) {
        if (e->d_name[0] == '.')
            continue;
        size_t size;
        snprintf(path, sizeof path, "%s/%s", place, e->d_name);
        uint8_t *data = bytes_of(path, &size);
        ck_assert_msg(target[_i].run(data, size) == 0, "%s", path);
        free(data);
        inputs++;
    }
    closedir(d);
    ck_assert_msg(inputs > 0, "%s is empty", place);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("corpus");
    TCase *t = tcase_create("corpus");
    SRunner *r = srunner_create(s);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, kept_inputs_crash_nothing, 0, COUNT);
    suite_add_tcase(s, t);
    srunner_run_all(r, CK_ENV);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
