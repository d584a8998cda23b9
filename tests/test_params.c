/* test_params.c - parameters: names and scopes, first numbers, states; and which networks
 * take each record of a batch on its own.
 */
#include "core/graph/rowwise.h"
#include "tests/network.h"

#include <math.h>

static const gedi_init zero = {.kind = GEDI_INIT_CONSTANT};
static const gedi_init fan_in = {.kind = GEDI_INIT_FAN_IN, .value = 1.0};

static network n;
static gedi_err err;

static void setup(void)
{
    err = (gedi_err){0};
    network_init(&n, true);
}

static void teardown(void)
{
    network_clear(&n);
}

static void ck_fails(gedi_status code, const char *message)
{
    ck_assert_int_eq(gedi_graph_status(n.build.g, &err), code);
    ck_assert_str_eq(err.msg, message);
}

/* ---- names ---- */

START_TEST(same_name_same_parameter)
{
    gedi_node *w = gedi_param(&n.build, "w", GEDI_DIMS(2, 3), zero);
    ck_assert_ptr_nonnull(w);
    ck_assert_ptr_eq(w, gedi_param(&n.build, "w", GEDI_DIMS(2, 3), fan_in));
    ck_assert_int_eq(n.params.n, 1);
    ck_assert_int_eq(n.params.trained, 6);
    ck_assert_ptr_ne(w, gedi_param(&n.build, "v", GEDI_DIMS(2, 3), zero));
    ck_assert_int_eq(n.params.trained, 12);
    ck_assert_int_eq(n.params.kept, 0);
}
END_TEST

START_TEST(another_shape)
{
    gedi_scope_push(&n.build, "model");
    gedi_param(&n.build, "w", GEDI_DIMS(2, 3), zero);
    ck_assert_ptr_null(gedi_param(&n.build, "w", GEDI_DIMS(3, 2), zero));
    ck_fails(GEDI_SHAPE, "parameter model.w is trained [2, 3] and cannot also be "
                         "trained [3, 2]");
    /* Sticky: nothing is built any more, and the first error stays. */
    ck_assert_ptr_null(gedi_param(&n.build, "w", GEDI_DIMS(2, 3), zero));
    ck_fails(GEDI_SHAPE, "parameter model.w is trained [2, 3] and cannot also be "
                         "trained [3, 2]");
}
END_TEST

/* [274177, 67280421310721] has 2^64 + 1 numbers, which an int64_t takes for 1. */
static const struct {
    gedi_shape s;
    const char *says;
} no_shapes[] = {
    {GEDI_DIMS(274177, 67280421310721),
     "parameter m.w: [274177, 67280421310721] has more than 2^40 numbers, the most that is "
     "computed with"},
    {GEDI_DIMS(2, -3),
     "parameter m.w: dimension 1 of [2, -3] is negative: each must be at "
     "least 1"},
    {GEDI_DIMS(0, 3),
     "parameter m.w: dimension 0 of [0, 3] is 0: each must be at least 1"},
    {{.rank = 6}, "parameter m.w: rank 6 is not in [0, 5]"},
};

enum { NO_SHAPES = sizeof no_shapes / sizeof no_shapes[0] };

START_TEST(no_shape_of_a_parameter)
{
    gedi_scope_push(&n.build, "m");
    ck_assert_ptr_null(gedi_param(&n.build, "w", no_shapes[_i].s, zero));
    ck_fails(GEDI_SHAPE, no_shapes[_i].says);
    ck_assert_int_eq(n.params.n, 0);
}
END_TEST

START_TEST(no_shape_of_a_state)
{
    gedi_scope_push(&n.build, "m");
    ck_assert_ptr_null(gedi_state(&n.build, "w", no_shapes[_i].s, 0.0));
    ck_fails(GEDI_SHAPE, no_shapes[_i].says);
    ck_assert_int_eq(n.params.kept, 0);
}
END_TEST

