/* test_nn.c - layers and the mlp against PyTorch in float64 (fixture/nn.py): outputs,
 * first and second derivatives, running statistics.
 *
 * Tolerance, relative to the largest number of a row: sums of up to 35 products of
 * numbers below 4, each rounded by 6e-8, come to 1e-6; batch normalisation divides by a
 * standard deviation down to 0.9 and its second derivative subtracts numbers of like
 * size. Measured at most 5e-7.
 */
#include "tests/component.h"
#include "tests/network.h"
#include "tests/rows.h"

static const double tolerance = 2e-6;

static const row rows[] = {
#include "tests/fixture/nn_cases.h"
    {.name = NULL},
};

extern const gedi_model gedi_model_mlp;

static const gedi_init zero = {.kind = GEDI_INIT_CONSTANT};

/* Salts of fixture/nn.py: coefficients of the cost, direction of the second derivative. */
enum { COST = 7, DIRECTION = 8 };

static void expect(const char *name, const char *what, const float *got, int64_t n)
{
    row_expect(row_of(rows, name, what), got, n, tolerance);
}

/* x and y = f(x), with cost = sum(c y), its derivative, and that of sum(v dcost/dx). */
enum { Y, GX, HX, SEEN };
typedef struct probe {
    gedi_node *x, *c, *v, *cost, *output[SEEN];
} probe;

static probe probe_of(network *n, gedi_node *x, gedi_node *y)
{
    probe p = {.x = x, .output = {[Y] = y}};
    p.c = network_input(n, gedi_node_shape(y));
    p.v = network_input(n, gedi_node_shape(x));
    p.cost = gedi_sum(gedi_mul(p.c, y), GEDI_ALL_AXES);
    gedi_grad(p.cost, &x, 1, NULL, 0, &p.output[GX]);
    gedi_node *along = gedi_sum(gedi_mul(p.v, p.output[GX]), GEDI_ALL_AXES);
    gedi_grad(along, &x, 1, NULL, 0, &p.output[HX]);
    network_is_legal(n);
    return p;
}

static void probe_run(network *n, const probe *p)
{
    network_set_numbers(n, p->x, 0, 1);
    network_set_numbers(n, p->c, COST, 1);
    network_set_numbers(n, p->v, DIRECTION, 1);
    gedi__program_run(n->program);
}

static void probe_expect(const network *n, const probe *p, const char *name)
{
    static const char *const what[] = {"y", "gx", "hx"};
    for (int i = 0; i < SEEN; i++)
        expect(name, what[i], gedi__program_output(n->program, i),
               gedi_shape_size(gedi_node_shape(p->output[i])));
}

/* ---- layers ---- */

START_TEST(linear)
{
    network n;
    network_init(&n, true);
    gedi_node *x = network_input(&n, GEDI_DIMS(4, 3)), *output[SEEN + 2];
    probe p = probe_of(&n, x, gedi_linear(&n.build, "fc", x, 2, true, zero));
    memcpy(output, p.output, sizeof p.output);
    gedi_node *wrt[] = {network_leaf(&n, "fc.weight"), network_leaf(&n, "fc.bias")};
    gedi_grad(p.cost, wrt, 2, NULL, 0, output + SEEN);
    network_compile(&n, output, SEEN + 2);
    network_param_numbers(&n, "fc.weight", 1, 1);
    network_param_numbers(&n, "fc.bias", 2, 1);
    probe_run(&n, &p);
    probe_expect(&n, &p, "linear");
    expect("linear", "weight", gedi__program_output(n.program, SEEN), 6);
    expect("linear", "bias", gedi__program_output(n.program, SEEN + 1), 2);
    network_clear(&n);
}
END_TEST

START_TEST(linear_without_bias)
{
    network n;
    network_init(&n, true);
    gedi_node *x = network_input(&n, GEDI_DIMS(4, 3));
    gedi_linear(&n.build, "fc", x, 2, false, zero);
    network_is_legal(&n);
    ck_assert_int_eq(n.params.n, 1);
    ck_assert_str_eq(n.params.param[0]->name, "fc.weight");
    network_clear(&n);
}
END_TEST

