/* test_option.c - every type of option: what is accepted, what is refused, and how. */
#include "core/plugin/option.h"
#include "core/plugin/value.h"

#include <check.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct all {
    double real, wide;
    int64_t whole, big, word;
    bool flag;
    const char *text;
    gedi_ints ints;
    gedi_reals reals;
} all;

static const gedi_option table[] = {
    GEDI_REAL(all, real, 0.5, 1e-6, 1e6, "a real"),
    GEDI_REAL(all, wide, -0.0, -DBL_MAX, DBL_MAX, "any real"),
    GEDI_INT(all, whole, 7, 1, 1e9, "an integer"),
    GEDI_INT(all, big, INT64_MIN, -9223372036854775808.0, 9223372036854775807.0,
             "any integer"),
    GEDI_ENUM(all, word, 1, "none|free|unit", "a word"),
    GEDI_BOOL(all, flag, true, "a flag"),
    GEDI_TEXT(all, text, "a b", "a text"),
    GEDI_INTS(all, ints, "100, 20", 1, 65536, "integers"),
    GEDI_REALS(all, reals, "", -1, 1, "reals"),
    GEDI_END,
};

static all self;
static gedi__arena arena;
static gedi_err err;

static void setup(void)
{
    memset(&self, 0xff, sizeof self);
    ck_assert_int_eq(gedi__option_defaults(table, &self, &err), GEDI_OK);
}

static void teardown(void)
{
    gedi__arena_clear(&arena);
}

static gedi_status set(const char *key, int item, const char *value, bool quoted)
{
    err = (gedi_err){0};
    return gedi__option_set(gedi__option_find(table, key), &self, item, value, quoted,
                            &arena, &err);
}

static void ck_emits(const char *key, const char *want)
{
    gedi__text t = {0};
    gedi__option_emit(gedi__option_find(table, key), &self, &t);
    ck_assert_str_eq(t.s, want);
    gedi__text_clear(&t);
}

START_TEST(defaults)
{
    ck_assert_int_eq(gedi__option_count(table), 9);
    ck_assert_int_eq(gedi__option_count(NULL), 0);
    ck_assert_ptr_null(gedi__option_find(table, "no"));
    ck_assert(self.real == 0.5 && self.wide == 0 && signbit(self.wide));
    ck_assert(self.whole == 7 && self.big == INT64_MIN && self.word == 1 && self.flag);
    ck_assert_str_eq(self.text, "a b");
    ck_assert(self.ints.n == 2 && self.ints.v[0] == 100 && self.ints.v[1] == 20);
    ck_assert(self.reals.n == 0);
}
END_TEST

static const struct accepted {
    const char *key, *value, *emitted;
    bool quoted;
} accepted[] = {
    {"real", "1", "1", false},
    {"real", "1.0", "1", false},
    {"real", "5e-5", "5e-05", false},
    {"real", "5.0e-5", "5e-05", false},
    {"real", "+.5E0", "0.5", false},
    {"real", "0.1", "0.1", false},
    {"real", "1e-6", "1e-06", false},
    {"real", "1e6", "1000000", false},
    {"wide", "0.33333333333333331", "0.3333333333333333", false},
    {"wide", "-1.7976931348623157e308", "-1.7976931348623157e+308", false},
    {"wide", "5e-324", "4.94065645841247e-324", false},
    {"wide", "-0", "-0", false},
    {"wide", "0e9", "0", false},
    {"whole", "1", "1", false},
    {"whole", "1e4", "10000", false},
    {"whole", "1.5e1", "15", false},
    {"whole", "10.0", "10", false},
    {"whole", "1000000000", "1000000000", false},
    {"whole", "010", "10", false},
    {"big", "9223372036854775807", "9223372036854775807", false},
    {"big", "-9223372036854775808", "-9223372036854775808", false},
    {"big", "9007199254740993", "9007199254740993", false},
    {"big", "-1e15", "-1000000000000000", false},
    {"word", "none", "none", false},
    {"word", "unit", "unit", true},
    {"flag", "true", "true", false},
    {"flag", "false", "false", false},
    {"text", "a/b c", "\"a/b c\"", false},
    {"text", "5", "\"5\"", false},
    {"text", "", "\"\"", true},
    {"text", "null", "\"null\"", true},
    {"text", "a\"\\\n\t\x01 \xc3\xa9\xc2\x85\xe2\x80\xa8\xf0\x9f\x98\x80",
     "\"a\\\"\\\\\\n\\t\\x01 \xc3\xa9\\x85\\u2028\xf0\x9f\x98\x80\"", true},
    {"text", "\xff\xc3", "\"\\xFF\\xC3\"", true}, /* not UTF-8: shown as bytes */
};

