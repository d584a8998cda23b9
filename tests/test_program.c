/* test_program.c - what a compiled program promises: its memory plan, inputs and outputs
 * in memory of the caller's, what is not computed, where numbers stop being finite, random
 * numbers. test_random_graphs.c tries many graphs.
 */
#include "core/exec/plan.h"
#include "core/exec/program.h"
#include "core/op/matmul.h"
#include "tests/testing.h"

#include <check.h>
#include <stdio.h>

static gedi_graph *g;
static gedi_err err;

static void setup(void)
{
    memset(&err, 0, sizeof err);
    g = gedi_graph_new();
    ck_assert_ptr_nonnull(g);
}

static void teardown(void)
{
    gedi_graph_free(g);
}

static gedi__program *compile_bound(gedi_node *const *output, int n,
                                    const gedi__binding *bind, int m, int threads)
{
    gedi__program *p;
    gedi_status s = gedi__program_new(g, output, n, bind, m, threads, &p, &err);
    ck_assert_msg(s == GEDI_OK, "%s", err.msg);
    return p;
}

static gedi__program *compile(gedi_node *output)
{
    return compile_bound(&output, 1, NULL, 0, 1);
}

/* Numbers of [-1, 1) into an input of the program. */
static float *fill(gedi__program *p, const gedi_node *input, uint64_t seed)
{
    float *x = gedi__program_input(p, input);
    ck_assert_ptr_nonnull(x);
    testing_uniform(x, gedi_shape_size(gedi_node_shape(input)), seed, -1, 1);
    return x;
}

/* A copy that is not elementwise: its result has a buffer of its own. */
static gedi_node *turned(gedi_node *x)
{
    return gedi_transpose(x);
}

/* ---- the memory plan ---- */

START_TEST(buffers_in_use_do_not_overlap)
{
    enum { MOST = 60, STEPS = 40 };
    gedi__buffer b[MOST];
    gedi_rng r = gedi_rng_at((uint64_t)_i, GEDI_STREAM_DATA, 0, 0);
    int n = 1 + (int)gedi_rng_below(&r, MOST);
    int64_t all = 0, most = 0, in_use[STEPS] = {0};
    for (int i = 0; i < n; i++) {
        int first = (int)gedi_rng_below(&r, STEPS);
        int last = first + (int)gedi_rng_below(&r, (uint64_t)(STEPS - first));
        int64_t size = (int64_t)gedi_rng_below(&r, _i % 2 ? 20 : 5000);
        b[i] = (gedi__buffer){.size = size, .first = first, .last = last};
        all += (size + 15) / 16 * 16;
        for (int k = first; k <= last; k++)
            in_use[k] += size;
    }
    for (int k = 0; k < STEPS; k++)
        most = in_use[k] > most ? in_use[k] : most;
    size_t total;
    ck_assert_int_eq(gedi__plan(b, n, &total, &err), GEDI_OK);
    ck_assert_uint_le(total, (size_t)all);
    ck_assert_uint_ge(total, (size_t)most);
    for (int i = 0; i < n; i++) {
        size_t end = b[i].offset + (size_t)b[i].size;
        ck_assert_uint_eq(b[i].offset % 16, 0);
        ck_assert_uint_le(end, total);
        for (int k = 0; k < i; k++) {
            bool together = b[i].first <= b[k].last && b[k].first <= b[i].last;
            bool apart =
                end <= b[k].offset || b[k].offset + (size_t)b[k].size <= b[i].offset;
            ck_assert_msg(!together || apart || !b[i].size || !b[k].size,
                          "round %d: buffers %d and %d overlap", _i, i, k);
        }
    }
}
END_TEST

START_TEST(a_deep_chain_needs_two_buffers)
{
    enum { DEPTH = 50 };
    const int64_t size = 30 * 40;
    gedi_node *in = gedi_input(g, "x", GEDI_DIMS(30, 40)), *x = in;
    for (int i = 0; i < DEPTH; i++)
        x = gedi_tanh(turned(gedi_affine(x, 0.9, 0.01 * i)));
    gedi__program *p = compile(x);
    size_t all, bytes = gedi__program_bytes(p, &all);
    ck_assert_uint_ge(all, DEPTH * 2 * (size_t)size * sizeof(float));
    ck_assert_uint_le(bytes, 2 * (size_t)size * sizeof(float) + 256);
    fill(p, in, 1);
    gedi__program_run(p);
    ck_assert(isfinite(gedi__program_output(p, 0)[size - 1]));
    gedi__program_free(p);
}
END_TEST

