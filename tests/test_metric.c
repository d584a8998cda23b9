/* test_metric.c - agreement of labelings, and the evaluator that reports it. */
#include "core/metric/health.h"
#include "tests/component.h"
#include "tests/trial.h"

#include <math.h>

/* ---- agreement ---- */

typedef enum kind {
    INDEPENDENT,
    NOISY,
    SKEWED,
    RENAMED,
    ONE_CLUSTER,
    ONE_CLASS,
    ALL_APART,
} kind;

typedef struct metric_case {
    kind kind;
    uint64_t seed;
    int64_t n;
    int32_t kt, kp;
    double want[4]; /* nmi, ami, ari, accuracy */
} metric_case;

static const metric_case cases[] = {
#include "tests/fixture/metric_cases.h"
};
enum { CASES = sizeof cases / sizeof cases[0] };

/* The generator of fixture/metric.py. */
static int32_t draw(uint64_t *state, int32_t n)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (int32_t)((*state >> 33) % (uint32_t)n);
}

static void draw_pair(const metric_case *c, uint64_t *state, int64_t i, int32_t *truth,
                      int32_t *predicted)
{
    int32_t t = draw(state, c->kt), p = 0;
    if (c->kind == INDEPENDENT) {
        p = draw(state, c->kp);
    } else if (c->kind == NOISY) {
        p = draw(state, c->kp);
        if (draw(state, 100) < 70)
            p = (7 * t + 3) % c->kp;
    } else if (c->kind == SKEWED) {
        t = t * draw(state, c->kt) / c->kt;
        int32_t a = draw(state, c->kp), b = draw(state, c->kp);
        p = (t + a * b / c->kp) % c->kp;
    } else if (c->kind == RENAMED) {
        p = c->kp - 1 - t;
    } else if (c->kind == ONE_CLUSTER) {
        p = c->kp - 1;
    } else if (c->kind == ONE_CLASS) {
        t = c->kt - 1;
        p = draw(state, c->kp);
    } else {
        p = (int32_t)i;
    }
    *truth = t;
    *predicted = p;
}

typedef struct labels {
    int32_t *truth, *predicted;
} labels;

static labels labels_new(const metric_case *c)
{
    labels l = {malloc((size_t)c->n * sizeof(int32_t)),
                malloc((size_t)c->n * sizeof(int32_t))};
    ck_assert(l.truth && l.predicted);
    uint64_t state = c->seed;
    for (int64_t i = 0; i < c->n; i++)
        draw_pair(c, &state, i, &l.truth[i], &l.predicted[i]);
    return l;
}

static void labels_free(labels *l)
{
    free(l->truth);
    free(l->predicted);
}

static void expect_values(const double *got, const double *want, const char *which,
                          int at)
{
    static const char *const name[] = {"nmi", "ami", "ari", "accuracy"};
    for (int f = 0; f < 4; f++)
        ck_assert_msg(fabs(got[f] - want[f]) <= 1e-10,
                      "case %d, %s: %s is %.17g, expected %.17g", at, which, name[f],
                      got[f], want[f]);
}

START_TEST(as_scikit_learn)
{
    const metric_case *c = &cases[_i];
    labels l = labels_new(c);
    gedi_agreement a;
    gedi_err err = {0};
    ck_assert_msg(gedi_agree(l.truth, c->kt, l.predicted, c->kp, c->n, &a, &err) ==
                      GEDI_OK,
                  "%s", err.msg);
    expect_values((double[]){a.nmi, a.ami, a.ari, a.accuracy}, c->want, "as it is", _i);
    double nmi;
    ck_assert_int_eq(gedi_nmi(l.truth, c->kt, l.predicted, c->kp, c->n, &nmi, &err),
                     GEDI_OK);
    ck_assert_msg(nmi == a.nmi, "case %d: alone, nmi is %.17g", _i, nmi);
    /* All four are symmetric. */
    ck_assert_int_eq(gedi_agree(l.predicted, c->kp, l.truth, c->kt, c->n, &a, &err),
                     GEDI_OK);
    expect_values((double[]){a.nmi, a.ami, a.ari, a.accuracy}, c->want, "swapped", _i);
    /* Clusters without records do not count. */
    ck_assert_int_eq(
        gedi_agree(l.truth, c->kt + 3, l.predicted, 2 * c->kp, c->n, &a, &err), GEDI_OK);
    expect_values((double[]){a.nmi, a.ami, a.ari, a.accuracy}, c->want, "wider", _i);
    labels_free(&l);
}
END_TEST

