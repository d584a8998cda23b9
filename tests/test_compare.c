/* test_compare.c - comparisons of two groups of runs whose numbers are written by hand. */
#include "core/sweep/clauses.h"
#include "core/sweep/compare.h"
#include "study.h"

#include <math.h>

static gedi__study b;

static void open_side(gedi__study *of, const char *set, const char *method)
{
    ck_assert_int_eq(gedi__study_add(of, folder, &err), GEDI_OK);
    ck_assert_int_eq(gedi__study_keep(of, "set", set, &err), GEDI_OK);
    ck_assert_int_eq(gedi__study_keep(of, "method", method, &err), GEDI_OK);
    ck_assert_int_eq(of->results, 3);
}

START_TEST(groups)
{
    gedi__comparison c;
    put_sweep();
    open_side(&s, "moons", "no|gen");
    open_side(&b, "moons", "A&B");
    ck_assert_msg(!gedi__compare(&s, &b, &c, &err), "%s", err.msg);
    ck_assert_int_eq(c.pairs, 3);
    ck_assert_int_eq(c.unpaired, 0);
    ck_assert_ptr_null(c.seed[0]);
    ck_assert_int_eq(c.contrasts, 3);
    const gedi__contrast *k = &c.contrast[1];
    ck_assert_str_eq(k->path, "evaluation.clustering.nmi");
    /* Differences 0, 1/4, 1/2: mean 1/4, deviation 1/4, t of 2 degrees 4.30265. */
    ck_assert(k->a == 0.5 && k->b == 0.75 && k->of.mean == 0.25);
    double half = 4.30265273 * 0.25 / sqrt(3);
    ck_assert_msg(fabs(k->low - (0.25 - half)) < 1e-8, "%.12g", k->low);
    ck_assert_msg(fabs(k->high - (0.25 + half)) < 1e-8, "%.12g", k->high);
    ck_assert_str_eq(c.contrast[2].path, "terms.inv.value");
    ck_assert_str_eq(c.changes, "objective: {b: {inv: 4}} -> {a: {inv: 4}}\n");
    ck_assert_str_eq(c.lacking, "");
    gedi__comparison_clear(&c);
    gedi__study_clear(&b);
}
END_TEST

START_TEST(groups_with_gaps)
{
    gedi__comparison c;
    put_sweep();
    open_side(&s, "moons", "A&B");
    open_side(&b, "rings", "A&B");
    ck_assert_msg(!gedi__compare(&s, &b, &c, &err), "%s", err.msg);
    ck_assert_int_eq(c.pairs, 1);
    ck_assert_int_eq(c.unpaired, 2);
    ck_assert_int_eq(c.unfinished, 2);
    ck_assert(c.contrast[1].of.mean == -0.25 && isnan(c.contrast[1].low));
    ck_assert_str_eq(c.changes, "");
    gedi__comparison_clear(&c);
    gedi__study_clear(&b);
    open_side(&b, "rings", "no|gen");
    expect_failure(
        gedi__compare(&s, &b, &c, &err), GEDI_USAGE,
        "no seed has numbers on both sides: 3 of 3 runs have some (seeds: 0, 1, 2), and 0 of "
        "3 (seeds: none)");
    gedi__study_clear(&b);
    ck_assert_int_eq(gedi__study_add(&b, folder, &err), GEDI_OK);
    expect_failure(gedi__compare(&s, &b, &c, &err), GEDI_USAGE, "duplicate seed 0, in ");
    expect_failure(gedi__study_keep(&b, "set", "zebra", &err), GEDI_USAGE,
                   "no run has set=zebra; there are: moons, rings");
    expect_failure(gedi__study_keep(&b, "zebra", "1", &err), GEDI_USAGE,
                   "zebra: no run has such an axis or path; the axes are method, set, "
                   "seed");
    gedi__study_clear(&b);
}
END_TEST

START_TEST(numbers_not_made_alike)
{
    gedi__comparison c;
    put_made(0, "a", "by argmax");
    put_made(1, "b", "by k-means");
    ck_assert_int_eq(gedi__study_add(&s, path_of("runs/000000000000"), &err), GEDI_OK);
    ck_assert_int_eq(gedi__study_add(&b, path_of("runs/000000000001"), &err), GEDI_OK);
    ck_assert_msg(!gedi__compare(&s, &b, &c, &err), "%s", err.msg);
    ck_assert_int_eq(c.contrasts, 3);
    ck_assert_str_eq(c.contrast[1].path, "evaluation.c.nmi");
    ck_assert_str_eq(c.contrast[1].a_made, "by argmax");
    ck_assert_str_eq(c.contrast[1].b_made, "by k-means");
    ck_assert_ptr_null(c.contrast[0].a_made); /* the loss */
    gedi__comparison_clear(&c);
    ck_assert_msg(!gedi__compare(&s, &s, &c, &err), "%s", err.msg);
    ck_assert_ptr_null(c.contrast[1].a_made);
    gedi__comparison_clear(&c);
    gedi__study_clear(&b);
}
END_TEST