START_TEST(accepts)
{
    const struct accepted *a = &accepted[_i];
    ck_assert_msg(set(a->key, -1, a->value, a->quoted) == GEDI_OK, "%s: %s", a->value,
                  err.msg);
    ck_emits(a->key, a->emitted);
}
END_TEST

#define LONG60 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff"

static const struct refused {
    const char *key;
    int item;
    const char *value;
    bool quoted;
    const char *why;
} refused[] = {
    {"real", -1, "0.3x", false, "real: '0.3x' is not a real number"},
    {"real", -1, "0.3 ", false, "real: '0.3 ' is not a real number"},
    {"real", -1, " 0.3", false, "real: ' 0.3' is not a real number"},
    {"real", -1, "1,5", false, "real: '1,5' is not a real number"},
    {"real", -1, "e", false, "real: 'e' is not a real number"},
    {"real", -1, "1e", false, "real: '1e' is not a real number"},
    {"real", -1, "-", false, "real: '-' is not a real number"},
    {"real", -1, "nan", false, "real: 'nan' is not a real number"},
    {"real", -1, ".inf", false, "real: '.inf' is not a real number"},
    {"real", -1, "inf", false, "real: 'inf' is not a real number"},
    {"real", -1, "0x10", false, "real: '0x10' is not a real number"},
    {"wide", -1, "1e999", false, "wide: '1e999' is too large for a real number"},
    {"wide", -1, "-1e999", false, "wide: '-1e999' is too large for a real number"},
    {"wide", -1, "1e-999", false, "wide: '1e-999' is too small for a real number"},
    {"real", -1, "0", false, "real: '0' is not in [1e-06, 1000000]"},
    {"real", -1, "-1", false, "real: '-1' is not in [1e-06, 1000000]"},
    {"real", -1, "1000000.1", false, "real: '1000000.1' is not in [1e-06, 1000000]"},
    {"real", -1, "", false, "real: no value is given, but its type is real"},
    {"real", -1, "null", false, "real: no value is given, but its type is real"},
    {"real", -1, "1", true,
     "real: \"1\" is in quotes, which makes it a text, but its type is real: write it "
     "without"},
    {"real", 0, "1", false,
     "real: a list is given, but its type is real; several values are for an axis of a sweep"},
    {"whole", -1, "0", false, "whole: '0' is not in [1, 1000000000]"},
    {"whole", -1, "1e10", false, "whole: '1e10' is not in [1, 1000000000]"},
    {"whole", -1, "1.5", false, "whole: '1.5' is not an integer"},
    {"whole", -1, "1e-400", false, "whole: '1e-400' is not an integer"},
    {"whole", -1, "10_000", false,
     "whole: '10_000' is not an integer: write digits only, such as 10000"},
    {"whole", -1, "ten", false, "whole: 'ten' is not an integer"},
    {"whole", -1, "1x", false, "whole: '1x' is not an integer"},
    {"whole", -1, "0x10", false, "whole: '0x10' is not an integer"},
    {"whole", -1, "1 ", false, "whole: '1 ' is not an integer"},
    {"big", -1, "9223372036854775808", false,
     "big: '9223372036854775808' does not fit into 64 bits"},
    {"big", -1, "-9223372036854775809", false,
     "big: '-9223372036854775809' does not fit into 64 bits"},
    {"big", -1, "1e18", false,
     "big: '1e18' is too large for this notation: write all digits"},
    {"big", -1, "1e999", false,
     "big: '1e999' is too large for this notation: write all "
     "digits"},
    {"flag", -1, "yes", false, "flag: 'yes' is not a boolean: write true"},
    {"flag", -1, "True", false, "flag: 'True' is not a boolean: write true"},
    {"flag", -1, "1", false, "flag: '1' is not a boolean: write true"},
    {"flag", -1, "off", false, "flag: 'off' is not a boolean: write false"},
    {"flag", -1, "maybe", false, "flag: 'maybe' is not a boolean: write true or false"},
    {"flag", -1, "true", true,
     "flag: \"true\" is in quotes, which makes it a text, but its type is boolean: write "
     "it without"},
    {"word", -1, "fre", false,
     "word: 'fre' is not one of none, free, unit: did you mean 'free'?"},
    {"word", -1, "tower", false, "word: 'tower' is not one of none, free, unit"},
    {"word", -1, "1", false, "word: '1' is not one of none, free, unit"},
    {"word", -1, "none|free", false, "word: 'none|free' is not one of none, free, unit"},
    {"text", -1, "~", false,
     "text: no value is given, but its type is text: quote it if it is meant"},
    {"text", 0, "a", false,
     "text: a list is given, but its type is text; several values are for an axis of a sweep"},
    {"ints", -1, "100", false, "ints: '100' is no list of integers: write [100]"},
    {"ints", 0, "0", false, "ints[0]: '0' is not in [1, 65536]"},
    {"ints", 1, "a", false, "ints[1]: 'a' is not an integer"},
    {"ints", 2, "1", true,
     "ints[2]: \"1\" is in quotes, which makes it a text, but its type is integer: write "
     "it without"},
    {"ints", 3, "", false, "ints[3]: no value is given, but its type is integer"},
    {"ints", 16, "1", false, "ints: a list has at most 16 entries"},
    {"reals", 1, "2", false, "reals[1]: '2' is not in [-1, 1]"},
    {"real", -1, LONG60 "g", false, "real: '" LONG60 "...' is not a real number"},
    {"real", -1, LONG60, false, "real: '" LONG60 "' is not a real number"},
};