/* Every record a cluster of its own, on both sides: 0/0 in the formula of AMI. */
START_TEST(all_apart_and_equal)
{
    enum { N = 40 };
    int32_t t[N], p[N];
    for (int i = 0; i < N; i++) {
        t[i] = i;
        p[i] = (i * 7) % N;
    }
    gedi_agreement a;
    ck_assert_int_eq(gedi_agree(t, N, p, N, N, &a, NULL), GEDI_OK);
    ck_assert(a.nmi == 1.0 && a.ami == 1.0 && a.ari == 1.0 && a.accuracy == 1.0);
}
END_TEST

/* The best matching may have to give up the largest cell: 6 + 5 beats 7 + 0. */
START_TEST(matching_is_not_greedy)
{
    static const int32_t count[2][2] = {{7, 6}, {5, 0}};
    int32_t t[18], p[18];
    int n = 0;
    for (int32_t i = 0; i < 2; i++)
        for (int32_t j = 0; j < 2; j++)
            for (int32_t r = 0; r < count[i][j]; r++, n++) {
                t[n] = i;
                p[n] = j;
            }
    gedi_agreement a;
    ck_assert_int_eq(gedi_agree(t, 2, p, 2, n, &a, NULL), GEDI_OK);
    ck_assert_double_eq_tol(a.accuracy, 11.0 / 18.0, 1e-15);
}
END_TEST

START_TEST(wrong_use)
{
    gedi_agreement a;
    gedi_err err;
    const int32_t good[] = {0, 1, 2}, low[] = {0, -1, 2};
    ck_assert_int_eq(gedi_agree(good, 3, good, 3, 0, &a, &err), GEDI_USAGE);
    ck_assert_str_eq(err.msg, "agreement of 0 records: not in [1, 2147483647]");
    ck_assert_int_eq(gedi_agree(good, 2, good, 3, 3, &a, &err), GEDI_USAGE);
    ck_assert_str_eq(err.msg, "truth: label 2 of record 2 is not in [0, 2)");
    ck_assert_int_eq(gedi_agree(good, 3, low, 3, 3, &a, &err), GEDI_USAGE);
    ck_assert_str_eq(err.msg, "predicted: label -1 of record 1 is not in [0, 3)");
    ck_assert_int_eq(gedi_agree(good, 0, good, 3, 3, &a, &err), GEDI_USAGE);
    ck_assert(isnan(a.nmi) && isnan(a.ami) && isnan(a.ari) && isnan(a.accuracy));
    double nmi = 1;
    ck_assert_int_eq(gedi_nmi(good, 2, good, 3, 3, &nmi, &err), GEDI_USAGE);
    ck_assert_str_eq(err.msg, "truth: label 2 of record 2 is not in [0, 2)");
    ck_assert(isnan(nmi));
    ck_assert_int_eq(gedi_nmi(good, 3, good, 3, -1, &nmi, &err), GEDI_USAGE);
}
END_TEST

/* ---- the evaluator ---- */

extern const gedi_evaluator gedi_evaluator_clustering;

static gedi_status evaluate(gedi_trial *t, const char *options, gedi_err *err)
{
    return trial_evaluate(&gedi_evaluator_clustering, t, options, err);
}

/* Test: clusters 2 0 2 0 1 (a tie goes to the first); training: all in cluster 1. */
static const float test_p[] = {0.1f, 0.2f, 0.7f, 0.5f, 0.5f, 0.0f, 0,   0.4f,
                               0.6f, 0.9f, 0.1f, 0.0f, 0.1f, 0.8f, 0.1f};
