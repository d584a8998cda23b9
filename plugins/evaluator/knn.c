/* knn.c - what the nearest neighbours in the frozen encoder's space say of the class.
 *
 * Source:  Wu et al. 2018, "Unsupervised feature learning via non-parametric instance
 *          discrimination", section 3.4, eq. (9); k and temperature are the defaults of
 *          solo-learn's WeightedKNNClassifier.
 * Inputs:  features  [N, D]  of the encoder, training and test records; labels  [N]
 * Output:  accuracy of the test records: the class with the largest sum of
 *          exp(cosine / temperature) over the k nearest training records, the first one
 *          among equals
 * Differs: nothing
 */
#include "plugins/evaluator/features.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct knn {
    int64_t k;
    double temperature, labels;
} knn;

static const gedi_option knn_options[] = {
    GEDI_INT(knn, k, 20, 1, 100000, "nearest training records that vote"),
    GEDI_REAL(knn, temperature, 0.07, 1e-4, 1e6, "divides the cosines"),
    GEDI_REAL(knn, labels, 1.0, 1e-9, 1.0, FEATURES_LABELS_HELP),
    GEDI_END,
};

/* Memory of one evaluation. */
typedef struct knn_work {
    int64_t *index; /* [M, k] */
    float *cosine;  /* [M, k] */
    double *vote;   /* [classes] */
} knn_work;

static int32_t knn_vote(const knn *o, const features *train, const int64_t *index,
                        const float *cosine, int32_t classes, double *vote)
{
    int32_t best = 0;
    memset(vote, 0, (size_t)classes * sizeof *vote);
    for (int64_t j = 0; j < o->k; j++) /* relative to the nearest: nothing overflows */
        vote[train->label[index[j]]] +=
            exp(((double)cosine[j] - (double)cosine[0]) / o->temperature);
    for (int32_t c = 1; c < classes; c++)
        if (vote[c] > vote[best])
            best = c;
    return best;
}

static const gedi_metric knn_metrics[] = {
    {"accuracy", GEDI_MORE, "",
     "share of the test records whose class their nearest training records elect"},
    GEDI_METRICS_END,
};

static gedi_status knn_run(const knn *o, gedi_trial *t, const features *train,
                           const features *test, const knn_work *w, gedi_err *err)
{
    int64_t right = 0;
    char text[264], labels[64];
    GEDI_TRY(gedi_nearest(train->h, train->n, test->h, test->n, test->d, o->k, w->index,
                          w->cosine, err));
    for (int64_t i = 0; i < test->n; i++)
        right += test->label[i] == knn_vote(o, train, w->index + i * o->k,
                                            w->cosine + i * o->k, gedi_trial_classes(t),
                                            w->vote);
    snprintf(text, sizeof text,
             "share of the test records whose class the %lld nearest training records "
             "elect: cosine of the encoder's outputs, temperature %g%s",
             (long long)o->k, o->temperature, features_labels(train, o->labels, labels));
    gedi_trial_report(t, "accuracy", (double)right / (double)test->n, text);
    return GEDI_OK;
}

static gedi_status knn_ready(const void *self, gedi_trial *t, gedi_err *err)
{
    const knn *o = self;
    int64_t n = gedi_trial_count(t, GEDI_TRAIN);
    GEDI_TRY(features_there(t, err));
    if (o->k > n)
        return GEDI_FAIL(err, GEDI_USAGE,
                         "k: %lld records are to vote, but there are only %lld training "
                         "records: lower k",
                         (long long)o->k, (long long)n);
    /* Rounding gives a class half a record more, or the one that it has at least. */
    int64_t most = (int64_t)(o->labels * (double)n) + gedi_trial_classes(t);
    if (o->k > most)
        return GEDI_FAIL(err, GEDI_USAGE,
                         "k: %lld records are to vote, but labels: %g of %lld training "
                         "records leave %lld at most: lower k, or raise labels",
                         (long long)o->k, o->labels, (long long)n, (long long)most);
    return GEDI_OK;
}

static gedi_status knn_evaluate(const void *self, gedi_trial *t, gedi_err *err)
{
    const knn *o = self;
    features train = {0}, test = {0};
    GEDI_TRY(knn_ready(self, t, err));
    GEDI_TRY(features_of(t, GEDI_TRAIN, &train, err));
    gedi_status s = features_share(&train, t, o->labels, err);
    if (s == GEDI_OK)
        s = features_of(t, GEDI_TEST, &test, err);
    if (s == GEDI_OK && o->k > train.n)
        s = GEDI_FAIL(
            err, GEDI_USAGE,
            "k: %lld records are to vote, but only %lld training records have a "
            "label%s: lower k",
            (long long)o->k, (long long)train.n, o->labels < 1 ? " that is used" : "");
    knn_work w = {
        .index = malloc((size_t)(test.n * o->k) * sizeof *w.index),
        .cosine = malloc((size_t)(test.n * o->k) * sizeof *w.cosine),
        .vote = malloc((size_t)gedi_trial_classes(t) * sizeof *w.vote),
    };
    if (s == GEDI_OK)
        s = w.index && w.cosine && w.vote
                ? knn_run(o, t, &train, &test, &w, err)
                : gedi_no_memory(err, "%lld neighbours of %lld records", (long long)o->k,
                                 (long long)test.n);
    features_clear(&train);
    features_clear(&test);
    free(w.index);
    free(w.cosine);
    free(w.vote);
    return s;
}

GEDI_DEFINE(evaluator, knn) = {
    GEDI_HEAD(evaluator, knn),
    .brief = "accuracy of weighted nearest neighbours in the frozen encoder's space",
    .cite = "Wu et al. 2018, section 3.4, eq. (9)",
    .self_size = sizeof(knn),
    .options = knn_options,
    .evaluate = knn_evaluate,
    .metrics = knn_metrics,
    .ready = knn_ready,
};
