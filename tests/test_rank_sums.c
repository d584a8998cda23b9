/* test_rank_sums.c - sums over ranks that are begun in their turn and are there at the end of a
 * program: nothing touches what is under way, and what a step reads is waited for.
 */
#include "core/base/ranks.h"
#include "core/exec/program.h"
#include "core/op/ranks.h"
#include "tests/testing.h"

#include <check.h>
#include <math.h>
#include <string.h>

enum { ROWS = 30, COLS = 20, SIZE = ROWS * COLS, MOST = 8 };

/* Three ranks with the same numbers. A sum that has been begun reads them when it settles, no sooner. */
static struct {
    const float *mine[MOST];
    float *out[MOST];
    int64_t size[MOST];
    int begun, polls, waited_for;
} way;

static void sum_now(const float *mine, int64_t size, float *out)
{
    way.waited_for++;
    for (int64_t i = 0; i < size; i++)
        out[i] = 3 * mine[i];
}

static void begin_sum(const float *mine, int64_t size, float *out)
{
    ck_assert_int_lt(way.begun, MOST);
    way.mine[way.begun] = mine, way.out[way.begun] = out, way.size[way.begun++] = size;
    for (int64_t i = 0; i < size; i++)
        out[i] = NAN;
}

static void poll_sums(void)
{
    way.polls += way.begun > 0;
}

static void settle(void)
{
    for (int k = 0; k < way.begun; k++) {
        ck_assert(isnan(way.out[k][0])); /* nobody wrote there */
        sum_now(way.mine[k], way.size[k], way.out[k]);
        way.waited_for--;
    }
    way.begun = 0;
}

static const gedi__ranks three = {
    .n = 3, .sum = sum_now, .begin_sum = begin_sum, .poll = poll_sums, .settle = settle};

static gedi_graph *g;
static gedi_node *x;

static void setup(void)
{
    memset(&way, 0, sizeof way);
    gedi__ranks_use(&three);
    g = gedi_graph_new();
    ck_assert_ptr_nonnull(g);
    x = gedi_input(g, "x", GEDI_DIMS(ROWS, COLS));
}

static void teardown(void)
{
    gedi_graph_free(g);
}

static gedi__program *compile(gedi_node *const *output, int n, const gedi__binding *bind,
                              int m)
{
    gedi_err err;
    gedi__program *p;
    gedi_status s = gedi__program_new(g, output, n, bind, m, 1, &p, &err);
    ck_assert_msg(s == GEDI_OK, "%s", err.msg);
    testing_uniform(gedi__program_input(p, x), SIZE, 7, 1, 2);
    return p;
}

/* The result is `times` x. */
static void expect_times(const float *y, gedi__program *p, double times)
{
    const float *from = gedi__program_input(p, x);
    for (int i = 0; i < SIZE; i++)
        if (!(fabs(y[i] - times * from[i]) <= 1e-5 * times * from[i]))
            ck_abort_msg("number %d is %g, not %g", i, y[i], times * from[i]);
}

/* y by steps that do not cancel out. */
static gedi_node *turned(gedi_node *y, int times)
{
    while (times--)
        y = gedi_log(gedi_transpose(gedi_exp(gedi_transpose(y))));
    return y;
}

/* Between begin and end there is work that would like the memory. */
START_TEST(what_is_under_way_is_left_alone)
{
    float given[SIZE];
    gedi_node *part = turned(x, 1);
    gedi_node *one = gedi__rank_sum(part), *two = gedi__rank_sum(turned(x, 2));
    gedi_node *other = turned(x, 8);
    gedi_node *output[] = {one, other, two, part};
    gedi__binding bind[] = {{two, given}};
    gedi__program *p = compile(output, 4, bind, _i);
    for (int run = 0; run < 3; run++) {
        gedi__program_run(p);
        expect_times(gedi__program_output(p, 0), p, 3);
        expect_times(gedi__program_output(p, 1), p, 1);
        expect_times(gedi__program_output(p, 2), p, 3);
        expect_times(gedi__program_output(p, 3), p, 1);
    }
    ck_assert_int_eq(way.waited_for, 0);
    ck_assert_int_gt(way.polls, 10);
    gedi__program_free(p);
}
END_TEST

START_TEST(what_a_step_reads_is_waited_for)
{
    gedi_node *read = gedi__rank_sum(turned(x, 1));
    gedi_node *alias = gedi__rank_sum(turned(x, 2));
    gedi_node *output[] = {
        turned(_i ? gedi__rank_copy(read) : read, 2), /* also under another name */
        gedi_reshape(alias, GEDI_DIMS(SIZE)),         /* an output is no step */
        gedi_scale(gedi__rank_sum(x), 2),             /* a group reads it */
    };
    gedi__program *p = compile(output, 3, NULL, 0);
    gedi__program_run(p);
    ck_assert_int_eq(way.waited_for, 2);
    expect_times(gedi__program_output(p, 0), p, 3);
    expect_times(gedi__program_output(p, 1), p, 3);
    expect_times(gedi__program_output(p, 2), p, 6);
    gedi__program_free(p);
}
END_TEST

/* Bound memory of an output that is another's piece is filled by a copy, after all sums. */
START_TEST(copies_come_after_sums)
{
    float given[SIZE];
    gedi_node *sum = gedi__rank_sum(turned(x, 1));
    gedi_node *output[] = {sum, gedi_reshape(sum, GEDI_DIMS(SIZE))};
    gedi__binding bind[] = {{output[1], given}};
    gedi__program *p = compile(output, 2, bind, 1);
    gedi__program_run(p);
    ck_assert_int_eq(way.waited_for, 0);
    expect_times(given, p, 3);
    gedi__program_free(p);
}
END_TEST

int main(void)
{
    TCase *c = tcase_create("rank sums");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_loop_test(c, what_is_under_way_is_left_alone, 0, 2);
    tcase_add_loop_test(c, what_a_step_reads_is_waited_for, 0, 2);
    tcase_add_test(c, copies_come_after_sums);
    Suite *s = suite_create("rank sums");
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
