/* test_scores.c - scores of records: their derivatives against differences, and the evaluator that
 * compares datasets by them.
 */
#include "core/network/inference.h"
#include "gedi/metric.h"
#include "tests/subject.h"

#include <math.h>

static gedi_err err;

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

static gedi_direction direction_of(const subject *u, const char *name)
{
    const gedi__findings *f = gedi__trial_findings(u->trial);
    for (int i = 0; i < f->values; i++)
        if (!strcmp(f->value[i].name, name))
            return f->value[i].direction;
    return GEDI_NEITHER;
}

/* The AUROC by its definition, of scores that the trial is asked for. */
static double area_of(const subject *u, const char *dataset, int which, double sign)
{
    gedi_record_scores a, b;
    const gedi_components *c = u->e->evaluator[0].part.self;
    int64_t at = 0;
    while (strcmp(c->v[at].plugin->name, dataset))
        at++;
    ck_assert_int_eq(gedi_trial_scores(u->trial, NULL, GEDI_TEST, &a, &err), GEDI_OK);
    ck_assert_int_eq(gedi_trial_scores(u->trial, &c->v[at], GEDI_TEST, &b, &err),
                     GEDI_OK);
    const float *odds = gedi_record_log_odds(&a), *odds2 = gedi_record_log_odds(&b);
    const float *p = which == 0 ? a.slope : which == 1 ? a.log_p : odds;
    const float *q = which == 0 ? b.slope : which == 1 ? b.log_p : odds2;
    double won = 0;
    for (int64_t i = 0; i < a.n; i++)
        for (int64_t j = 0; j < b.n; j++)
            won += sign * p[i] > sign * q[j] ? 1 : p[i] == q[j] ? 0.5 : 0;
    return won / (double)(a.n * b.n);
}

/* The ends of the interval of an area, for scores that the trial is asked for. */
static void expect_ends(const subject *u, const char *name, int which, double sign)
{
    static float p[TEST], q[70];
    char end[64];
    gedi_record_scores a, b;
    gedi_auroc_estimate e;
    const gedi_components *c = u->e->evaluator[0].part.self;
    ck_assert_int_eq(gedi_trial_scores(u->trial, NULL, GEDI_TEST, &a, &err), GEDI_OK);
    ck_assert_int_eq(gedi_trial_scores(u->trial, &c->v[0], GEDI_TEST, &b, &err), GEDI_OK);
    ck_assert(a.n == TEST && b.n == 70);
    const float *x = which == 0   ? a.slope
                     : which == 1 ? a.log_p
                                  : gedi_record_log_odds(&a);
    const float *y = which == 0   ? b.slope
                     : which == 1 ? b.log_p
                                  : gedi_record_log_odds(&b);
    for (int i = 0; i < TEST; i++)
        p[i] = (float)sign * x[i];
    for (int i = 0; i < 70; i++)
        q[i] = (float)sign * y[i];
    ck_assert_int_eq(gedi_auroc_interval(p, TEST, q, 70, &e, &err), GEDI_OK);
    snprintf(end, sizeof end, "%s_low", name);
    ck_assert(fabs(value_of(u, end, "lower end of the 95 % interval of AUROC of ") -
                   e.low) <= 1e-12);
    ck_assert_int_eq(direction_of(u, end), GEDI_NEITHER);
    snprintf(end, sizeof end, "%s_high", name);
    ck_assert(fabs(value_of(u, end, "150 test records of the run against 70 of circles") -
                   e.high) <= 1e-12);
    ck_assert_int_eq(direction_of(u, end), GEDI_NEITHER);
    ck_assert(e.low < e.high);
}

START_TEST(ood_compares)
{
    subject u = subject_new(
        20,
        (setting){.dataset = DATA,
                  .evaluate = "[ood: {against: [circles: {train: 5, test: 70}, moons: "
                              "{train: 200, test: 150}, circles]}]"});
    ck_assert_msg(gedi__trial_ask(u.trial, 0, &err) == GEDI_OK, "%s", err.msg);
    const gedi__findings *f = gedi__trial_findings(u.trial);
    ck_assert_int_eq(f->values, 36);
    double g = value_of(&u, "circles.gradient",
                        "AUROC of -|d log p(x) / dx|, 150 test records of the run "
                        "against 70 of circles");
    double l = value_of(&u, "circles.log_p", "AUROC of log p(x)");
    double m = value_of(&u, "circles.max_p", "AUROC of max p(y|x)");
    ck_assert(fabs(g - area_of(&u, "circles", 0, -1)) <= 1e-12);
    ck_assert(fabs(l - area_of(&u, "circles", 1, 1)) <= 1e-12);
    ck_assert(fabs(m - area_of(&u, "circles", 2, 1)) <= 1e-12);
    ck_assert(g != l && l != m && g != m);
    static const char *const rate[] = {"circles.gradient_fpr95", "circles.log_p_fpr95",
                                       "circles.max_p_fpr95"};
    for (int i = 0; i < 3; i++) {
        double fpr = value_of(&u, rate[i], "FPR at 95 % TPR of ");
        ck_assert_msg(fpr > 0 && fpr <= 1, "%s is %g", rate[i], fpr);
        ck_assert_int_eq(direction_of(&u, rate[i]), GEDI_LESS);
    }
    expect_ends(&u, "circles.gradient", 0, -1);
    expect_ends(&u, "circles.log_p", 1, 1);
    expect_ends(&u, "circles.max_p", 2, 1);
    /* Its own data cannot be told apart. */
    ck_assert(fabs(value_of(&u, "moons.log_p_low", "") +
                   value_of(&u, "moons.log_p_high", "") - 1) <= 1e-12);
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
    ck_assert_msg(gedi__trial_ask(u.trial, 0, &err) == GEDI_OK, "%s", err.msg);
    ck_assert_int_eq(gedi__trial_findings(u.trial)->values, 4);
    ck_assert(isfinite(value_of(&u, "circles.max_p", "the objective has no energy")));
    subject_free(&u);
}
END_TEST

