/* test_probe.c - a linear layer and nearest neighbours on frozen features, against naive
 * references in double, and the evaluators that report them.
 */
#include "gedi/probe.h"
#include "tests/testing.h"
#include "tests/trial.h"

#include <stdio.h>

static gedi_err err;

static void *memory(size_t n)
{
    void *p = calloc(n + 1, 1);
    ck_assert_ptr_nonnull(p);
    return p;
}

/* ---- the linear layer ---- */

enum { N = 57, D = 5, K = 3, W = D * K + K };

static float points[N * D];
static int32_t labels[N];

static void make_points(void)
{
    testing_uniform(points, N * D, 3, -2, 2);
    for (int i = 0; i < N; i++) {
        labels[i] = i * 7 % K;
        points[i * D + labels[i]] += 2;
    }
}

/* Softmax regression by its formulas; w holds weight [D, K] and bias [K]. */
static void reference(const gedi_probe *h, int64_t batch, gedi_rng *r, double *w)
{
    float first[W];
    double v[W] = {0}, g[W];
    int64_t order[N];
    gedi_rng_fill_uniform(r, first, D * K);
    gedi_rng_fill_uniform(r, first + D * K, K);
    for (int i = 0; i < W; i++)
        w[i] = (2 * (double)first[i] - 1) / sqrt(D);
    for (int e = 0; e < h->epochs; e++) {
        gedi_rng_permutation(r, order, N);
        for (int64_t at = 0; at + batch <= N; at += batch) {
            memset(g, 0, sizeof g);
            for (int64_t i = at; i < at + batch; i++) {
                const float *x = points + order[i] * D;
                double p[K], sum = 0;
                for (int c = 0; c < K; c++) {
                    double logit = w[D * K + c];
                    for (int j = 0; j < D; j++)
                        logit += (double)x[j] * w[j * K + c];
                    sum += p[c] = exp(logit);
                }
                for (int c = 0; c < K; c++) {
                    double d = (p[c] / sum - (c == labels[order[i]])) / (double)batch;
                    for (int j = 0; j < D; j++)
                        g[j * K + c] += d * (double)x[j];
                    g[D * K + c] += d;
                }
            }
            for (int i = 0; i < W; i++) {
                v[i] = h->momentum * v[i] + g[i] + h->weight_decay * w[i];
                w[i] -= h->lr * v[i];
            }
        }
    }
}

static const gedi_probe probes[] = {
    {1, 10, 0.1, 0, 0},   {20, 10, 0.1, 0.9, 0},   {5, 57, 0.1, 0.9, 0},
    {5, 80, 0.1, 0.9, 0}, {9, 57, 0.05, 0.5, 0.1}, {3, 1, 0.05, 0, 0.01},
};
enum { PROBES = sizeof probes / sizeof *probes };

START_TEST(probe_is_softmax_regression)
{
    const gedi_probe *h = &probes[_i];
    float w[W];
    double want[W];
    gedi_rng r = gedi_rng_at(4, GEDI_STREAM_EVAL, 0, 0), r2 = r;
    make_points();
    reference(h, h->batch < N ? h->batch : N, &r, want);
    ck_assert_msg(gedi_probe_train(h, points, labels, N, D, K, &r2, w, w + D * K, &err) ==
                      GEDI_OK,
                  "%s", err.msg);
    double e = testing_error(w, want, W, 0);
    ck_assert_msg(e <= 1e-4, "off by %g", e);
}
END_TEST

