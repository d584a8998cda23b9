/* test_gedi_nesy.c - the terms of gedi_nesy and their weights against the formulas in double, and the
 * derivative of their sum by differences.
 *
 * Tolerance: exponentials and sums of float32; measured at most 4e-7 of the terms.
 */
#include "core/network/network.h"
#include "plugins/rules/rules.h"
#include "tests/component.h"
#include "tests/experiment.h"
#include "tests/network.h"

#include <math.h>

enum { B = 4, P = 2, K = 3, N = B * P, TERMS = 5 };

extern const gedi_objective gedi_objective_gedi_nesy;

static const char *const terms[TERMS] = {"nesy", "entropy", "gen", "inv", "prior"};

static double x[3][N][K]; /* of a view, of the other, of samples */
static const float label[N] = {0, 1, 2, 2, 1, 0, -1, 2};

static double log_sum(const double *v)
{
    double most = fmax(v[0], fmax(v[1], v[2]));
    return most + log(exp(v[0] - most) + exp(v[1] - most) + exp(v[2] - most));
}

static double p_of(int view, int i, int k)
{
    return exp(x[view][i][k] - log_sum(x[view][i]));
}

/* -log p of what is known of record r: no more than its second digit follows its first, or their sum. */
static double nesy_of(int r, bool sums)
{
    double p = 0;
    int a = (int)label[P * r], b = (int)label[P * r + 1];
    if (sums && (a < 0 || b < 0))
        return 0;
    for (int i = 0; i < K; i++)
        for (int j = 0; j < K; j++)
            if (sums ? i + j == a + b : j == i + 1)
                p += p_of(0, P * r, i) * p_of(0, P * r + 1, j);
    return -log(p);
}

static void want_terms(bool sums, double *want)
{
    double mean[K] = {0};
    memset(want, 0, TERMS * sizeof *want);
    want[1] = log(K);
    for (int r = 0; r < B; r++)
        want[0] += nesy_of(r, sums) / B;
    for (int i = 0; i < N; i++) {
        want[2] += (log_sum(x[2][i]) - log_sum(x[0][i])) / N;
        for (int k = 0; k < K; k++) {
            mean[k] += p_of(0, i, k) / N;
            want[3] -= p_of(1, i, k) * log(p_of(0, i, k)) / N;
        }
    }
    for (int k = 0; k < K; k++) {
        want[1] += mean[k] * log(mean[k]);
        want[4] -= log(mean[k]) / K;
    }
}

static double weighted(bool sums, const double *weight)
{
    double want[TERMS], sum = 0;
    want_terms(sums, want);
    for (int i = 0; i < TERMS; i++)
        sum += weight[i] * want[i];
    return sum;
}

static const struct {
    const char *options, *query;
    double weight[TERMS];
} cases[] = {
    {"", "next(x1, x2)", {1, 0, 0, 0, 0}},
    {"nesy=25 entropy=400 gen=1", "next(x1, x2)", {25, 400, 1, 0, 0}},
    {"nesy=0.5 inv=3", "sum(x1, x2, S)", {0.5, 0, 0, 3, 0}},
    {"nesy=2 entropy=4 gen=0.25 inv=8 prior=16", "sum(x1, x2, S)", {2, 4, 0.25, 8, 16}},
    {"nesy=0 prior=2", "sum(x1, x2, S)", {0, 0, 0, 0, 2}},
};

/* -1: the term is not there, because its weight is 0. */
static int term_of(const gedi_terms *t, const char *name)
{
    for (int i = 0; i < t->n; i++)
        if (!strcmp(t->value[i].name, name))
            return i;
    return -1;
}

