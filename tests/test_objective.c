/* test_objective.c - terms of the objectives, their derivatives and energies against
 * PyTorch in float64 (fixture/objective.py), with moderate and with extreme embeddings.
 *
 * Tolerance: the cases reach logits l of 100, whose rounding alone, l * 6e-8, moves a
 * probability by 6e-6 of itself; weights multiply a term and its derivatives alike, so
 * errors are relative to the largest number of a row. Measured at most 3e-6.
 */
#include "core/network/network.h"
#include "tests/component.h"
#include "tests/network.h"
#include "tests/testing.h"

static const double tolerance = 8e-6;

enum { MAX_TERMS = 3, PARTS = 3 /* x, x', samples */, U = PARTS };

typedef struct objective_case {
    const char *plugin, *options;
    int64_t b, d, k;
    double scale, shift;
    int terms;
    struct {
        const char *name;
        double value, weight, optimum;
    } term[MAX_TERMS];
    const double *g[PARTS + 1]; /* NULL: it takes no part */
    const double *energy;
} objective_case;

static const objective_case cases[] = {
#include "tests/fixture/objective_cases.h"
};
enum { CASES = sizeof cases / sizeof cases[0] };

extern const gedi_objective gedi_objective_supervised, gedi_objective_gedi,
    gedi_objective_gedi_no_gen, gedi_objective_gedi_no_inv, gedi_objective_gedi_no_prior,
    gedi_objective_jem;

static const gedi_objective *const objectives[] = {
    &gedi_objective_gedi,        &gedi_objective_gedi_no_gen,
    &gedi_objective_gedi_no_inv, &gedi_objective_gedi_no_prior,
    &gedi_objective_jem,
};
enum { OBJECTIVES = sizeof objectives / sizeof objectives[0] };

/* An objective over inputs in place of embeddings. */
typedef struct trial {
    const gedi_objective *o;
    component self;
    network net;
    gedi_node *z[PARTS], *loss;
    gedi_batch batch;
    gedi_terms terms;
} trial;

static void trial_init(trial *t, const char *plugin, const char *options)
{
    memset(t, 0, sizeof *t);
    for (int i = 0; i < OBJECTIVES; i++)
        if (!strcmp(objectives[i]->name, plugin))
            t->o = objectives[i];
    ck_assert_msg(t->o != NULL, "%s is not linked into this test", plugin);
    t->self = component_new(t->o, options);
    network_init(&t->net, true);
}

static void trial_build(trial *t, int64_t b, const int64_t d[PARTS])
{
    for (int i = 0; i < PARTS; i++)
        t->z[i] = network_input(&t->net, GEDI_DIMS(b, d[i]));
    t->batch = (gedi_batch){.size = b, .views = 2, .zs = t->z[2]};
    t->batch.z[0] = t->z[0];
    t->batch.z[1] = t->z[1];
    t->terms.build = &t->net.build;
    t->o->loss(t->self.self, &t->net.build, &t->batch, &t->terms);
    t->loss = NULL;
    for (int i = 0; i < t->terms.n; i++) {
        gedi_node *term = gedi_scale(t->terms.node[i], t->terms.value[i].weight);
        t->loss = i ? gedi_add(t->loss, term) : term;
    }
}

static void trial_clear(trial *t)
{
    network_clear(&t->net);
    component_free(&t->self);
}

static void expect(const objective_case *c, const char *what, const float *got,
                   const double *want, int64_t n)
{
    double error = testing_error(got, want, n, 1e-3);
    if (!(error <= tolerance))
        ck_abort_msg("%s %s, scale %g, shift %g: %s: error %g is not within %g",
                     c->plugin, c->options, c->scale, c->shift, what, error, tolerance);
}

static void expect_terms(const objective_case *c, const trial *t)
{
    ck_assert_int_eq(t->terms.n, c->terms);
    for (int i = 0; i < c->terms; i++) {
        const gedi__term_value *v = &t->terms.value[i];
        ck_assert_str_eq(v->name, c->term[i].name);
        ck_assert_msg(v->weight == c->term[i].weight, "%s: weight of %s is %g", c->plugin,
                      v->name, v->weight);
        ck_assert_msg(isnan(c->term[i].optimum) ? isnan(v->optimum)
                                                : v->optimum == c->term[i].optimum,
                      "%s: optimum of %s is %g", c->plugin, v->name, v->optimum);
        expect(c, v->name, gedi__program_output(t->net.program, i), &c->term[i].value, 1);
    }
}

/* z of every part, and the prototypes where there are any. */
static void fill(const objective_case *c, trial *t)
{
    float *z = calloc((size_t)(c->b * c->d), sizeof *z);
    ck_assert_ptr_nonnull(z);
    for (int i = 0; i < PARTS; i++) {
        network_numbers(z, c->b * c->d, i, c->scale);
        for (int64_t j = 0; j < c->b; j++)
            z[j * c->d] += (float)c->shift;
        network_set(&t->net, t->z[i], z);
    }
    free(z);
    if (c->g[U])
        network_numbers(network_data(&t->net, "prototypes"), c->k * c->d, U, 1);
}

