/* test_principal.c - principal components against power iteration on the covariance, and points
 * that have none.
 */
#include "core/metric/principal.h"
#include "tests/testing.h"

#include <check.h>

static gedi_err err;

static const struct {
    int64_t n, d;
} cases[] = {{3, 2}, {40, 2}, {40, 8}, {8, 40}, {30, 30}, {300, 100}, {100, 300}};
enum { CASES = sizeof cases / sizeof *cases, ITERATIONS = 2000 };

static void *numbers(int64_t n, size_t size)
{
    void *x = calloc((size_t)n + 1, size);
    ck_assert_ptr_nonnull(x);
    return x;
}

/* Noise, and two directions that stand out, far from the origin. */
static float *points(int64_t n, int64_t d)
{
    float *x = numbers(n * d, sizeof *x), *u = numbers(2 * (n + d), sizeof *u);
    testing_uniform(x, n * d, 1, 6.5, 7.5);
    testing_uniform(u, 2 * (n + d), 2, -1, 1);
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < d; j++)
            x[i * d + j] += 6 * u[i] * u[2 * n + j] + 3 * u[n + i] * u[2 * n + d + j];
    free(u);
    return x;
}

/* C v of the covariance of x, by its definition. */
static void times(const double *cov, int64_t d, const double *v, double *out)
{
    for (int64_t i = 0; i < d; i++) {
        out[i] = 0;
        for (int64_t j = 0; j < d; j++)
            out[i] += cov[i * d + j] * v[j];
    }
}

static double *covariance(const float *x, int64_t n, int64_t d, double *mean)
{
    double *cov = numbers(d * d, sizeof *cov);
    for (int64_t j = 0; j < d; j++)
        for (int64_t i = 0; i < n; i++)
            mean[j] += x[i * d + j] / (double)n;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < d; j++)
            for (int64_t k = 0; k < d; k++)
                cov[j * d + k] +=
                    (x[i * d + j] - mean[j]) * (x[i * d + k] - mean[k]) / (double)(n - 1);
    return cov;
}

/* The largest eigenvalue of `cov`, and its vector with its largest weight above 0. */
static double largest(const double *cov, int64_t d, double *v)
{
    double length = 0, *w = numbers(d, sizeof *w);
    int64_t most = 0;
    for (int64_t j = 0; j < d; j++)
        v[j] = 1 + 0.1 * (double)(j % 7);
    for (int i = 0; i < ITERATIONS; i++) {
        times(cov, d, v, w);
        length = 0;
        for (int64_t j = 0; j < d; j++)
            length += w[j] * w[j];
        length = sqrt(length);
        for (int64_t j = 0; j < d; j++)
            v[j] = w[j] / length;
    }
    for (int64_t j = 0; j < d; j++)
        most = fabs(v[j]) > fabs(v[most]) ? j : most;
    for (int64_t j = d - 1; j >= 0; j--)
        v[j] *= v[most] < 0 && j != most ? -1 : 1;
    v[most] = fabs(v[most]);
    free(w);
    return length;
}

START_TEST(as_power_iteration)
{
    int64_t n = cases[_i].n, d = cases[_i].d;
    float *x = points(n, d), *y = numbers(2 * n, sizeof *y);
    double *mean = numbers(d, sizeof *mean), *v = numbers(d, sizeof *v);
    double *want = numbers(2 * n, sizeof *want), *cov = covariance(x, n, d, mean);
    double total = 0;
    gedi__plane_of got;
    ck_assert_msg(!gedi__principal_plane(x, n, d, y, &got, &err), "%s", err.msg);
    for (int64_t j = 0; j < d; j++)
        total += cov[j * d + j];
    ck_assert_msg(fabs(got.total - total) <= 1e-10 * total, "%g", got.total);
    for (int k = 0; k < 2; k++) {
        double value = largest(cov, d, v);
        ck_assert_msg(fabs(got.variance[k] - value) <= 1e-9 * total, "%g, expected %g",
                      got.variance[k], value);
        for (int64_t i = 0; i < n; i++)
            for (int64_t j = 0; j < d; j++)
                want[2 * i + k] += (x[i * d + j] - mean[j]) * v[j];
        for (int64_t i = 0; i < d; i++)
            for (int64_t j = 0; j < d; j++)
                cov[i * d + j] -= value * v[i] * v[j];
    }
    double off = testing_error(y, want, 2 * n, 0);
    ck_assert_msg(off <= 1e-6, "%lld x %lld: off by %g", (long long)n, (long long)d, off);
    free(x);
    free(y);
    free(mean);
    free(v);
    free(want);
    free(cov);
}
END_TEST

