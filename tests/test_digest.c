/* test_digest.c - which data were read: equal as far as both readings can tell. */
#include "core/data/digest.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define FACTS "12 + 3 records of 4x4x3, 2 classes"
#define FILES FACTS "; names 00000000000000aa; sizes 00000000000000bb"
#define MEMORY FILES "; records 00000000000000cc"

START_TEST(same)
{
    static const struct {
        const char *a, *b;
        bool same, sizes;
    } pair[] = {
        {FACTS, FACTS, true, false},
        {FACTS, "12 + 4 records of 4x4x3, 2 classes", false, false},
        {FACTS "; records 01", FACTS "; records 02", false, false},
        {MEMORY, FILES, true, false}, /* another machine, with less memory */
        {MEMORY, FACTS "; names 01; sizes 02; records 00000000000000cc", true, false},
        {FILES, FACTS "; names 00000000000000aa; sizes 01", false, true},
        {MEMORY, FACTS "; names 00000000000000aa; sizes 01", false, true},
        {FILES, FACTS "; names 01; sizes 00000000000000bb", false, false},
        {MEMORY, FILES "; records 01", false, false},
    };
    for (size_t i = 0; i < sizeof pair / sizeof *pair; i++) {
        ck_assert_int_eq(gedi__digest_same(pair[i].a, pair[i].b), pair[i].same);
        ck_assert_int_eq(gedi__digest_same(pair[i].b, pair[i].a), pair[i].same);
        ck_assert_int_eq(gedi__digest_sizes_alone(pair[i].a, pair[i].b), pair[i].sizes);
    }
}
END_TEST

START_TEST(changes)
{
    char out[GEDI__CHANGED];
    gedi__digest_changes(MEMORY, "1 + 2 records of 3; records 01", out);
    ck_assert_str_eq(out, FACTS " then, 1 + 2 records of 3 now");
    gedi__digest_changes(MEMORY, FACTS, out);
    ck_assert_str_eq(out, FACTS " as then, but with other contents");
}
END_TEST

/* ---- of a dataset ---- */

static const char *pixels;

static void add(const void *self, gedi_digest *d)
{
    (void)self;
    gedi_digest_records(d, pixels, 4);
    gedi_digest_file(d, "a/1.png", 70);
}

START_TEST(taken)
{
    const gedi_dataset set = {.digest = add}, none = {.digest = NULL};
    gedi_data_info info = {
        .record = GEDI_DIMS(1, 2, 1), .count = {2, 0}, .classes = 1, .parts = 3};
    char one[GEDI__DIGEST], two[GEDI__DIGEST], bare[GEDI__DIGEST];
    pixels = "abcd";
    gedi__digest(&set, NULL, &info, one);
    gedi__digest(&none, NULL, &info, bare);
    pixels = "abce";
    gedi__digest(&set, NULL, &info, two);
    ck_assert_str_eq(bare, "2 + 0 records of 3 times 1x2x1, 1 class");
    ck_assert_int_eq(gedi__digest_facts(one), (int)strlen(bare));
    ck_assert(!gedi__digest_same(one, two));
    ck_assert(gedi__digest_same(one, one));
    ck_assert(gedi__digest_same(one, bare));
    for (int k = 0; k < GEDI_SPLITS; k++)
        info.count[k] = INT64_MAX;
    info.parts = INT64_MAX;
    info.classes = INT32_MAX;
    info.record = (gedi_shape){.rank = 3, .dim = {INT32_MAX, INT32_MAX, INT32_MAX}};
    gedi__digest(&set, NULL, &info, one);
    ck_assert_msg(strstr(one, "; records "), "no room: %s", one);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("digest");
    TCase *c = tcase_create("digest");
    tcase_add_test(c, same);
    tcase_add_test(c, changes);
    tcase_add_test(c, taken);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
