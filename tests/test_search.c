/* test_search.c - searches: what is read, what is drawn, where the estimator draws next. */
#include "core/sweep/search.h"
#include "core/sweep/stat.h"
#include "core/sweep/tpe.h"
#include "tests/sweep.h"

#include <math.h>

#define SEARCH(text)                                                                     \
    "dataset: grid\nmodel: line\nobjective: pull\noptimizer: slope\n"                    \
    "train: {iterations: 5}\nsweep:\n  search: " text "\n"

#define OVER                                                                             \
    "over: {objective.pull.inv: {uniform: [0, 60]}, train.batch: {integers: [1, 4]}}"

/* ---- reading ---- */

static const struct {
    const char *text, *message;
} wrong[] = {
    {"7", "search: a value is given, but it must be a mapping"},
    {"{tpe: 9, maximise: loss}", "search: `over` must be a mapping of 1 to 32 paths"},
    {"{tpe: 9, maximise: loss, over: {}}", "search: `over` must be a mapping"},
    {"{tpe: 9, maximise: loss, over: [1]}", "search: `over` must be a mapping"},
    {"{maximise: loss, " OVER "}", "neither tpe nor random is given"},
    {"{tpe: 0, maximise: loss, " OVER "}", "neither tpe nor random is above 0"},
    {"{tpe: 9, random: 9, maximise: loss, " OVER "}", "tpe and random are both given"},
    {"{tpe: 9, " OVER "}", "neither maximise nor minimise is given"},
    {"{tpe: 9, maximise: loss, minimise: loss, " OVER "}",
     "maximise and minimise are both given"},
    {"{tpe: 9, maximize: loss, " OVER "}", "did you mean 'maximise'?"},
    {"{tpe: many, maximise: loss, " OVER "}", "tpe"},
    {"{tpe: -3, maximise: loss, " OVER "}", "tpe"},
    {"{tpe: 9, maximise: loss, over: {train.bach: {integers: [1, 99]}}}",
     "did you mean 'batch'?"},
    {"{tpe: 9, maximise: loss, over: {name: [a, b]}}",
     "this is one for the whole sweep and cannot be varied"},
    {"{tpe: 9, maximise: loss, over: {train.batch: {unform: [1, 2]}}}",
     "did you mean 'uniform'?"},
    {"{tpe: 9, maximise: loss, over: {train.batch: {uniform: [1]}}}",
     "the two limits of one kind: {uniform: [LOW, HIGH]}"},
    {"{tpe: 9, maximise: loss, over: {train.batch: {uniform: 1}}}", "the two limits"},
    {"{tpe: 9, maximise: loss, over: {train.batch: {uniform: [1, 2], log: [1, 2]}}}",
     "the two limits of one kind"},
    {"{tpe: 9, maximise: loss, over: {train.batch: {}}}", "the two limits"},
    {"{tpe: 9, maximise: loss, over: {train.batch: {integers: [1.5, 2]}}}",
     "'1.5' is not a whole number"},
    {"{tpe: 9, maximise: loss, over: {train.batch: {uniform: [1, x]}}}",
     "'x' is not a number"},
    {"{tpe: 9, maximise: loss, over: {train.batch: {uniform: [1, .nan]}}}",
     "'.nan' is not a number"},
    {"{tpe: 9, maximise: loss, over: {train.batch: {uniform: [nan, 2]}}}",
     "'nan' is not a number"},
    {"{tpe: 9, maximise: loss, over: {train.batch: {integers: [0, 1e300]}}}",
     "'1e300' is not a whole number"},
    {"{tpe: 9, maximise: loss, over: {train.batch: {uniform: [2, 2]}}}",
     "2 is not below 2"},
    {"{tpe: 9, maximise: loss, over: {train.batch: {log: [0, 2]}}}",
     "a logarithm needs limits above 0"},
    {"{tpe: 9, maximise: loss, over: {train.batch: []}}", "the axis has no values"},
    {"{tpe: 9, maximise: loss, over: {train.batch: [1, 2]}}",
     "9 draws of the 2 that there are: so many are no search"},
    {"{tpe: 9, maximise: loss, halve: 3, " OVER "}", "halve: a value is given"},
    {"{tpe: 9, maximise: loss, halve: {by: 3}, " OVER "}", "halve: 'from' is missing"},
    {"{tpe: 9, maximise: loss, halve: {from: 2, by: 1}, " OVER "}", "by"},
    {"{tpe: 9, maximise: loss, halve: {from: 2}, " OVER "}", "and not by loss"},
    {"{tpe: 9, maximise: evaluation.clustering.nmi, " OVER "}",
     "search: maximise: no point has the evaluator 'clustering'"},
    {"{tpe: 9, maximise: loss, " OVER "}\n  draw: [1, 2]",
     "'draw' is the axis of the search"},
    {"{tpe: 9, maximise: loss, " OVER "}\n  train.batch: [1, 2]", "it is set in"},
    {"{tpe: 9, maximise: loss, " OVER "}\ntable: {name: draws, rows: draw, value: loss}",
     "'draws' is what the search writes"},
};

