/* test_scores.c - scores of records: their derivatives against differences, AUROC against
 * scikit-learn, and the evaluator that compares datasets by them.
 */
#include "gedi/metric.h"
#include "tests/subject.h"

#include <math.h>

static gedi_err err;

/* ---- AUROC ---- */

static const struct {
    uint64_t seed;
    int64_t n, m;
    int32_t levels, shift;
    double area;
} cases[] = {
#include "tests/fixture/auroc_cases.h"
};
enum { CASES = sizeof cases / sizeof *cases };

/* The generator of fixture/metric.py. */
static int32_t draw(uint64_t *state, int32_t n)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (int32_t)((*state >> 33) % (uint32_t)n);
}

START_TEST(auroc_as_scikit_learn)
{
    int64_t n = cases[_i].n, m = cases[_i].m;
    uint64_t state = cases[_i].seed;
    float *p = malloc((size_t)(n + m) * sizeof *p), *q = p + n;
    ck_assert_ptr_nonnull(p);
    for (int64_t i = 0; i < n; i++)
        p[i] = (float)(draw(&state, cases[_i].levels) + cases[_i].shift);
    for (int64_t i = 0; i < m; i++)
        q[i] = (float)draw(&state, cases[_i].levels);
    double area, back;
    ck_assert_int_eq(gedi_auroc(p, n, q, m, &area, &err), GEDI_OK);
    ck_assert_msg(fabs(area - cases[_i].area) <= 1e-12, "%.17g, expected %.17g", area,
                  cases[_i].area);
    ck_assert_int_eq(gedi_auroc(q, m, p, n, &back, &err), GEDI_OK);
    ck_assert_msg(fabs(area + back - 1) <= 1e-12, "%g and %g", area, back);
    free(p);
}
END_TEST

START_TEST(auroc_at_the_edge)
{
    const float p[] = {INFINITY, 1, -INFINITY}, q[] = {INFINITY, NAN};
    double area;
    ck_assert_int_eq(gedi_auroc(p, 3, q, 1, &area, &err), GEDI_OK);
    ck_assert(fabs(area - 1.0 / 6) <= 1e-12); /* of three pairs one is equal */
    ck_assert_int_eq(gedi_auroc(p, 3, q, 2, &area, &err), GEDI_NUMERIC);
    ck_assert_str_eq(err.msg, "AUROC: the score of negative 1 is not a number");
    ck_assert(isnan(area));
    ck_assert_int_eq(gedi_auroc(q + 1, 1, p, 3, &area, &err), GEDI_NUMERIC);
    ck_assert_str_eq(err.msg, "AUROC: the score of positive 0 is not a number");
    ck_assert_int_eq(gedi_auroc(p, 0, q, 1, &area, &err), GEDI_USAGE);
    ck_assert_str_eq(err.msg, "AUROC of 0 positives and 1 negatives: it needs 1 of each");
}
END_TEST

/* ---- scores of a trial ---- */

enum { TEST = 150 /* more than two groups of records */ };
#define DATA "{moons: {train: 200, test: 150}}"

static void read_test(const subject *u, float *x)
{
    const gedi_dataset *d = (const gedi_dataset *)u->e->dataset.plugin;
    int32_t label;
    for (int64_t i = 0; i < TEST; i++)
        ck_assert_int_eq(
            d->read(u->e->dataset.self, GEDI_TEST, i, x + 2 * i, &label, &err), GEDI_OK);
}

/* The slope by differences of log p(x), which another program computes. Smooth activations,
 * as differences step over kinks. */
