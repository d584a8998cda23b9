/* test_base.c - random numbers, words, files, arenas. */
#include "core/base/arena.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/base/vecmath.h"
#include "gedi/rng.h"

#include <check.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MANY = 100000 };

/* Known answers of the authors' Random123: Philox4x32-10, key and counter all zero. */
START_TEST(philox_known_answer)
{
    static const uint32_t want[4] = {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8};
    gedi_rng r = {0};
    for (int i = 0; i < 4; i++)
        ck_assert_uint_eq(gedi_rng_u32(&r), want[i]);
}
END_TEST

/* The vector path gives what one number after the other gives, wherever it starts and ends. */
START_TEST(fills_equal_single_draws)
{
    static float a[1000], b[1000];
    for (int skip = 0; skip < 9; skip++)
        for (int n = 0; n < 300; n += 7) {
            gedi_rng r = gedi_rng_at(5, GEDI_STREAM_VIEW, 3, 1), q = r;
            for (int i = 0; i < skip; i++)
                ck_assert_uint_eq(gedi_rng_u32(&r), gedi_rng_u32(&q));
            gedi_rng_fill_uniform(&r, a, n);
            for (int i = 0; i < n; i++)
                b[i] = gedi_rng_uniform(&q);
            ck_assert_mem_eq(a, b, (size_t)n * sizeof *a);
            gedi_rng_fill_normal(&r, a, 2 * n);
            for (int i = 0; i < n;
                 i++) /* two at a time never reach a whole block of lanes */
                gedi_rng_fill_normal(&q, b + 2 * i, 2);
            ck_assert_mem_eq(a, b, (size_t)(2 * n) * sizeof *a);
            ck_assert_uint_eq(gedi_rng_u32(&r), gedi_rng_u32(&q));
        }
}
END_TEST

/* So does the path for many generators of a few numbers each. */
START_TEST(many_generators_equal_one_by_one)
{
    enum { COUNT = 50 };
    static float a[7 * COUNT], b[7 * COUNT];
    const uint32_t from = UINT32_MAX - 20; /* the minor runs over */
    for (int n = 1; n <= 7; n++) {
        gedi_rng first = gedi_rng_at(5, GEDI_STREAM_VIEW, 3, from);
        gedi_rng_fill_normal_each(&first, a, n, COUNT);
        for (int i = 0; i < COUNT; i++) {
            gedi_rng r = gedi_rng_at(5, GEDI_STREAM_VIEW, 3, from + (uint32_t)i);
            gedi_rng_fill_normal(&r, b + i * n, n);
        }
        ck_assert_mem_eq(a, b, (size_t)(n * COUNT) * sizeof *a);
    }
}
END_TEST

START_TEST(numbers_have_their_moments)
{
    static float u[MANY], x[MANY];
    gedi_rng r = gedi_rng_at(1, GEDI_STREAM_DATA, 0, 0);
    gedi_rng_fill_uniform(&r, u, MANY);
    gedi_rng_fill_normal(&r, x, MANY);
    double mu = 0, m = 0, v = 0, k = 0, low = 1, high = 0;
    for (int i = 0; i < MANY; i++) {
        mu += u[i] / MANY;
        m += x[i] / MANY;
        v += (double)x[i] * x[i] / MANY;
        k += pow(x[i], 4) / MANY;
        low = fmin(low, u[i]);
        high = fmax(high, u[i]);
    }
    /* Five standard errors of 1e5 draws. */
    ck_assert(fabs(mu - 0.5) <= 5 * 0.2887 / sqrt(MANY));
    ck_assert(fabs(m) <= 5 / sqrt(MANY));
    ck_assert(fabs(v - 1) <= 5 * sqrt(2.0 / MANY));
    ck_assert(fabs(k - 3) <= 5 * sqrt(96.0 / MANY));
    ck_assert(low >= 0 && low < 1e-3 && high < 1 && high > 1 - 1e-3);
}
END_TEST

START_TEST(positions_differ)
{
    gedi_rng base = gedi_rng_at(1, GEDI_STREAM_VIEW, 2, 3),
             other[] = {gedi_rng_at(2, GEDI_STREAM_VIEW, 2, 3),
                        gedi_rng_at(1, GEDI_STREAM_INIT, 2, 3),
                        gedi_rng_at(1, GEDI_STREAM_VIEW, 3, 3),
                        gedi_rng_at(1, GEDI_STREAM_VIEW, 2, 4),
                        gedi_rng_at((UINT64_C(1) << 32) + 1, GEDI_STREAM_VIEW, 2, 3),
                        gedi_rng_at(1, GEDI_STREAM_VIEW, (UINT64_C(1) << 32) + 2, 3)};
    uint32_t w = gedi_rng_u32(&base);
    for (size_t i = 0; i < sizeof other / sizeof *other; i++)
        ck_assert_uint_ne(w, gedi_rng_u32(&other[i]));
}
END_TEST

START_TEST(permutation_holds_each_once)
{
    int64_t p[257];
    bool seen[257] = {0};
    gedi_rng r = gedi_rng_at(1, GEDI_STREAM_ORDER, 0, 0);
    gedi_rng_permutation(&r, p, 257);
    int moved = 0;
    for (int i = 0; i < 257; i++) {
        ck_assert(p[i] >= 0 && p[i] < 257 && !seen[p[i]]);
        seen[p[i]] = true;
        moved += p[i] != i;
    }
    ck_assert_int_gt(moved, 240);
    int count[3] = {0};
    for (int i = 0; i < 30000; i++)
        count[gedi_rng_below(&r, 3)]++;
    for (int i = 0; i < 3; i++)
        ck_assert(abs(count[i] - 10000) <= 5 * 82);
}
END_TEST

