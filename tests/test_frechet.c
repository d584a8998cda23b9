/* test_frechet.c - the Frechet distance against SciPy, what is known of it, and the evaluator
 * that reports it.
 */
#include "gedi/metric.h"
#include "tests/subject.h"
#include "tests/testing.h"

static gedi_err err;

static const struct {
    uint64_t seed;
    int64_t n, m, d;
    int32_t shift;
    double distance;
} cases[] = {
#include "tests/fixture/frechet_cases.h"
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
    for (int64_t i = 0; i < n; i++) {
        int32_t before = 0;
        for (int64_t j = 0; j < d; j++) {
            int32_t now = draw(state, 64) - 32;
            x[i * d + j] = (float)(now + before + shift) / 8;
            before = now;
        }
    }
    return x;
}

START_TEST(frechet_as_scipy)
{
    int64_t n = cases[_i].n, m = cases[_i].m, d = cases[_i].d;
    uint64_t state = cases[_i].seed;
    float *x = points(&state, n, d, 0), *y = points(&state, m, d, cases[_i].shift);
    double got, back, want = cases[_i].distance;
    ck_assert_msg(gedi_frechet(x, n, y, m, d, &got, &err) == GEDI_OK, "%s", err.msg);
    ck_assert_msg(fabs(got - want) <= 1e-8 * fmax(want, 1), "%.12g, expected %.12g", got,
                  want);
    ck_assert_int_eq(gedi_frechet(y, m, x, n, d, &back, &err), GEDI_OK);
    ck_assert_msg(fabs(got - back) <= 1e-8 * fmax(want, 1), "%.12g and %.12g", got, back);
    free(x);
    free(y);
}
END_TEST

/* Fewer points than dimensions: a singular covariance, where the square root of the product
 * has no reliable value. Equal sets are 0 apart, moved ones as far as they were moved. */
START_TEST(frechet_of_singular_covariances)
{
    enum { N = 20, D = 64 };
    float *x = numbers(N * D), *y = numbers(N * D);
    double got;
    testing_uniform(x, N * D, 3, -1, 1);
    for (int i = 0; i < N * D; i++) {
        x[i] = i % D == 7 ? 2 : x[i]; /* and one that is constant */
        y[i] = x[i] + (i % D == 3 ? 0.5f : 0);
    }
    ck_assert_int_eq(gedi_frechet(x, N, x, N, D, &got, &err), GEDI_OK);
    ck_assert_msg(got >= 0 && got <= 1e-6, "equal sets are %g apart", got);
    ck_assert_int_eq(gedi_frechet(x, N, y, N, D, &got, &err), GEDI_OK);
    ck_assert_msg(fabs(got - 0.25) <= 1e-6, "moved by .5: %g", got);
    for (int i = 0; i < N * D; i++)
        y[i] = 3 * x[i] - (i % D == 7 ? 4 : 0);
    double trace = 0; /* S and 9 S: tr(S + 9 S - 6 S), and the means */
    for (int j = 0; j < D; j++) {
        double mean = 0, square = 0;
        for (int i = 0; i < N; i++)
            mean += (double)x[i * D + j] / N;
        for (int i = 0; i < N; i++)
            square += ((double)x[i * D + j] - mean) * ((double)x[i * D + j] - mean);
        trace += 4 * square / (N - 1) + (j == 7 ? 0 : 4 * mean * mean);
    }
    ck_assert_int_eq(gedi_frechet(x, N, y, N, D, &got, &err), GEDI_OK);
    ck_assert_msg(fabs(got - trace) <= 1e-6 * trace, "scaled: %g, expected %g", got,
                  trace);
    free(x);
    free(y);
}
END_TEST

START_TEST(frechet_refuses)
{
    float x[] = {1, 2, 3, NAN}, y[] = {1, 2, 3, 4};
    double got = 0;
    ck_assert_int_eq(gedi_frechet(x, 2, y, 2, 2, &got, &err), GEDI_NUMERIC);
    ck_assert_str_eq(err.msg, "Frechet distance: number 1 of point 1 is nan");
    ck_assert_int_eq(gedi_frechet(y, 2, x, 2, 2, &got, &err), GEDI_NUMERIC);
    ck_assert(isnan(got));
    ck_assert_int_eq(gedi_frechet(y, 1, y, 2, 2, &got, &err), GEDI_USAGE);
    ck_assert_str_eq(err.msg, "Frechet distance of 1 points to 2 points of 2 numbers: it "
                              "needs 2 of each");
}
END_TEST

/* ---- the evaluator ---- */