START_TEST(slopes_are_derivatives)
{
    static float x[2 * TEST], moved[2 * TEST], log_p[TEST], up[2][TEST], down[2][TEST];
    static float p[2 * TEST];
    const float step = 1e-2f;
    gedi_record_scores s;
    subject u = subject_new(
        20, (setting){.dataset = DATA,
                      .model = "{mlp: {hidden: [16, 16], output: 4, activation: tanh}}",
                      .projector = "{mlp: {hidden: [4], output: 2, activation: tanh}}"});
    read_test(&u, x);
    ck_assert_msg(gedi_trial_scores(u.trial, NULL, GEDI_TEST, &s, &err) == GEDI_OK, "%s",
                  err.msg);
    ck_assert_int_eq(s.n, TEST);
    ck_assert_int_eq(gedi__trial_at(u.trial, x, TEST, p, log_p, &err), GEDI_OK);
    for (int k = 0; k < 2; k++)
        for (int sign = 0; sign < 2; sign++) {
            memcpy(moved, x, sizeof x);
            for (int i = 0; i < TEST; i++)
                moved[2 * i + k] += sign ? step : -step;
            ck_assert_int_eq(
                gedi__trial_at(u.trial, moved, TEST, NULL, sign ? up[k] : down[k], &err),
                GEDI_OK);
        }
    double largest = 0;
    for (int i = 0; i < TEST; i++) {
        double dx = ((double)up[0][i] - down[0][i]) / (2 * (double)step);
        double dy = ((double)up[1][i] - down[1][i]) / (2 * (double)step);
        double want = sqrt(dx * dx + dy * dy);
        largest = fmax(largest, want);
        ck_assert_msg(fabs(s.slope[i] - want) <= 2e-3 + 0.01 * want,
                      "record %d: slope %g, by differences %g", i, s.slope[i], want);
        ck_assert_msg(fabs((double)s.log_p[i] - log_p[i]) <= 1e-5, "record %d: %g, %g", i,
                      s.log_p[i], log_p[i]);
        ck_assert(fabs((double)s.max_p[i] - fmaxf(p[2 * i], p[2 * i + 1])) <= 1e-6);
    }
    ck_assert_msg(largest > 0.05, "the energy is flat: %g", largest);
    subject_free(&u);
}
END_TEST

/* ---- the evaluator ---- */

static double value_of(const subject *u, const char *name, const char *definition)
{
    const gedi__findings *f = gedi__trial_findings(u->trial);
    for (int i = 0; i < f->values; i++)
        if (!strcmp(f->value[i].name, name)) {
            ck_assert_msg(strstr(f->value[i].definition, definition) != NULL,
                          "%s: '%s' lacks '%s'", name, f->value[i].definition,
                          definition);
            return f->value[i].value;
        }
    ck_abort_msg("%s was not reported", name);
    return NAN;
}

/* The AUROC by its definition, of scores that the trial is asked for. */
static double area_of(const subject *u, const char *dataset, int which, double sign)
{
    gedi_record_scores a, b;
    const gedi_components *c = u->e->evaluator[0].self;
    int64_t at = 0;
    while (strcmp(c->v[at].plugin->name, dataset))
        at++;
    ck_assert_int_eq(gedi_trial_scores(u->trial, NULL, GEDI_TEST, &a, &err), GEDI_OK);
    ck_assert_int_eq(gedi_trial_scores(u->trial, &c->v[at], GEDI_TEST, &b, &err),
                     GEDI_OK);
    const float *p = which == 0 ? a.slope : which == 1 ? a.log_p : a.max_p;
    const float *q = which == 0 ? b.slope : which == 1 ? b.log_p : b.max_p;
    double won = 0;
    for (int64_t i = 0; i < a.n; i++)
        for (int64_t j = 0; j < b.n; j++)
            won += sign * p[i] > sign * q[j] ? 1 : p[i] == q[j] ? 0.5 : 0;
    return won / (double)(a.n * b.n);
}

