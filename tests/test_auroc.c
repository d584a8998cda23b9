/* test_auroc.c - AUROC against scikit-learn, its interval against DeLong's definition and by how
 * often it is right, FPR at 95 % TPR by brute force.
 */
#include "gedi/metric.h"
#include "tests/testing.h"

#include <check.h>

static gedi_err err;

static const struct {
    uint64_t seed;
    int64_t n, m;
    int32_t levels, shift;
    double area, variance; /* NAN: not defined */
} cases[] = {
#include "tests/fixture/auroc_cases.h"
};
enum { CASES = sizeof cases / sizeof *cases };

/* The generator of fixture/metric.py. */
static int32_t draw(uint64_t *state, int32_t n)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (int32_t)((*state >> 33) % (uint32_t)n);
}

/* What is said of an interval, from the area and its variance: symmetric for logits, and no
 * shorter than what the smaller sample can tell of a perfect separation. */
static void expect_interval(const gedi_auroc_estimate *e, int64_t n, int64_t m)
{
    const double a = e->area, least = fmin((double)n, (double)m);
    double low = pow(0.025, 1 / least), high = 1 - low;
    if (a > 0 && a < 1) {
        double logit = log(a) - log(1 - a);
        double half = 1.959963984540054 * sqrt(e->variance) / (a * (1 - a));
        low = fmin(low, 1 / (1 + exp(half - logit)));
        high = fmax(high, 1 / (1 + exp(-half - logit)));
    }
    low = fmin(low, a);
    high = fmax(high, a);
    ck_assert_msg(fabs(e->low - low) <= 1e-12 && fabs(e->high - high) <= 1e-12,
                  "%.15g (%.15g to %.15g), expected %.15g to %.15g", a, e->low, e->high,
                  low, high);
    ck_assert(e->low >= 0 && e->low <= a && e->high >= a && e->high <= 1);
    ck_assert(e->low < e->high);
}

/* Where these scores cannot tell the variance, it is the largest possible. */
static double largest(double area, int64_t n, int64_t m)
{
    return area * (1 - area) / fmin((double)n, (double)m);
}

static void expect_estimate(const float *p, int64_t n, const float *q, int64_t m,
                            double area, double variance)
{
    gedi_auroc_estimate e, back;
    ck_assert_int_eq(gedi_auroc_interval(p, n, q, m, &e, &err), GEDI_OK);
    ck_assert_msg(fabs(e.area - area) <= 1e-12, "%.17g, expected %.17g", e.area, area);
    if (!(variance > 0))
        variance = largest(area, n, m);
    ck_assert_msg(fabs(e.variance - variance) <= 1e-10 * variance,
                  "variance %.17g, expected %.17g", e.variance, variance);
    expect_interval(&e, n, m);
    ck_assert_int_eq(gedi_auroc_interval(q, m, p, n, &back, &err), GEDI_OK);
    ck_assert(fabs(back.variance - e.variance) <= 1e-10 * e.variance);
    ck_assert(fabs(back.low + e.high - 1) <= 1e-12 &&
              fabs(back.high + e.low - 1) <= 1e-12);
}

START_TEST(auroc_as_scikit_learn)
{
    int64_t n = cases[_i].n, m = cases[_i].m;
    uint64_t state = cases[_i].seed;
    float *p = malloc((size_t)(n + m) * sizeof *p), *q = p + n;
    ck_assert_ptr_nonnull(p);
    for (int64_t i = 0; i < n; i++)
        p[i] = (float)(draw(&state, cases[_i].levels) + cases[_i].shift);
    for (int64_t i = 0; i < m; i++)
        q[i] = (float)draw(&state, cases[_i].levels);
    double area, back;
    ck_assert_int_eq(gedi_auroc(p, n, q, m, &area, &err), GEDI_OK);
    ck_assert_msg(fabs(area - cases[_i].area) <= 1e-12, "%.17g, expected %.17g", area,
                  cases[_i].area);
    ck_assert_int_eq(gedi_auroc(q, m, p, n, &back, &err), GEDI_OK);
    ck_assert_msg(fabs(area + back - 1) <= 1e-12, "%g and %g", area, back);
    expect_estimate(p, n, q, m, cases[_i].area, cases[_i].variance);
    free(p);
}
END_TEST

/* DeLong's variance by its definition: shares of wins of each score, in double. */
static double delong_of(const float *p, int64_t n, const float *q, int64_t m)
{
    double sum = 0, squares = 0;
    for (int64_t i = 0; i < n; i++) {
        double won = 0;
        for (int64_t j = 0; j < m; j++)
            won += p[i] > q[j] ? 1 : p[i] == q[j] ? 0.5 : 0;
        sum += won / (double)m;
        squares += won / (double)m * (won / (double)m);
    }
    return (squares - sum * sum / (double)n) / (double)(n - 1) / (double)n;
}

