/* test_chance.c - permutation tests, Holm's correction and Wilson's interval, against values worked
 * out by hand or published. */
#include "core/sweep/chance.h"
#include "gedi/rng.h"
#include <check.h>

#include <math.h>
#include <stdlib.h>

static void near(const char *what, double is, double want, double tolerance)
{
    ck_assert_msg(fabs(is - want) <= tolerance, "%s: %.9g, not %.9g", what, is, want);
}

START_TEST(pairs)
{
    const double three[] = {1, 2, 3}, mixed[] = {3, -1, 2}, none[] = {0, 0, 0, 0};
    const double five[] = {0.1, 0.1, 0.1, 0.1, 0.1};
    near("+1 +2 +3: 2 of 8", gedi__chance_paired(three, 3), 0.25, 0);
    /* |sums| 4 6 0 2, each twice: 4 of 8 are 4 at least */
    near("+3 -1 +2", gedi__chance_paired(mixed, 3), 0.5, 0);
    near("no difference", gedi__chance_paired(none, 4), 1, 0);
    near("five pairs give 2 / 32 at least", gedi__chance_paired(five, 5), 0.0625, 0);
    near("nothing", gedi__chance_paired(none, 0), 1, 0);
}
END_TEST

START_TEST(two_groups)
{
    const double a[] = {1, 2, 3}, b[] = {4, 5, 6}, same[] = {2, 2, 2};
    const double one[] = {1, 1, 1, 1, 1}, nought[] = {0, 0, 0, 0, 0};
    near("3 and 3: 2 of 20", gedi__chance_apart(a, 3, b, 3), 0.1, 0);
    near("turned round", gedi__chance_apart(b, 3, a, 3), 0.1, 0);
    near("5 and 5: 2 of 252", gedi__chance_apart(one, 5, nought, 5), 2.0 / 252, 1e-15);
    near("the same", gedi__chance_apart(same, 3, same, 2), 1, 0);
    /* Sums of 1 of {1, 2, 3, 4, 5, 6}: 6 lies 2.5 from the share of 3.5, as does 1. */
    near("1 and 5", gedi__chance_apart(b + 2, 1, (double[]){1, 2, 3, 4, 5}, 5), 2.0 / 6,
         1e-15);
    near("nothing", gedi__chance_apart(a, 3, b, 0), 1, 0);
}
END_TEST

/* 15 and 15 have 155,117,520 ways, so some are drawn: where nothing differs, p is below .05 in one
 * of twenty, and where all differs, it is the least there is. */
START_TEST(large_groups)
{
    enum { N = 15, TRIALS = 100 };
    double x[2 * N], pair[24];
    int below = 0;
    gedi_rng rng = gedi_rng_at(3, GEDI_STREAM_EVAL, 0, 0);
    for (int t = 0; t < TRIALS; t++) {
        for (int i = 0; i < 2 * N; i++)
            x[i] = gedi_rng_uniform(&rng);
        below += gedi__chance_apart(x, N, x + N, N) <= 0.05;
    }
    ck_assert_msg(below >= 1 && below <= 12, "%d of %d", below, TRIALS);
    for (int i = 0; i < 2 * N; i++)
        x[i] += i < N ? 5 : 0;
    near("all differ", gedi__chance_apart(x, N, x + N, N), 1.0 / 20001, 1e-12);
    for (int i = 0; i < 24; i++)
        pair[i] = 1 + gedi_rng_uniform(&rng);
    near("24 pairs", gedi__chance_paired(pair, 24), 1.0 / 20001, 1e-12);
}
END_TEST

/* Of R's p.adjust(c(.01, .04, .03, .005), "holm"). */
START_TEST(holm)
{
    double p[] = {0.01, 0.04, 0.03, 0.005}, tied[] = {0.5, 0.5, 0.5},
           want[] = {0.03, 0.06, 0.06, 0.02};
    ck_assert(gedi__chance_holm(p, 4));
    for (int i = 0; i < 4; i++)
        near("p", p[i], want[i], 1e-15);
    ck_assert(gedi__chance_holm(tied, 3));
    near("no more than 1", tied[2], 1, 0);
    ck_assert(gedi__chance_holm(p, 0));
}
END_TEST

/* Of R's binom::binom.wilson. */
START_TEST(wilson)
{
    static const struct {
        int successes, n;
        double low, high;
    } of[] = {{19, 20, 0.7638689, 0.9911186},
              {0, 10, 0, 0.2775328},
              {10, 10, 0.7224672, 1},
              {4, 5, 0.3755346, 0.9637759}};
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        double low, high;
        gedi__chance_wilson(of[i].successes, of[i].n, &low, &high);
        near("low", low, of[i].low, 5e-7);
        near("high", high, of[i].high, 5e-7);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("chance");
    TCase *c = tcase_create("all");
    tcase_set_timeout(c, 60);
    tcase_add_test(c, pairs);
    tcase_add_test(c, two_groups);
    tcase_add_test(c, large_groups);
    tcase_add_test(c, holm);
    tcase_add_test(c, wilson);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