START_TEST(as_pytorch)
{
    static const char *const what[] = {"dz", "dz'", "dzs", "dU"};
    const objective_case *c = &cases[_i];
    gedi_node *wrt[PARTS + 1], *output[MAX_TERMS + PARTS + 2];
    int n = PARTS;
    trial t;
    trial_init(&t, c->plugin, c->options);
    trial_build(&t, c->b, (int64_t[]){c->d, c->d, c->d});
    gedi_node *energy = t.o->energy(t.self.self, &t.net.build, NULL, t.z[0], &t.batch);
    network_is_legal(&t.net);
    memcpy(wrt, t.z, sizeof t.z);
    if (c->g[U])
        wrt[n++] = network_leaf(&t.net, "prototypes");
    ck_assert_int_eq(t.net.params.n, c->g[U] != NULL);
    memcpy(output, t.terms.node, (size_t)t.terms.n * sizeof *output);
    gedi_grad(t.loss, wrt, n, NULL, 0, output + t.terms.n);
    output[t.terms.n + n] = energy;
    network_compile(&t.net, output, t.terms.n + n + 1);
    fill(c, &t);
    gedi__program_run(t.net.program);
    expect_terms(c, &t);
    for (int i = 0; i < n; i++) {
        const float *g = gedi__program_output(t.net.program, c->terms + i);
        if (c->g[i])
            expect(c, what[i], g, c->g[i], i == U ? c->k * c->d : c->b * c->d);
        else
            ck_assert_msg(!gedi_depends(t.loss, wrt[i]), "%s %s: depends on %s",
                          c->plugin, c->options, what[i] + 1);
    }
    expect(c, "energy", gedi__program_output(t.net.program, c->terms + n), c->energy,
           c->b);
    trial_clear(&t);
}
END_TEST

/* p(y|x) of eq. (6): the energy is -logsumexp of these very logits. */
START_TEST(logits_and_energy_agree)
{
    const objective_case *c = &cases[_i];
    trial t;
    trial_init(&t, c->plugin, c->options);
    trial_build(&t, c->b, (int64_t[]){c->d, c->d, c->d});
    gedi_node *logits = t.o->logits(t.self.self, &t.net.build, t.z[1]);
    gedi_node *energy = t.o->energy(t.self.self, &t.net.build, NULL, t.z[1], &t.batch);
    network_is_legal(&t.net);
    ck_assert(gedi_shape_equal(gedi_node_shape(logits), GEDI_DIMS(c->b, c->k)));
    ck_assert_ptr_eq(energy, gedi_neg(gedi_logsumexp(logits))); /* equal nodes are one */
    trial_clear(&t);
}
END_TEST

/* ---- what is wrong is named ---- */

static const struct mistake {
    const char *plugin, *options;
    int64_t d[PARTS];
    const char *says;
} mistakes[] = {
    {"gedi",
     "clusters=4",
     {3, 3, 3},
     "the embedding has 3 dimensions but clusters is 4: make them equal, or set "
     "prototypes to free or unit"},
    {"jem", "clusters=4", {4, 4, 3}, "the embedding has 3 dimensions but clusters is 4"},
    {"gedi_no_gen",
     "clusters=2",
     {2, 5, 2},
     "the embedding has 5 dimensions but clusters is 2"},
    {"gedi",
     "clusters=2 prototypes=free",
     {3, 4, 3},
     "parameter prototypes is trained [2, 3] and cannot also be trained [2, 4]"},
};
enum { MISTAKES = sizeof mistakes / sizeof mistakes[0] };

START_TEST(wrong_shapes_are_named)
{
    const struct mistake *m = &mistakes[_i];
    gedi_err err = {0};
    trial t;
    trial_init(&t, m->plugin, m->options);
    trial_build(&t, 5, m->d);
    ck_assert_int_eq(gedi_graph_status(t.net.build.g, &err), GEDI_SHAPE);
    ck_assert_msg(strstr(err.msg, m->says) != NULL, "'%s' is not in: %s", m->says,
                  err.msg);
    trial_clear(&t);
}
END_TEST

START_TEST(zero_weights_leave_nothing)
{
    trial t;
    trial_init(&t, "gedi", "clusters=3 gen=0 inv=0 prior=0");
    trial_build(&t, 5, (int64_t[]){3, 3, 3});
    network_is_legal(&t.net);
    ck_assert_int_eq(t.terms.n, 0);
    trial_clear(&t);
}
END_TEST

/* ---- the penalty on the energy ---- */