START_TEST(mistakes_are_said)
{
    char text[1024];
    snprintf(text, sizeof text, SEARCH("%s"), wrong[_i].text);
    put("a.yaml", text);
    ck_assert_int_eq(plan_with("a.yaml", NULL, 0, 1), GEDI_DESCRIPTOR);
    ck_assert_ptr_nonnull(m.text.s);
    ck_assert_msg(strstr(m.text.s, wrong[_i].message) != NULL, "%s: '%s' is not in\n%s",
                  wrong[_i].text, wrong[_i].message, m.text.s);
}
END_TEST

/* What is wrong by itself is said in one go. */
START_TEST(all_mistakes_are_said)
{
    static const char *const said[] = {
        "unknown option 'bla' of search",
        "tpe and random are both given",
        "neither maximise nor minimise is given",
        "halve: 'from' is missing",
        "objective.pull.inv: 'x' is not a number",
        "objective.pull.inv: 'y' is not a number",
        "the values of a path are a list: a space is for `over` of a search",
    };
    put("a.yaml",
        SEARCH("{tpe: 9, random: 5, halve: {by: 2}, bla: 1, over: "
               "{objective.pull.inv: {uniform: [x, y]}}}\n  optimizer.step.lr: {log: "
               "[1, 2]}"));
    ck_assert_int_eq(plan_with("a.yaml", NULL, 0, 1), GEDI_DESCRIPTOR);
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        ck_assert_msg(strstr(m.text.s, said[i]) != NULL, "'%s' is not in\n%s", said[i],
                      m.text.s);
    ck_assert_int_eq(m.n, sizeof said / sizeof *said);
    put("a.yaml", SEARCH("{tpe: 9, maximise: loss, halve: {from: 1000000}, " OVER "}"));
    ck_assert_int_eq(plan_with("a.yaml", NULL, 0, 1), GEDI_DESCRIPTOR);
    ck_assert_ptr_nonnull(strstr(m.text.s, "and not by loss"));
    ck_assert_ptr_nonnull(strstr(m.text.s, "no draw is trained beyond iteration"));
}
END_TEST

START_TEST(draws_are_an_axis)
{
    ck_plan(SEARCH("{random: 3, maximise: loss, seed: 7, " OVER "}\n  seed: [100, 101]"));
    const gedi__search *s = p->sweep->search;
    ck_assert_int_eq(p->points, 6);
    ck_assert_int_eq(s->draws, 3);
    for (int i = 0; i < 6; i++) {
        const char *inv = gedi__plan_label(p, i, "objective.pull.inv");
        char line[64];
        ck_assert_int_eq(gedi__search_draw_of(p, i), i / 2);
        ck_assert_int_eq(atoi(gedi__plan_label(p, i, "draw")), i / 2 + 1);
        snprintf(line, sizeof line, "inv: %s", inv);
        ck_resolved(i, line);
        ck_assert(atof(inv) >= 0 && atof(inv) <= 60);
        snprintf(line, sizeof line, "batch: %s", gedi__plan_label(p, i, "train.batch"));
        ck_resolved(i, line);
    }
}
END_TEST

/* The same draws for a seed, others for another; the first ones of more are those of fewer. */
START_TEST(draws_depend_on_the_seed_alone)
{
    char first[3][32];
    ck_plan(SEARCH("{random: 3, maximise: loss, " OVER "}"));
    for (int i = 0; i < 3; i++)
        snprintf(first[i], sizeof *first, "%s",
                 gedi__plan_label(p, i, "objective.pull.inv"));
    ck_plan(SEARCH("{random: 9, maximise: loss, " OVER "}"));
    for (int i = 0; i < 3; i++)
        ck_assert_str_eq(first[i], gedi__plan_label(p, i, "objective.pull.inv"));
    ck_plan(SEARCH("{random: 3, maximise: loss, seed: 1, " OVER "}"));
    for (int i = 0; i < 3; i++)
        ck_assert_str_ne(first[i], gedi__plan_label(p, i, "objective.pull.inv"));
}
END_TEST