static const float train_p[] = {0.1f, 0.8f, 0.1f, 0.2f, 0.6f, 0.2f};
static const int32_t test_labels[] = {0, 1, 0, 0, 1}, train_labels[] = {0, 1};

static gedi_trial trial(void)
{
    return (gedi_trial){.n = {2, 5},
                        .k = 3,
                        .p = {train_p, test_p},
                        .label = {train_labels, test_labels},
                        .classes = 2};
}

START_TEST(evaluator_reports)
{
    gedi_trial t = trial();
    gedi_err err = {0};
    ck_assert_msg(evaluate(&t, "", &err) == GEDI_OK, "%s", err.msg);
    static const int32_t y[] = {2, 0, 2, 0, 1};
    gedi_agreement a;
    ck_assert_int_eq(gedi_agree(test_labels, 2, y, 3, 5, &a, NULL), GEDI_OK);
    ck_assert_int_eq(t.values, 7);
    ck_assert(trial_value(&t, "nmi", "arithmetic mean of entropies, all test") == a.nmi);
    ck_assert(trial_value(&t, "ami", "adjusted for chance") == a.ami);
    ck_assert(trial_value(&t, "ari", "adjusted Rand index") == a.ari);
    ck_assert(trial_value(&t, "accuracy", "one-to-one matching") == a.accuracy);
    ck_assert(trial_value(&t, "accuracy", "test records") == 0.6);
    ck_assert(trial_value(&t, "clusters_used", "that have a record") == 3.0);
    /* Five records are one batch. */
    double batch = trial_value(&t, "nmi_batch", "batches of 100 test records");
    ck_assert(fabs(batch - a.nmi) <= 1e-12);
}
END_TEST

START_TEST(evaluator_of_training)
{
    gedi_trial t = trial();
    ck_assert_int_eq(evaluate(&t, "split=train", NULL), GEDI_OK);
    ck_assert(trial_value(&t, "nmi", "all training records") == 0.0);
    ck_assert(trial_value(&t, "accuracy", "all training records") == 0.5);
    ck_assert(trial_value(&t, "clusters_used", "all training records") == 1.0);
}
END_TEST

START_TEST(evaluator_without_labels)
{
    gedi_trial t = trial();
    t.label[GEDI_TEST] = NULL;
    ck_assert_int_eq(evaluate(&t, "", NULL), GEDI_OK);
    ck_assert_int_eq(t.values, 1);
    ck_assert(trial_value(&t, "clusters_used", "has no labels") == 3.0);
}
END_TEST

enum { MANY = 9950, KINDS = 10 };

/* Truth and clusters of MANY records, sorted by class; the clusters are right for about
 * `right` of 100 records, else random. */
static gedi_trial many(int32_t right, int32_t *truth, float *p)
{
    uint64_t state = 11;
    memset(p, 0, MANY * KINDS * sizeof *p);
    for (int32_t i = 0; i < MANY; i++) {
        int32_t other = draw(&state, KINDS), choice = draw(&state, 100);
        truth[i] = i * KINDS / MANY;
        p[i * KINDS + (choice < right ? (truth[i] + 3) % KINDS : other)] = 1;
    }
    gedi_trial t = trial();
    t.n[GEDI_TEST] = MANY;
    t.k = t.classes = KINDS;
    t.p[GEDI_TEST] = p;
    t.label[GEDI_TEST] = truth;
    return t;
}

/* NMI of 100 records with 10 classes and 10 random clusters is .2116, of 50 records .37
 * (simulated with scikit-learn): the mean of 99 batches and a last one of 50, by their size,
 * is .2124, its deviation .0023. */
