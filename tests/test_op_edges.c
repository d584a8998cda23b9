/* test_op_edges.c - operations at the edge of what a float holds, and random leaves. */
#include "core/exec/program.h"
#include "core/op/op.h"
#include "tests/testing.h"

#include <check.h>
#include <stdio.h>

#define D GEDI_DIMS

static gedi_graph *g;

static void setup(void)
{
    g = gedi_graph_new();
    ck_assert_ptr_nonnull(g);
}

static void teardown(void)
{
    gedi_graph_free(g);
    g = NULL;
}

static gedi_node *input(gedi_shape s)
{
    return gedi_input(g, "x", s);
}

enum { MOST = 16 };

/* out[i] of x, which gets `numbers`. */
static void compute(gedi_node *x, const float *numbers, gedi_node *const *out, int n,
                    float (*result)[MOST])
{
    gedi__program *p;
    gedi_err err = {0};
    ck_assert_msg(gedi__program_new(g, out, n, NULL, 0, 1, &p, &err) == GEDI_OK, "%s",
                  err.msg);
    float *to = gedi__program_input(p, x);
    if (to)
        memcpy(to, numbers, (size_t)gedi_shape_size(x->shape) * sizeof *to);
    gedi__program_run(p);
    for (int i = 0; i < n; i++)
        memcpy(result[i], gedi__program_output(p, i),
               (size_t)gedi_shape_size(out[i]->shape) * sizeof(float));
    gedi__program_free(p);
}

/* y and the derivative of its sum. */
static void value_and_derivative(gedi_node *x, const float *numbers, gedi_node *y,
                                 float (*result)[MOST])
{
    gedi_node *out[2] = {y, NULL};
    ck_assert_int_eq(gedi_grad(y, &x, 1, NULL, 0, &out[1]), GEDI_OK);
    compute(x, numbers, out, 2, result);
}

static void check_numbers(const char *what, const float *got, const double *want,
                          int64_t n)
{
    double e = testing_error(got, want, n, 1e-6);
    if (!(e <= 1e-6))
        for (int64_t i = 0; i < n; i++)
            if (!(testing_error(got + i, want + i, 1, 1e-6) <= 1e-6))
                ck_abort_msg("%s: number %lld is %g, not %g", what, (long long)i,
                             (double)got[i], want[i]);
}

START_TEST(logsumexp_at_the_edge)
{
    gedi_node *x = input(D(6, 2));
    const float in[] = {1e4f,      1e4f,      -1e4f,    -1e4f, 1e4f,      -1e4f,
                        -INFINITY, -INFINITY, INFINITY, 0,     -INFINITY, 3};
    const double want[] = {1e4 + log(2), -1e4 + log(2), 1e4, -INFINITY, INFINITY, 3};
    const double slope[] = {.5, .5, .5, .5, 1, 0};
    float r[2][MOST];
    value_and_derivative(x, in, gedi_logsumexp(x), r);
    check_numbers("logsumexp", r[0], want, 6);
    check_numbers("its derivative", r[1], slope, 6);
    check_numbers("its derivative", r[1] + 10, (double[]){0, 1}, 2);
}
END_TEST

START_TEST(softmax_at_the_edge)
{
    gedi_node *x = input(D(3, 2));
    const float in[] = {1e4f, -1e4f, -INFINITY, 2, NAN, 0};
    gedi_node *out[2] = {gedi_softmax(x), gedi_log_softmax(x)};
    float r[2][MOST];
    compute(x, in, out, 2, r);
    check_numbers("softmax", r[0], (double[]){1, 0, 0, 1, NAN, NAN}, 6);
    check_numbers("log_softmax", r[1], (double[]){0, -2e4, -INFINITY, 0, NAN, NAN}, 6);
    value_and_derivative(x, in, gedi_slice(gedi_log_softmax(x), 1, 1, 1), r);
    check_numbers("derivative of log_softmax", r[1], (double[]){-1, 1, 0, 0}, 4);
}
END_TEST

START_TEST(smooth_steps_at_the_edge)
{
    gedi_node *x = input(D(5));
    const float in[] = {-100, 100, 0, -20, 1e30f};
    float r[2][MOST];
    value_and_derivative(x, in, gedi_softplus(x), r);
    check_numbers("softplus", r[0],
                  (double[]){exp(-100), 100, log(2), log1p(exp(-20)), 1e30f}, 5);
    ck_assert(r[0][0] > 0 && r[0][3] > 2.06e-9f && r[0][3] < 2.07e-9f);
    check_numbers("derivative of softplus", r[1],
                  (double[]){exp(-100), 1, .5, 1 / (1 + exp(20)), 1}, 5);
    value_and_derivative(x, in, gedi_sigmoid(x), r);
    check_numbers("derivative of sigmoid", r[1], (double[]){0, 0, .25, 2.06115e-9, 0}, 5);
    value_and_derivative(x, in, gedi_tanh(x), r);
    check_numbers("tanh", r[0], (double[]){-1, 1, 0, -1, 1}, 5);
}
END_TEST

