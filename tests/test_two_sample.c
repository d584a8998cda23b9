/* test_two_sample.c - energy distance, MMD and their permutation test against SciPy and what is
 * known of them; the evaluators two_sample and density of a model that is trained.
 */
#include "core/exec/blas.h"
#include "gedi/metric.h"
#include "tests/subject.h"
#include "tests/testing.h"

static gedi_err err;

static const struct {
    uint64_t seed;
    int64_t n, m, d;
    int32_t shift;
    double bandwidth, energy, energy_p, mmd2, mmd2_p;
} cases[] = {
#include "tests/fixture/two_sample_cases.h"
};
enum { CASES = sizeof cases / sizeof *cases };

/* The generator of fixture/metric.py. */
static int32_t draw(uint64_t *state, int32_t n)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (int32_t)((*state >> 33) % (uint32_t)n);
}

static float *numbers(int64_t n)
{
    float *x = calloc((size_t)n + 1, sizeof *x);
    ck_assert_ptr_nonnull(x);
    return x;
}

static float *points(uint64_t *state, int64_t n, int64_t d, int32_t shift)
{
    float *x = numbers(n * d);
    for (int64_t i = 0; i < n * d; i++) {
        int32_t one = draw(state, 64), two = draw(state, 64);
        x[i] = (float)(one + two - 63 + shift) / 8;
    }
    return x;
}

static void expect(const char *what, double got, double want, double tolerance)
{
    ck_assert_msg(fabs(got - want) <= tolerance, "%s: %.12g, expected %.12g", what, got,
                  want);
}

/* Within five standard errors of a share of so many. */
static void expect_p(const char *what, double got, double want, double n)
{
    expect(what, got, want, 5 * sqrt(want * (1 - want) / n) + 2 / n);
}

START_TEST(as_scipy)
{
    enum { PERMUTATIONS = 5000 };
    int64_t n = cases[_i].n, m = cases[_i].m, d = cases[_i].d;
    uint64_t state = cases[_i].seed;
    float *x = points(&state, n, d, 0), *y = points(&state, m, d, cases[_i].shift);
    double bandwidth;
    gedi_two_sample_result r, back;
    gedi_rng rng = gedi_rng_at(1, GEDI_STREAM_EVAL, 0, 0);
    ck_assert_int_eq(gedi_median_distance(y, m, d, &bandwidth, &err), GEDI_OK);
    expect("bandwidth", bandwidth, cases[_i].bandwidth, 1e-6 * cases[_i].bandwidth);
    bandwidth = cases[_i].bandwidth;
    ck_assert_msg(gedi_two_sample(x, n, y, m, d, bandwidth, PERMUTATIONS, &rng, &r,
                                  &err) == GEDI_OK,
                  "%s", err.msg);
    expect("energy", r.energy, cases[_i].energy, 1e-6);
    expect("mmd2", r.mmd2, cases[_i].mmd2, 1e-6);
    expect_p("energy_p", r.energy_p, cases[_i].energy_p, PERMUTATIONS);
    expect_p("mmd2_p", r.mmd2_p, cases[_i].mmd2_p, PERMUTATIONS);
    ck_assert_int_eq(gedi_two_sample(y, m, x, n, d, bandwidth, 0, &rng, &back, &err),
                     GEDI_OK);
    expect("the other way", back.energy, r.energy, 1e-12);
    expect("the other way", back.mmd2, r.mmd2, 1e-12);
    ck_assert(back.energy_p == 1 && back.mmd2_p == 1);
    free(x);
    free(y);
}
END_TEST