START_TEST(evaluator_by_batches)
{
    int32_t *truth = malloc(MANY * sizeof *truth);
    float *p = malloc(MANY * KINDS * sizeof *p);
    ck_assert(truth && p);
    gedi_trial t = many(0, truth, p), same = t;
    ck_assert_int_eq(evaluate(&t, "", NULL), GEDI_OK);
    double batch =
        trial_value(&t, "nmi_batch", "batches of 100 test records in random order");
    double chance = trial_value(&t, "nmi_batch_chance", "dealt to the records at random");
    ck_assert_msg(fabs(batch - 0.2124) <= 0.01, "nmi_batch is %g", batch);
    ck_assert_msg(fabs(chance - 0.2124) <= 0.003, "nmi_batch_chance is %g", chance);
    ck_assert(trial_value(&t, "nmi", "all test records at once; clusters: argmax") <=
              0.01);
    ck_assert_int_eq(evaluate(&same, "", NULL), GEDI_OK);
    ck_assert(trial_value(&same, "nmi_batch", "") == batch);
    ck_assert(trial_value(&same, "nmi_batch_chance", "") == chance);
    t = many(100, truth, p); /* all right: 1, and still .21 by chance */
    ck_assert_int_eq(evaluate(&t, "", NULL), GEDI_OK);
    ck_assert(trial_value(&t, "nmi_batch", "") == 1.0);
    ck_assert(fabs(trial_value(&t, "nmi_batch_chance", "") - 0.2124) <= 0.003);
    t = many(70, truth, p); /* larger batches have a lower chance level */
    ck_assert_int_eq(evaluate(&t, "batch_size=1000", NULL), GEDI_OK);
    ck_assert(trial_value(&t, "nmi_batch_chance", "") <= 0.03);
    batch = trial_value(&t, "nmi_batch", "batches of 1000 test");
    ck_assert(fabs(batch - trial_value(&t, "nmi", "")) <= 0.03);
    t = many(70, truth, p); /* nor does a last batch of one, whose NMI is 1, say much */
    for (int i = 0; i < MANY; i++)
        p[i * KINDS] = 2;
    ck_assert_int_eq(evaluate(&t, "batch_size=9949", NULL), GEDI_OK);
    ck_assert(fabs(trial_value(&t, "nmi_batch", "") - 1.0 / MANY) <= 1e-12);
    t = many(70, truth, p);
    ck_assert_int_eq(evaluate(&t, "batch_size=0", NULL), GEDI_OK);
    ck_assert_int_eq(t.values, 5);
    free(truth);
    free(p);
}
END_TEST

/* Forty groups of four records: one start does not find them all, the best of a hundred finds more. */
START_TEST(more_restarts_find_more)
{
    enum { GROUPS = 40, EACH = 4 };
    static float h[GROUPS * EACH * 2];
    static int32_t label[GROUPS * EACH];
    gedi_err err = {0};
    gedi_rng rng = gedi_rng_at(3, GEDI_STREAM_DATA, 0, 0);
    for (int g = 0; g < GROUPS; g++) {
        double x = 10 * gedi_rng_uniform(&rng), y = 10 * gedi_rng_uniform(&rng);
        for (int i = g * EACH; i < (g + 1) * EACH; i++) {
            h[2 * i] = (float)(x + 0.3 * gedi_rng_uniform(&rng));
            h[2 * i + 1] = (float)(y + 0.3 * gedi_rng_uniform(&rng));
            label[i] = g;
        }
    }
    gedi_trial t = trial();
    t.k = 0;
    t.d = 2;
    t.n[GEDI_TEST] = GROUPS * EACH;
    t.classes = GROUPS;
    t.h[GEDI_TEST] = h;
    t.label[GEDI_TEST] = label;
    double found[2];
    for (int i = 0; i < 2; i++) {
        t.values = 0;
        ck_assert_msg(evaluate(&t, i ? "restarts=100" : "restarts=1", &err) == GEDI_OK,
                      "%s", err.msg);
        found[i] = trial_value(&t, "accuracy", i ? "the best of 100" : "the best of 1)");
    }
    ck_assert_msg(found[1] > found[0] + 0.02, "%g is not above %g", found[1], found[0]);
}
END_TEST