/* Few scores with few levels: ties within and across, some apart, some all alike. */
START_TEST(variance_by_brute_force)
{
    float p[40], q[40];
    int differ = 0;
    for (uint64_t seed = 1; seed <= 600; seed++) {
        uint64_t state = seed;
        int64_t n = 2 + draw(&state, 39), m = 2 + draw(&state, 39);
        int32_t levels = 1 + draw(&state, 12), shift = draw(&state, 5);
        double won = 0;
        for (int64_t i = 0; i < n; i++)
            p[i] = (float)(draw(&state, levels) + shift);
        for (int64_t i = 0; i < m; i++)
            q[i] = (float)draw(&state, levels);
        for (int64_t i = 0; i < n * m; i++)
            won += p[i / m] > q[i % m] ? 1 : p[i / m] == q[i % m] ? 0.5 : 0;
        double variance = delong_of(p, n, q, m) + delong_of(q, m, p, n);
        expect_estimate(p, n, q, m, won / (double)(n * m),
                        variance > 1e-12 ? variance : 0);
        differ += variance > 1e-12;
    }
    ck_assert_msg(differ > 300, "%d cases with a variance", differ);
}
END_TEST

START_TEST(interval_at_the_edge)
{
    const float p[] = {5, 6, 7, 8}, q[] = {1, 2, 4}, same[] = {3, 3, 3, 3, 3};
    gedi_auroc_estimate e;
    ck_assert_int_eq(gedi_auroc_interval(p, 4, q, 3, &e, &err), GEDI_OK);
    ck_assert(e.area == 1 && e.variance == 0 && e.high == 1);
    ck_assert(fabs(e.low - cbrt(0.025)) <=
              1e-12); /* three pairs without a common record */
    ck_assert_int_eq(gedi_auroc_interval(q, 3, p, 4, &e, &err), GEDI_OK);
    ck_assert(e.area == 0 && e.variance == 0 && e.low == 0);
    ck_assert(fabs(e.high - (1 - cbrt(0.025))) <= 1e-12);
    ck_assert_int_eq(gedi_auroc_interval(same, 5, same, 4, &e, &err), GEDI_OK);
    ck_assert(e.area == 0.5 && fabs(e.variance - 0.25 / 4) <= 1e-15);
    ck_assert(e.low < 0.15 && fabs(e.low + e.high - 1) <= 1e-12);
    ck_assert_int_eq(gedi_auroc_interval(p, 1, q, 1, &e, &err), GEDI_OK);
    ck_assert(e.area == 1 && fabs(e.low - 0.025) <= 1e-15 && e.high == 1);
    ck_assert_int_eq(gedi_auroc_interval(q + 1, 1, q, 3, &e, &err), GEDI_OK);
    ck_assert(e.area == 0.5 && fabs(e.variance - 0.25) <= 1e-15);
    expect_interval(&e, 1, 3);
    const float bad[] = {1, NAN};
    ck_assert_int_eq(gedi_auroc_interval(p, 4, bad, 2, &e, &err), GEDI_NUMERIC);
    ck_assert_str_eq(err.msg, "AUROC: the score of negative 1 is not a number");
    ck_assert(isnan(e.area) && isnan(e.variance) && isnan(e.low) && isnan(e.high));
    ck_assert_int_eq(gedi_auroc_interval(p, 0, q, 2, &e, &err), GEDI_USAGE);
    ck_assert(isnan(e.area) && isnan(e.low));
}
END_TEST

/* Uniform scores, positives larger by d: the area is 1 - (1 - d)^2 / 2. Of 2,000 intervals 95 %
 * should have it, with a deviation of .5 %; near 1 they may be too wide, but not too narrow. */
START_TEST(interval_is_right_as_often_as_it_says)
{
    static const struct {
        int n, m;
        double d, least, most;
    } of[] = {{60, 40, 0, .935, .97},
              {60, 40, .3, .935, .97},
              {15, 300, .5, .935, .985},
              {40, 40, .9, .95, 1}};
    enum { TIMES = 2000 };
    float p[300], q[300];
    gedi_auroc_estimate e;
    for (size_t k = 0; k < sizeof of / sizeof *of; k++) {
        double area = 1 - (1 - of[k].d) * (1 - of[k].d) / 2;
        int right = 0;
        for (int i = 0; i < TIMES; i++) {
            testing_uniform(p, of[k].n, (uint64_t)(2 * i), of[k].d, of[k].d + 1);
            testing_uniform(q, of[k].m, (uint64_t)(2 * i + 1), 0, 1);
            ck_assert_int_eq(gedi_auroc_interval(p, of[k].n, q, of[k].m, &e, &err),
                             GEDI_OK);
            right += e.low <= area && area <= e.high;
        }
        double share = (double)right / TIMES;
        ck_assert_msg(share >= of[k].least && share <= of[k].most,
                      "area %g: %g of the intervals", area, share);
    }
}
END_TEST