/* A number that one side of a pair lacks is named, whichever side that is. */
START_TEST(numbers_of_some_pairs)
{
    gedi__comparison c;
    for (int i = 0; i < 4; i++) {
        char hash[16], text[200];
        snprintf(hash, sizeof hash, "%012d", i);
        snprintf(
            text, sizeof text,
            "{\"identity\": [\"x\"], \"seed\": %d, \"evaluation\": {\"c\": {\"p\": 1%s}}}",
            i % 2,
            i == 0   ? ", \"q\": 2"
            : i == 2 ? ", \"q\": 2, \"r\": 3"
                     : "");
        put_run(hash, i < 2 ? "a" : "b", i % 2, text, NULL);
    }
    ck_assert_int_eq(gedi__study_add(&s, path_of("runs"), &err), GEDI_OK);
    ck_assert_int_eq(gedi__study_add(&b, path_of("runs"), &err), GEDI_OK);
    ck_assert_int_eq(gedi__study_keep(&s, "objective", "a", &err), GEDI_OK);
    ck_assert_int_eq(gedi__study_keep(&b, "objective", "b", &err), GEDI_OK);
    ck_assert_msg(!gedi__compare(&s, &b, &c, &err), "%s", err.msg);
    ck_assert_int_eq(c.pairs, 2);
    ck_assert_int_eq(c.contrasts, 2);
    ck_assert_str_eq(c.lacking, "evaluation.c.q\nevaluation.c.r\n");
    gedi__comparison_clear(&c);
    gedi__study_clear(&b);
}
END_TEST

/* An interval is not compared by its ends; a number that only has such a name is. */
START_TEST(ends_of_intervals)
{
    gedi__comparison c;
    for (int i = 0; i < 2; i++)
        put_run(
            i ? "000000000001" : "000000000000", i ? "b" : "a", 0,
            "{\"identity\": [\"x\"], \"seed\": 0, \"evaluation\": {\"ood\": {\"moons\": "
            "{\"p\": 0.6, \"p_low\": 0.5, \"p_high\": 0.7, \"q_low\": 1, \"r\": 2, "
            "\"r_high\": 3}}}}",
            NULL);
    ck_assert_int_eq(gedi__study_add(&s, path_of("runs/000000000000"), &err), GEDI_OK);
    ck_assert_int_eq(gedi__study_add(&b, path_of("runs/000000000001"), &err), GEDI_OK);
    ck_assert_msg(!gedi__compare(&s, &b, &c, &err), "%s", err.msg);
    static const char *const want[] = {"p", "q_low", "r", "r_high"};
    ck_assert_int_eq(c.contrasts, 4);
    for (int i = 0; i < 4; i++) {
        char path[64];
        snprintf(path, sizeof path, "evaluation.ood.moons.%s", want[i]);
        ck_assert_str_eq(c.contrast[i].path, path);
    }
    gedi__comparison_clear(&c);
    gedi__study_clear(&b);
}
END_TEST

START_TEST(clauses)
{
    static const struct {
        const char *a, *b, *want;
    } cases[] = {
        {"share; at once; by x", "share; at once; by y", "by x"},
        {"share; at once", "share; at once; by y", "share; at once"},
        {"share; by x; twice", "at once; share", "by x; twice"},
        {"shares", "share", "shares"},
        {"share", "shares", "share"},
        {"a; a b", "a b", "a"},
        {"", "x", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        gedi__arena arena = {0};
        const char *got = gedi__clauses_apart(&arena, cases[i].a, cases[i].b);
        ck_assert_str_eq(got, cases[i].want);
        gedi__arena_clear(&arena);
    }
}
END_TEST

START_TEST(two_runs_of_other_seeds)
{
    gedi__comparison c;
    put_value("000000000000", "a", 3, 0.5, 1, "null");
    put_value("000000000001", "a", 7, 0.25, 1, "null");
    ck_assert_int_eq(gedi__study_add(&s, path_of("runs/000000000000"), &err), GEDI_OK);
    ck_assert_int_eq(gedi__study_add(&b, path_of("runs/000000000001"), &err), GEDI_OK);
    ck_assert_msg(!gedi__compare(&s, &b, &c, &err), "%s", err.msg);
    ck_assert_int_eq(c.pairs, 1);
    ck_assert_str_eq(c.seed[0], "3");
    ck_assert_str_eq(c.seed[1], "7");
    ck_assert_str_eq(c.changes, "seed: 3 -> 7\nobjective.a.inv: 4 -> 5\n");
    gedi__comparison_clear(&c);
    gedi__study_clear(&b);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("compare");
    TCase *c = tcase_create("all");
    tcase_add_checked_fixture(c, begin, end);
    tcase_add_test(c, groups);
    tcase_add_test(c, groups_with_gaps);
    tcase_add_test(c, numbers_not_made_alike);
    tcase_add_test(c, numbers_of_some_pairs);
    tcase_add_test(c, ends_of_intervals);
    tcase_add_test(c, clauses);
    tcase_add_test(c, two_runs_of_other_seeds);
    suite_add_tcase(suite, c);
    SRunner *r = srunner_create(suite);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