START_TEST(kinks_have_the_derivative_stated)
{
    gedi_node *x = input(D(3)), *zero = gedi_scalar(g, 0);
    const float in[] = {-2, 0, 3};
    float r[2][MOST];
    value_and_derivative(x, in, gedi_leaky_relu(x, 0.25), r);
    check_numbers("leaky_relu", r[0], (double[]){-.5, 0, 3}, 3);
    check_numbers("its derivative", r[1], (double[]){.25, .25, 1}, 3);
    value_and_derivative(x, in, gedi_maximum(x, zero), r);
    check_numbers("derivative to a", r[1], (double[]){0, 0, 1}, 3);
    value_and_derivative(x, in, gedi_maximum(zero, x), r);
    check_numbers("derivative to b", r[1], (double[]){0, 1, 1}, 3);
    value_and_derivative(x, in, gedi_sqrt(gedi_relu(x)), r);
    ck_assert(isnan(r[1][1]) || isinf(r[1][1]));
    value_and_derivative(x, (float[]){-INFINITY, NAN, INFINITY}, gedi_relu(x), r);
    check_numbers("relu", r[0], (double[]){0, NAN, INFINITY}, 3);
}
END_TEST

START_TEST(ties_share_the_derivative_of_max)
{
    gedi_node *x = input(D(2, 2, 3));
    const float in[] = {1, 5, 5, 0, 2, 5, 7, 1, 1, 1, 1, 1};
    float r[2][MOST];
    value_and_derivative(x, in, gedi_max(x, 6), r);
    check_numbers("max", r[0], (double[]){5, 7}, 2);
    check_numbers("its derivative", r[1],
                  (double[]){0, 1. / 3, 1. / 3, 0, 0, 1. / 3, 1, 0, 0, 0, 0, 0}, 12);
    /* Axes that are not neighbours, the same. */
    value_and_derivative(x, in, gedi_max(x, 5), r);
    check_numbers("max over axes 0 and 2", r[0], (double[]){7, 5}, 2);
    const float tied[] = {5, 5, 5, 0, 2, 5, 5, 1, 1, 1, 1, 5};
    value_and_derivative(x, tied, gedi_max(x, 5), r);
    check_numbers("its derivative", r[1],
                  (double[]){.25, .25, .25, 0, 0, .5, .25, 0, 0, 0, 0, .5}, 12);
}
END_TEST

START_TEST(normalising_nothing_is_finite)
{
    gedi_node *x = input(D(2, 2)), *first, *second;
    const float in[] = {0, 0, 3, 4};
    float r[2][MOST];
    gedi_node *y = gedi_l2_normalize(x, 0.5);
    value_and_derivative(x, in, y, r);
    check_numbers("l2_normalize", r[0], (double[]){0, 0, .6, .8}, 4);
    check_numbers("its derivative", r[1], (double[]){2, 2, .032, -.024}, 4);
    gedi_grad(gedi_square(y), &x, 1, NULL, 0, &first);
    gedi_grad(first, &x, 1, NULL, 0, &second);
    compute(x, in, (gedi_node *[]){first, second}, 2, r);
    check_numbers("twice derived", r[1], (double[]){8, 8}, 2);
    ck_assert(isfinite(r[1][2]) && isfinite(r[1][3]));
    y = gedi_standardize(x, 1e-5);
    value_and_derivative(x, (float[]){1, 2, 1, 2}, y, r);
    check_numbers("standardize", r[0], (double[]){0, 0, 0, 0}, 4);
    check_numbers("its derivative", r[1], (double[]){0, 0, 0, 0}, 4);
}
END_TEST

/* A matrix that has no factor gives NaN and no half-made numbers; what lies above the
 * diagonal of a triangle is never read. */