/* An objective without p(y|x): two groups of features, and labels that agree with them. */
START_TEST(evaluator_by_kmeans)
{
    static const float h[] = {0, 0, 5, 5, 0.1f, 0, 0, 0.1f, 5, 5.1f};
    gedi_trial t = trial();
    gedi_err err = {0};
    t.k = 0;
    t.h[GEDI_TEST] = h;
    t.d = 2;
    ck_assert_msg(evaluate(&t, "", &err) == GEDI_OK, "%s", err.msg);
    ck_assert(trial_value(&t, "kmeans", "those of k-means") == 1.0);
    ck_assert_double_eq_tol(
        trial_value(&t, "nmi",
                    ", all test records at once; clusters: k-means of the encoder's "
                    "output (greedy k-means++, the best of 10)"),
        1.0, 1e-12);
    ck_assert(trial_value(&t, "clusters_used", "; clusters: k-means of") == 2.0);
    /* Features that are all the same: what k-means was asked for is not what it found. */
    static const float same[10] = {0};
    t = trial();
    t.k = 0;
    t.h[GEDI_TEST] = same;
    t.d = 2;
    ck_assert_int_eq(evaluate(&t, "", NULL), GEDI_OK);
    ck_assert(trial_value(&t, "clusters_used", "") == 1.0);
}
END_TEST

START_TEST(evaluator_refuses)
{
    gedi_trial t = trial();
    gedi_err err = {0};
    t.k = 0;
    t.classes = 0; /* so there is no number of clusters either */
    ck_assert_int_eq(evaluate(&t, "", &err), GEDI_USAGE);
    ck_assert_str_eq(err.msg,
                     "the objective has no p(y|x), and the data have no classes, of "
                     "which k-means would take the number");
    t = trial();
    t.n[GEDI_TEST] = 0;
    ck_assert_int_eq(evaluate(&t, "", &err), GEDI_USAGE);
    ck_assert_str_eq(err.msg, "split: the test split has no records");
    ck_assert_int_eq(trial_ready(&gedi_evaluator_clustering, &t, "", &err), GEDI_USAGE);
    ck_assert_str_eq(err.msg, "split: the test split has no records");
    ck_assert_int_eq(trial_ready(&gedi_evaluator_clustering, &t, "split=train", &err),
                     GEDI_OK);
    t = trial();
    float p[6] = {0.1f, 0.2f, 0.7f, 0.1f, 0.2f, NAN};
    t.p[GEDI_TRAIN] = p;
    ck_assert_int_eq(evaluate(&t, "split=train", &err), GEDI_NUMERIC);
    ck_assert_str_eq(err.msg, "p(y|x) of record 1 is not a number");
    ck_assert_int_eq(t.values, 0);
}
END_TEST

/* A name is looked up in the order of the table, a family by its pattern. */
START_TEST(metric_of_a_name)
{
    static const gedi_metric table[] = {
        {"fid", GEDI_LESS, "", "a distance"},
        {"moons.log_p", GEDI_LESS, "nats", "of one"},
        {"*.log_p", GEDI_MORE, "nats", "of a family"},
        {"fd_*", GEDI_NEITHER, "", "of another"},
        GEDI_METRICS_END,
    };
    static const struct {
        const char *name;
        int row;
    } of[] = {{"fid", 0},       {"moons.log_p", 1}, {"circles.log_p", 2},
              {"a.b.log_p", 2}, {"fd_", 3},         {"fd_encoder", 3},
              {"fid2", -1},     {"log_p", -1},      {"moons.log_p.more", -1},
              {"", -1}};
    for (size_t i = 0; i < sizeof of / sizeof *of; i++)
        ck_assert_msg(gedi__metric_find(table, of[i].name) ==
                          (of[i].row < 0 ? NULL : &table[of[i].row]),
                      "%s", of[i].name);
}
END_TEST