START_TEST(probe_finds_the_classes)
{
    const gedi_probe h = {.epochs = 200, .batch = 10, .lr = 0.05, .momentum = 0.9};
    float w[W], w2[W];
    int32_t y[N];
    gedi_rng r = gedi_rng_at(4, GEDI_STREAM_EVAL, 0, 0), r2 = r;
    make_points();
    for (int i = 0; i < N; i++)
        points[i * D + labels[i]] += 4;
    ck_assert_int_eq(
        gedi_probe_train(&h, points, labels, N, D, K, &r, w, w + D * K, &err), GEDI_OK);
    gedi_probe_classify(points, N, D, w, w + D * K, K, y);
    ck_assert_mem_eq(y, labels, sizeof y);
    gedi_probe_train(&h, points, labels, N, D, K, &r2, w2, w2 + D * K, &err);
    ck_assert_mem_eq(w, w2, sizeof w);
    memset(w, 0, sizeof w); /* equal logits: the first class */
    gedi_probe_classify(points, N, D, w, w + D * K, K, y);
    for (int i = 0; i < N; i++)
        ck_assert_int_eq(y[i], 0);
}
END_TEST

START_TEST(probe_refuses)
{
    gedi_probe h = {.epochs = 2, .batch = 10, .lr = 0.1};
    float w[W];
    gedi_rng r = gedi_rng_at(4, GEDI_STREAM_EVAL, 0, 0);
    make_points();
    labels[3] = K;
    ck_assert_int_eq(
        gedi_probe_train(&h, points, labels, N, D, K, &r, w, w + D * K, &err),
        GEDI_USAGE);
    ck_assert_str_eq(err.msg, "linear probe: label 3 of record 3 is not in [0, 3)");
    labels[3] = -1;
    ck_assert_int_eq(
        gedi_probe_train(&h, points, labels, N, D, K, &r, w, w + D * K, &err),
        GEDI_USAGE);
    make_points();
    points[D + 2] = INFINITY;
    ck_assert_int_eq(
        gedi_probe_train(&h, points, labels, N, D, K, &r, w, w + D * K, &err),
        GEDI_NUMERIC);
    ck_assert_str_eq(err.msg, "linear probe: number 2 of point 1 is inf");
    make_points();
    h.lr = 1e30;
    for (int i = 0; i < N * D; i++)
        points[i] *= 1e8f;
    ck_assert_int_eq(
        gedi_probe_train(&h, points, labels, N, D, K, &r, w, w + D * K, &err),
        GEDI_NUMERIC);
    ck_assert_msg(strstr(err.msg, "diverges in epoch 1: lr 1e+30 is too large"), "%s",
                  err.msg);
    h.epochs = 0;
    ck_assert_int_eq(
        gedi_probe_train(&h, points, labels, N, D, K, &r, w, w + D * K, &err),
        GEDI_USAGE);
}
END_TEST

/* ---- neighbours ---- */

static double cosine_of(const float *a, const float *b, int64_t d)
{
    double ab = 0, aa = 0, bb = 0;
    for (int64_t j = 0; j < d; j++) {
        ab += (double)a[j] * b[j];
        aa += (double)a[j] * a[j];
        bb += (double)b[j] * b[j];
    }
    return aa > 0 && bb > 0 ? ab / sqrt(aa * bb) : 0;
}

/* The k found are the k largest, in order, and no other is larger. */
static void ck_nearest(int64_t n, int64_t m, int64_t d, int64_t k)
{
    float *x = memory((size_t)(n * d) * sizeof *x),
          *q = memory((size_t)(m * d) * sizeof *q);
    float *cosine = memory((size_t)(m * k) * sizeof *cosine);
    int64_t *index = memory((size_t)(m * k) * sizeof *index);
    bool *taken = memory((size_t)n);
    testing_uniform(x, n * d, 5, -1, 1);
    testing_uniform(q, m * d, 6, -1, 1);
    ck_assert_msg(gedi_nearest(x, n, q, m, d, k, index, cosine, &err) == GEDI_OK, "%s",
                  err.msg);
    for (int64_t i = 0; i < m; i++) {
        memset(taken, 0, (size_t)n);
        for (int64_t j = 0; j < k; j++) {
            int64_t at = index[i * k + j];
            double c = at < 0 || at >= n ? NAN : cosine_of(x + at * d, q + i * d, d);
            ck_assert_msg(fabs(cosine[i * k + j] - c) <= 1e-6, "query %d, %d: point %d",
                          (int)i, (int)j, (int)at);
            ck_assert(!taken[at] && (!j || cosine[i * k + j] <= cosine[i * k + j - 1]));
            taken[at] = true;
        }
        for (int64_t at = 0; at < n; at++)
            ck_assert_msg(taken[at] || cosine_of(x + at * d, q + i * d, d) <=
                                           cosine[i * k + k - 1] + 1e-6,
                          "query %d: point %d is nearer", (int)i, (int)at);
    }
    free(x);
    free(q);
    free(cosine);
    free(index);
    free(taken);
}

