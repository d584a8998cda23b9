/* test_op_builders.c - what builders refuse, reuse and simplify. */
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

static gedi_node *bad_gather(void)
{
    return gedi_gather(input(D(4, 8)), input(D(5)));
}

static gedi_node *bad_gather_table(void)
{
    return gedi_gather(input(D(4, 8, 2)), input(D(5, 1)));
}

static gedi_node *bad_scatter(void)
{
    return gedi_scatter(input(D(4, 8)), input(D(5, 1)), 3);
}

static gedi_node *bad_scatter_rows(void)
{
    return gedi_scatter(input(D(4, 8)), input(D(4, 1)), 1 << 25);
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

/* 2^64 + 1 numbers, which an int64_t takes for 1. */
#define WRAPPED D(274177, 67280421310721)

static gedi_node *bad_input_size(void)
{
    return gedi_input(g, "x", WRAPPED);
}

static gedi_node *bad_constant_size(void)
{
    return gedi_constant(g, 1, D(INT64_C(1) << 32, INT64_C(1) << 32));
}

static gedi_node *bad_random_size(void)
{
    return gedi_random_normal(g, WRAPPED);
}

static gedi_node *bad_broadcast_size(void)
{
    return gedi_broadcast(input(D(1)), WRAPPED);
}

static gedi_node *bad_reshape_size(void)
{
    return gedi_reshape(input(D(1)), WRAPPED);
}

static gedi_node *bad_product_size(void)
{
    return gedi_mul(input(D(1 << 20, 1)), input(D(1, (1 << 20) + 1)));
}

static gedi_node *bad_pad_size(void)
{
    return gedi_pad(input(D(4, 8)), 0, INT64_MAX, INT64_MAX);
}

static gedi_node *bad_empty_size(void)
{
    return gedi_input(g, "x", D(0, INT64_MAX));
}

static gedi_node *bad_rank(void)
{
    return gedi_input(g, "x", (gedi_shape){.rank = 6});
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
    {bad_gather, {"gather: ", "[5]", "[B, 1]"}},
    {bad_gather_table, {"gather: ", "[4, 8, 2]", "matrix"}},
    {bad_scatter, {"scatter: ", "4 rows", "5 numbers"}},
    {bad_scatter_rows, {"scatter: ", "33554432", "16777216"}},
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
    {bad_input_size, {"input: ", "[274177, 67280421310721]", "more than 2^40"}},
    {bad_constant_size, {"constant: ", "[4294967296, 4294967296]", "more than 2^40"}},
    {bad_random_size, {"random_normal: ", "[274177, 67280421310721]", "more than 2^40"}},
    {bad_broadcast_size, {"broadcast: ", "[274177, 67280421310721]", "more than 2^40"}},
    {bad_reshape_size, {"reshape: ", "[274177, 67280421310721]", "more than 2^40"}},
    {bad_product_size, {"mul: ", "[1048576, 1048577]", "more than 2^40"}},
    {bad_pad_size, {"pad: ", "9223372036854775807", "[4, 8]"}},
    {bad_empty_size, {"input: ", "[0, 9223372036854775807]", "more than 2^40"}},
    {bad_rank, {"input: ", "rank 6", "[0, 5]"}},
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
        gedi_gather(x, none),
        gedi_gather(none, x),
        gedi_scatter(x, none, 3),
        gedi_scatter(none, x, 3),
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
        gedi_values(NULL, NULL, GEDI_DIMS(3)),
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
    /* A convolution of nothing, and its derivatives; but the bias does not ask for x. */
    gedi_node *w = input(D(3, 3, 2, 5)), *y = input(D(2, 4, 4, 5));
    gedi_node *none = gedi_constant(g, 0, D(2, 4, 4, 2));
    gedi_node *still = gedi_constant(g, 0, D(2, 4, 4, 5));
    check_constant(gedi_convolve(none, w, NULL, 1, 1), 0, D(2, 4, 4, 5));
    check_constant(gedi_convolve_input(still, w, 1, 1, D(2, 4, 4, 2)), 0, D(2, 4, 4, 2));
    check_constant(gedi_convolve_weight(none, y, 1, 1, D(3, 3, 2, 5), false), 0,
                   D(3, 3, 2, 5));
    check_constant(
        gedi_convolve_weight(input(D(2, 4, 4, 2)), still, 1, 1, D(3, 3, 2, 5), true), 0,
        D(19, 5));
    ck_assert_str_eq(gedi_convolve(none, w, input(D(5)), 1, 1)->op->name, "convolve");
    ck_assert_str_eq(gedi_convolve_weight(none, y, 1, 1, D(3, 3, 2, 5), true)->op->name,
                     "convolve_weight");
    check_constant(gedi_triangular_solve(input(D(4, 4)), gedi_scale(x, 0), false, true),
                   0, D(4, 8));
    check_constant(gedi_stop_gradient(three), 3, D(4, 8));
    gedi_node *image = gedi_constant(g, 3, D(1, 4, 6, 2));
    check_constant(gedi_mean_pool(image), 3, D(1, 2, 3, 2));
    check_constant(gedi_mean_unpool(image), 0.75, D(1, 8, 12, 2));
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
    suite_add_tcase(s, tc);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
