/* test_op_builders.c - what builders refuse, reuse and simplify, and numbers at the edge
 * of what a float holds.
 */
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

/* ---- errors ---- */

static gedi_node *bad_add(void)
{
    return gedi_add(input(D(4, 8)), input(D(7, 8)));
}

static gedi_node *bad_sub(void)
{
    return gedi_sub(input(D(4, 8)), input(D(7)));
}

static gedi_node *bad_mul(void)
{
    return gedi_mul(input(D(4, 8)), input(D(4)));
}

static gedi_node *bad_div(void)
{
    return gedi_div(input(D(4, 8)), input(D(2, 4, 9)));
}

static gedi_node *bad_maximum(void)
{
    return gedi_maximum(input(D(4, 8)), input(D(3, 8)));
}

static gedi_node *bad_greater(void)
{
    return gedi_greater(input(D(4, 8)), gedi_constant(g, 1, D(3, 8)));
}

static gedi_node *bad_sum(void)
{
    return gedi_sum(input(D(4, 8)), 1u << 2);
}

static gedi_node *bad_mean(void)
{
    return gedi_mean(input(D(0, 8)), 1u << 0);
}

static gedi_node *bad_max(void)
{
    return gedi_max(input(D(4, 0)), 1u << 1);
}

static gedi_node *bad_max_axis(void)
{
    return gedi_max(input(D(4, 8)), 1u << 3);
}

static gedi_node *bad_softmax(void)
{
    return gedi_softmax(input(D(4, 0)));
}

static gedi_node *bad_logsumexp(void)
{
    return gedi_logsumexp(input((gedi_shape){.rank = 0}));
}

static gedi_node *bad_reshape(void)
{
    return gedi_reshape(input(D(4, 8)), D(5, 7));
}

static gedi_node *bad_permute(void)
{
    return gedi_permute(input(D(4, 8)), (int[]){1, 1});
}

static gedi_node *bad_transpose(void)
{
    return gedi_transpose(input(D(8)));
}

static gedi_node *bad_broadcast(void)
{
    return gedi_broadcast(input(D(4, 8)), D(4, 16));
}

static gedi_node *bad_broadcast_down(void)
{
    return gedi_broadcast(input(D(4, 8)), D(1, 8));
}

static gedi_node *bad_slice(void)
{
    return gedi_slice(input(D(4, 8)), 1, 5, 4);
}

static gedi_node *bad_slice_axis(void)
{
    return gedi_slice(input(D(4, 8)), 2, 0, 1);
}

static gedi_node *bad_pad(void)
{
    return gedi_pad(input(D(4, 8)), 0, -1, 2);
}

static gedi_node *bad_concat(void)
{
    return gedi_concat((gedi_node *[]){input(D(4, 8)), input(D(4, 7))}, 2, 0);
}

static gedi_node *bad_matmul(void)
{
    return gedi_matmul(input(D(4, 8)), input(D(7, 4)));
}

static gedi_node *bad_matmul_turned(void)
{
    return gedi_matmul(gedi_transpose(input(D(8, 4))), input(D(7, 4)));
}

static gedi_node *bad_matmul_rank(void)
{
    return gedi_matmul(input(D(4, 8)), input(D(8)));
}

static gedi_node *bad_lower(void)
{
    return gedi_lower(input(D(4, 8)), 1);
}

static gedi_node *bad_cholesky(void)
{
    return gedi_cholesky(input(D(4, 4, 4)));
}

static gedi_node *bad_log_det(void)
{
    return gedi_log_det(input(D(8, 4)));
}

static gedi_node *bad_solve(void)
{
    return gedi_triangular_solve(input(D(4, 4)), input(D(8, 4)), false, true);
}

static gedi_node *bad_solve_right(void)
{
    return gedi_triangular_solve(input(D(4, 4)), input(D(4, 8)), true, false);
}

static gedi_node *bad_triangle(void)
{
    return gedi_triangular_solve(input(D(4, 8)), input(D(4, 8)), false, false);
}

static gedi_node *bad_standardize(void)
{
    return gedi_standardize(input(D(4, 8, 2)), 1e-5);
}

static gedi_node *bad_l2_normalize(void)
{
    return gedi_l2_normalize(input((gedi_shape){.rank = 0}), 1e-5);
}