START_TEST(nearest_are_nearest)
{
    ck_nearest(1, 1, 1, 1);
    ck_nearest(7, 3, 2, 7);
    ck_nearest(4096, 20, 3, 5);
    ck_nearest(4097, 257, 8, 20); /* beyond one block of points, and of queries */
    ck_nearest(9000, 5, 33, 200);
}
END_TEST

START_TEST(nearest_ties_and_zeros)
{
    static const float x[] = {1, 0, 2, 0, 0, 0, 0.5f, 0, -1, 0}, q[] = {3, 0, 0, 0};
    int64_t index[10];
    float cosine[10];
    ck_assert_int_eq(gedi_nearest(x, 5, q, 2, 2, 5, index, cosine, &err), GEDI_OK);
    static const int64_t want[] = {0, 1, 3, 2, 4, 0, 1, 2, 3, 4};
    static const float of[] = {1, 1, 1, 0, -1, 0, 0, 0, 0, 0};
    ck_assert_mem_eq(index, want, sizeof want);
    for (int i = 0; i < 10; i++)
        ck_assert(cosine[i] == of[i]);
}
END_TEST

START_TEST(nearest_refuses)
{
    float x[] = {1, 2, 3, NAN}, cosine[2];
    int64_t index[2];
    ck_assert_int_eq(gedi_nearest(x, 1, x, 1, 2, 2, index, cosine, &err), GEDI_USAGE);
    ck_assert_str_eq(err.msg, "the 2 nearest of 1 points to 1 points, of 2 numbers each");
    ck_assert_int_eq(gedi_nearest(x, 2, x, 1, 2, 1, index, cosine, &err), GEDI_NUMERIC);
    ck_assert_str_eq(err.msg, "nearest neighbours: number 1 of point 1 is nan");
    ck_assert_int_eq(gedi_nearest(x, 1, x, 2, 2, 1, index, cosine, &err), GEDI_NUMERIC);
}
END_TEST

/* ---- the evaluators ---- */

extern const gedi_evaluator gedi_evaluator_linear_probe, gedi_evaluator_knn;

/* Training: class 0 to the right, class 1 above; one of class 1 lies among class 0. */
static const float train_h[] = {1, 0, 2, 0.1f, 3, -0.1f, 1, 0.02f, 0, 1, 0.1f, 2, 0, 3};
static const int32_t train_y[] = {0, 0, 0, 1, 1, 1, 1};
static const float test_h[] = {1, 0.02f, 4, 0, 0, 4, 0.2f, 1};
static const int32_t test_y[] = {0, 0, 1, 1};

static gedi_trial trial(void)
{
    return (gedi_trial){.n = {7, 4},
                        .d = 2,
                        .h = {train_h, test_h},
                        .label = {train_y, test_y},
                        .classes = 2};
}