START_TEST(auroc_at_the_edge)
{
    const float p[] = {INFINITY, 1, -INFINITY}, q[] = {INFINITY, NAN};
    double area;
    ck_assert_int_eq(gedi_auroc(p, 3, q, 1, &area, &err), GEDI_OK);
    ck_assert(fabs(area - 1.0 / 6) <= 1e-12); /* of three pairs one is equal */
    ck_assert_int_eq(gedi_auroc(p, 3, q, 2, &area, &err), GEDI_NUMERIC);
    ck_assert_str_eq(err.msg, "AUROC: the score of negative 1 is not a number");
    ck_assert(isnan(area));
    ck_assert_int_eq(gedi_auroc(q + 1, 1, p, 3, &area, &err), GEDI_NUMERIC);
    ck_assert_str_eq(err.msg, "AUROC: the score of positive 0 is not a number");
    ck_assert_int_eq(gedi_auroc(p, 0, q, 1, &area, &err), GEDI_USAGE);
    ck_assert_str_eq(err.msg, "AUROC of 0 positives and 1 negatives: it needs 1 of each");
}
END_TEST

/* The false positive rate by its definition: of all thresholds that at least 95 % of the
 * positives pass, the one that the fewest negatives pass. */
static double fpr_of(const float *p, int64_t n, const float *q, int64_t m)
{
    double least = 1;
    for (int64_t i = 0; i < n; i++) {
        int64_t right = 0, wrong = 0;
        for (int64_t j = 0; j < n; j++)
            right += p[j] >= p[i];
        for (int64_t j = 0; j < m; j++)
            wrong += q[j] >= p[i];
        if (20 * right >= 19 * n)
            least = fmin(least, (double)wrong / (double)m);
    }
    return least;
}

/* Few levels, so that many scores are equal, the threshold among them. */
START_TEST(fpr_by_brute_force)
{
    static const int64_t size[] = {1, 2, 19, 20, 21, 39, 40, 41, 100, 399};
    static float p[399], q[300];
    double rate;
    for (size_t k = 0; k < sizeof size / sizeof *size; k++)
        for (int32_t levels = 1; levels < 2000; levels = 3 * levels + 1) {
            uint64_t state = 7 * k + (uint64_t)levels;
            for (int64_t i = 0; i < size[k]; i++)
                p[i] = (float)(draw(&state, levels) + levels / 3);
            for (int64_t i = 0; i < 300; i++)
                q[i] = (float)draw(&state, levels);
            ck_assert_int_eq(gedi_fpr95(p, size[k], q, 300, &rate, &err), GEDI_OK);
            double want = fpr_of(p, size[k], q, 300);
            ck_assert_msg(fabs(rate - want) <= 1e-12,
                          "%d positives of %d levels: %g, expected %g", (int)size[k],
                          (int)levels, rate, want);
        }
    for (int i = 0; i < 40;
         i++) /* two of forty may be below: the third is the threshold */
        p[i] = (float)i;
    q[0] = 1;
    q[1] = 2;
    ck_assert_int_eq(gedi_fpr95(p, 40, q, 2, &rate, &err), GEDI_OK);
    ck_assert(fabs(rate - 0.5) <= 1e-12);
    q[1] = NAN;
    ck_assert_int_eq(gedi_fpr95(p, 40, q, 2, &rate, &err), GEDI_NUMERIC);
    ck_assert_str_eq(err.msg, "FPR at 95 % TPR: the score of negative 1 is not a number");
    ck_assert(isnan(rate));
}
END_TEST

int main(void)
{
    Suite *s = suite_create("auroc");
    TCase *c = tcase_create("all");
    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, auroc_as_scikit_learn, 0, CASES);
    tcase_add_test(c, variance_by_brute_force);
    tcase_add_test(c, interval_at_the_edge);
    tcase_add_test(c, interval_is_right_as_often_as_it_says);
    tcase_add_test(c, auroc_at_the_edge);
    tcase_add_test(c, fpr_by_brute_force);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