static gedi_node *bad_dimension(void)
{
    return gedi_constant(g, 1, D(4, -8));
}

static gedi_node *bad_rank(void)
{
    return gedi_input(g, "x", (gedi_shape){.rank = 5});
}

static const struct {
    gedi_node *(*build)(void);
    const char *say[3]; /* what the message must contain */
} mistakes[] = {
    {bad_add, {"add: ", "[4, 8]", "[7, 8]"}},
    {bad_sub, {"sub: ", "[4, 8]", "[7]"}},
    {bad_mul, {"mul: ", "[4, 8]", "[4]"}},
    {bad_div, {"div: ", "[4, 8]", "[2, 4, 9]"}},
    {bad_maximum, {"maximum: ", "[4, 8]", "[3, 8]"}},
    {bad_greater, {"greater: ", "[4, 8]", "[3, 8]"}},
    {bad_sum, {"sum over axis 2", "[4, 8]", "2 axes"}},
    {bad_mean, {"mean over no elements", "[0, 8]", ""}},
    {bad_max, {"max: ", "axis 1 of [4, 0]", "empty"}},
    {bad_max_axis, {"max over axis 3", "[4, 8]", "2 axes"}},
    {bad_softmax, {"softmax: ", "[4, 0]", "last axis"}},
    {bad_logsumexp, {"logsumexp: ", "[]", "last axis"}},
    {bad_reshape, {"reshape: ", "[4, 8]", "[5, 7]"}},
    {bad_permute, {"permute: ", "[4, 8]", "axis 1 at place 1"}},
    {bad_transpose, {"transpose: ", "[8]", "two axes"}},
    {bad_broadcast, {"broadcast: ", "[4, 8]", "[4, 16]"}},
    {bad_broadcast_down, {"broadcast: ", "[4, 8]", "[1, 8]"}},
    {bad_slice, {"slice: ", "4 entries from 5 on of axis 1", "[4, 8]"}},
    {bad_slice_axis, {"slice: ", "axis 2 of [4, 8]", "[0, 1]"}},
    {bad_pad, {"pad: ", "-1 and 2", "[4, 8]"}},
    {bad_concat, {"concat: ", "[4, 8]", "[4, 7]"}},
    {bad_matmul, {"matmul: ", "[4, 8] x [7, 4]", "8 columns and 7 rows"}},
    {bad_matmul_turned, {"matmul: ", "[4, 8] x [7, 4]", "8 columns and 7 rows"}},
    {bad_matmul_rank, {"matmul: ", "[4, 8] x [8]", "two axes"}},
    {bad_lower, {"lower: ", "[4, 8]", "not square"}},
    {bad_cholesky, {"cholesky: ", "[4, 4, 4]", "not square"}},
    {bad_log_det, {"cholesky: ", "[8, 4]", "not square"}},
    {bad_solve, {"triangular_solve: ", "[4, 4]", "[8, 4] without 4 rows"}},
    {bad_solve_right, {"triangular_solve: ", "[4, 4]", "[4, 8] without 4 columns"}},
    {bad_triangle, {"triangular_solve: ", "[4, 8]", "not square"}},
    {bad_standardize, {"standardize: ", "[4, 8, 2]", "[B, D]"}},
    {bad_l2_normalize, {"l2_normalize: ", "[]", "no axis"}},
    {bad_dimension, {"constant: ", "dimension 1", "negative"}},
    {bad_rank, {"input: ", "rank 5", "[0, 4]"}},
};

START_TEST(mistakes_are_named)
{
    gedi_err err = {0};
    ck_assert_ptr_null(mistakes[_i].build());
    ck_assert_int_eq(gedi_graph_status(g, &err), GEDI_SHAPE);
    for (int i = 0; i < 3; i++)
        ck_assert_msg(strstr(err.msg, mistakes[_i].say[i]) != NULL,
                      "'%s' does not say '%s'", err.msg, mistakes[_i].say[i]);
    ck_assert_ptr_null(gedi_exp(input(D(2)))); /* the first error stays */
}
END_TEST