/* Of one distribution, p is uniform: the mean of 200 is .5, a tenth of them are below .1. */
START_TEST(p_is_uniform_where_nothing_is_to_be_found)
{
    enum { TESTS = 200, N = 30, M = 20, D = 2 };
    double mean[2] = {0}, low[2] = {0};
    float x[(N + M) * D];
    for (int i = 0; i < TESTS; i++) {
        gedi_two_sample_result r;
        gedi_rng rng = gedi_rng_at(4, GEDI_STREAM_EVAL, 0, (uint32_t)i);
        gedi_rng_fill_normal(&rng, x, (N + M) * D);
        ck_assert_int_eq(gedi_two_sample(x, N, x + N * D, M, D, 1.5, 199, &rng, &r, &err),
                         GEDI_OK);
        mean[0] += r.energy_p / TESTS;
        mean[1] += r.mmd2_p / TESTS;
        low[0] += r.energy_p <= 0.1;
        low[1] += r.mmd2_p <= 0.1;
    }
    for (int k = 0; k < 2; k++) {
        expect("mean p", mean[k], 0.5, 4 / sqrt(12.0 * TESTS));
        expect("below .1", low[k] / TESTS, 0.1, 4 * sqrt(0.09 / TESTS));
    }
}
END_TEST

/* Threads share the permutations: no bit depends on how many there are. */
START_TEST(threads_do_not_matter)
{
    enum { N = 300, D = 4 };
    float *x = numbers(2 * N * D);
    gedi_two_sample_result one, two;
    testing_uniform(x, 2 * N * D, 3, -1, 1);
    for (int i = 0; i < 2; i++) {
        gedi_rng rng = gedi_rng_at(2, GEDI_STREAM_EVAL, 0, 0);
        gedi__threads_set(i + 1);
        ck_assert_int_eq(
            gedi_two_sample(x, N, x + N * D, N, D, 1, 301, &rng, i ? &two : &one, &err),
            GEDI_OK);
    }
    ck_assert_mem_eq(&one, &two, sizeof one);
    free(x);
}
END_TEST

START_TEST(equal_points_and_far_ones)
{
    static const float same[12] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    float far[12];
    gedi_two_sample_result r;
    double median;
    gedi_rng rng = gedi_rng_at(1, GEDI_STREAM_EVAL, 0, 0);
    ck_assert_int_eq(gedi_two_sample(same, 6, same, 6, 2, 1, 99, &rng, &r, &err),
                     GEDI_OK);
    ck_assert(r.energy == 0 && r.mmd2 == 0 && r.energy_p == 1 && r.mmd2_p == 1);
    ck_assert_int_eq(gedi_median_distance(same, 6, 2, &median, &err), GEDI_OK);
    ck_assert(median == 0);
    for (int i = 0; i < 12; i++)
        far[i] = same[i] + 300;
    ck_assert_int_eq(gedi_two_sample(same, 6, far, 6, 2, 1, 999, &rng, &r, &err),
                     GEDI_OK);
    expect("energy", r.energy, 2 * 300 * sqrt(2), 1e-3);
    expect("mmd2", r.mmd2, 2, 1e-12);
    /* Of 924 ways to choose 6 of 12, two are as far apart. */
    expect_p("p", r.energy_p, 2.0 / 924, 999);
}
END_TEST

START_TEST(two_sample_refuses)
{
    float x[] = {1, 2, 3, NAN}, y[] = {1, 2, 3, 4};
    gedi_two_sample_result r;
    double median;
    gedi_rng rng = gedi_rng_at(1, GEDI_STREAM_EVAL, 0, 0);
    ck_assert_int_eq(gedi_two_sample(y, 2, x, 2, 2, 1, 9, &rng, &r, &err), GEDI_NUMERIC);
    ck_assert_str_eq(err.msg, "two-sample test, second set: number 1 of point 1 is nan");
    ck_assert(isnan(r.energy) && isnan(r.mmd2) && isnan(r.energy_p) && isnan(r.mmd2_p));
    ck_assert_int_eq(gedi_two_sample(y, 1, y, 2, 2, 1, 9, &rng, &r, &err), GEDI_USAGE);
    ck_assert_str_eq(err.msg, "two-sample test of 1 points and 2 points of 2 numbers: it "
                              "needs 2 of each, and fewer than 2^31");
    ck_assert_int_eq(gedi_two_sample(y, 2, y, 2, 2, 0, 9, &rng, &r, &err), GEDI_USAGE);
    ck_assert_str_eq(err.msg, "two-sample test: a bandwidth of 0, which must be above 0, "
                              "and 9 permutations");
    ck_assert_int_eq(gedi_median_distance(x, 1, 2, &median, &err), GEDI_USAGE);
    ck_assert_int_eq(gedi_median_distance(x, 2, 2, &median, &err), GEDI_NUMERIC);
    ck_assert(isnan(median));
}
END_TEST