START_TEST(another_purpose)
{
    gedi_param(&n.build, "w", GEDI_DIMS(2), zero);
    ck_assert_ptr_null(gedi_state(&n.build, "w", GEDI_DIMS(2), 0.0));
    ck_fails(GEDI_SHAPE, "parameter w is trained [2] and cannot also be state [2]");
}
END_TEST

START_TEST(new_name_when_frozen)
{
    gedi_param(&n.build, "w", GEDI_DIMS(2), zero);
    network_freeze(&n, 0);
    ck_assert_ptr_nonnull(gedi_param(&n.build, "w", GEDI_DIMS(2), zero));
    network_is_legal(&n);
    ck_assert_ptr_null(gedi_param(&n.build, "v", GEDI_DIMS(2), zero));
    ck_fails(GEDI_STATE, "parameter v was not there when the network was first built: a "
                         "plugin's build must ask for the same parameters every time");
}
END_TEST

static const char *const no_names[] = {"",   "w\n",  "a b", ".w",
                                       "w.", "a..b", "w-1", "\xc3\xa4"};
enum { NO_NAMES = sizeof no_names / sizeof no_names[0] };

START_TEST(no_name_of_a_parameter)
{
    gedi_scope_push(&n.build, "m");
    ck_assert_ptr_null(gedi_param(&n.build, no_names[_i], GEDI_DIMS(1), zero));
    ck_assert_int_eq(gedi_graph_status(n.build.g, &err), GEDI_USAGE);
    ck_assert_ptr_nonnull(strstr(err.msg, "parameter m.'"));
    ck_assert_ptr_nonnull(strstr(err.msg, "letters, digits and _"));
    ck_assert_ptr_null(strchr(err.msg, '\n'));
    ck_assert_int_eq(n.params.n, 0);
}
END_TEST

START_TEST(no_name_of_a_scope)
{
    gedi_scope_push(&n.build, no_names[_i]);
    ck_assert_int_eq(gedi_graph_status(n.build.g, &err), GEDI_USAGE);
    ck_assert_ptr_nonnull(strstr(err.msg, "name scope '"));
    ck_assert_ptr_null(strchr(err.msg, '\n'));
    gedi_scope_pop(&n.build);
    ck_assert_str_eq(n.build.scope, "");
}
END_TEST

START_TEST(scopes)
{
    static const char *const names[] = {"a.w", "a.b.c.w", "a.b.c.d.w", "a.v", "w"};
    gedi_scope_push(&n.build, "a");
    gedi_param(&n.build, "w", GEDI_DIMS(1), zero);
    gedi_scope_push(&n.build, "b.c"); /* one scope, though its name has a dot */
    gedi_param(&n.build, "w", GEDI_DIMS(1), zero);
    gedi_scope_push(&n.build, "d");
    gedi_param(&n.build, "w", GEDI_DIMS(1), zero);
    gedi_scope_pop(&n.build);
    gedi_scope_pop(&n.build);
    gedi_param(&n.build, "v", GEDI_DIMS(1), zero);
    gedi_scope_pop(&n.build);
    gedi_param(&n.build, "w", GEDI_DIMS(1), zero);
    network_is_legal(&n);
    ck_assert_int_eq(n.params.n, 5);
    for (int i = 0; i < 5; i++)
        ck_assert_str_eq(n.params.param[i]->name, names[i]);
}
END_TEST

/* Every push has its pop, however much went wrong between. */
START_TEST(scopes_too_deep)
{
    enum { DEEP = GEDI__SCOPES + 5 };
    for (int i = 0; i < DEEP; i++)
        gedi_scope_push(&n.build, "s");
    ck_assert_int_eq(gedi_graph_status(n.build.g, &err), GEDI_USAGE);
    ck_assert_ptr_nonnull(strstr(err.msg, "s.s.s.: more than 24 scopes in each other"));
    for (int i = 0; i < DEEP; i++)
        gedi_scope_pop(&n.build);
    ck_assert_str_eq(n.build.scope, "");
}
END_TEST