/* Labels that are sure differ with a small probability: not with none, and not with less. */
START_TEST(disagreement_of_the_sure)
{
    static const float one[] = {1, 1e-9f, 1e-9f, 1}, other[] = {1, 3e-9f, 1e-9f, 1};
    static const float high[] = {1, 1.2e-7f, 1, 1.2e-7f}, apart[] = {1, 0, 0, 1},
                       back[] = {0, 1, 1, 0};
    double d = gedi__disagreement(one, other, 2, 2), sum[2];
    ck_assert_msg(fabs(d - 3e-9) <= 1e-12, "%g", d);
    d = gedi__disagreement(high, high, 1, 2); /* which add up to more than 1 */
    ck_assert_msg(fabs(d - 2.4e-7) <= 1e-9, "%g", d);
    ck_assert(fabs(gedi__disagreement(apart, back, 2, 2) - 1) <= 1e-12);
    ck_assert(gedi__disagreement(apart, apart, 2, 2) == 0);
    d = gedi__balance(high, 2, 2, sum);
    ck_assert_msg(d > 0 && d < 1e-5, "%g", d);
}
END_TEST

/* One record says nothing of a collapse. */
START_TEST(health_of_one_record)
{
    static const float g[] = {1, 0, 0, 1}, p[] = {1, 0, 0, 1};
    double sum[4];
    ck_assert(isnan(gedi__spread(g, 1, 2, sum)));
    ck_assert(isnan(gedi__balance(p, 1, 2, sum)));
    ck_assert(fabs(gedi__spread(g, 2, 2, sum) - sqrt(0.5)) <= 1e-12);
    ck_assert(fabs(gedi__balance(p, 2, 2, sum) - 1) <= 1e-12);
}
END_TEST

/* Labels that nobody knows yet are no contradiction, however many clusters: views that differ are. */
START_TEST(health_of_labels)
{
    gedi__health h = {1, 1, 0.9, 0.9}; /* p(y|x) = 1/10 everywhere */
    ck_assert(!gedi__health_fails(&h, GEDI__LABELS));
    h.unsure = 0.7;
    ck_assert(gedi__health_fails(&h, GEDI__LABELS));
    h = (gedi__health){0.5, 0.05, NAN, NAN};
    ck_assert(!gedi__health_fails(&h, GEDI__LABELS));
    ck_assert(gedi__health_fails(&h, GEDI__BALANCE));
    ck_assert(!gedi__health_fails(&h, GEDI__SPREAD));
    h = (gedi__health){NAN, NAN, 0.498, 0.188};
    char text[128];
    ck_assert_str_eq(gedi__failure_text(&h, GEDI__LABELS, text, sizeof text),
                     "disagreement is 0.498, 0.31 of it because views differ");
}
END_TEST

/* One batch that fails is no failure, nor is a run of three lines; a tenth of training is. */
START_TEST(failures_that_last)
{
    static const double small[] = {0.095, 0.064, 0.130}; /* of batches of 4 */
    gedi__failing f = {0};
    gedi__health h = {1, 1, NAN, NAN};
    for (int i = 0; i < 3; i++) {
        h.disagreement = small[i];
        h.unsure = 0;
        ck_assert(!gedi__failure_lasts(&f, &h, GEDI__LABELS, 290 + 5 * i, 300));
    }
    ck_assert_int_eq(f.lines, 1);
    f = (gedi__failing){0};
    h.disagreement = 0.5;
    for (int i = 200; i < 230; i += 5)
        ck_assert(!gedi__failure_lasts(&f, &h, GEDI__LABELS, i, 300));
    ck_assert(gedi__failure_lasts(&f, &h, GEDI__LABELS, 230, 300));
    ck_assert_int_eq(f.since, 200);
    h.disagreement = NAN; /* not measured: over */
    ck_assert(!gedi__failure_lasts(&f, &h, GEDI__LABELS, 235, 300));
    ck_assert_int_eq(f.lines, 0);
    h.disagreement =
        0.5; /* lines at iterations 1, 10 and 20 of 20: the first has learned nothing */
    ck_assert(!gedi__failure_lasts(&f, &h, GEDI__LABELS, 1, 20));
    ck_assert(!gedi__failure_lasts(&f, &h, GEDI__LABELS, 10, 20));
    ck_assert(!gedi__failure_lasts(&f, &h, GEDI__LABELS, 20, 20));
    f = (gedi__failing){0}; /* each iteration of a short run has a line */
    for (int i = 1; i < 4; i++)
        ck_assert(!gedi__failure_lasts(&f, &h, GEDI__LABELS, i, 4));
    ck_assert(gedi__failure_lasts(&f, &h, GEDI__LABELS, 4, 4));
}
END_TEST