START_TEST(linear_needs_two_dimensions)
{
    network n;
    gedi_err err = {0};
    network_init(&n, true);
    gedi_node *x = network_input(&n, GEDI_DIMS(4, 3, 2));
    ck_assert_ptr_null(gedi_linear(&n.build, "fc", x, 2, true, zero));
    ck_assert_int_eq(gedi_graph_status(n.build.g, &err), GEDI_SHAPE);
    ck_assert_str_eq(err.msg, "linear fc: needs [B, D], not 3 dimensions");
    ck_assert_ptr_null(gedi_linear(&n.build, "fc", NULL, 2, true, zero));
    ck_assert_str_eq(n.build.scope, "");
    network_clear(&n);
}
END_TEST

static const struct norm_case {
    const char *name;
    gedi_shape shape;
} norms[] = {
    {"batch_norm", {.rank = 2, .dim = {6, 3}}},
    {"image_norm", {.rank = 4, .dim = {2, 3, 2, 2}}},
};
enum { NORMS = sizeof norms / sizeof norms[0] };

/* Outputs of a training step: the probe's, dweight, dbias, running mean and variance. */
enum { DWEIGHT = SEEN, DBIAS, MEAN, VAR, STEP };

static probe norm_step(network *n, gedi_shape s)
{
    gedi_node *x = network_input(n, s), *output[STEP];
    probe p = probe_of(n, x, gedi_batch_norm(&n->build, "bn", x, true));
    memcpy(output, p.output, sizeof p.output);
    gedi_node *wrt[] = {network_leaf(n, "bn.weight"), network_leaf(n, "bn.bias")};
    gedi_grad(p.cost, wrt, 2, NULL, 0, output + DWEIGHT);
    output[MEAN] = network_pending(n, "bn.running_mean");
    output[VAR] = network_pending(n, "bn.running_var");
    network_compile(n, output, STEP);
    network_param_numbers(n, "bn.weight", 1, 1);
    network_param_numbers(n, "bn.bias", 2, 1);
    return p;
}

/* What the trainer does after a step. */
static void keep_statistics(network *n, int64_t c)
{
    size_t bytes = (size_t)c * sizeof(float);
    memcpy(network_data(n, "bn.running_mean"), gedi__program_output(n->program, MEAN),
           bytes);
    memcpy(network_data(n, "bn.running_var"), gedi__program_output(n->program, VAR),
           bytes);
}

START_TEST(batch_norm)
{
    const struct norm_case *c = &norms[_i];
    int64_t d = c->shape.dim[c->shape.rank - 1];
    char eval[32];
    network n;
    network_init(&n, true);
    probe p = norm_step(&n, c->shape);
    probe_run(&n, &p);
    probe_expect(&n, &p, c->name);
    expect(c->name, "weight", gedi__program_output(n.program, DWEIGHT), d);
    expect(c->name, "bias", gedi__program_output(n.program, DBIAS), d);
    keep_statistics(&n, d);
    expect(c->name, "mean1", network_data(&n, "bn.running_mean"), d);
    expect(c->name, "var1", network_data(&n, "bn.running_var"), d);
    for (int k = 2; k <= 3; k++) {
        network_set_numbers(&n, p.x, k, k);
        gedi__program_run(n.program);
        keep_statistics(&n, d);
    }
    expect(c->name, "mean3", network_data(&n, "bn.running_mean"), d);
    expect(c->name, "var3", network_data(&n, "bn.running_var"), d);
    network_again(&n, false);
    gedi_node *x = network_input(&n, c->shape);
    p = probe_of(&n, x, gedi_batch_norm(&n.build, "bn", x, true));
    network_compile(&n, p.output, SEEN);
    ck_assert_ptr_null(network_pending(&n, "bn.running_mean"));
    probe_run(&n, &p);
    snprintf(eval, sizeof eval, "%s.eval", c->name);
    probe_expect(&n, &p, eval);
    network_clear(&n);
}
END_TEST

/* The second derivative along v is the difference of first derivatives. With h = 1/256
 * its error is h^2 times the third derivative of the gradient, which is of order 10, and
 * the rounding of the gradient, 1e-7 / h. */