START_TEST(scopes_too_long)
{
    char name[101];
    memset(name, 'x', 100);
    name[100] = 0;
    for (int i = 0; i < 4; i++)
        gedi_scope_push(&n.build, name);
    ck_assert_int_eq(gedi_graph_status(n.build.g, &err), GEDI_USAGE);
    ck_assert_ptr_nonnull(strstr(err.msg, "is longer than 191 characters"));
    for (int i = 0; i < 4; i++)
        gedi_scope_pop(&n.build);
    ck_assert_str_eq(n.build.scope, "");
}
END_TEST

START_TEST(name_too_long)
{
    char name[501];
    memset(name, 'x', 500);
    name[500] = 0;
    gedi_scope_push(&n.build, "model");
    ck_assert_ptr_null(gedi_param(&n.build, name, GEDI_DIMS(1), zero));
    ck_fails(GEDI_USAGE, "parameter model.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx... has a name "
                         "of more than 383 characters");
}
END_TEST

/* ---- first numbers ---- */

/* Largest |x| and mean square. */
static void measure(const char *name, double *largest, double *square)
{
    const gedi__param *p = network_param(&n, name);
    const float *x = network_data(&n, name);
    *largest = *square = 0;
    for (int64_t i = 0; i < p->size; i++) {
        *largest = fmax(*largest, fabs((double)x[i]));
        *square += (double)x[i] * x[i] / (double)p->size;
    }
}

/* Of 4096 uniform numbers in +-a the largest is beyond .99 a but for a chance of
 * .99^4096, and their mean square is a^2/3 with a deviation of 1.4 %. */
static void ck_uniform(const char *name, double bound)
{
    double largest, square;
    measure(name, &largest, &square);
    ck_assert_msg(largest <= bound * (1 + 1e-7) && largest > 0.99 * bound,
                  "%s: the largest is %g, the bound %g", name, largest, bound);
    ck_assert_msg(fabs(3 * square / (bound * bound) - 1) <= 0.07,
                  "%s: mean square %g of bound %g", name, square, bound);
}

START_TEST(distributions)
{
    enum { SIZE = 4096 };
    gedi_build *b = &n.build;
    double largest, square;
    gedi_node *x = gedi_linear(b, "fc", network_input(&n, GEDI_DIMS(2, 16)), SIZE, true,
                               (gedi_init){.kind = GEDI_INIT_FAN_IN, .value = 1.0});
    gedi_linear(b, "wide", x, 4, true,
                (gedi_init){.kind = GEDI_INIT_XAVIER, .value = 2.0});
    gedi_param(b, "uniform", GEDI_DIMS(SIZE),
               (gedi_init){.kind = GEDI_INIT_UNIFORM, .value = 0.3});
    gedi_param(b, "normal", GEDI_DIMS(SIZE),
               (gedi_init){.kind = GEDI_INIT_NORMAL, .value = 0.3});
    gedi_param(b, "kernel", GEDI_DIMS(3, 3, 8, 64), fan_in);
    gedi_param(b, "rows", GEDI_DIMS(512, 9),
               (gedi_init){.kind = GEDI_INIT_FAN_IN, .value = 1.0, .fan_in = 9});
    gedi_param(b, "constant", GEDI_DIMS(5),
               (gedi_init){.kind = GEDI_INIT_CONSTANT, .value = 0.3});
    gedi_state(b, "state", GEDI_DIMS(5), -2.0);
    network_freeze(&n, 11);
    ck_uniform("fc.weight", 0.25); /* 1 / sqrt(16) */
    ck_uniform("fc.bias", 0.25);
    ck_uniform("wide.weight", 2 * sqrt(6.0 / (SIZE + 4)));
    ck_uniform("uniform", 0.3);
    ck_uniform("kernel", 1 / sqrt(72.0)); /* all dimensions but the last */
    ck_uniform("rows", 1.0 / 3);
    measure("wide.bias", &largest, &square);
    ck_assert(largest == 0);
    measure("normal", &largest, &square);
    ck_assert_double_eq_tol(square / 0.09, 1.0, 0.15); /* deviation 2.2 % */
    ck_assert(largest > 0.6 && largest < 2.0);
    for (int i = 0; i < 5; i++) {
        ck_assert(network_data(&n, "constant")[i] == 0.3f);
        ck_assert(network_data(&n, "state")[i] == -2.0f);
    }
}
END_TEST