START_TEST(knn_votes)
{
    gedi_trial t = trial();
    ck_assert_msg(trial_evaluate(&gedi_evaluator_knn, &t, "k=1", &err) == GEDI_OK, "%s",
                  err.msg);
    /* Alone, the one among the others wins the first record. */
    ck_assert(trial_value(&t, "accuracy", "the 1 nearest training records") == 0.75);
    t = trial();
    ck_assert_int_eq(trial_evaluate(&gedi_evaluator_knn, &t, "k=3", NULL), GEDI_OK);
    ck_assert(trial_value(&t, "accuracy", "temperature 0.07") == 1.0);
    t = trial();
    /* Cold, the nearest decides again. */
    ck_assert_int_eq(
        trial_evaluate(&gedi_evaluator_knn, &t, "k=3 temperature=0.0001", NULL), GEDI_OK);
    ck_assert(trial_value(&t, "accuracy", "") == 0.75);
    t = trial();
    /* Hot, all 7 votes are equal, and 4 are of class 1. */
    ck_assert_int_eq(
        trial_evaluate(&gedi_evaluator_knn, &t, "k=7 temperature=1000000", NULL),
        GEDI_OK);
    ck_assert(trial_value(&t, "accuracy", "") == 0.5);
}
END_TEST

/* Records without a label neither vote nor count. */
START_TEST(missing_labels_are_left_out)
{
    static const int32_t some_y[] = {0, -1, 0, -1, 1, 1, -1}, half_y[] = {0, -1, -1, 1};
    gedi_trial t = trial();
    t.label[GEDI_TRAIN] = some_y;
    t.label[GEDI_TEST] = half_y;
    ck_assert_msg(trial_evaluate(&gedi_evaluator_knn, &t, "k=3", &err) == GEDI_OK, "%s",
                  err.msg);
    ck_assert(trial_value(&t, "accuracy", "") == 1.0);
    t = trial();
    t.label[GEDI_TRAIN] = some_y;
    t.label[GEDI_TEST] = half_y;
    ck_assert_int_eq(trial_evaluate(&gedi_evaluator_knn, &t, "k=5", &err), GEDI_USAGE);
    ck_assert_str_eq(err.msg,
                     "k: 5 records are to vote, but only 4 training records have "
                     "a label: lower k");
    t = trial();
    t.label[GEDI_TRAIN] = some_y;
    t.label[GEDI_TEST] = half_y;
    ck_assert_msg(trial_evaluate(&gedi_evaluator_linear_probe, &t,
                                 "epochs=300 batch=4 lr=0.1", &err) == GEDI_OK,
                  "%s", err.msg);
    ck_assert(trial_value(&t, "accuracy", "") == 1.0);
    ck_assert(trial_value(&t, "train_accuracy", "") == 1.0);
    static const int32_t none_y[] = {-1, -1, -1, -1};
    t = trial();
    t.label[GEDI_TEST] = none_y;
    ck_assert_int_eq(trial_evaluate(&gedi_evaluator_knn, &t, "k=3", &err), GEDI_USAGE);
    ck_assert_str_eq(err.msg, "no test record has a label");
}
END_TEST