START_TEST(terms_are_their_formulas)
{
    bool sums = *cases[_i].query == 's';
    const double *weight = cases[_i].weight;
    const gedi_objective *o = &gedi_objective_gedi_nesy;
    gedi_err err = {0};
    char options[200];
    snprintf(options, sizeof options, "clusters=3 %s", cases[_i].options);
    component self = component_new(o, options);
    component_set(&self, (const gedi_plugin *)o, "rules", "r.pl");
    component_set(&self, (const gedi_plugin *)o, "query", cases[_i].query);
    gedi_status s =
        o->open(self.self, &(gedi_open){.directory = experiment_folder}, &err);
    ck_assert_msg(s == GEDI_OK, "%s", err.msg);
    network n;
    network_init(&n, true);
    n.build.classes = K;
    gedi_batch v = {.size = B, .parts = P, .views = 2};
    gedi_terms t = {.build = &n.build};
    v.z[0] = gedi_input(n.build.g, "z", GEDI_DIMS(N, K));
    v.z[1] = gedi_input(n.build.g, "z'", GEDI_DIMS(N, K));
    v.zs = gedi_input(n.build.g, "zs", GEDI_DIMS(N, K));
    v.label = gedi_input(n.build.g, "label", GEDI_DIMS(N, 1));
    o->loss(self.self, &n.build, &v, &t);
    gedi_node *output[TERMS + 1];
    gedi_node *total = gedi__term_weighted(&t, 0);
    for (int i = 0; i < t.n; i++) {
        output[i] = t.node[i];
        total = i ? gedi_add(total, gedi__term_weighted(&t, i)) : total;
    }
    gedi_grad(total, v.z, 1, NULL, 0, output + t.n);
    network_compile(&n, output, t.n + 1);
    gedi_node *const input[] = {v.z[0], v.z[1], v.zs};
    for (int view = 0; view < 3; view++) {
        float z[N * K];
        network_numbers(z, N * K, view, 2);
        for (int i = 0; i < N * K; i++)
            x[view][i / K][i % K] = (double)z[i];
        network_set(&n, input[view], z);
    }
    network_set(&n, v.label, label);
    gedi__program_run(n.program);
    double want[TERMS];
    want_terms(sums, want);
    for (int k = 0; k < TERMS; k++) {
        int i = term_of(&t, terms[k]);
        ck_assert_msg((i >= 0) == (weight[k] != 0), "%s", terms[k]);
        if (i < 0)
            continue;
        ck_assert_double_eq(t.value[i].weight, weight[k]);
        double got = (double)*gedi__program_output(n.program, i);
        if (!(fabs(got - want[k]) <= 2e-6 * fmax(1, fabs(want[k]))))
            ck_abort_msg("%s: %.9g, not %.9g", terms[k], got, want[k]);
    }
    const float *grad = gedi__program_output(n.program, t.n);
    for (int i = 0; i < N * K; i++) {
        double *at = &x[0][i / K][i % K], was = *at, up, down;
        *at = was + 1e-5;
        up = weighted(sums, weight);
        *at = was - 1e-5;
        down = weighted(sums, weight);
        *at = was;
        double slope = (up - down) / 2e-5;
        if (!(fabs((double)grad[i] - slope) <= 1e-4 * fmax(1, fabs(slope))))
            ck_abort_msg("derivative %d: %g, not %g", i, (double)grad[i], slope);
    }
    network_clear(&n);
    o->close(self.self);
    component_free(&self);
}
END_TEST

static void setup(void)
{
    static const char text[] = "nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
                               "next(A, B) :- digit(A, X), digit(B, Y), Y is X + 1.\n"
                               "sum(A, B, S) :- digit(A, X), digit(B, Y), S is X + Y.\n";
    gedi_err err = {0};
    experiment_setup();
    ck_assert_int_eq(gedi__file_write(experiment_path("r.pl"), text, strlen(text), &err),
                     GEDI_OK);
}

int main(void)
{
    Suite *s = suite_create("gedi_nesy");
    TCase *t = tcase_create("gedi_nesy");
    tcase_add_checked_fixture(t, setup, experiment_teardown);
    tcase_add_loop_test(t, terms_are_their_formulas, 0,
                        (int)(sizeof cases / sizeof *cases));
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