START_TEST(factors_of_nothing_are_not_numbers)
{
    gedi_node *x = input(D(2, 2));
    gedi_node *out[] = {gedi_cholesky(x), gedi_log_det(x)};
    const float bad[][4] = {
        {1, 2, 2, 1}, {0, 0, 0, 0}, {-1, 0, 0, 1}, {1, NAN, 0, 1}, {NAN, 0, 0, 1}};
    const double none[] = {NAN, 0, NAN, NAN};
    float r[2][MOST];
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        compute(x, bad[i], out, 2, r);
        check_numbers("a diagonal", r[0] + 3, none, 1);
        check_numbers("log_det", r[1], none, 1);
    }
    compute(x, bad[0], out, 2, r);
    check_numbers("cholesky", r[0], none, 4);
    compute(x, (float[]){4, 3, 1, 5}, out, 2, r);
    check_numbers("cholesky", r[0], (double[]){2, 0, 1, 2}, 4);
    check_numbers("log_det", r[1], (double[]){log(16)}, 1);
    gedi_node *b = gedi_constant(g, 2, D(2, 1));
    out[0] = gedi_triangular_solve(x, b, false, false);
    out[1] = gedi_triangular_solve(x, b, false, true);
    compute(x, (float[]){1, NAN, 3, 2}, out, 2, r);
    check_numbers("solve", r[0], (double[]){2, -2}, 2);
    check_numbers("solve transposed", r[1], (double[]){-1, 1}, 2);
}
END_TEST

START_TEST(numbers_of_no_row_make_nan)
{
    gedi_node *x = input(D(5, 1)), *table = gedi_add(gedi_eye(g, 3), gedi_scalar(g, 1));
    gedi_node *out[2] = {gedi_gather(table, x),
                         gedi_scatter(gedi_constant(g, 2, D(5, 1)), x, 3)};
    float r[2][MOST];
    compute(x, (float[]){2, 3, -1, 0.5f, NAN}, out, 1, r);
    check_numbers("gather", r[0], (double[]){1, 1, 2}, 3);
    for (int i = 3; i < 15; i++)
        ck_assert(isnan(r[0][i]));
    for (int bad = 0; bad < 4; bad++) {
        float in[] = {0, 2, 1, 2, (float[]){3, -1, 1.5f, NAN}[bad]};
        compute(x, in, &out[1], 1, r);
        for (int i = 0; i < 3; i++)
            ck_assert(isnan(r[0][i]));
    }
    compute(x, (float[]){2, 0, 2, 2, 0}, &out[1], 1, r);
    check_numbers("scatter", r[0], (double[]){4, 0, 6}, 3);
}
END_TEST

START_TEST(random_numbers_follow_the_tick)
{
    enum { N = 100000 };
    gedi_node *a = gedi_random_normal(g, D(N)), *b = gedi_random_normal(g, D(N));
    gedi_node *u = gedi_random_uniform(g, D(N));
    gedi__program *p;
    gedi_err err = {0};
    ck_assert_int_eq(
        gedi__program_new(g, (gedi_node *[]){a, b, u}, 3, NULL, 0, 2, &p, &err), GEDI_OK);
    gedi__program_seed(p, 1, GEDI_STREAM_SAMPLER, 5);
    gedi__program_run(p);
    const float *x = gedi__program_output(p, 0), *y = gedi__program_output(p, 1);
    const float *v = gedi__program_output(p, 2);
    double mean = 0, var = 0, both = 0, middle = 0;
    float first = x[0];
    for (int i = 0; i < N; i++) {
        mean += (double)x[i] / N;
        var += (double)x[i] * (double)x[i] / N;
        both += (double)x[i] * (double)y[i] / N;
        middle += (double)v[i] / N;
        ck_assert(v[i] >= 0 && v[i] < 1);
    }
    /* Five standard errors: 5 / sqrt(N), times sqrt(2) or sqrt(1/12). */
    ck_assert_double_eq_tol(mean, 0, 0.016);
    ck_assert_double_eq_tol(var, 1, 0.023);
    ck_assert_double_eq_tol(both, 0, 0.016);
    ck_assert_double_eq_tol(middle, 0.5, 0.005);
    gedi__program_seed(p, 1, GEDI_STREAM_SAMPLER, 6);
    gedi__program_run(p);
    ck_assert(gedi__program_output(p, 0)[0] != first);
    gedi__program_seed(p, 1, GEDI_STREAM_SAMPLER, 5);
    gedi__program_run(p);
    ck_assert(!(gedi__program_output(p, 0)[0] != first));
    gedi__program_free(p);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("operations at the edge");
    TCase *tc = tcase_create("all");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, logsumexp_at_the_edge);
    tcase_add_test(tc, softmax_at_the_edge);
    tcase_add_test(tc, smooth_steps_at_the_edge);
    tcase_add_test(tc, kinks_have_the_derivative_stated);
    tcase_add_test(tc, ties_share_the_derivative_of_max);
    tcase_add_test(tc, normalising_nothing_is_finite);
    tcase_add_test(tc, factors_of_nothing_are_not_numbers);
    tcase_add_test(tc, numbers_of_no_row_make_nan);
    tcase_add_test(tc, random_numbers_follow_the_tick);
    suite_add_tcase(s, tc);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
