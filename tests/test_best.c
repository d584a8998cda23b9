/* test_best.c - what tables print in bold, and how many runs succeeded. */
#include "core/sweep/chance.h"
#include "study.h"

#define NMI "evaluation.clustering.nmi"

/* Three methods on five seeds: two are alike, and far from the third. */
static void put_three(void)
{
    static const double nmi[3][5] = {{0.95, 0.96, 0.97, 0.98, 0.99},
                                     {0.94, 0.97, 0.95, 0.99, 0.96},
                                     {0.1, 0.2, 0.15, 0.95, 0.05}};
    for (int m = 0; m < 3; m++)
        for (int seed = 0; seed < 5; seed++) {
            char hash[16];
            snprintf(hash, sizeof hash, "0000000000%d%d", m, seed);
            put_value(hash, (const char *[]){"a", "b", "c"}[m], seed, nmi[m][seed], 1,
                      "null");
        }
    ck_assert_int_eq(gedi__study_add(&s, path_of("runs"), &err), GEDI_OK);
}

START_TEST(bold_is_beyond_chance)
{
    gedi__show w = {.rows = "objective", .columns = "", .value = NMI};
    put_three();
    ck_table(&w, GEDI__MARKDOWN,
             NMI
             ": mean ± sample standard deviation over seed, 5 runs a cell\n"
             "\n"
             "| objective | " NMI " |\n"
             "|-----------|---------------------------|\n"
             "| a         | **0.970 ± 0.016**         |\n"
             "| b         | **0.962 ± 0.019**         |\n"
             "| c         | 0.290 ± 0.373             |\n"
             "\n"
             "bold: the best, with what a permutation test (of two groups, 5 %, Holm's "
             "correction over the rows) cannot tell from it\n");
    w.best =
        GEDI__BEST_MIN; /* 0.95 among a's and b's numbers: 2 of 252 ways are as far, twice */
    ck_table(&w, GEDI__MARKDOWN,
             NMI
             ": mean ± sample standard deviation over seed, 5 runs a cell\n"
             "\n"
             "| objective | " NMI " |\n"
             "|-----------|---------------------------|\n"
             "| a         | 0.970 ± 0.016             |\n"
             "| b         | 0.962 ± 0.019             |\n"
             "| c         | **0.290 ± 0.373**         |\n"
             "\n"
             "bold: the best, with what a permutation test (of two groups, 5 %, Holm's "
             "correction over the rows) cannot tell from it\n");
}
END_TEST

START_TEST(successes)
{
    gedi__show w = {.rows = "objective",
                    .columns = "",
                    .value = NMI,
                    .stat = GEDI__SUCCESS,
                    .threshold = 0.9};
    put_three();
    ck_table(
        &w, GEDI__MARKDOWN,
        NMI
        ": runs with success (at least 0.9) [95 % interval] over seed, 5 runs a "
        "cell\n"
        "\n"
        "| objective | " NMI " |\n"
        "|-----------|---------------------------|\n"
        "| a         | 5 of 5 [0.57, 1.00]       |\n"
        "| b         | 5 of 5 [0.57, 1.00]       |\n"
        "| c         | 1 of 5 [0.04, 0.62]       |\n"
        "\n"
        "nothing is bold: a permutation test (of two groups, 5 %, Holm's correction over the "
        "rows) tells none from the best\n");
    w.best = GEDI__BEST_MIN;
    w.threshold = 0.2;
    ck_table(&w, GEDI__CSV,
             "objective,value,path,mean,std,median,min,max,n,runs,failed,best,p,failures,"
             "definition,threshold,successes,ended,low,high\n"
             "a," NMI "," NMI
             ",0.97,0.0158113883,0.97,0.95,0.99,5,5,0,0,0.0952380952,,,0.2,0,5,"
             "0,0.434482465\n"
             "b," NMI "," NMI
             ",0.962,0.0192353841,0.96,0.94,0.99,5,5,0,0,0.0952380952,,,0.2,0,5,"
             "0,0.434482465\n"
             "c," NMI "," NMI
             ",0.29,0.373162163,0.15,0.05,0.95,5,5,0,0,,,,0.2,4,5,0.37553463,"
             "0.963775891\n");
}
END_TEST