START_TEST(eps_must_be_legal)
{
    gedi_err err = {0};
    ck_assert_ptr_null(gedi_l2_normalize(input(D(4, 8)), 0.0));
    ck_assert_int_eq(gedi_graph_status(g, &err), GEDI_USAGE);
    ck_assert_ptr_nonnull(strstr(err.msg, "eps 0"));
    teardown();
    setup();
    ck_assert_ptr_null(gedi_standardize(input(D(4, 8)), -1.0));
    ck_assert_int_eq(gedi_graph_status(g, &err), GEDI_USAGE);
    ck_assert_ptr_nonnull(strstr(err.msg, "eps -1"));
}
END_TEST

START_TEST(nothing_of_nothing)
{
    gedi_node *x = input(D(4, 8)), *none = NULL;
    gedi_node *got[] = {
        gedi_affine(none, 2, 1),
        gedi_exp(none),
        gedi_log(none),
        gedi_sqrt(none),
        gedi_square(none),
        gedi_reciprocal(none),
        gedi_leaky_relu(none, 0.1),
        gedi_step(none, 0),
        gedi_tanh(none),
        gedi_sigmoid(none),
        gedi_softplus(none),
        gedi_add(x, none),
        gedi_add(none, x),
        gedi_sub(none, x),
        gedi_mul(x, none),
        gedi_div(none, x),
        gedi_maximum(x, none),
        gedi_greater(none, x),
        gedi_sum(none, 1),
        gedi_mean(none, 1),
        gedi_max(none, 1),
        gedi_softmax(none),
        gedi_log_softmax(none),
        gedi_logsumexp(none),
        gedi_reshape(none, D(1)),
        gedi_permute(none, (int[]){0, 1}),
        gedi_transpose(none),
        gedi_broadcast(none, D(4)),
        gedi_slice(none, 0, 0, 1),
        gedi_pad(none, 0, 1, 1),
        gedi_concat((gedi_node *[]){x, none}, 2, 0),
        gedi_concat((gedi_node *[]){none, x}, 2, 0),
        gedi_matmul(x, none),
        gedi_matmul(none, x),
        gedi_lower(none, 1),
        gedi_triangular_solve(x, none, false, false),
        gedi_triangular_solve(none, x, true, true),
        gedi_cholesky(none),
        gedi_log_det(none),
        gedi_l2_normalize(none, 1),
        gedi_standardize(none, 1),
        gedi_stop_gradient(none),
        gedi_input(NULL, "x", D(1)),
        gedi_constant(NULL, 1, D(1)),
        gedi_scalar(NULL, 1),
        gedi_eye(NULL, 3),
        gedi_random_normal(NULL, D(1)),
        gedi_random_uniform(NULL, D(1)),
    };
    for (size_t i = 0; i < sizeof got / sizeof *got; i++)
        ck_assert_msg(got[i] == NULL, "entry %zu is a node", i);
    ck_assert_int_eq(gedi_graph_status(g, NULL), GEDI_OK);
}
END_TEST

/* ---- equal nodes and simpler ones ---- */

START_TEST(equal_nodes_are_built_once)
{
    gedi_node *x = input(D(4, 8)), *y = input(D(4, 8));
    ck_assert_ptr_ne(x, y);
    ck_assert_ptr_eq(gedi_exp(x), gedi_exp(x));
    ck_assert_ptr_ne(gedi_exp(x), gedi_exp(y));
    ck_assert_ptr_ne(gedi_exp(x), gedi_log(x));
    ck_assert_ptr_eq(gedi_add(x, y), gedi_add(x, y));
    ck_assert_ptr_eq(gedi_affine(x, 2, 3), gedi_affine(x, 2, 3));
    ck_assert_ptr_ne(gedi_affine(x, 2, 3), gedi_affine(x, 2, 4));
    ck_assert_ptr_eq(gedi_neg(x), gedi_affine(x, -1, -0.0));
    ck_assert_ptr_eq(gedi_slice(x, 0, 1, 2), gedi_slice(x, 0, 1, 2));
    ck_assert_ptr_ne(gedi_slice(x, 0, 1, 2), gedi_slice(x, 0, 2, 2));
    ck_assert_ptr_eq(gedi_sum(x, 3), gedi_sum(x, GEDI_ALL_AXES));
    ck_assert_ptr_ne(gedi_sum(x, 1), gedi_sum(x, 2));
    ck_assert_ptr_eq(gedi_scalar(g, 2), gedi_constant(g, 2, D(1)));
    ck_assert_ptr_eq(gedi_eye(g, 3), gedi_eye(g, 3));
    ck_assert_ptr_ne(gedi_random_normal(g, D(3)), gedi_random_normal(g, D(3)));
    ck_assert_ptr_eq(gedi_matmul(gedi_transpose(x), y),
                     gedi_matmul(gedi_transpose(x), y));
}
END_TEST