START_TEST(fid_reports)
{
    enum { SAMPLES = 70, D = 4 };
    float x[2 * SAMPLES], hx[D * SAMPLES];
    const float *h;
    int64_t d, n;
    double want;
    subject u = subject_new(
        5, (setting){.evaluate = "[fid: {samples: 70, steps: 9, split: train}]"});
    ck_assert_msg(gedi__trial_ask(u.trial, 0, &err) == GEDI_OK, "%s", err.msg);
    const gedi__findings *f = gedi__trial_findings(u.trial);
    ck_assert_int_eq(f->values, 1);
    ck_assert_str_eq(f->value[0].name, "fd_encoder");
    ck_assert_str_eq(
        f->value[0].definition,
        "FD(encoder), not FID: Frechet distance of 70 samples after 9 steps of "
        "the sampler to 200 training records, 4 features of the network");
    /* The same from its parts. */
    n = gedi_trial_count(u.trial, GEDI_TRAIN);
    ck_assert_int_eq(gedi_trial_sample(u.trial, SAMPLES, 9, x, &err), GEDI_OK);
    ck_assert_int_eq(gedi_trial_space_map(u.trial,
                                          &(gedi_space){.kind = GEDI_SPACE_ENCODER}, x,
                                          SAMPLES, hx, &err),
                     GEDI_OK);
    ck_assert_int_eq(gedi_trial_features(u.trial, GEDI_TRAIN, &h, &d, &err), GEDI_OK);
    ck_assert_int_eq(d, D);
    ck_assert_int_eq(gedi_frechet(hx, SAMPLES, h, n, d, &want, &err), GEDI_OK);
    ck_assert_msg(fabs(f->value[0].value - want) <= 1e-5 * want, "%g, expected %g",
                  f->value[0].value, want);
    subject_free(&u);
}
END_TEST

static void refused(setting s, gedi_status want, const char *said)
{
    subject u = subject_new(5, s);
    ck_assert_int_eq(gedi__trial_ask(u.trial, 0, &err), want);
    ck_assert_msg(strstr(err.msg, said) != NULL, "'%s' lacks '%s'", err.msg, said);
    subject_free(&u);
}

static void keep_line(void *context, const char *line)
{
    gedi__text_add(context, "%s\n", line);
}

START_TEST(fid_tells)
{
    subject u = subject_new(5, (setting){.evaluate = "[fid: {samples: 100, steps: 3}]"});
    gedi__text lines = {0};
    gedi__trial_listen(u.trial, 0, keep_line, &lines);
    ck_assert_int_eq(gedi__trial_ask(u.trial, 0, &err), GEDI_OK);
    ck_assert_ptr_nonnull(lines.s);
    ck_assert_ptr_nonnull(
        strstr(lines.s, "evaluator fid: looking at records, 100% after "));
    gedi__text_clear(&lines);
    gedi__trial_listen(u.trial, 3600, keep_line, &lines);
    ck_assert_int_eq(gedi__trial_ask(u.trial, 0, &err), GEDI_OK);
    ck_assert_ptr_null(lines.s);
    subject_free(&u);
}
END_TEST

START_TEST(fid_refuses)
{
    refused((setting){.evaluate = "[fid: {samples: 7}]"}, GEDI_USAGE,
            "evaluator fid: samples: 7 are too few for a space of 4 dimensions: take at "
            "least 8");
    refused(
        (setting){.dataset = "{moons: {train: 200, test: 7}}", .evaluate = "[fid: {}]"},
        GEDI_USAGE,
        "split: 7 test records are too few for a space of 4 dimensions: at least 8 are "
        "needed");
    refused((setting){.objective = "{vicreg: {}}", .evaluate = "[fid: {}]"}, GEDI_STATE,
            "evaluator fid: objective vicreg has no energy");
    refused((setting){.evaluate = "[fid: {network: nowhere}]"}, GEDI_STATE,
            "nowhere holds no run: there is no such folder");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("frechet");
    TCase *c = tcase_create("distance");
    tcase_set_timeout(c, 120);
    tcase_add_loop_test(c, frechet_as_scipy, 0, CASES);
    tcase_add_test(c, frechet_of_singular_covariances);
    tcase_add_test(c, frechet_refuses);
    suite_add_tcase(s, c);
    c = tcase_create("evaluator");
    tcase_set_timeout(c, 60);
    tcase_add_checked_fixture(c, experiment_setup, experiment_teardown);
    tcase_add_test(c, fid_reports);
    tcase_add_test(c, fid_tells);
    tcase_add_test(c, fid_refuses);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