/* What "model.w" starts from beside `others` that come before and behind. */
static void first_numbers(uint64_t seed, const char *name, int others, float out[64])
{
    network m;
    network_init(&m, true);
    gedi_build *b = &m.build;
    if (others)
        gedi_linear(b, "front", network_input(&m, GEDI_DIMS(2, 5)), 7, true, fan_in);
    gedi_scope_push(b, "model");
    gedi_param(b, name, GEDI_DIMS(8, 8), fan_in);
    gedi_scope_pop(b);
    if (others)
        gedi_param(b, "behind", GEDI_DIMS(64), fan_in);
    network_freeze(&m, seed);
    char full[64];
    snprintf(full, sizeof full, "model.%s", name);
    memcpy(out, network_data(&m, full), 64 * sizeof *out);
    network_clear(&m);
}

START_TEST(seed_and_name_alone)
{
    float one[64], two[64];
    first_numbers(3, "w", 0, one);
    first_numbers(3, "w", 1, two);
    ck_assert_mem_eq(one, two, sizeof one);
    first_numbers(4, "w", 0, two);
    ck_assert_mem_ne(one, two, sizeof one);
    first_numbers(3, "v", 0, two);
    ck_assert_mem_ne(one, two, sizeof one);
    for (int i = 0; i < 64; i++)
        ck_assert_msg(one[i] != two[i], "number %d is the same for two names", i);
}
END_TEST

/* ---- states ---- */

START_TEST(states)
{
    gedi_build *b = &n.build;
    gedi_node *s = gedi_state(b, "s", GEDI_DIMS(2), 1.0);
    ck_assert_ptr_eq(gedi_state(b, "s", GEDI_DIMS(2), 1.0), s);
    gedi_state_update(b, s, gedi_scale(s, 2.0));
    gedi_node *once = gedi_state(b, "s", GEDI_DIMS(2), 1.0);
    ck_assert_ptr_ne(once, s); /* the next pass goes on from there */
    gedi_state_update(b, once, gedi_affine(once, 1.0, 1.0));
    gedi_node *twice = network_pending(&n, "s"), *x = network_input(&n, GEDI_DIMS(2));
    ck_assert(!gedi_depends(gedi_grad(twice, &x, 1, NULL, 0, &x) ? NULL : x, s));
    network_compile(&n, &twice, 1);
    gedi__program_run(n.program);
    ck_assert(gedi__program_output(n.program, 0)[1] == 3.0f);
    ck_assert_int_eq(n.params.trained, 0);
    ck_assert_int_eq(n.params.kept, 2);
}
END_TEST

START_TEST(state_mistakes)
{
    gedi_node *s = gedi_state(&n.build, "s", GEDI_DIMS(2), 1.0);
    gedi_state_update(&n.build, s, gedi_constant(n.build.g, 0.0, GEDI_DIMS(3)));
    ck_fails(GEDI_SHAPE, "state s has shape [2] and cannot become [3]");
    network_clear(&n);
    network_init(&n, true);
    gedi_node *x = network_input(&n, GEDI_DIMS(2));
    gedi_state_update(&n.build, x, x);
    ck_fails(GEDI_USAGE, "gedi_state_update: 'x' (input #0 [2]) is not a state");
    network_clear(&n);
    network_init(&n, false);
    s = gedi_state(&n.build, "s", GEDI_DIMS(2), 1.0);
    gedi_state_update(&n.build, s, gedi_scale(s, 2.0)); /* nothing outside training */
    network_is_legal(&n);
    ck_assert_ptr_null(network_pending(&n, "s"));
}
END_TEST

/* ---- rows ---- */

typedef gedi_node *(*function)(gedi_build *, gedi_node *x);
enum { B = 4, D = 4 }; /* a square, so that a transposed matrix fits, too */

static gedi_node *layers(gedi_build *b, gedi_node *x)
{
    x = gedi_activate(gedi_linear(b, "one", x, 5, true, fan_in), 1, 0.1);
    return gedi_linear(b, "two", x, 3, true, fan_in);
}