static void check_constant(const gedi_node *x, double value, gedi_shape s)
{
    ck_assert_ptr_nonnull(x);
    ck_assert_str_eq(x->op->name, "constant");
    ck_assert_double_eq_tol(x->attr.a, value, 1e-6);
    ck_assert(gedi_shape_equal(x->shape, s));
}

START_TEST(constants_are_folded)
{
    gedi_node *x = input(D(4, 8)), *zero = gedi_scalar(g, 0), *two = gedi_scalar(g, 2);
    gedi_node *three = gedi_constant(g, 3, D(4, 8));
    check_constant(gedi_mul(x, zero), 0, D(4, 8));
    check_constant(gedi_scale(x, 0), 0, D(4, 8));
    check_constant(gedi_mul(gedi_constant(g, 0, D(2, 4, 8)), x), 0, D(2, 4, 8));
    check_constant(gedi_div(zero, x), 0, D(4, 8));
    check_constant(gedi_add(two, three), 5, D(4, 8));
    check_constant(gedi_sub(two, three), -1, D(4, 8));
    check_constant(gedi_mul(two, three), 6, D(4, 8));
    check_constant(gedi_div(two, three), 2. / 3, D(4, 8));
    check_constant(gedi_maximum(two, three), 3, D(4, 8));
    check_constant(gedi_greater(two, three), 0, D(4, 8));
    check_constant(gedi_exp(two), exp(2), D(1));
    check_constant(gedi_sum(three, 1), 12, D(1, 8));
    check_constant(gedi_mean(three, 3), 3, D(1, 1));
    check_constant(gedi_max(three, 2), 3, D(4, 1));
    check_constant(gedi_reshape(three, D(32)), 3, D(32));
    check_constant(gedi_transpose(three), 3, D(8, 4));
    check_constant(gedi_broadcast(two, D(4, 8)), 2, D(4, 8));
    check_constant(gedi_slice(three, 1, 2, 3), 3, D(4, 3));
    check_constant(gedi_pad(gedi_scale(three, 0), 1, 2, 3), 0, D(4, 13));
    check_constant(gedi_matmul(x, gedi_constant(g, 0, D(8, 5))), 0, D(4, 5));
    check_constant(gedi_lower(gedi_constant(g, 0, D(4, 4)), 2), 0, D(4, 4));
    check_constant(gedi_triangular_solve(input(D(4, 4)), gedi_scale(x, 0), false, true),
                   0, D(4, 8));
    check_constant(gedi_stop_gradient(three), 3, D(4, 8));
    ck_assert_ptr_eq(gedi_add(x, zero), x);
    ck_assert_ptr_eq(gedi_sub(x, zero), x);
    ck_assert_ptr_eq(gedi_mul(x, gedi_scalar(g, 1)), x);
    ck_assert_ptr_eq(gedi_add(two, x), gedi_affine(x, 1, 2));
    ck_assert_ptr_eq(gedi_sub(two, x), gedi_affine(x, -1, 2));
    ck_assert_ptr_eq(gedi_mul(two, x), gedi_affine(x, 2, 0));
    ck_assert_ptr_eq(gedi_div(x, two), gedi_affine(x, 0.5, 0));
    ck_assert_str_eq(gedi_div(x, zero)->op->name, "div");
}
END_TEST