START_TEST(refuses)
{
    const struct refused *r = &refused[_i];
    all before = self;
    ck_assert_int_eq(set(r->key, r->item, r->value, r->quoted), GEDI_OPTION);
    ck_assert_str_eq(err.msg, r->why);
    ck_assert_mem_eq(&before, &self, sizeof self);
}
END_TEST

/* A long value is not cut within a character. */
START_TEST(shows_whole_characters)
{
    char value[80] = {0};
    memset(value, 'a', 59);
    memcpy(value + 59, "\xc3\xa9zz", 4);
    ck_assert_int_eq(set("real", -1, value, false), GEDI_OPTION);
    ck_assert_ptr_nonnull(strstr(err.msg, "a...' is not"));
}
END_TEST

START_TEST(lists)
{
    ck_assert_int_eq(set("ints", -1, NULL, false), GEDI_OK);
    ck_assert_int_eq(self.ints.n, 0);
    ck_emits("ints", "[]");
    for (int i = 0; i < GEDI_MAX_LIST; i++) {
        ck_assert_int_eq(set("ints", i, "1e2", false), GEDI_OK);
        ck_assert_int_eq(set("reals", i, "-0.25", false), GEDI_OK);
    }
    ck_assert_int_eq(self.ints.n, GEDI_MAX_LIST);
    ck_assert_int_eq(self.reals.n, GEDI_MAX_LIST);
    ck_assert_int_eq(set("ints", -1, NULL, false), GEDI_OK);
    ck_assert_int_eq(set("reals", -1, NULL, false), GEDI_OK);
    ck_assert_int_eq(set("ints", 0, "3", false), GEDI_OK);
    ck_assert_int_eq(set("ints", 1, "4", false), GEDI_OK);
    ck_assert_int_eq(set("reals", 0, "0.1", false), GEDI_OK);
    ck_emits("ints", "[3, 4]");
    ck_emits("reals", "[0.1]");
}
END_TEST