/* A hundred operations on one number after the other: no memory but the result's. */
START_TEST(a_chain_of_elementwise_operations_works_in_place)
{
    const int64_t size = 5000;
    gedi_node *in = gedi_input(g, "x", GEDI_DIMS(size)), *x = in;
    for (int i = 0; i < 100; i++)
        x = gedi_tanh(gedi_affine(x, 1.5, 0.01 * i));
    gedi__program *p = compile(x);
    size_t all, bytes = gedi__program_bytes(p, &all);
    ck_assert_uint_le(bytes, (size_t)size * sizeof(float) + 64);
    ck_assert_uint_gt(all, bytes);
    float *from = fill(p, in, 1);
    gedi__program_run(p);
    for (int64_t k = 0; k < size; k += 77) {
        double want = (double)from[k];
        for (int i = 0; i < 100; i++)
            want = tanh(1.5 * want + 0.01 * i);
        float got = gedi__program_output(p, 0)[k];
        ck_assert_msg(fabs((double)got - want) <= 1e-5, "%g is not %g", (double)got,
                      want);
    }
    gedi__program_free(p);
}
END_TEST

/* ---- working in place: what is still read is not overwritten ---- */

/* Two names of the same numbers in one group: t may not be written over x. */
START_TEST(an_operand_with_two_names_is_kept)
{
    const int n = 12;
    gedi_node *in = gedi_input(g, "x", GEDI_DIMS(n, 1));
    gedi_node *x = turned(in); /* [1, 12] */
    gedi_node *t = gedi_exp(x), *u = gedi_mul(t, gedi_reshape(x, GEDI_DIMS(n)));
    gedi__program *p = compile_bound((gedi_node *[]){t, u}, 2, NULL, 0, 1);
    float *from = fill(p, in, 1);
    gedi__program_run(p);
    for (int i = 0; i < n; i++) {
        double e = exp((double)from[i]);
        ck_assert_float_eq_tol(gedi__program_output(p, 0)[i], (float)e, 1e-5f);
        ck_assert_float_eq_tol(gedi__program_output(p, 1)[i], (float)(e * from[i]),
                               1e-5f);
    }
    gedi__program_free(p);
}
END_TEST

/* A part of x that is broadcast against x: a row, a column, one number, a plane's edge.
 * Larger than a block of a group, so that writing the first would spoil the second. */
START_TEST(a_part_that_is_broadcast_is_kept)
{
    const int64_t rows = 50, columns = 30, size = rows * columns;
    gedi_shape whole = _i == 3 ? GEDI_DIMS(10, 5, 30) : GEDI_DIMS(rows, columns);
    gedi_shape part[] = {GEDI_DIMS(1, columns), GEDI_DIMS(rows, 1), GEDI_DIMS(1, 1),
                         GEDI_DIMS(10, 1, 30)};
    int64_t count = gedi_shape_size(part[_i]), first = 5;
    gedi_node *in = gedi_input(g, "x", GEDI_DIMS(columns, rows));
    gedi_node *x = gedi_reshape(turned(in), whole);
    gedi_node *slice = gedi_slice(gedi_reshape(x, GEDI_DIMS(size)), 0, first, count);
    gedi_node *y = gedi_sub(gedi_scale(x, 2), gedi_reshape(slice, part[_i]));
    gedi__program *p = compile(y);
    float *from = fill(p, in, 1);
    gedi__program_run(p);
    for (int64_t i = 0; i < size; i++) {
        int64_t at[] = {i % columns, i / columns, 0, i / 150 * 30 + i % 30};
        int64_t k = first + at[_i];
        double want = 2.0 * from[i % columns * rows + i / columns] -
                      from[k % columns * rows + k / columns];
        double got = (double)gedi__program_output(p, 0)[i];
        ck_assert_msg(fabs(got - want) <= 1e-6, "number %d is %g, not %g", (int)i, got,
                      want);
    }
    gedi__program_free(p);
}
END_TEST