START_TEST(chains_are_shortened)
{
    gedi_node *x = input(D(4, 8)), *row = input(D(8)), *column = input(D(4, 1));
    ck_assert_ptr_eq(gedi_affine(x, 1, 0), x);
    ck_assert_ptr_eq(gedi_affine(gedi_affine(x, 2, 3), 4, 5), gedi_affine(x, 8, 17));
    ck_assert_ptr_eq(gedi_neg(gedi_neg(x)), x);
    ck_assert_ptr_eq(gedi_mul(x, x), gedi_square(x));
    ck_assert_ptr_eq(gedi_reshape(x, D(4, 8)), x);
    ck_assert_ptr_eq(gedi_reshape(gedi_reshape(x, D(32)), D(4, 8)), x);
    ck_assert_ptr_eq(gedi_transpose(gedi_transpose(x)), x);
    ck_assert_ptr_eq(gedi_permute(x, (int[]){0, 1}), x);
    ck_assert_str_eq(gedi_transpose(column)->op->name, "reshape");
    ck_assert_ptr_eq(gedi_broadcast(x, D(4, 8)), x);
    ck_assert_ptr_eq(gedi_broadcast(gedi_broadcast(row, D(4, 8)), D(2, 4, 8)),
                     gedi_broadcast(row, D(2, 4, 8)));
    ck_assert_ptr_eq(gedi_add(x, gedi_broadcast(row, D(4, 8))), gedi_add(x, row));
    ck_assert_ptr_eq(gedi_exp(gedi_broadcast(row, D(4, 8))),
                     gedi_broadcast(gedi_exp(row), D(4, 8)));
    ck_assert_ptr_eq(gedi_sum(column, 1u << 1), column);
    ck_assert_ptr_eq(gedi_sum(gedi_scale(x, 3), 1), gedi_scale(gedi_sum(x, 1), 3));
    ck_assert_ptr_eq(gedi_slice(x, 1, 0, 8), x);
    ck_assert_ptr_eq(gedi_slice(gedi_slice(x, 1, 2, 5), 1, 1, 3), gedi_slice(x, 1, 3, 3));
    ck_assert_ptr_eq(gedi_slice(x, -1, 1, 2), gedi_slice(x, 1, 1, 2));
    ck_assert_ptr_eq(gedi_pad(x, 0, 0, 0), x);
    ck_assert_ptr_eq(gedi_concat(&x, 1, 0), x);
    ck_assert_ptr_eq(gedi_leaky_relu(x, 1), x);
    gedi_node *stopped = gedi_stop_gradient(x);
    ck_assert_ptr_eq(gedi_stop_gradient(stopped), stopped);
    gedi_node *product = gedi_matmul(gedi_transpose(x), column);
    ck_assert_ptr_eq(product->in[0], x);
    ck_assert_int_eq(product->attr.i, 1);
    /* Factors that together leave what a float holds stay apart. */
    ck_assert_ptr_ne(gedi_scale(gedi_scale(x, 1e-30), 1e-30), gedi_scale(x, 1e-60));
}
END_TEST

START_TEST(concat_takes_any_number)
{
    gedi_node *x[21];
    for (int i = 0; i < 21; i++)
        x[i] = input(D(2, i + 1));
    gedi_node *y = gedi_concat(x, 21, -1);
    ck_assert_ptr_nonnull(y);
    ck_assert(gedi_shape_equal(y->shape, D(2, 231)));
}
END_TEST

/* ---- numbers at the edge ---- */

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
    Suite *s = suite_create("builders of operations");
    TCase *tc = tcase_create("all");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, mistakes_are_named, 0, sizeof mistakes / sizeof *mistakes);
    tcase_add_test(tc, eps_must_be_legal);
    tcase_add_test(tc, nothing_of_nothing);
    tcase_add_test(tc, equal_nodes_are_built_once);
    tcase_add_test(tc, constants_are_folded);
    tcase_add_test(tc, chains_are_shortened);
    tcase_add_test(tc, concat_takes_any_number);
    tcase_add_test(tc, logsumexp_at_the_edge);
    tcase_add_test(tc, softmax_at_the_edge);
    tcase_add_test(tc, smooth_steps_at_the_edge);
    tcase_add_test(tc, kinks_have_the_derivative_stated);
    tcase_add_test(tc, ties_share_the_derivative_of_max);
    tcase_add_test(tc, normalising_nothing_is_finite);
    tcase_add_test(tc, factors_of_nothing_are_not_numbers);
    tcase_add_test(tc, random_numbers_follow_the_tick);
    suite_add_tcase(s, tc);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