static const char *const penalised[] = {"gedi", "gedi_no_inv", "gedi_no_prior", "jem"};
enum { PENALISED = sizeof penalised / sizeof *penalised, ROWS = 5, K = 3 };

/* E of a row of logits and its derivative -p(y|x), both in double. */
static double energy_of(const float *logit, double slope[K])
{
    double sum = 0;
    for (int k = 0; k < K; k++)
        sum += exp(logit[k]);
    for (int k = 0; k < K; k++)
        slope[k] = -exp(logit[k]) / sum;
    return -log(sum);
}

/* Alone in the loss: the mean of E^2 over the data plus that over the samples. */
START_TEST(penalty_of_squared_energies)
{
    gedi_node *output[3];
    float z[PARTS][ROWS * K];
    double value = 0, want[PARTS][ROWS * K], slope[K];
    char options[96];
    trial t;
    snprintf(options, sizeof options, "clusters=3 gen=0 energy_penalty=0.25%s%s",
             strstr(penalised[_i], "gedi") && !strstr(penalised[_i], "inv") ? " inv=0"
                                                                            : "",
             strstr(penalised[_i], "gedi") && !strstr(penalised[_i], "prior") ? " prior=0"
                                                                              : "");
    trial_init(&t, penalised[_i], options);
    trial_build(&t, ROWS, (int64_t[]){K, K, K});
    network_is_legal(&t.net);
    ck_assert_int_eq(t.terms.n, 1);
    ck_assert_str_eq(t.terms.value[0].name, "penalty");
    ck_assert(t.terms.value[0].weight == 0.25 && t.terms.value[0].optimum == 0.0);
    output[0] = t.terms.node[0];
    gedi_node *wrt[] = {t.z[0], t.z[2]};
    ck_assert_int_eq(gedi_grad(t.loss, wrt, 2, NULL, 0, output + 1), GEDI_OK);
    network_compile(&t.net, output, 3);
    for (int i = 0; i < PARTS; i += 2) {
        network_numbers(z[i], ROWS * K, i, 2);
        network_set(&t.net, t.z[i], z[i]);
        for (int r = 0; r < ROWS; r++) {
            double e = energy_of(z[i] + r * K, slope);
            value += e * e / ROWS;
            for (int k = 0; k < K; k++)
                want[i][r * K + k] = 0.25 * 2 * e / ROWS * slope[k];
        }
    }
    gedi__program_run(t.net.program);
    const gedi__program *p = t.net.program;
    ck_assert(testing_error(gedi__program_output(p, 0), &value, 1, 1e-3) <= tolerance);
    ck_assert(testing_error(gedi__program_output(p, 1), want[0], ROWS * K, 1e-3) <=
              tolerance);
    ck_assert(testing_error(gedi__program_output(p, 2), want[2], ROWS * K, 1e-3) <=
              tolerance);
    trial_clear(&t);
}
END_TEST

/* Against the formula; a record without a label counts 0. */
START_TEST(supervised_is_the_cross_entropy)
{
    enum { B = 5 };
    static const float label[B] = {0, 2, -1, 1, 2};
    component self = component_new(&gedi_objective_supervised, "clusters=3 class=2.5");
    float x[B * K];
    double want = 0;
    network n;
    network_init(&n, true);
    gedi_batch v = {.size = B, .parts = 1, .views = 1};
    gedi_terms t = {.build = &n.build};
    v.z[0] = gedi_input(n.build.g, "z", GEDI_DIMS(B, K));
    v.label = gedi_input(n.build.g, "label", GEDI_DIMS(B, 1));
    gedi_objective_supervised.loss(self.self, &n.build, &v, &t);
    network_compile(&n, t.node, 1);
    network_numbers(x, B * K, 0, 2);
    network_set(&n, v.z[0], x);
    network_set(&n, v.label, label);
    gedi__program_run(n.program);
    for (int i = 0; i < B; i++) {
        double sum = 0;
        for (int k = 0; k < K; k++)
            sum += exp((double)x[K * i + k]);
        if (label[i] >= 0)
            want += (log(sum) - (double)x[K * i + (int)label[i]]) / B;
    }
    ck_assert_int_eq(t.n, 1);
    ck_assert(t.value[0].weight == 2.5 && t.value[0].optimum == 0);
    ck_assert_double_eq_tol((double)*gedi__program_output(n.program, 0), want, 1e-6);
    network_clear(&n);
    component_free(&self);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("objective");
    TCase *c = tcase_create("objective");
    tcase_add_loop_test(c, as_pytorch, 0, CASES);
    tcase_add_loop_test(c, logits_and_energy_agree, 0, CASES);
    tcase_add_loop_test(c, wrong_shapes_are_named, 0, MISTAKES);
    tcase_add_test(c, zero_weights_leave_nothing);
    tcase_add_loop_test(c, penalty_of_squared_energies, 0, PENALISED);
    tcase_add_test(c, supervised_is_the_cross_entropy);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