/* Weights (1, -1) / sqrt 2: rounding must not choose which of both is the largest. */
START_TEST(signs_are_fixed)
{
    enum { N = 50 };
    float x[2 * N], y[2 * N];
    gedi__plane_of got;
    testing_uniform(x, N, 3, -1, 1);
    for (int i = N - 1; i >= 0; i--) {
        x[2 * i] = x[i] + 3;
        x[2 * i + 1] = 5 - x[2 * i];
    }
    ck_assert_int_eq(gedi__principal_plane(x, N, 2, y, &got, &err), GEDI_OK);
    for (int i = 0; i < N; i++) {
        ck_assert_msg((x[2 * i] > x[0]) == (y[2 * i] > y[0]), "point %d", i);
        ck_assert_msg(!(fabsf(y[2 * i + 1]) > 1e-6f), "point %d is at %g", i,
                      (double)y[2 * i + 1]);
    }
}
END_TEST

static void all_zero(const float *x, int64_t n, int64_t d)
{
    float y[40];
    gedi__plane_of got;
    memset(y, 1, sizeof y);
    ck_assert_msg(!gedi__principal_plane(x, n, d, y, &got, &err), "%s", err.msg);
    ck_assert(got.total == 0 && got.variance[0] == 0 && got.variance[1] == 0);
    for (int64_t i = 0; i < 2 * n; i++)
        ck_assert(y[i] == 0);
}

/* Numbers whose mean is rounded, too. */
START_TEST(equal_points_have_no_variance)
{
    float x[7 * 3], one[] = {3, 4};
    for (int i = 0; i < 7 * 3; i++)
        x[i] = i % 3 == 0 ? 0.1f : i % 3 == 1 ? -1e30f : 1.0f / 3;
    all_zero(x, 7, 3);
    all_zero(x, 1, 3);
    all_zero(one, 1, 2);
}
END_TEST

START_TEST(one_number_has_one_component)
{
    const float x[] = {1, 2, 6};
    float y[6];
    gedi__plane_of got;
    ck_assert_int_eq(gedi__principal_plane(x, 3, 1, y, &got, &err), GEDI_OK);
    ck_assert(y[0] == -2 && y[2] == -1 && y[4] == 3);
    ck_assert(y[1] == 0 && y[3] == 0 && y[5] == 0);
    ck_assert(got.variance[0] == 7 && got.variance[1] == 0 && got.total == 7);
    /* Two points of many numbers: a line, of which rounding makes no second component. */
    float line[2 * 9];
    testing_uniform(line, 2 * 9, 5, -1, 1);
    ck_assert_int_eq(gedi__principal_plane(line, 2, 9, y, &got, &err), GEDI_OK);
    ck_assert(y[0] == -y[2] && y[0] != 0 && y[1] == 0 && y[3] == 0);
    ck_assert(got.variance[1] == 0 && fabs(got.variance[0] / got.total - 1) <= 1e-12);
}
END_TEST

START_TEST(refused)
{
    float x[] = {1, 2, NAN, 4}, y[4];
    gedi__plane_of got;
    ck_assert_int_eq(gedi__principal_plane(x, 2, 2, y, &got, &err), GEDI_NUMERIC);
    ck_assert_str_eq(err.msg, "principal components: number 0 of point 1 is nan");
    x[2] = INFINITY;
    ck_assert_int_eq(gedi__principal_plane(x, 2, 2, y, &got, &err), GEDI_NUMERIC);
    ck_assert_int_eq(gedi__principal_plane(x, 0, 2, y, &got, &err), GEDI_USAGE);
    ck_assert_int_eq(gedi__principal_plane(x, 2, 0, y, &got, &err), GEDI_USAGE);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("principal");
    TCase *c = tcase_create("principal");
    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, as_power_iteration, 0, CASES);
    tcase_add_test(c, signs_are_fixed);
    tcase_add_test(c, equal_points_have_no_variance);
    tcase_add_test(c, one_number_has_one_component);
    tcase_add_test(c, refused);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