/* x is read again later, x is an output, x is the caller's memory. */
START_TEST(what_is_read_later_is_kept)
{
    float outside[24], kept[24];
    gedi_node *in = gedi_input(g, "x", GEDI_DIMS(4, 6));
    gedi_node *x = _i == 2 ? in : turned(in), *y = gedi_exp(x);
    gedi_node *output[] = {y, _i == 1 ? x : turned(x)};
    gedi__binding bind = {in, outside};
    testing_uniform(outside, 24, 1, -1, 1);
    memcpy(kept, outside, sizeof kept);
    gedi__program *p = compile_bound(output, 2, &bind, 1, 1);
    gedi__program_run(p);
    ck_assert_mem_eq(outside, kept, sizeof kept);
    for (int i = 0; i < 24; i++) {
        int64_t turned_back = i % 4 * 6 + i / 4; /* of [6, 4] in [4, 6] */
        int64_t of_y = _i == 2 ? i : turned_back;
        int64_t of_second = _i == 0 ? i : turned_back;
        ck_assert_float_eq_tol(gedi__program_output(p, 0)[i], expf(kept[of_y]), 1e-5f);
        ck_assert_float_eq(gedi__program_output(p, 1)[i], kept[of_second]);
    }
    gedi__program_free(p);
}
END_TEST

/* A product times the step of y takes y's memory: thin (0) and narrow (1). Not where y is read
 * later (2), is a factor, too (3), or where the product is there before the step (4). */
START_TEST(a_product_takes_the_memory_of_its_step)
{
    enum { ROWS = 37 };
    static const int64_t term[] = {3, 3, 3, 4, 40}, column[] = {100, 4, 100, 4, 24};
    int64_t d = term[_i], k = column[_i], size = ROWS * k;
    gedi_node *a = gedi_input(g, "a", GEDI_DIMS(ROWS, d));
    gedi_node *b = gedi_input(g, "b", GEDI_DIMS(d, k));
    gedi_node *in = gedi_input(g, "y", GEDI_DIMS(ROWS, k + 1));
    gedi_node *y = gedi_slice(in, 1, 0, k);
    gedi_node *factor = _i == 3 ? y : a;
    gedi_node *c = gedi__times_step(gedi_matmul(factor, b), y, 0.25);
    gedi_node *last = _i == 2 ? gedi_add(turned(y), turned(c)) : turned(c);
    gedi__program *p = compile(last);
    size_t all, bytes = gedi__program_bytes(p, &all);
    float *fa = _i == 3 ? NULL : fill(p, a, 1), *fb = fill(p, b, 2), *fy = fill(p, in, 3);
    if (_i < 2) /* y and c in one, and the last */
        ck_assert_uint_le(bytes, 2 * (size_t)size * sizeof(float) + 256);
    gedi__program_run(p);
    for (int64_t i = 0; i < ROWS; i++)
        for (int64_t j = 0; j < k; j++) {
            double want = 0, sign = fy[i * (k + 1) + j];
            for (int64_t q = 0; q < d; q++)
                want +=
                    (double)(fa ? fa[i * d + q] : fy[i * (k + 1) + q]) * fb[q * k + j];
            want = want * (sign > 0 ? 1 : 0.25) + (_i == 2 ? sign : 0);
            ck_assert_float_eq_tol(gedi__program_output(p, 0)[j * ROWS + i], (float)want,
                                   1e-4f);
        }
    gedi__program_free(p);
}
END_TEST

/* ---- inputs and outputs ---- */