/* ---- the evaluators ---- */

static double value_of(const subject *u, const char *name, const char *said)
{
    const gedi__findings *f = gedi__trial_findings(u->trial);
    for (int i = 0; i < f->values; i++)
        if (!strcmp(f->value[i].name, name)) {
            ck_assert_msg(strstr(f->value[i].definition, said) != NULL, "%s: %s", name,
                          f->value[i].definition);
            ck_assert_msg(isfinite(f->value[i].value), "%s", name);
            return f->value[i].value;
        }
    ck_abort_msg("%s was not reported", name);
    return NAN;
}

/* All records of a split, and samples, put together by hand. */
START_TEST(two_sample_reports)
{
    enum { SAMPLES = 60, TRAIN = 60, TEST = 50 };
    static float x[2 * SAMPLES], noise[2 * SAMPLES], train[2 * TRAIN], test[2 * TEST];
    double bandwidth;
    gedi_two_sample_result r;
    subject u = subject_new(
        5,
        (setting){.dataset = "{moons: {train: 60, test: 50}}",
                  .evaluate = "[two_sample: {samples: 60, steps: 9, permutations: 99}]"});
    ck_assert_msg(gedi__trial_ask(u.trial, 0, &err) == GEDI_OK, "%s", err.msg);
    ck_assert_int_eq(gedi_trial_sample(u.trial, SAMPLES, 9, x, &err), GEDI_OK);
    ck_assert_int_eq(gedi_trial_sample(u.trial, SAMPLES, 0, noise, &err), GEDI_OK);
    ck_assert_int_eq(gedi_trial_read(u.trial, GEDI_TRAIN, 0, TRAIN, train, &err), 0);
    ck_assert_int_eq(gedi_trial_read(u.trial, GEDI_TEST, 0, TEST, test, &err), 0);
    ck_assert_int_eq(gedi_median_distance(train, TRAIN, 2, &bandwidth, &err), GEDI_OK);
    gedi_rng rng = gedi_trial_rng(u.trial, 9);
    const char *of = "of 60 samples after 9 steps of the sampler to 50 test records";
    ck_assert_int_eq(
        gedi_two_sample(x, SAMPLES, test, TEST, 2, bandwidth, 999, &rng, &r, &err), 0);
    expect("energy", value_of(&u, "energy", of), r.energy, 1e-9);
    expect("mmd2", value_of(&u, "mmd2", of), r.mmd2, 1e-9);
    expect_p("energy_p", value_of(&u, "energy_p", "99 permutations"), r.energy_p, 99);
    expect_p("mmd2_p", value_of(&u, "mmd2_p", "99 permutations"), r.mmd2_p, 99);
    ck_assert_int_eq(
        gedi_two_sample(noise, SAMPLES, test, TEST, 2, bandwidth, 0, &rng, &r, &err), 0);
    expect("noise", value_of(&u, "energy_noise", "before their first step"), r.energy,
           1e-9);
    expect("noise", value_of(&u, "mmd2_noise", "before their first step"), r.mmd2, 1e-9);
    ck_assert_int_eq(
        gedi_two_sample(train, TRAIN, test, TEST, 2, bandwidth, 0, &rng, &r, &err), 0);
    expect("train", value_of(&u, "energy_train", "60 training records"), r.energy, 1e-9);
    expect("train", value_of(&u, "mmd2_train", "60 training records"), r.mmd2, 1e-9);
    ck_assert_int_eq(gedi__trial_findings(u.trial)->values, 8);
    subject_free(&u);
}
END_TEST