/* A run that failed did not succeed, and one that was not run says nothing. */
START_TEST(failures_are_no_successes)
{
    gedi__show w = {.rows = "method",
                    .columns = "set",
                    .value = NMI,
                    .stat = GEDI__SUCCESS,
                    .threshold = 0.2};
    open_sweep();
    ck_table(
        &w, GEDI__MARKDOWN,
        NMI
        ": runs with success (at least 0.2) [95 % interval] over seed, 3 runs a "
        "cell; columns: set\n"
        "\n"
        "| method  | moons                 | rings                                     |\n"
        "|---------|-----------------------|-------------------------------------------|\n"
        "| A&B     | 3 of 3 [0.44, 1.00] † | 1 of 2 [0.09, 0.91] (1 failed, 1 missing) |\n"
        "| no\\|gen | 3 of 3 [0.44, 1.00]   | 0 of 3 [0.00, 0.56] (3 failed)            |\n"
        "\n"
        "† cluster collapse, at the end of 1 of 3 runs\n"
        "\n"
        "nothing is bold: a permutation test (of two groups, 5 %, Holm's correction over "
        "the rows) tells none from the best\n");
}
END_TEST

/* A number that was not asked for, or whose evaluator failed, is no failure of the run; where all lack it
 * and say why, the others are shown. Notes have a line each. */
START_TEST(numbers_that_evaluators_lack)
{
    static gedi__quantity both[] = {{"NMI", NMI}, {"own", "evaluation.own.x"}};
    gedi__show w = {.rows = "objective",
                    .columns = "",
                    .value = NMI,
                    .stat = GEDI__SUCCESS,
                    .threshold = 0.5};
    static const char with[] = "{\"loss\": 2, \"evaluation\": {\"clustering\": {\"nmi\": "
                               "0.75}}, \"unevaluated\": \"evaluator own: no\"}";
    put_run("000000000001", "a", 0, with, NULL);
    put_run("000000000002", "a", 1, "{\"loss\": 1, \"evaluation\": {}}", NULL);
    put_run("000000000003", "b", 0, "{\"loss\": 1, \"evaluation\": {}}", NULL);
    ck_assert_int_eq(gedi__study_add(&s, path_of("runs"), &err), GEDI_OK);
    ck_table(
        &w, GEDI__MARKDOWN,
        NMI ": runs with success (at least 0.5) [95 % interval] over seed, 1 to 2 runs a "
            "cell\n"
            "\n"
            "| objective | " NMI "               |\n"
            "|-----------|-----------------------------------------|\n"
            "| a         | 1 of 1 [0.21, 1.00] (1 without a value) |\n"
            "| b         | no value                                |\n"
            "\n"
            "objective: its values differ also in seed: 0 and 1 at a, 0 at b\n");
    w = (gedi__show){.rows = "objective",
                     .columns = "",
                     .value = "",
                     .best = GEDI__BEST_NONE,
                     .quantities = 2,
                     .quantity = both};
    ck_table(&w, GEDI__MARKDOWN,
             "NMI: " NMI ", own: evaluation.own.x; mean ± sample standard deviation over "
             "seed, 1 to 2 runs a cell\n"
             "\n"
             "| objective | NMI                               | own      |\n"
             "|-----------|-----------------------------------|----------|\n"
             "| a         | 0.750 (1 of 2, 1 without a value) | no value |\n"
             "| b         | no value                          | no value |\n"
             "\n"
             "objective: its values differ also in seed: 0 and 1 at a, 0 at b\n"
             "\n"
             "no value in 1 run: evaluator own: no\n");
}
END_TEST

/* Sums of these are beyond double. */
START_TEST(huge_numbers)
{
    double x[] = {1e308, 1e308, 1e308}, y[] = {0.5, 0.5, 0.5};
    ck_assert(gedi__chance_apart(x, 3, y, 3) == 0.1);
    ck_assert(gedi__chance_paired(x, 3) == 0.25);
    gedi__numbers v = gedi__numbers_of(x, 3);
    ck_assert(v.mean == 1e308 && v.median == 1e308 && v.deviation == 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("best");
    TCase *c = tcase_create("all");
    tcase_add_checked_fixture(c, begin, end);
    tcase_add_test(c, bold_is_beyond_chance);
    tcase_add_test(c, successes);
    tcase_add_test(c, failures_are_no_successes);
    tcase_add_test(c, numbers_that_evaluators_lack);
    tcase_add_test(c, huge_numbers);
    suite_add_tcase(suite, c);
    SRunner *r = srunner_create(suite);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