/* Outputs that nothing computes: inputs, constants, other names; and one twice. */
START_TEST(outputs_of_every_kind)
{
    enum { N = 9 };
    bool bound = _i;
    gedi_node *x = gedi_input(g, "x", GEDI_DIMS(2, 3)), *y = gedi_tanh(x);
    gedi_node *c = gedi_constant(g, 0.5, GEDI_DIMS(2, 3));
    gedi_node *output[N] = {
        x,
        gedi_reshape(x, GEDI_DIMS(6)),
        gedi_slice(x, 0, 1, 1),
        c,
        gedi_eye(g, 2),
        y,
        y,
        gedi_stop_gradient(gedi_slice(y, 0, 1, 1)),
        gedi_scale(gedi_stop_gradient(c), 2),
    };
    float memory[N][6];
    gedi__binding bind[N];
    for (int i = 0; i < N; i++)
        bind[i] = (gedi__binding){output[i], memory[i]};
    gedi__program *p = compile_bound(output, N, bind, bound ? N : 0, 1);
    for (int run = 0; run < 2; run++) {
        memset(memory, -1, sizeof memory); /* NaN */
        float *in = gedi__program_input(p, x);
        testing_uniform(in, 6, (uint64_t)run, -1, 1);
        gedi__program_run(p);
        const float *got[N];
        for (int i = 0; i < N; i++) {
            got[i] = gedi__program_output(p, i);
            ck_assert_ptr_nonnull(got[i]);
            if (bound)
                ck_assert_ptr_eq(got[i], memory[i == 6 ? 5 : i]);
        }
        ck_assert_ptr_eq(got[5], got[6]);
        ck_assert_mem_eq(got[4], ((float[]){1, 0, 0, 1}), 4 * sizeof(float));
        for (int i = 0; i < 6; i++) {
            ck_assert_float_eq(got[0][i], in[i]);
            ck_assert_float_eq(got[1][i], in[i]);
            ck_assert_float_eq(got[2][i % 3], in[3 + i % 3]);
            ck_assert_float_eq(got[3][i], 0.5f);
            ck_assert_float_eq_tol(got[5][i], tanhf(in[i]), 1e-6f);
            ck_assert_float_eq(got[7][i % 3], got[5][3 + i % 3]);
            ck_assert_float_eq(got[8][i], 1);
        }
    }
    gedi__program_free(p);
}
END_TEST

START_TEST(what_no_output_needs_is_not_computed)
{
    gedi_node *a = gedi_input(g, "a", GEDI_DIMS(40, 50));
    gedi__program *before = compile(gedi_tanh(turned(a)));
    gedi_node *b = gedi_input(g, "b", GEDI_DIMS(40, 50));
    gedi_node *more = gedi_log(gedi_add(turned(a), turned(b))); /* NaN, if it were run */
    ck_assert_ptr_nonnull(gedi_random_normal(g, GEDI_DIMS(1000)));
    gedi__program *after = compile(gedi_tanh(turned(a)));
    ck_assert_ptr_nonnull(gedi__program_input(after, a));
    ck_assert_ptr_null(gedi__program_input(after, b));
    size_t all_before, all_after;
    ck_assert_uint_eq(gedi__program_bytes(before, &all_before),
                      gedi__program_bytes(after, &all_after));
    ck_assert_uint_eq(all_before, all_after);
    gedi__program_free(before);
    gedi__program_free(after);
    /* Of a product with 0, too: the builder has left it out. */
    gedi__program *p = compile(gedi_add(gedi_tanh(turned(a)), gedi_scale(more, 0)));
    ck_assert_ptr_null(gedi__program_input(p, b));
    gedi__program_free(p);
}
END_TEST

START_TEST(mistakes_are_named)
{
    gedi__program *p = (gedi__program *)&p;
    gedi_node *a = gedi_input(g, "a", GEDI_DIMS(2)), *output[] = {a, NULL};
    ck_assert_int_eq(gedi__program_new(g, output, 2, NULL, 0, 1, &p, &err), GEDI_USAGE);
    ck_assert_str_eq(err.msg, "output 1 of a program was not built");
    ck_assert_ptr_null(p);
    output[1] = gedi_add(a, gedi_input(g, "b", GEDI_DIMS(3)));
    ck_assert_int_eq(gedi__program_new(g, output, 2, NULL, 0, 1, &p, &err), GEDI_SHAPE);
    ck_assert_str_eq(err.msg, "add: [2] and [3] do not broadcast");
}
END_TEST

/* ---- numbers that are not finite ---- */