/* Some of the records, at random: near what all of them give, but not the same. */
START_TEST(two_sample_of_some)
{
    double some, all;
    subject u = subject_new(
        5, (setting){.dataset = "{moons: {train: 200, test: 400}}",
                     .evaluate = "[two_sample: {samples: 50, steps: 0, records: 200}]"});
    subject v = subject_new(
        5, (setting){.dataset = "{moons: {train: 200, test: 400}}",
                     .evaluate = "[two_sample: {samples: 50, steps: 0, records: 0}]"});
    ck_assert_msg(gedi__trial_ask(u.trial, 0, &err) == GEDI_OK, "%s", err.msg);
    ck_assert_msg(gedi__trial_ask(v.trial, 0, &err) == GEDI_OK, "%s", err.msg);
    some = value_of(&u, "energy", "to 200 test records");
    all = value_of(&v, "energy", "to 400 test records");
    ck_assert(some != all);
    expect("energy", some, all, 0.1); /* the first 200 are one moon: .6 */
    ck_assert(value_of(&v, "energy_p", "1000 permutations") < 0.05);
    subject_free(&u);
    subject_free(&v);
}
END_TEST

/* All 60 chains, in another order, and some of them. */
START_TEST(two_sample_of_chains)
{
    static float test[2 * 50], train[2 * 60];
    const float *x;
    int64_t n;
    double bandwidth;
    gedi_two_sample_result r;
    subject u = subject_new(
        5, (setting){.dataset = "{moons: {train: 60, test: 50}}",
                     .evaluate = "[two_sample: {from: chains, samples: 60}]"});
    ck_assert_msg(gedi__trial_ask(u.trial, 0, &err) == GEDI_OK, "%s", err.msg);
    ck_assert_int_eq(gedi_trial_chains(u.trial, &x, &n, &err), GEDI_OK);
    ck_assert_int_eq(n, 60);
    ck_assert_mem_eq(x, u.t->chains.buffer, 2 * 60 * sizeof *x);
    ck_assert_int_eq(gedi_trial_read(u.trial, GEDI_TEST, 0, 50, test, &err), 0);
    ck_assert_int_eq(gedi_trial_read(u.trial, GEDI_TRAIN, 0, 60, train, &err), 0);
    ck_assert_int_eq(gedi_median_distance(train, 60, 2, &bandwidth, &err), GEDI_OK);
    gedi_rng rng = gedi_trial_rng(u.trial, 9);
    ck_assert_int_eq(gedi_two_sample(x, n, test, 50, 2, bandwidth, 0, &rng, &r, &err), 0);
    const char *of = "of 60 chains of the replay buffer to 50 test records";
    expect("energy", value_of(&u, "energy", of), r.energy, 1e-9);
    expect("mmd2", value_of(&u, "mmd2", of), r.mmd2, 1e-9);
    subject_free(&u);
    u = subject_new(5,
                    (setting){.dataset = "{moons: {train: 60, test: 50}}",
                              .evaluate = "[two_sample: {from: chains, samples: 20}]"});
    ck_assert_msg(gedi__trial_ask(u.trial, 0, &err) == GEDI_OK, "%s", err.msg);
    ck_assert(value_of(&u, "energy", "of 20 chains of the replay buffer") != r.energy);
    subject_free(&u);
}
END_TEST