/* Of eight values four are drawn, and each is another. */
START_TEST(no_draw_is_made_twice)
{
    for (int seed = 100; seed < 120; seed++) {
        char text[512];
        snprintf(text, sizeof text,
                 SEARCH("{random: 4, maximise: loss, seed: %d, over: {train.batch: "
                        "{integers: [1, 8]}}}"),
                 seed);
        ck_plan(text);
        for (int i = 0; i < 4; i++)
            for (int k = 0; k < i; k++)
                ck_assert_str_ne(gedi__plan_label(p, i, "train.batch"),
                                 gedi__plan_label(p, k, "train.batch"));
    }
}
END_TEST

/* ---- spaces ---- */

static gedi__space space_of(gedi__space_kind kind, const char *low, const char *high)
{
    return (gedi__space){.kind = kind,
                         .low = atof(low),
                         .high = atof(high),
                         .low_text = low,
                         .high_text = high};
}

/* u from 0 to 1: rising from limit to limit, the middle where it belongs. */
static void ck_space(gedi__space s, double middle, double tolerance)
{
    char text[GEDI__DRAW_TEXT];
    double before = -INFINITY;
    for (int i = 0; i < 10000; i++) {
        double u = i / 9999.0 * (1 - 0x1p-24);
        double v = atof(gedi__space_text(&s, u, text));
        ck_assert(v >= before && v >= s.low && v <= s.high);
        before = v;
        if (i == 5000 && !(fabs(v - middle) <= tolerance))
            ck_abort_msg("%s is not %g", text, middle);
    }
    ck_assert_double_eq(atof(gedi__space_text(&s, 0, text)), s.low);
    ck_assert_double_eq_tol(atof(gedi__space_text(&s, 1 - 0x1p-24, text)), s.high,
                            1e-4 * fabs(s.high));
}

START_TEST(spaces_have_their_limits)
{
    ck_space(space_of(GEDI__UNIFORM, "0.12345", "0.98765"), 0.5556, 1e-3);
    ck_space(space_of(GEDI__UNIFORM, "-3", "5"), 1, 2e-3);
    ck_space(space_of(GEDI__LOG, "1.23456e-5", "0.1"), sqrt(1.23456e-6), 2e-6);
    ck_space(space_of(GEDI__INTEGERS, "-2", "7"), 3, 0);
    ck_space(space_of(GEDI__LOG_INTEGERS, "16", "255"), 64, 0);
}
END_TEST

/* Each whole number has the same part of [0, 1). */
START_TEST(integers_are_equally_likely)
{
    int count[10] = {0};
    char text[GEDI__DRAW_TEXT];
    gedi__space s = space_of(GEDI__INTEGERS, "0", "9");
    for (int i = 0; i < 10000; i++)
        count[atoi(gedi__space_text(&s, (i + 0.5) / 10000, text))]++;
    for (int i = 0; i < 10; i++)
        ck_assert_int_eq(count[i], 1000);
}
END_TEST

/* ---- the estimator ---- */

enum { DRAWS = 60, FIRST = 10 };

/* A narrow ridge over the first coordinate, a slope over the second, one choice of four; nothing over
 * the last. The best is 0. */
static double height(const gedi__search *s, const double *u)
{
    double a = u[0] - 0.3, b = u[1] - 0.8;
    int c = gedi__space_choice(&s->space[2], u[2]);
    return -8 * a * a - 2 * b * b - (c == 1 ? 0 : 0.3);
}

/* The best first, of those whose value is known; the others behind. */
static void sort(const double *y, int *order, int known, int n)
{
    for (int i = 0; i < n; i++) {
        int k = i;
        for (; i < known && k > 0 && y[i] > y[order[k - 1]]; k--)
            order[k] = order[k - 1];
        order[k] = i;
    }
}

/* Ten at a time, as a search draws them. */
static double best_of(const gedi__search *s, bool tpe)
{
    double u[DRAWS * 4], y[DRAWS], best = -INFINITY;
    int order[DRAWS];
    gedi__seen seen = {0};
    for (int i = 0; i < DRAWS; i++) {
        gedi_rng r = gedi_rng_at((uint64_t)s->seed, GEDI_STREAM_EVAL, (uint64_t)i, 0);
        sort(y, order, i / FIRST * FIRST, i);
        if (tpe && i >= FIRST)
            ck_assert_int_eq(gedi__tpe_propose(s, u, order, i, &r, u + 4 * i, &err),
                             GEDI_OK);
        else
            ck_assert_int_eq(gedi__search_draw(s, u, i, &seen, &err), GEDI_OK);
        for (int k = 0; k < 4; k++)
            ck_assert(u[4 * i + k] >= 0 && u[4 * i + k] < 1);
        y[i] = height(s, u + 4 * i);
        best = y[i] > best ? y[i] : best;
    }
    gedi__seen_clear(&seen);
    return best;
}