START_TEST(the_first_nonfinite_number_is_named)
{
    char text[200] = "", shorter[8];
    gedi_node *x = gedi_input(g, "x", GEDI_DIMS(30, 40));
    gedi_node *inner = gedi_log(gedi_affine(x, 1, 1)); /* inside a group, never stored */
    gedi_node *y = turned(gedi_tanh(gedi_mul(inner, x)));
    gedi_node *z = gedi_named(gedi_sum(y, GEDI_ALL_AXES), "total");
    gedi__program *p = compile_bound((gedi_node *[]){z, y}, 2, NULL, 0, 2);
    float *in = fill(p, x, 1);
    for (int i = 0; i < 1200; i++)
        in[i] = 0.5f;
    ck_assert(!gedi__program_find_nonfinite(p, text, sizeof text));
    ck_assert_str_eq(text, "");
    ck_assert(isfinite(gedi__program_output(p, 0)[0])); /* it has been run */

    in[777] = -2;
    gedi__program_run(p);
    ck_assert(isnan(gedi__program_output(p, 0)[0]));
    ck_assert(gedi__program_find_nonfinite(p, text, sizeof text));
    ck_assert_str_eq(text, "log #2 [30, 40], index 777, is nan");
    in[700] = INFINITY;
    ck_assert(gedi__program_find_nonfinite(p, text, sizeof text));
    ck_assert_str_eq(text, "'x' (input #0 [30, 40]), index 700, is inf");
    ck_assert(gedi__program_find_nonfinite(p, shorter, sizeof shorter));
    ck_assert_str_eq(shorter, "'x' (in");
    in[777] = in[700] = 0.5f;
    ck_assert(!gedi__program_find_nonfinite(p, text, sizeof text));
    gedi__program_free(p);
}
END_TEST

/* An operation that is no part of a group; its node has a name. */
START_TEST(a_named_node_is_named)
{
    char text[200] = "";
    gedi_node *x = gedi_input(g, "x", GEDI_DIMS(2, 3));
    gedi_node *y = gedi_named(gedi_matmul(x, gedi_transpose(x)), "gram");
    gedi__program *p = compile(gedi_tanh(y));
    float *in = gedi__program_input(p, x);
    for (int i = 0; i < 6; i++)
        in[i] = i == 5 ? 3e38f : 1;
    ck_assert(gedi__program_find_nonfinite(p, text, sizeof text));
    ck_assert_msg(strstr(text, "'gram' (matmul #") == text, "%s", text);
    ck_assert_msg(strstr(text, "[2, 2]), index 3, is inf") != NULL, "%s", text);
    gedi__program_free(p);
}
END_TEST

/* ---- random numbers ---- */

enum { MANY = 300001 };

static float *draw(gedi_node *x, uint64_t seed, gedi_stream stream, uint64_t tick,
                   int threads)
{
    gedi__program *p = compile_bound(&x, 1, NULL, 0, threads);
    int64_t n = gedi_shape_size(gedi_node_shape(x));
    float *out = malloc((size_t)n * sizeof *out);
    ck_assert_ptr_nonnull(out);
    gedi__program_seed(p, seed, stream, tick);
    gedi__program_run(p);
    memcpy(out, gedi__program_output(p, 0), (size_t)n * sizeof *out);
    gedi__program_free(p);
    return out;
}

static int64_t equal_numbers(const float *a, const float *b, int64_t n)
{
    int64_t equal = 0;
    for (int64_t i = 0; i < n; i++)
        equal += a[i] == b[i];
    return equal;
}

START_TEST(random_numbers_follow_from_their_position)
{
    const uint64_t seed = 7, tick = UINT64_C(1) << 63;
    gedi_shape s = GEDI_DIMS(MANY);
    gedi_node *x = _i ? gedi_random_uniform(g, s) : gedi_random_normal(g, s);
    gedi_node *y = _i ? gedi_random_uniform(g, s) : gedi_random_normal(g, s);
    ck_assert_ptr_ne(x, y);
    float *one = draw(x, seed, GEDI_STREAM_SAMPLER, tick, 1);
    float *same[] = {draw(x, seed, GEDI_STREAM_SAMPLER, tick, 1),
                     draw(x, seed, GEDI_STREAM_SAMPLER, tick, 2),
                     draw(x, seed, GEDI_STREAM_SAMPLER, tick, 3)};
    float *other[] = {draw(x, seed + 1, GEDI_STREAM_SAMPLER, tick, 1),
                      draw(x, seed, GEDI_STREAM_VIEW, tick, 1),
                      draw(x, seed, GEDI_STREAM_SAMPLER, tick + 1, 1),
                      draw(x, seed, GEDI_STREAM_SAMPLER, 0, 1),
                      draw(y, seed, GEDI_STREAM_SAMPLER, tick, 1)};
    for (int i = 0; i < 3; i++) {
        ck_assert_msg(!memcmp(one, same[i], MANY * sizeof *one), "draw %d differs", i);
        free(same[i]);
    }
    for (int i = 0; i < 5; i++) { /* of 2^24 numbers some are equal by chance */
        ck_assert_int_lt(equal_numbers(one, other[i], MANY), 30);
        free(other[i]);
    }
    free(one);
}
END_TEST