START_TEST(turn_is_sine_and_cosine)
{
    for (int i = 0; i <= 1 << 16; i++) {
        float s, c, u = (float)i * 0x1p-16f;
        double a = 6.283185307179586476925 * u;
        gedi__turnf(u, &s, &c);
        ck_assert(fabs(s - sin(a)) <= 1.2e-7 && fabs(c - cos(a)) <= 1.2e-7);
    }
}
END_TEST

START_TEST(nearest_word)
{
    static const char *const words[] = {"hidden", "output", "activation",
                                        NULL,     "gen",    "inv"};
    ck_assert_str_eq(gedi__text_nearest("hiden", words, 6), "hidden");
    ck_assert_str_eq(gedi__text_nearest("ouptut", words, 6), "output");
    ck_assert_str_eq(gedi__text_nearest("actvation", words, 6), "activation");
    ck_assert_str_eq(gedi__text_nearest("inw", words, 6), "inv");
    ck_assert_ptr_null(gedi__text_nearest("prior", words, 6));
    ck_assert_ptr_null(gedi__text_nearest("xy", words, 6));
    ck_assert_ptr_null(gedi__text_nearest("", words, 6));
}
END_TEST

START_TEST(text_grows)
{
    gedi__text t = {0};
    for (int i = 0; i < 1000; i++)
        gedi__text_add(&t, "%d,", i);
    ck_assert(!t.failed);
    ck_assert_uint_eq(t.len, strlen(t.s));
    ck_assert_str_eq(t.s + t.len - 8, "998,999,");
    gedi__text_clear(&t);
    ck_assert_ptr_null(t.s);
}
END_TEST

START_TEST(messages_are_text)
{
    char s[] = "a\xb3"
               "b \xc3\xa4\n\xe2\x82\xac \xe2\x82"; /* the last is cut off */
    gedi__text_tell(s);
    ck_assert_str_eq(s, "a?b \xc3\xa4?\xe2\x82\xac ??");
    gedi_err err = {0};
    GEDI_FAIL(&err, GEDI_DATA, "tensor %s", "w\xb3\xff\x1b");
    ck_assert_str_eq(err.msg, "tensor w???");
}
END_TEST

START_TEST(arena_memory_is_zero_and_apart)
{
    gedi__arena a = {0};
    unsigned char *last = NULL;
    for (size_t n = 1; n < 100000; n = n * 3 + 1) {
        unsigned char *p = gedi__arena_alloc(&a, n);
        ck_assert_ptr_nonnull(p);
        ck_assert_uint_eq((uintptr_t)p % 16, 0);
        for (size_t i = 0; i < n; i++)
            ck_assert_uint_eq(p[i], 0);
        memset(p, 0xff, n);
        ck_assert(p != last);
        last = p;
    }
    ck_assert_str_eq(gedi__arena_text(&a, "word"), "word");
    ck_assert_ptr_null(gedi__arena_text(&a, NULL));
    gedi__arena_clear(&a);
}
END_TEST

START_TEST(file_is_replaced_whole)
{
    char folder[] = "/tmp/gedi-test-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    char *deep = gedi__path_join(folder, "a/b"), *path = gedi__path_join(deep, "f");
    gedi_err err = {0};
    ck_assert_int_eq(gedi__folder_make(deep, &err), GEDI_OK);
    ck_assert_int_eq(gedi__folder_make(deep, &err), GEDI_OK);
    ck_assert_int_eq(gedi__file_write(path, "old", 3, &err), GEDI_OK);
    gedi__replace r;
    ck_assert_int_eq(gedi__replace_open(&r, path, &err), GEDI_OK);
    fputs("half", r.f);
    gedi__replace_abandon(
        &r); /* as after a failure: the old file stays, no part is left */
    char *data;
    size_t size;
    ck_assert_int_eq(gedi__file_read(path, &data, &size, &err), GEDI_OK);
    ck_assert(size == 3 && !strcmp(data, "old"));
    free(data);
    ck_assert_int_eq(gedi__folder_make(path, &err), GEDI_IO); /* a file is in the way */
    ck_assert_ptr_nonnull(strstr(err.msg, path));
    ck_assert_int_eq(gedi__file_read(deep, &data, &size, &err), GEDI_IO);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(symlink("nowhere", path), 0); /* stat() has another reason */
    ck_assert_int_eq(gedi__folder_make(path, &err), GEDI_IO);
    ck_assert_ptr_nonnull(strstr(err.msg, strerror(EEXIST)));
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(gedi__file_read(path, &data, &size, &err), GEDI_IO);
    ck_assert_int_eq(rmdir(deep), 0);
    free(path);
    free(deep);
    path = gedi__path_join(folder, "a");
    ck_assert_int_eq(rmdir(path), 0);
    free(path);
    ck_assert_int_eq(rmdir(folder), 0);
    path = gedi__path_join("x", "/abs");
    ck_assert_str_eq(path, "/abs");
    free(path);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("base");
    TCase *c = tcase_create("base");
    tcase_add_test(c, philox_known_answer);
    tcase_add_test(c, fills_equal_single_draws);
    tcase_add_test(c, many_generators_equal_one_by_one);
    tcase_add_test(c, numbers_have_their_moments);
    tcase_add_test(c, positions_differ);
    tcase_add_test(c, permutation_holds_each_once);
    tcase_add_test(c, turn_is_sine_and_cosine);
    tcase_add_test(c, nearest_word);
    tcase_add_test(c, text_grows);
    tcase_add_test(c, messages_are_text);
    tcase_add_test(c, arena_memory_is_zero_and_apart);
    tcase_add_test(c, file_is_replaced_whole);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