static gedi_node *sphere(gedi_build *b, gedi_node *x)
{
    return gedi_l2_normalize(layers(b, x), 1e-12);
}

static gedi_node *norm(gedi_build *b, gedi_node *x)
{
    return gedi_batch_norm(b, "bn", layers(b, x), true);
}

static gedi_node *of_rows(gedi_build *b, gedi_node *x)
{
    gedi_node *scale = gedi_add(gedi_max(x, 2), gedi_logsumexp(x)); /* [B, 1] */
    (void)b;
    x = gedi_mul(gedi_softmax(x), scale);
    return gedi_div(x, gedi_constant(b->g, 3.0, GEDI_DIMS(B, D)));
}

static gedi_node *reshaped(gedi_build *b, gedi_node *x)
{
    static const int axes[] = {0, 2, 1};
    (void)b;
    x = gedi_permute(gedi_reshape(x, GEDI_DIMS(B, 2, 2)), axes);
    return gedi_reshape(x, GEDI_DIMS(B, 4));
}

static gedi_node *centred(gedi_build *b, gedi_node *x)
{
    (void)b;
    return gedi_sub(x, gedi_mean(x, 1));
}

static gedi_node *averaged(gedi_build *b, gedi_node *x)
{
    (void)b;
    return gedi_mean(x, 1);
}

static gedi_node *all_summed(gedi_build *b, gedi_node *x)
{
    (void)b;
    return gedi_mul(x, gedi_sum(x, GEDI_ALL_AXES));
}

static gedi_node *transposed(gedi_build *b, gedi_node *x)
{
    return gedi_matmul(gedi_transpose(x), gedi_param(b, "w", GEDI_DIMS(B, D), fan_in));
}

static gedi_node *gram(gedi_build *b, gedi_node *x)
{
    (void)b;
    return gedi_matmul(x, gedi_transpose(x));
}

static gedi_node *mixed(gedi_build *b, gedi_node *x)
{
    return gedi_matmul(gedi_param(b, "w", GEDI_DIMS(B, B), fan_in), x);
}

static gedi_node *turned(gedi_build *b, gedi_node *x)
{
    (void)b;
    return gedi_add(x, gedi_transpose(x));
}

static gedi_node *another_batch(gedi_build *b, gedi_node *x)
{
    return gedi_add(x, gedi_input(b->g, "other", GEDI_DIMS(B, D)));
}

static gedi_node *dropout(gedi_build *b, gedi_node *x)
{
    return gedi_mul(x, gedi_random_uniform(b->g, GEDI_DIMS(B, D)));
}

static gedi_node *flat(gedi_build *b, gedi_node *x)
{
    (void)b;
    return gedi_reshape(gedi_softmax(gedi_reshape(x, GEDI_DIMS(1, B * D))),
                        GEDI_DIMS(B, D));
}

/* Row sums laid along the columns: row i sees all the others. */
static gedi_node *crossed(gedi_build *b, gedi_node *x)
{
    (void)b;
    return gedi_add(x, gedi_reshape(gedi_sum(x, 2), GEDI_DIMS(B)));
}

static gedi_node *shifted(gedi_build *b, gedi_node *x)
{
    gedi_node *parts[] = {gedi_slice(x, 0, 1, B - 1), gedi_slice(x, 0, 0, 1)};
    (void)b;
    return gedi_concat(parts, 2, 0);
}

static gedi_node *constant(gedi_build *b, gedi_node *x)
{
    (void)x;
    return gedi_constant(b->g, 1.0, GEDI_DIMS(B, D));
}

static const struct rows_case {
    const char *name;
    function build;
    bool own;
} networks[] = {
    {"layers", layers, true},
    {"sphere", sphere, true},
    {"of_rows", of_rows, true},
    {"reshaped", reshaped, true},
    {"norm", norm, false},
    {"centred", centred, false},
    {"averaged", averaged, false},
    {"all_summed", all_summed, false},
    {"transposed", transposed, false},
    {"gram", gram, false},
    {"mixed", mixed, false},
    {"turned", turned, false},
    {"another_batch", another_batch, false},
    {"dropout", dropout, false},
    {"flat", flat, false},
    {"crossed", crossed, false},
    {"shifted", shifted, false},
    {"constant", constant, false},
};
enum { NETWORKS = sizeof networks / sizeof networks[0] };