/* Moments within 5 standard errors, the range, and neighbours that do not correlate. */
START_TEST(random_numbers_have_their_distribution)
{
    gedi_shape s = GEDI_DIMS(MANY);
    gedi_node *node = _i ? gedi_random_uniform(g, s) : gedi_random_normal(g, s);
    double mean = _i ? 0.5 : 0, var = _i ? 1.0 / 12 : 1, fourth = _i ? 1.0 / 80 : 3;
    float *x = draw(node, 1, GEDI_STREAM_VIEW, 5, 1);
    double sum = 0, squares = 0, neighbours = 0, error = sqrt(1.0 / MANY);
    for (int i = 0; i < MANY; i++) {
        double d = (double)x[i] - mean;
        sum += d;
        squares += d * d;
        neighbours += i ? d * ((double)x[i - 1] - mean) : 0;
        ck_assert(!_i || (x[i] >= 0 && x[i] < 1));
        ck_assert(fabs(d) < 8);
    }
    ck_assert(fabs(sum / MANY) <= 5 * error * sqrt(var));
    ck_assert(fabs(squares / MANY - var) <= 5 * error * sqrt(fourth - var * var));
    ck_assert(fabs(neighbours / MANY) <= 5 * error * var);
    free(x);
}
END_TEST

/* Every run draws what its tick says, whatever ran before. */
START_TEST(a_program_is_seeded_again_and_again)
{
    float first[20];
    gedi_node *x = gedi_tanh(gedi_random_normal(g, GEDI_DIMS(20)));
    gedi__program *p = compile(x);
    for (uint64_t tick = 0; tick < 4; tick++) {
        gedi__program_seed(p, 3, GEDI_STREAM_SAMPLER, tick % 3);
        gedi__program_run(p);
        const float *y = gedi__program_output(p, 0);
        if (tick == 0)
            memcpy(first, y, sizeof first);
        else
            ck_assert_int_eq(!memcmp(first, y, sizeof first), tick == 3);
    }
    gedi__program_free(p);
}
END_TEST

static void add_tests(TCase *c)
{
    tcase_add_loop_test(c, buffers_in_use_do_not_overlap, 0, 50);
    tcase_add_test(c, a_deep_chain_needs_two_buffers);
    tcase_add_test(c, a_chain_of_elementwise_operations_works_in_place);
    tcase_add_test(c, an_operand_with_two_names_is_kept);
    tcase_add_loop_test(c, a_part_that_is_broadcast_is_kept, 0, 4);
    tcase_add_loop_test(c, what_is_read_later_is_kept, 0, 3);
    tcase_add_loop_test(c, a_product_takes_the_memory_of_its_step, 0, 5);
    tcase_add_loop_test(c, outputs_of_every_kind, 0, 2);
    tcase_add_test(c, what_no_output_needs_is_not_computed);
    tcase_add_test(c, mistakes_are_named);
    tcase_add_test(c, the_first_nonfinite_number_is_named);
    tcase_add_test(c, a_named_node_is_named);
    tcase_add_loop_test(c, random_numbers_follow_from_their_position, 0, 2);
    tcase_add_loop_test(c, random_numbers_have_their_distribution, 0, 2);
    tcase_add_test(c, a_program_is_seeded_again_and_again);
}

int main(void)
{
    TCase *c = tcase_create("program");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_set_timeout(c, 60);
    add_tests(c);
    Suite *s = suite_create("program");
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