START_TEST(batch_norm_second_derivative)
{
    enum { SIZE = 18 };
    const float h = 1.0f / 256;
    float at[SIZE], v[SIZE], x[SIZE], up[SIZE], got[SIZE];
    double want[SIZE];
    network n;
    network_init(&n, true);
    probe p = norm_step(&n, GEDI_DIMS(6, 3));
    probe_run(&n, &p);
    memcpy(got, gedi__program_output(n.program, HX), sizeof got);
    network_numbers(at, SIZE, 0, 1);
    network_numbers(v, SIZE, DIRECTION, 1);
    for (int i = 0; i < SIZE; i++)
        x[i] = at[i] + h * v[i];
    network_set(&n, p.x, x);
    gedi__program_run(n.program);
    memcpy(up, gedi__program_output(n.program, GX), sizeof up);
    for (int i = 0; i < SIZE; i++)
        x[i] = at[i] - h * v[i];
    network_set(&n, p.x, x);
    gedi__program_run(n.program);
    for (int i = 0; i < SIZE; i++)
        want[i] =
            ((double)up[i] - gedi__program_output(n.program, GX)[i]) / (2 * (double)h);
    double error = testing_error(got, want, SIZE, 1.0);
    ck_assert_msg(error <= 4e-4, "error %g", error);
    network_clear(&n);
}
END_TEST

/* Two passes of one step update the statistics one after the other. */
START_TEST(batch_norm_two_passes)
{
    float one[2 * 3], both[2 * 3];
    network n;
    network_init(&n, true);
    gedi_node *x = network_input(&n, GEDI_DIMS(6, 3));
    gedi_node *x2 = network_input(&n, GEDI_DIMS(6, 3)), *state[4];
    gedi_batch_norm(&n.build, "bn", x, false);
    state[0] = network_pending(&n, "bn.running_mean");
    state[1] = network_pending(&n, "bn.running_var");
    gedi_batch_norm(&n.build, "bn", x2, false);
    state[2] = network_pending(&n, "bn.running_mean");
    state[3] = network_pending(&n, "bn.running_var");
    ck_assert_int_eq(n.params.n, 2); /* not affine */
    network_compile(&n, state, 4);
    network_set_numbers(&n, x, 1, 1);
    network_set_numbers(&n, x2, 2, 1);
    gedi__program_run(n.program);
    for (int i = 0; i < 2; i++)
        memcpy(both + 3 * i, gedi__program_output(n.program, 2 + i), sizeof both / 2);
    /* The same in two runs of the first pass alone. */
    memcpy(network_data(&n, "bn.running_mean"), gedi__program_output(n.program, 0), 12);
    memcpy(network_data(&n, "bn.running_var"), gedi__program_output(n.program, 1), 12);
    network_set_numbers(&n, x, 2, 1);
    gedi__program_run(n.program);
    for (int i = 0; i < 2; i++)
        memcpy(one + 3 * i, gedi__program_output(n.program, i), sizeof one / 2);
    ck_assert_mem_eq(one, both, sizeof one);
    network_clear(&n);
}
END_TEST

START_TEST(batch_norm_needs_a_batch)
{
    gedi_err err = {0};
    network n;
    network_init(&n, true);
    gedi_batch_norm(&n.build, "bn", network_input(&n, GEDI_DIMS(1, 3)), true);
    ck_assert_int_eq(gedi_graph_status(n.build.g, &err), GEDI_SHAPE);
    ck_assert_str_eq(
        err.msg,
        "batch norm bn: the batch has 1 record, but it needs at least 2: one record "
        "has no spread. Raise train.batch");
    network_clear(&n);
    for (int training = 0; training < 2; training++) {
        network_init(&n, training);
        gedi_batch_norm(&n.build, "bn", network_input(&n, GEDI_DIMS(3)), true);
        ck_assert_int_eq(gedi_graph_status(n.build.g, &err), GEDI_SHAPE);
        ck_assert_str_eq(err.msg, "batch norm bn: needs [B, ...], not 1 dimension");
        network_clear(&n);
    }
    network_init(&n, false); /* one record can be evaluated */
    gedi_batch_norm(&n.build, "bn", network_input(&n, GEDI_DIMS(1, 3)), true);
    network_is_legal(&n);
    network_clear(&n);
}
END_TEST

static const char *const activations[] = {"relu", "leaky_relu", "tanh", "softplus",
                                          "swish"};