START_TEST(rowwise)
{
    gedi_node *x = network_input(&n, GEDI_DIMS(B, D));
    gedi_node *y = networks[_i].build(&n.build, x);
    network_is_legal(&n);
    ck_assert_msg(gedi__rowwise(y, x) == networks[_i].own, "%s", networks[_i].name);
}
END_TEST

/* Where batch statistics are not used, records are on their own. */
START_TEST(rowwise_when_evaluated)
{
    network_clear(&n);
    network_init(&n, false);
    gedi_node *x = network_input(&n, GEDI_DIMS(B, D));
    gedi_node *y = norm(&n.build, x);
    network_is_legal(&n);
    ck_assert(gedi__rowwise(y, x));
}
END_TEST

/* A batch of one does not show what mixes: every axis of 1 broadcasts. */
START_TEST(rowwise_of_one)
{
    gedi_node *x = network_input(&n, GEDI_DIMS(1, D));
    gedi_node *y = gedi_add(x, gedi_reshape(gedi_sum(x, 2), GEDI_DIMS(1)));
    network_is_legal(&n);
    ck_assert(!gedi__rowwise(y, x));
}
END_TEST

/* The claim itself: what is called rowwise gives each record of a larger batch the
 * numbers it has alone; what is not, not. */
START_TEST(rowwise_is_true)
{
    enum { MOST = B * B };
    const struct rows_case *c = &networks[_i];
    float x[B * D], y[MOST], changed[MOST];
    gedi_node *in = network_input(&n, GEDI_DIMS(B, D)), *out = c->build(&n.build, in);
    network_compile(&n, &out, 1);
    size_t row = (size_t)gedi_cols(out) * sizeof *y;
    size_t all = (size_t)gedi_shape_size(gedi_node_shape(out)) * sizeof *y;
    network_numbers(x, B * D, 0, 1);
    network_set(&n, in, x);
    gedi__program_run(n.program);
    memcpy(y, gedi__program_output(n.program, 0), all);
    for (int i = D; i < B * D; i++) /* all records but the first */
        x[i] = 0.5f * x[i] - 1.0f;
    network_set(&n, in, x);
    gedi__program_run(n.program);
    memcpy(changed, gedi__program_output(n.program, 0), all);
    if (c->own)
        ck_assert_mem_eq(y, changed, row);
    else if (c->build != another_batch && c->build != dropout && c->build != constant)
        ck_assert_mem_ne(y, changed, row);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("params");
    TCase *c = tcase_create("params");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, same_name_same_parameter);
    tcase_add_test(c, another_shape);
    tcase_add_loop_test(c, no_shape_of_a_parameter, 0, NO_SHAPES);
    tcase_add_loop_test(c, no_shape_of_a_state, 0, NO_SHAPES);
    tcase_add_test(c, another_purpose);
    tcase_add_test(c, new_name_when_frozen);
    tcase_add_loop_test(c, no_name_of_a_parameter, 0, NO_NAMES);
    tcase_add_loop_test(c, no_name_of_a_scope, 0, NO_NAMES);
    tcase_add_test(c, scopes);
    tcase_add_test(c, scopes_too_deep);
    tcase_add_test(c, scopes_too_long);
    tcase_add_test(c, name_too_long);
    tcase_add_test(c, distributions);
    tcase_add_test(c, seed_and_name_alone);
    tcase_add_test(c, states);
    tcase_add_test(c, state_mistakes);
    tcase_add_loop_test(c, rowwise, 0, NETWORKS);
    tcase_add_test(c, rowwise_when_evaluated);
    tcase_add_test(c, rowwise_of_one);
    tcase_add_loop_test(c, rowwise_is_true, 0, NETWORKS);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