START_TEST(the_estimator_beats_chance)
{
    const char *label[] = {"a", "b", "c", "d"};
    gedi__space space[4] = {space_of(GEDI__UNIFORM, "0", "1"),
                            space_of(GEDI__LOG, "0.001", "1"),
                            {.kind = GEDI__CHOICES, .choices = 4, .label = label},
                            space_of(GEDI__INTEGERS, "0", "100")};
    gedi__search s = {.tpe = DRAWS, .spaces = 4, .space = space};
    int better = 0;
    double sum[2] = {0};
    for (s.seed = 100; s.seed < 120; s.seed++) {
        double by_chance = best_of(&s, false), by_tpe = best_of(&s, true);
        better += by_tpe > by_chance;
        sum[0] += by_chance;
        sum[1] += by_tpe;
    }
    ck_assert_int_ge(better, 15); /* of 20 */
    if (!(sum[1] > sum[0] / 2)) /* what is missing to the best is half as much, at most */
        ck_abort_msg("%g by the estimator, %g by chance", sum[1], sum[0]);
}
END_TEST

/* ---- what matters ---- */

START_TEST(what_groups_explain)
{
    double x[] = {1, 2, 3, 11, 12, 13}, same[] = {2, 2, 2, 2};
    int two[] = {0, 0, 0, 1, 1, 1}, each[] = {0, 1, 2, 3, 4, 5},
        mixed[] = {0, 1, 0, 1, 0, 1};
    /* 154 in all, 4 within: (150 - 1) / 154 */
    ck_assert_double_eq_tol(gedi__numbers_explained(x, two, 6, 2), 149.0 / 154, 1e-12);
    ck_assert_double_eq_tol(gedi__numbers_explained(x, two, 6, 7), 149.0 / 154, 1e-12);
    ck_assert_double_eq(gedi__numbers_explained(x, mixed, 6, 2), 0);
    ck_assert(isnan(gedi__numbers_explained(x, each, 6, 6)));
    ck_assert(isnan(gedi__numbers_explained(same, two, 4, 2)));
    ck_assert(isnan(gedi__numbers_explained(x, two, 0, 2)));
}
END_TEST

/* As many in each part, as far as equal ones let it. */
START_TEST(numbers_are_cut_by_their_size)
{
    double x[] = {5, 1, 1, 1, 9, 2, 8, 7}, same[] = {3, 3, 3};
    int want[] = {2, 0, 0, 0, 3, 1, 3, 2}, group[8];
    ck_assert(gedi__numbers_cut(x, 8, 4, group));
    for (int i = 0; i < 8; i++)
        ck_assert_int_eq(group[i], want[i]);
    ck_assert(gedi__numbers_cut(same, 3, 4, group));
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(group[i], 0);
    ck_assert(gedi__numbers_cut(x, 0, 4, group));
}
END_TEST

/* Of draws whose values all differ numbers are four groups: by their own values each would explain itself. */
START_TEST(draws_of_numbers_are_four_groups)
{
    double x[] = {1, 2, 3, 4, 5, 6, 7, 8}, size[] = {1, 10, 20, 21, 300, 400, 401, 402};
    int group[8] = {0, 1, 2, 3, 4, 5, 6, 7};
    double share;
    ck_assert(gedi__numbers_matter(x, 8, NULL, 8, group, &share) && isnan(share));
    /* 42 in all, 2 within: (40 - 3 * 2 / 4) / 42 */
    ck_assert(gedi__numbers_matter(x, 8, size, 0, group, &share));
    ck_assert_double_eq_tol(share, 38.5 / 42, 1e-12);
    ck_assert(gedi__numbers_matter(x, 8, NULL, 4, group, &share)); /* as they were cut */
    ck_assert_double_eq_tol(share, 38.5 / 42, 1e-12);
    ck_assert(gedi__numbers_matter(x, 7, size, 0, group, &share) && isnan(share));
}
END_TEST

int main(void)
{
    setenv("GEDI_PLUGIN_PATH", FAKES, 1);
    Suite *s = suite_create("search");
    TCase *t = tcase_create("search");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, mistakes_are_said, 0, sizeof wrong / sizeof *wrong);
    tcase_add_test(t, all_mistakes_are_said);
    tcase_add_test(t, draws_are_an_axis);
    tcase_add_test(t, draws_depend_on_the_seed_alone);
    tcase_add_test(t, no_draw_is_made_twice);
    tcase_add_test(t, spaces_have_their_limits);
    tcase_add_test(t, integers_are_equally_likely);
    tcase_add_test(t, the_estimator_beats_chance);
    tcase_add_test(t, what_groups_explain);
    tcase_add_test(t, numbers_are_cut_by_their_size);
    tcase_add_test(t, draws_of_numbers_are_four_groups);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