enum { ACTIVATIONS = sizeof activations / sizeof activations[0] };

START_TEST(activation)
{
    enum { SIZE = 11 };
    const row *x = row_of(rows, "activation", "x");
    float at[SIZE];
    network n;
    network_init(&n, true);
    gedi_node *in = network_input(&n, GEDI_DIMS(SIZE)), *output[2];
    output[0] = gedi_activate(in, _i, 0.25);
    gedi_grad(output[0], &in, 1, NULL, 0, &output[1]);
    network_compile(&n, output, 2);
    ck_assert_int_eq(x->n, SIZE);
    for (int i = 0; i < SIZE; i++)
        at[i] = (float)x->v[i];
    network_set(&n, in, at);
    gedi__program_run(n.program);
    expect(activations[_i], "y", gedi__program_output(n.program, 0), SIZE);
    expect(activations[_i], "gx", gedi__program_output(n.program, 1), SIZE);
    network_clear(&n);
}
END_TEST

START_TEST(activation_words)
{
    char words[128] = "";
    gedi_err err = {0};
    network n;
    for (int i = 0; i < ACTIVATIONS; i++) {
        strncat(words, i ? "|" : "", 2);
        strncat(words, activations[i], 32);
    }
    ck_assert_str_eq(words, GEDI_ACTIVATIONS);
    network_init(&n, true);
    gedi_activate(network_input(&n, GEDI_DIMS(2)), ACTIVATIONS, 0.0);
    ck_assert_int_eq(gedi_graph_status(n.build.g, &err), GEDI_USAGE);
    ck_assert_str_eq(err.msg, "activation 5 does not exist");
    network_clear(&n);
}
END_TEST

/* One row is 0, which is below eps. */
START_TEST(l2_normalize)
{
    float x[4 * 3];
    network n;
    network_init(&n, true);
    gedi_node *in = network_input(&n, GEDI_DIMS(4, 3));
    probe p = probe_of(&n, in, gedi_l2_normalize(in, 0.5));
    network_compile(&n, p.output, SEEN);
    probe_run(&n, &p);
    network_numbers(x, 12, 0, 1);
    memset(x + 6, 0, 3 * sizeof *x);
    network_set(&n, in, x);
    gedi__program_run(n.program);
    probe_expect(&n, &p, "l2");
    network_clear(&n);
}
END_TEST

/* ---- a whole model ---- */

static const struct mlp_case {
    const char *name, *options;
} mlps[] = {
    {"mlp", "output=2"},
    {"mlp_norm", "output=2 batch_norm=true activation=leaky_relu slope=0.25"},
};
enum { MLPS = sizeof mlps / sizeof mlps[0], MAX_PARAMS = 32 };

static component mlp_component(const char *options)
{
    component c = component_new(&gedi_model_mlp, options);
    const gedi_option *o = gedi__option_find(gedi_model_mlp.options, "hidden");
    gedi_err err = {0};
    ck_assert_int_eq(gedi__option_set(o, c.self, 0, "5", false, &c.arena, &err), GEDI_OK);
    ck_assert_int_eq(gedi__option_set(o, c.self, 1, "7", false, &c.arena, &err), GEDI_OK);
    return c;
}

/* Parameters in the order in which they were asked for, as in fixture/nn.py. */
static void mlp_fill(network *n)
{
    int64_t salt = 10;
    for (int i = 0; i < n->params.n; i++)
        if (n->params.param[i]->trained)
            network_param_numbers(n, n->params.param[i]->name, salt++, 0.5);
}