START_TEST(ood_compares)
{
    subject u = subject_new(
        20,
        (setting){.dataset = DATA,
                  .evaluate = "[ood: {against: [circles: {train: 5, test: 70}, moons: "
                              "{train: 200, test: 150}, circles]}]"});
    ck_assert_msg(gedi__trial_evaluate(u.trial, &err) == GEDI_OK, "%s", err.msg);
    const gedi__findings *f = gedi__trial_findings(u.trial);
    ck_assert_int_eq(f->values, 9);
    double g = value_of(&u, "circles.gradient",
                        "AUROC of -|d log p(x) / dx|, 150 test records of the run "
                        "against 70 of circles");
    double l = value_of(&u, "circles.log_p", "AUROC of log p(x)");
    double m = value_of(&u, "circles.max_p", "AUROC of max p(y|x)");
    ck_assert(fabs(g - area_of(&u, "circles", 0, -1)) <= 1e-12);
    ck_assert(fabs(l - area_of(&u, "circles", 1, 1)) <= 1e-12);
    ck_assert(fabs(m - area_of(&u, "circles", 2, 1)) <= 1e-12);
    ck_assert(g != l && l != m && g != m);
    /* Its own data cannot be told apart. */
    ck_assert(value_of(&u, "moons.gradient", "") == 0.5);
    ck_assert(value_of(&u, "moons.log_p", "") == 0.5);
    ck_assert(isfinite(value_of(&u, "circles_2.log_p", "against 2000 of circles_2")));
    /* Three panels, the run's data first in each. */
    ck_assert_int_eq(f->histograms, 12);
    for (int i = 0; i < 3; i++) {
        ck_assert_str_eq(f->histogram[i].series, "the run's data");
        ck_assert_str_eq(f->histogram[i].evaluator, "ood");
        ck_assert_int_eq(f->histogram[i].n, TEST);
    }
    ck_assert_msg(strstr(f->histogram[3].series, "circles: AUROC ") != NULL, "%s",
                  f->histogram[3].series);
    subject_free(&u);
}
END_TEST

START_TEST(ood_without_an_energy)
{
    subject u =
        subject_new(20, (setting){.dataset = DATA,
                                  .objective = "[info_nce: {}, {jem: {}, weight: 0}]",
                                  .evaluate = "[ood: {against: [circles]}]"});
    u.t->net.has_energy = false; /* as if the objective stated none */
    ck_assert_msg(gedi__trial_evaluate(u.trial, &err) == GEDI_OK, "%s", err.msg);
    ck_assert_int_eq(gedi__trial_findings(u.trial)->values, 1);
    ck_assert(isfinite(value_of(&u, "circles.max_p", "the objective has no energy")));
    subject_free(&u);
}
END_TEST

static void refused(const char *objective, const char *against, gedi_status want,
                    const char *said)
{
    gedi__text text = {0};
    gedi__text_add(&text, "[ood: {against: [%s]}]", against);
    subject u = subject_new(
        20, (setting){.dataset = DATA, .objective = objective, .evaluate = text.s});
    ck_assert_int_eq(gedi__trial_evaluate(u.trial, &err), want);
    ck_assert_msg(strstr(err.msg, said) != NULL, "'%s' lacks '%s'", err.msg, said);
    subject_free(&u);
    gedi__text_clear(&text);
}

START_TEST(ood_refuses)
{
    refused("{vicreg: {}}", "circles", GEDI_STATE,
            "evaluator ood: objective vicreg has neither an energy nor p(y|x): there is "
            "nothing to score records by");
    refused(NULL, "mnist: {path: no/such/place}", GEDI_OPTION,
            "evaluator ood: dataset mnist: ");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("scores");
    TCase *c = tcase_create("auroc");
    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, auroc_as_scikit_learn, 0, CASES);
    tcase_add_test(c, auroc_at_the_edge);
    suite_add_tcase(s, c);
    c = tcase_create("trial");
    tcase_set_timeout(c, 60);
    tcase_add_checked_fixture(c, experiment_setup, experiment_teardown);
    tcase_add_test(c, slopes_are_derivatives);
    tcase_add_test(c, ood_compares);
    tcase_add_test(c, ood_without_an_energy);
    tcase_add_test(c, ood_refuses);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
