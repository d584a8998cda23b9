/* test_kmeans.c - k-means: finds what is there, repeats itself, refuses what it must. */
#include "gedi/kmeans.h"

#include <check.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { GROUPS = 5, EACH = 40, N = GROUPS * EACH, D = 19 };

static float points[N * D];

/* Groups far apart: group g has its centre at 20 on axis g. */
static void make_points(void)
{
    gedi_rng r = gedi_rng_at(1, GEDI_STREAM_DATA, 0, 0);
    gedi_rng_fill_normal(&r, points, N * D);
    for (int i = 0; i < N; i++)
        points[i * D + i % GROUPS] += 20;
}

START_TEST(groups_are_found)
{
    int32_t label[N], of[GROUPS];
    double cost, square = 0;
    gedi_rng r = gedi_rng_at(2, GEDI_STREAM_EVAL, 0, 0);
    make_points();
    ck_assert_int_eq(gedi_kmeans(points, N, D, GROUPS, 10, 100, &r, label, &cost, NULL),
                     GEDI_OK);
    for (int i = 0; i < N; i++) {
        ck_assert(label[i] >= 0 && label[i] < GROUPS);
        if (i < GROUPS)
            of[i] = label[i];
        ck_assert_int_eq(label[i], of[i % GROUPS]);
        for (int j = 0; j < i && i < GROUPS; j++)
            ck_assert_int_ne(of[i], of[j]);
    }
    for (int g = 0; g < GROUPS; g++) /* the cost by its definition */
        for (int j = 0; j < D; j++) {
            double mean = 0;
            for (int i = g; i < N; i += GROUPS)
                mean += (double)points[i * D + j] / EACH;
            for (int i = g; i < N; i += GROUPS)
                square += (points[i * D + j] - mean) * (points[i * D + j] - mean);
        }
    ck_assert(fabs(cost - square) <= 1e-4 * square);
}
END_TEST

START_TEST(the_same_generator_the_same_labels)
{
    int32_t a[N], b[N];
    double one, ten;
    make_points();
    gedi_rng r = gedi_rng_at(3, GEDI_STREAM_EVAL, 0, 0), q = r, s = r;
    ck_assert_int_eq(gedi_kmeans(points, N, D, 7, 4, 100, &r, a, &one, NULL), GEDI_OK);
    ck_assert_int_eq(gedi_kmeans(points, N, D, 7, 4, 100, &q, b, NULL, NULL), GEDI_OK);
    ck_assert_mem_eq(a, b, sizeof a);
    ck_assert_int_eq(gedi_kmeans(points, N, D, 7, 1, 100, &s, b, &ten, NULL), GEDI_OK);
    ck_assert(one <= ten); /* the best of four is no worse than the first of them */
}
END_TEST

/* Fewer different points than clusters, and as many points as clusters. */
START_TEST(few_points)
{
    static const float same[] = {1, 1, 1, 1, 2, 2}, apart[] = {1, 2, 4};
    int32_t label[6];
    double cost;
    gedi_rng r = gedi_rng_at(4, GEDI_STREAM_EVAL, 0, 0);
    ck_assert_int_eq(gedi_kmeans(same, 6, 1, 3, 3, 20, &r, label, &cost, NULL), GEDI_OK);
    ck_assert(cost == 0);
    ck_assert(label[0] == label[1] && label[4] == label[5] && label[0] != label[4]);
    ck_assert_int_eq(gedi_kmeans(apart, 3, 1, 3, 3, 20, &r, label, &cost, NULL), GEDI_OK);
    ck_assert(cost == 0 && label[0] != label[1] && label[1] != label[2] &&
              label[0] != label[2]);
}
END_TEST

START_TEST(refusals)
{
    float x[] = {1, 2, 3, NAN};
    int32_t label[4];
    gedi_err err = {0};
    gedi_rng r = gedi_rng_at(5, GEDI_STREAM_EVAL, 0, 0);
    ck_assert_int_eq(gedi_kmeans(x, 2, 1, 3, 1, 1, &r, label, NULL, &err), GEDI_USAGE);
    ck_assert_str_eq(err.msg, "k-means of 2 points of 1 numbers into 3 clusters");
    ck_assert_int_eq(gedi_kmeans(x, 2, 2, 1, 1, 1, &r, label, NULL, &err), GEDI_NUMERIC);
    ck_assert_str_eq(err.msg, "k-means: number 1 of point 1 is nan");
}
END_TEST

/* ---- against scikit-learn ---- */

static const struct {
    uint64_t seed;
    int64_t n, d;
    int32_t groups, width;
    int64_t k;
    double best, single, spread; /* of ten starts; mean and standard deviation of one */
} cases[] = {
#include "tests/fixture/kmeans_cases.h"
};
enum { CASES = sizeof cases / sizeof *cases };

/* The generator of fixture/metric.py. */
static int32_t draw(uint64_t *state, int32_t n)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (int32_t)((*state >> 33) % (uint32_t)n);
}

/* The points of fixture/kmeans.py. */
static float *points_of(int i)
{
    uint64_t state = cases[i].seed;
    int64_t n = cases[i].n, d = cases[i].d, groups = cases[i].groups;
    float *x = malloc((size_t)(n * d) * sizeof *x);
    int32_t *centre = malloc((size_t)(groups * d + 1) * sizeof *centre);
    ck_assert(x && centre);
    for (int64_t j = 0; j < groups * d; j++)
        centre[j] = draw(&state, 1024);
    for (int64_t j = 0; j < n * d; j++) {
        int32_t at = groups ? centre[j / d % groups * d + j % d] : draw(&state, 1024);
        if (groups)
            at += draw(&state, cases[i].width);
        if (groups)
            at -= draw(&state, cases[i].width);
        x[j] = (float)at / 64;
    }
    free(centre);
    return x;
}

/* The mean of single starts, within five standard errors of the difference, and the best of
 * them; plain k-means++ is far above in most of these. */
START_TEST(as_good_as_scikit_learn)
{
    enum { STARTS = 60, THEIRS = 1000 };
    float *x = points_of(_i);
    int64_t n = cases[_i].n, d = cases[_i].d, k = cases[_i].k;
    int32_t *label = malloc((size_t)n * sizeof *label);
    double cost, mean = 0, best = INFINITY, want = cases[_i].single;
    ck_assert_ptr_nonnull(label);
    for (int i = 0; i < STARTS; i++) {
        gedi_rng r = gedi_rng_at(6, GEDI_STREAM_EVAL, 0, (uint32_t)i);
        ck_assert_int_eq(gedi_kmeans(x, n, d, k, 1, 300, &r, label, &cost, NULL),
                         GEDI_OK);
        mean += cost / STARTS;
        best = fmin(best, cost);
    }
    double error = cases[_i].spread * sqrt(1.0 / STARTS + 1.0 / THEIRS) + 1e-4 * want;
    ck_assert_msg(fabs(mean - want) <= 5 * error, "mean: %g, theirs %g", mean, want);
    ck_assert_msg(best <= cases[_i].best * 1.01, "best: %g, theirs %g", best,
                  cases[_i].best);
    free(x);
    free(label);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("kmeans");
    TCase *c = tcase_create("kmeans");
    tcase_set_timeout(c, 120);
    tcase_add_test(c, groups_are_found);
    tcase_add_test(c, the_same_generator_the_same_labels);
    tcase_add_test(c, few_points);
    tcase_add_test(c, refusals);
    tcase_add_loop_test(c, as_good_as_scikit_learn, 0, CASES);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