START_TEST(findings_of_metrics)
{
    static const gedi_metric table[] = {{"a", GEDI_LESS, "", "as defined"},
                                        {"b", GEDI_NEITHER, "", "b"},
                                        GEDI_METRICS_END};
    static gedi__findings f;
    f.metrics = table;
    gedi__findings_value(&f, "a", 1, NULL);
    gedi__findings_value(&f, "b", 2, "in batches");
    ck_assert_int_eq(f.failed, GEDI_OK);
    ck_assert_int_eq(f.values, 2);
    ck_assert_str_eq(f.value[0].definition, "as defined");
    ck_assert_int_eq(f.value[0].direction, GEDI_LESS);
    ck_assert_str_eq(f.value[1].definition, "in batches");
    ck_assert_int_eq(f.value[1].direction, GEDI_NEITHER);
    gedi__findings_value(&f, "c", 3, "undeclared");
    ck_assert_int_eq(f.failed, GEDI_PLUGIN);
    ck_assert_str_eq(f.why.msg, "it reports 'c', which is not in its table of metrics");
    ck_assert_int_eq(f.values, 2);
    gedi__findings_clear(&f);
}
END_TEST

/* A name that summary.json could not hold, and one that is there already. */
START_TEST(findings_of_no_name)
{
    static const gedi_metric table[] = {{"*.x", GEDI_LESS, "", "as defined"},
                                        GEDI_METRICS_END};
    static const char *const name[] = {"a\nb.x", "\x1b[2J.x", "\xff.x", "a.x"};
    static const char *const says[] = {"'a?b.x' has a name", "'?[2J.x' has a name",
                                       "'?.x' has a name", "it reports 'a.x' twice"};
    static gedi__findings f;
    f.metrics = table;
    f.evaluator = "one";
    f.first = 0;
    gedi__findings_value(&f, "a.x", 1, NULL);
    f.evaluator = "two";
    f.first = f.values;
    gedi__findings_value(&f, "a.x", 1, NULL);
    gedi__findings_value(&f, "f(a, b), line 3.x", 1, NULL);
    ck_assert_int_eq(f.failed, GEDI_OK);
    gedi__findings_value(&f, name[_i], 1, NULL);
    ck_assert_int_eq(f.failed, GEDI_PLUGIN);
    ck_assert_msg(strstr(f.why.msg, says[_i]) != NULL, "%s", f.why.msg);
    ck_assert_int_eq(f.values, 3);
    gedi__findings_clear(&f);
    gedi__findings_histogram(&f, "log p\n", "test", (float[]){1}, 1);
    ck_assert_int_eq(f.failed, GEDI_PLUGIN);
    ck_assert_int_eq(f.histograms, 0);
    gedi__findings_clear(&f);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("metric");
    TCase *c = tcase_create("agreement");
    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, as_scikit_learn, 0, CASES);
    tcase_add_test(c, all_apart_and_equal);
    tcase_add_test(c, matching_is_not_greedy);
    tcase_add_test(c, wrong_use);
    suite_add_tcase(s, c);
    c = tcase_create("metrics");
    tcase_add_test(c, metric_of_a_name);
    tcase_add_test(c, findings_of_metrics);
    tcase_add_loop_test(c, findings_of_no_name, 0, 4);
    tcase_add_test(c, disagreement_of_the_sure);
    tcase_add_test(c, health_of_one_record);
    tcase_add_test(c, health_of_labels);
    tcase_add_test(c, failures_that_last);
    suite_add_tcase(s, c);
    c = tcase_create("evaluator");
    tcase_add_test(c, evaluator_reports);
    tcase_add_test(c, evaluator_of_training);
    tcase_add_test(c, evaluator_without_labels);
    tcase_add_test(c, evaluator_by_batches);
    tcase_add_test(c, evaluator_by_kmeans);
    tcase_add_test(c, more_restarts_find_more);
    tcase_add_test(c, evaluator_refuses);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