/* Written and read again, every double is itself; so are the extreme integers above. */
START_TEST(reals_come_back)
{
    uint64_t bits = 88172645463325252u;
    for (int i = 0; i < 20000; i++) {
        bits ^= bits << 13, bits ^= bits >> 7, bits ^= bits << 17; /* Marsaglia 2003 */
        double x;
        char text[32];
        memcpy(&x, &bits, sizeof x);
        if (!isfinite(x))
            continue;
        ck_assert_int_eq(set("wide", -1, gedi__real_text(x, text), false), GEDI_OK);
        ck_assert_mem_eq(&self.wide, &x, sizeof x);
    }
}
END_TEST

START_TEST(describes)
{
    static const char *const want[][3] = {
        {"real", "[1e-06, 1000000]", "0.5"},
        {"real", "[-1.7976931348623157e+308, 1.7976931348623157e+308]", "-0"},
        {"integer", "[1, 1000000000]", "7"},
        {"integer", "[-9223372036854775808, 9223372036854775807]",
         "-9223372036854775808"},
        {"word", "none, free, unit", "free"},
        {"boolean", "true, false", "true"},
        {"text", "", "\"a b\""},
        {"list of integers", "[1, 65536]", "[100, 20]"},
        {"list of reals", "[-1, 1]", "[]"},
    };
    for (int i = 0; table[i].key; i++) {
        gedi__text range = {0}, value = {0};
        gedi__option_emit_range(&table[i], &range);
        gedi__option_emit_default(&table[i], &value);
        ck_assert_str_eq(gedi__option_type_name(table[i].type), want[i][0]);
        ck_assert_str_eq(range.s ? range.s : "", want[i][1]);
        ck_assert_str_eq(value.s, want[i][2]);
        gedi__text_clear(&range);
        gedi__text_clear(&value);
    }
}
END_TEST

static const struct bad_default {
    gedi_option row;
    const char *why;
} bad_defaults[] = {
    {GEDI_REAL(all, real, 2.0, 0, 1, "h"), "real: '2' is not in [0, 1]"},
    {GEDI_REAL(all, real, NAN, 0, 1, "h"), "real: 'nan' is not in [0, 1]"},
    {GEDI_INT(all, whole, 2, 3, 4, "h"), "whole: '2' is not in [3, 4]"},
    {GEDI_ENUM(all, word, 2, "a|b", "h"), "word: 2 is no index into 'a|b'"},
    {GEDI_ENUM(all, word, -1, "a|b", "h"), "word: -1 is no index into 'a|b'"},
    {GEDI_BOOL(all, flag, 2, "h"), "flag: 2 is not 0 or 1"},
    {GEDI_TEXT(all, text, NULL, "h"), "text: NULL: write \"\" for an empty text"},
    {GEDI_INTS(all, ints, NULL, 0, 1, "h"), "ints: NULL: write \"\" for an empty list"},
    {GEDI_INTS(all, ints, "1, 2", 0, 1, "h"), "ints[1]: '2' is not in [0, 1]"},
    {GEDI_INTS(all, ints, "1,,1", 0, 1, "h"), "ints[1]: '' is not an integer"},
    {GEDI_REALS(all, reals, "1 1", 0, 1, "h"), "reals[0]: '1 1' is not a real number"},
    {GEDI_INTS(all, ints, "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1", 0, 1, "h"),
     "ints: a list has at most 16 entries"},
};

START_TEST(refuses_bad_defaults)
{
    gedi_option rows[2] = {bad_defaults[_i].row};
    char want[256];
    snprintf(want, sizeof want, "the default of option %s", bad_defaults[_i].why);
    ck_assert_int_eq(gedi__option_defaults(rows, &self, &err), GEDI_OPTION);
    ck_assert_str_eq(err.msg, want);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("option");
    TCase *c = tcase_create("all");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, defaults);
    tcase_add_loop_test(c, accepts, 0, sizeof accepted / sizeof *accepted);
    tcase_add_loop_test(c, refuses, 0, sizeof refused / sizeof *refused);
    tcase_add_test(c, shows_whole_characters);
    tcase_add_test(c, lists);
    tcase_add_test(c, reals_come_back);
    tcase_add_test(c, describes);
    tcase_add_loop_test(c, refuses_bad_defaults, 0,
                        sizeof bad_defaults / sizeof *bad_defaults);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