/* A share of the labels: of each class alike, one at least, the same ones for both evaluators. */
START_TEST(few_labels)
{
    enum { MANY = 400 };
    static float h[2 * MANY];
    static int32_t y[MANY];
    for (int i = 0; i < MANY;
         i++) { /* 300 of class 0 to the right, 100 of class 1 above */
        y[i] = i % 4 == 3;
        h[2 * i] = y[i] ? 0.1f : 1.0f;
        h[2 * i + 1] = y[i] ? 1.0f : 0.001f * (float)i;
    }
    static const struct {
        const char *labels;
        int n[2];
    } table[] = {
        {"1", {300, 100}}, {"0.1", {30, 10}}, {"0.005", {2, 1}}, {"0.001", {1, 1}}};
    for (int i = 0; i < 4; i++) {
        char how[96], said[64];
        const int *n = table[i].n;
        gedi_trial t = trial();
        t.n[GEDI_TRAIN] = MANY;
        t.h[GEDI_TRAIN] = h;
        t.label[GEDI_TRAIN] = y;
        /* All that have a label vote, each as much: class 1 has fewer, but where it is one of two. */
        snprintf(how, sizeof how, "k=%d temperature=1e6 labels=%s", n[0] + n[1],
                 table[i].labels);
        snprintf(said, sizeof said, "; by %d labels, %s of them", n[0] + n[1],
                 table[i].labels);
        ck_assert_msg(trial_evaluate(&gedi_evaluator_knn, &t, how, &err) == GEDI_OK, "%s",
                      err.msg);
        double accuracy = trial_value(&t, "accuracy", i ? said : "temperature");
        ck_assert_msg(n[0] == n[1] || accuracy == 0.5, "%s: %g", how, accuracy);
        snprintf(how, sizeof how, "k=%d labels=%s", n[0] + n[1] + 1, table[i].labels);
        ck_assert_int_eq(trial_evaluate(&gedi_evaluator_knn, &t, how, &err), GEDI_USAGE);
        t.values = 0;
        snprintf(how, sizeof how, "epochs=400 lr=0.5 labels=%s", table[i].labels);
        ck_assert_msg(trial_evaluate(&gedi_evaluator_linear_probe, &t, how, &err) ==
                          GEDI_OK,
                      "%s", err.msg);
        ck_assert(trial_value(&t, "train_accuracy", i ? said : "epochs") == 1.0);
    }
    gedi_trial t = trial();
    ck_assert_int_eq(trial_ready(&gedi_evaluator_knn, &t, "k=6 labels=0.1", &err),
                     GEDI_USAGE);
    ck_assert_str_eq(err.msg, "k: 6 records are to vote, but labels: 0.1 of 7 training "
                              "records leave 2 at most: lower k, or raise labels");
}
END_TEST

START_TEST(linear_probe_reports)
{
    gedi_trial t = trial();
    ck_assert_msg(trial_evaluate(&gedi_evaluator_linear_probe, &t,
                                 "epochs=300 batch=7 lr=0.1", &err) == GEDI_OK,
                  "%s", err.msg);
    ck_assert(trial_value(&t, "accuracy", "300 epochs of SGD, learning rate 0.1") == 1.0);
    /* One training record cannot be right. */
    ck_assert(fabs(trial_value(&t, "train_accuracy", "training records") - 6.0 / 7) <=
              1e-12);
}
END_TEST

/* Before training and after. */
static void refused(const gedi_evaluator *e, gedi_trial t, const char *said)
{
    ck_assert_int_eq(trial_ready(e, &t, "", &err), GEDI_USAGE);
    ck_assert_str_eq(err.msg, said);
    ck_assert_int_eq(trial_evaluate(e, &t, "", &err), GEDI_USAGE);
    ck_assert_str_eq(err.msg, said);
}

START_TEST(evaluators_refuse)
{
    static const gedi_evaluator *const all[] = {&gedi_evaluator_linear_probe,
                                                &gedi_evaluator_knn};
    for (int i = 0; i < 2; i++) {
        gedi_trial t = trial();
        t.label[GEDI_TRAIN] = NULL;
        refused(all[i], t, "the training records have no labels");
        t = trial();
        t.n[GEDI_TEST] = 0;
        refused(all[i], t, "the dataset has no test records");
        t = trial();
        ck_assert_int_eq(trial_ready(all[i], &t, i ? "k=7" : "", &err), GEDI_OK);
    }
    refused(&gedi_evaluator_knn, trial(),
            "k: 20 records are to vote, but there are only 7 training records: lower k");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("probe");
    TCase *c = tcase_create("probe");
    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, probe_is_softmax_regression, 0, PROBES);
    tcase_add_test(c, probe_finds_the_classes);
    tcase_add_test(c, probe_refuses);
    tcase_add_test(c, nearest_are_nearest);
    tcase_add_test(c, nearest_ties_and_zeros);
    tcase_add_test(c, nearest_refuses);
    suite_add_tcase(s, c);
    c = tcase_create("evaluators");
    tcase_add_test(c, knn_votes);
    tcase_add_test(c, missing_labels_are_left_out);
    tcase_add_test(c, few_labels);
    tcase_add_test(c, linear_probe_reports);
    tcase_add_test(c, evaluators_refuse);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