/* How far apart the two logits of the n test records are, in double. */
static void gaps_of(const subject *u, const gedi_component *dataset, int64_t n,
                    double *gap)
{
    gedi__wanted w = {.outputs = 1u << GEDI__LOGITS, .rows = n};
    gedi__inference *f;
    gedi_data_info info;
    gedi_open how = {.seed = u->e->seed, .directory = u->e->directory};
    const gedi_dataset *d = (const gedi_dataset *)dataset->plugin;
    int32_t label;
    bool other = dataset->self != u->e->dataset.self; /* which is not open yet */
    ck_assert_int_eq(gedi__inference_new(&u->t->net, &w, &f, &err), GEDI_OK);
    if (other)
        ck_assert_int_eq(d->open(dataset->self, &how, &info, &err), GEDI_OK);
    for (int64_t i = 0; i < n; i++)
        ck_assert_int_eq(d->read(dataset->self, GEDI_TEST, i,
                                 gedi__inference_records(f) + 2 * i, &label, &err),
                         GEDI_OK);
    if (other)
        d->close(dataset->self);
    gedi__inference_run(f, false);
    const float *logit = gedi__inference_output(f, GEDI__LOGITS);
    for (int64_t i = 0; i < n; i++)
        gap[i] = fabs((double)logit[2 * i] - (double)logit[2 * i + 1]);
    gedi__inference_free(f);
}

/* Of two clusters max p grows with the gap between the logits, whatever the temperature: so
 * no rank may depend on it. In float32, all of p is 1 at the first of these. */
START_TEST(max_p_does_not_depend_on_the_temperature)
{
    static const char *const temperature[] = {"0.0001", "0.01", "0.1", "1", "8", "64"};
    static double ours[TEST], theirs[TEST];
    double want = 0;
    for (int k = 0; k < 6; k++) {
        gedi__text objective = {0};
        gedi__text_add(&objective, "{gedi_no_gen: {clusters: 2, temperature: %s}}",
                       temperature[k]);
        subject u = subject_new(
            0,
            (setting){.dataset = DATA,
                      .objective = objective.s,
                      .evaluate = "[ood: {against: [circles: {train: 5, test: 150}]}]"});
        const gedi_components *c = u.e->evaluator[0].part.self;
        if (k == 0) {
            gaps_of(&u, &u.e->dataset, TEST, ours);
            gaps_of(&u, &c->v[0], TEST, theirs);
            for (int i = 0; i < TEST; i++)
                for (int j = 0; j < TEST; j++)
                    want += ours[i] > theirs[j] ? 1 : ours[i] == theirs[j] ? 0.5 : 0;
            want /= (double)TEST * TEST;
        }
        ck_assert_msg(gedi__trial_ask(u.trial, 0, &err) == GEDI_OK, "%s", err.msg);
        double area = value_of(&u, "circles.max_p", "ranked by its log odds");
        ck_assert_msg(fabs(area - want) <= 1.0 / (TEST * TEST),
                      "temperature %s: %.9g, by the logits %.9g", temperature[k], area,
                      want);
        subject_free(&u);
        gedi__text_clear(&objective);
    }
    ck_assert_msg(fabs(want - 0.5) > 0.01, "nothing to tell apart: %g", want);
}
END_TEST

/* Of several clusters: the largest logit less the logsumexp of the others. */
START_TEST(log_odds_of_several_clusters)
{
    gedi_record_scores s;
    const float *p;
    int64_t k;
    subject u = subject_new(
        20, (setting){.dataset = DATA,
                      .objective = "{gedi_no_gen: {clusters: 5, prototypes: unit}}"});
    ck_assert_int_eq(gedi_trial_scores(u.trial, NULL, GEDI_TEST, &s, &err), GEDI_OK);
    ck_assert_int_eq(gedi_trial_assignments(u.trial, GEDI_TEST, &p, &k, &err), GEDI_OK);
    ck_assert_int_eq(k, 5);
    const float *odds = gedi_record_log_odds(&s);
    for (int64_t i = 0; i < TEST; i++, p += k) {
        double most = 0, sum = 0;
        for (int64_t j = 0; j < k; j++) {
            most = fmax(most, p[j]);
            sum += p[j];
        }
        double want = log(most / (sum - most));
        ck_assert_msg(fabs(odds[i] - want) <= 1e-5 * (1 + fabs(want)), "%g, expected %g",
                      odds[i], want);
        ck_assert(fabs(s.max_p[i] - most) <= 1e-6);
    }
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
    ck_assert_int_eq(gedi__trial_ask(u.trial, 0, &err), want);
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
    TCase *c = tcase_create("trial");
    tcase_set_timeout(c, 60);
    tcase_add_checked_fixture(c, experiment_setup, experiment_teardown);
    tcase_add_test(c, slopes_are_derivatives);
    tcase_add_test(c, ood_compares);
    tcase_add_test(c, ood_without_an_energy);
    tcase_add_test(c, max_p_does_not_depend_on_the_temperature);
    tcase_add_test(c, log_odds_of_several_clusters);
    tcase_add_test(c, ood_refuses);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