START_TEST(density_reports)
{
    double most = 0, sum = 0;
    subject u = subject_new(
        40, (setting){.dataset = "{moons: {train: 200, test: 50, center: true}}",
                      .evaluate = "[density: {cells: 120}]"});
    ck_assert_msg(gedi__trial_ready(u.trial, 0, &err) == GEDI_OK, "%s", err.msg);
    ck_assert_msg(gedi__trial_ask(u.trial, 0, &err) == GEDI_OK, "%s", err.msg);
    /* The model's side of it, on other cells. */
    enum { SIDE = 90 };
    static float x[SIDE * SIDE][2], q[SIDE * SIDE], test[50][2], at[50];
    for (int i = 0; i < SIDE * SIDE; i++)
        for (int k = 0; k < 2; k++)
            x[i][k] = (float)(((k ? i / SIDE : i % SIDE) + 0.5) * 4 / SIDE - 2);
    ck_assert_int_eq(gedi_trial_log_p(u.trial, x[0], SIDE * SIDE, q, &err), GEDI_OK);
    for (int i = 0; i < SIDE * SIDE; i++)
        most = i ? fmax(most, q[i]) : q[i];
    for (int i = 0; i < SIDE * SIDE; i++)
        sum += exp(q[i] - most) * 16 / (SIDE * SIDE);
    ck_assert_int_eq(gedi_trial_read(u.trial, GEDI_TEST, 0, 50, test[0], &err), GEDI_OK);
    ck_assert_int_eq(gedi_trial_log_p(u.trial, test[0], 50, at, &err), GEDI_OK);
    double log_q = 0;
    for (int i = 0; i < 50; i++)
        log_q += (double)at[i] / 50;
    expect("log_likelihood", value_of(&u, "log_likelihood", "of 50 of 50 test records"),
           log_q - most - log(sum), 1e-3);
    /* KL is what the log-likelihoods differ by, but for the draw of the records. */
    expect("kl", value_of(&u, "kl", "120 cells"),
           value_of(&u, "log_likelihood_true", "") - (log_q - most - log(sum)), 0.5);
    /* The replay buffer begins as noise in the box of the sampler. */
    double near = value_of(&u, "chains_near_data", "");
    ck_assert_msg(near > 0 && near < 0.5, "%g", near);
    expect("log_ratio_true", value_of(&u, "log_ratio_true", ""), 0, 1e-3);
    ck_assert(value_of(&u, "quadrature_error", "") < 0.01);
    subject_free(&u);
}
END_TEST

static void refused(setting s, gedi_status want, const char *said)
{
    subject u = subject_new(5, s);
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(i ? gedi__trial_ready(u.trial, 0, &err)
                           : gedi__trial_ask(u.trial, 0, &err),
                         want);
        ck_assert_msg(strstr(err.msg, said) != NULL, "'%s' lacks '%s'", err.msg, said);
    }
    subject_free(&u);
}

START_TEST(evaluators_refuse)
{
    refused((setting){.objective = "{vicreg: {}}", .evaluate = "[two_sample: {}]"},
            GEDI_STATE, "evaluator two_sample: objective vicreg has no energy");
    refused((setting){.objective = "{gedi_no_gen: {clusters: 2}}",
                      .sampler = "",
                      .evaluate = "[two_sample: {}]"},
            GEDI_STATE, "no sampler to draw samples with: add one");
    refused((setting){.sampler = "{sgld: {buffer: 0}}",
                      .evaluate = "[two_sample: {from: chains}]"},
            GEDI_STATE, "the run has no replay buffer");
    refused((setting){.dataset = "{moons: {train: 200, test: 1}}",
                      .evaluate = "[two_sample: {}]"},
            GEDI_USAGE, "1 test records are too few: at least 2 are needed");
    refused((setting){.evaluate = "[density: {}]"}, GEDI_OPTION,
            "low and high: "); /* not centred: some are beyond 2 */
    refused((setting){.dataset = "{circles: {train: 200, test: 20, noise: 0}}",
                      .evaluate = "[density: {}]"},
            GEDI_OPTION,
            "evaluator density: dataset circles: noise: 0 leaves the records");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("two_sample");
    TCase *c = tcase_create("metric");
    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, as_scipy, 0, CASES);
    tcase_add_test(c, p_is_uniform_where_nothing_is_to_be_found);
    tcase_add_test(c, threads_do_not_matter);
    tcase_add_test(c, equal_points_and_far_ones);
    tcase_add_test(c, two_sample_refuses);
    suite_add_tcase(s, c);
    c = tcase_create("evaluator");
    tcase_set_timeout(c, 60);
    tcase_add_checked_fixture(c, experiment_setup, experiment_teardown);
    tcase_add_test(c, two_sample_reports);
    tcase_add_test(c, two_sample_of_some);
    tcase_add_test(c, two_sample_of_chains);
    tcase_add_test(c, density_reports);
    tcase_add_test(c, evaluators_refuse);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