START_TEST(mlp)
{
    const struct mlp_case *c = &mlps[_i];
    component self = mlp_component(c->options);
    gedi_node *wrt[MAX_PARAMS], *output[SEEN + MAX_PARAMS];
    const char *name[MAX_PARAMS];
    int trained = 0, all = 0;
    network n;
    network_init(&n, true);
    gedi_node *x = network_input(&n, GEDI_DIMS(6, 3));
    probe p = probe_of(&n, x, gedi_model_mlp.build(self.self, &n.build, x));
    ck_assert_int_le(n.build.n, MAX_PARAMS);
    for (int i = 0; i < n.build.n; i++)
        if (n.build.used[i].param->trained) {
            name[all++] = n.build.used[i].param->name;
            wrt[trained++] = n.build.used[i].node;
        }
    memcpy(output, p.output, sizeof p.output);
    gedi_grad(p.cost, wrt, trained, NULL, 0, output + SEEN);
    for (int i = 0; i < n.build.n; i++)
        if (n.build.used[i].pending) {
            name[all] = n.build.used[i].param->name;
            output[SEEN + all++] = n.build.used[i].pending;
        }
    network_compile(&n, output, SEEN + all);
    mlp_fill(&n);
    probe_run(&n, &p);
    probe_expect(&n, &p, c->name);
    for (int i = 0; i < all; i++)
        expect(c->name, name[i], gedi__program_output(n.program, SEEN + i),
               network_param(&n, name[i])->size);
    network_clear(&n);
    component_free(&self);
}
END_TEST

START_TEST(mlp_flattens_and_normalizes)
{
    component self = mlp_component("output=4 normalize=true");
    network n;
    network_init(&n, false);
    gedi_node *x = network_input(&n, GEDI_DIMS(5, 2, 3, 1));
    gedi_node *y = gedi_model_mlp.build(self.self, &n.build, x);
    network_compile(&n, &y, 1);
    ck_assert(gedi_shape_equal(gedi_node_shape(y), GEDI_DIMS(5, 4)));
    ck_assert_int_eq(network_param(&n, "layer0.weight")->shape.dim[0], 6);
    network_set_numbers(&n, x, 0, 1);
    gedi__program_run(n.program);
    for (int i = 0; i < 5; i++) {
        const float *at = gedi__program_output(n.program, 0) + 4 * i;
        double norm = 0;
        for (int j = 0; j < 4; j++)
            norm += (double)at[j] * at[j];
        ck_assert_double_eq_tol(norm, 1.0, 1e-6);
    }
    network_clear(&n);
    component_free(&self);
}
END_TEST

/* Initial weights are uniform up to the stated bound: the largest of 2,000 is near it. */
START_TEST(mlp_begins_within_its_bounds)
{
    static const struct {
        const char *options;
        double bound;
    } cases[] = {
        {"output=4", 0.05}, /* 1 / sqrt(400) */
        {"output=4 gain=3", 0.15},
        {"output=4 init=xavier", 0.12171612}, /* sqrt(6 / (400 + 5)) */
        {"output=4 init=xavier gain=0.5", 0.06085806},
    };
    component self = mlp_component(cases[_i].options);
    network n;
    network_init(&n, true);
    gedi_node *y =
        gedi_model_mlp.build(self.self, &n.build, network_input(&n, GEDI_DIMS(2, 400)));
    network_compile(&n, &y, 1);
    const gedi__param *w = network_param(&n, "layer0.weight");
    const float *data = network_data(&n, "layer0.weight");
    ck_assert_int_eq(w->size, 2000);
    double most = 0, square = 0, bound = cases[_i].bound;
    for (int64_t i = 0; i < w->size; i++) {
        most = fmax(most, fabs((double)data[i]));
        square += (double)data[i] * data[i];
    }
    ck_assert_msg(most <= bound * (1 + 1e-6) && most > 0.99 * bound, "%g, not up to %g",
                  most, bound);
    ck_assert_double_eq_tol(sqrt(square / 2000), bound / sqrt(3), 0.05 * bound);
    network_clear(&n);
    component_free(&self);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("nn");
    TCase *c = tcase_create("nn");
    tcase_add_test(c, linear);
    tcase_add_test(c, linear_without_bias);
    tcase_add_test(c, linear_needs_two_dimensions);
    tcase_add_loop_test(c, batch_norm, 0, NORMS);
    tcase_add_test(c, batch_norm_second_derivative);
    tcase_add_test(c, batch_norm_two_passes);
    tcase_add_test(c, batch_norm_needs_a_batch);
    tcase_add_loop_test(c, activation, 0, ACTIVATIONS);
    tcase_add_test(c, activation_words);
    tcase_add_test(c, l2_normalize);
    tcase_add_loop_test(c, mlp, 0, MLPS);
    tcase_add_test(c, mlp_flattens_and_normalizes);
    tcase_add_loop_test(c, mlp_begins_within_its_bounds, 0, 4);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
