/* linear_probe.c - what a linear layer makes of the frozen encoder.
 *
 * Source:  Sansone & Manhaeve, "Unifying Self-Supervised Clustering and Energy-Based
 *          Models", table 10: 100 epochs of SGD with momentum, learning rate 1e-3, batch 100
 * Inputs:  features  [N, D]  of the encoder, training and test records; labels  [N]
 * Output:  accuracy of the test records, and of the training records
 * Differs: features are computed once, of records without views; the momentum, which is not
 *          printed, is .9.
 */
#include "plugins/evaluator/features.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct linear_probe {
    gedi_probe how;
    double labels;
} linear_probe;

static const gedi_option linear_probe_options[] = {
    GEDI_INT_AT(linear_probe, how.epochs, "epochs", 100, 1, 1000000,
                "passes over the training records whose labels are used"),
    GEDI_INT_AT(linear_probe, how.batch, "batch", 100, 1, 10000000, "records in a batch"),
    GEDI_REAL_AT(linear_probe, how.lr, "lr", 1e-3, 0.0, 1e6, "learning rate, constant"),
    GEDI_REAL_AT(linear_probe, how.momentum, "momentum", 0.9, 0.0, 0.999999,
                 "decay of the momentum; 0: none"),
    GEDI_REAL_AT(linear_probe, how.weight_decay, "weight_decay", 0.0, 0.0, 1e3,
                 "this times the weights is added to their gradient"),
    GEDI_REAL(linear_probe, labels, 1.0, 1e-9, 1.0, FEATURES_LABELS_HELP),
    GEDI_END,
};

static const gedi_metric linear_probe_metrics[] = {
    {"accuracy", GEDI_MORE, "",
     "share of the test records right under a linear layer on the frozen encoder"},
    {"train_accuracy", GEDI_MORE, "", "the same of the training records"},
    GEDI_METRICS_END,
};

static void linear_probe_report(const linear_probe *o, gedi_trial *t, const char *name,
                                const char *split, const features *train, double accuracy)
{
    char text[304], labels[64];
    snprintf(text, sizeof text,
             "share of the %s records that are right under a linear layer on the frozen "
             "encoder's output: %lld epochs of SGD, learning rate %g, momentum %g, batch "
             "%lld%s",
             split, (long long)o->how.epochs, o->how.lr, o->how.momentum,
             (long long)o->how.batch, features_labels(train, o->labels, labels));
    gedi_trial_report(t, name, accuracy, text);
}

static gedi_status linear_probe_ready(const void *self, gedi_trial *t, gedi_err *err)
{
    (void)self;
    GEDI_TRY(features_there(t, err));
    return features_of_classes(t, err);
}

static gedi_status linear_probe_evaluate(const void *self, gedi_trial *t, gedi_err *err)
{
    const linear_probe *o = self;
    features train = {0}, test = {0};
    GEDI_TRY(linear_probe_ready(self, t, err));
    GEDI_TRY(features_of(t, GEDI_TRAIN, &train, err));
    gedi_status s = features_share(&train, t, o->labels, err);
    if (s == GEDI_OK)
        s = features_of(t, GEDI_TEST, &test, err);
    int32_t k = gedi_trial_classes(t);
    int64_t d = train.d, most = train.n > test.n ? train.n : test.n;
    gedi_rng r = gedi_trial_rng(t, 0);
    float *weight = malloc((size_t)(d * k) * sizeof *weight);
    float *bias = malloc((size_t)k * sizeof *bias);
    int32_t *y = malloc((size_t)most * sizeof *y);
    if (s == GEDI_OK && (!weight || !bias || !y))
        s = gedi_no_memory(err, "%lld records", (long long)most);
    if (s == GEDI_OK)
        s = gedi_probe_train(&o->how, train.h, train.label, train.n, d, k, &r, weight,
                             bias, err);
    if (s == GEDI_OK) {
        gedi_probe_classify(test.h, test.n, d, weight, bias, k, y);
        linear_probe_report(o, t, "accuracy", "test", &train,
                            features_accuracy(test.label, y, test.n));
        gedi_probe_classify(train.h, train.n, d, weight, bias, k, y);
        linear_probe_report(o, t, "train_accuracy", "training", &train,
                            features_accuracy(train.label, y, train.n));
    }
    free(weight);
    free(bias);
    free(y);
    features_clear(&train);
    features_clear(&test);
    return s;
}

GEDI_DEFINE(evaluator, linear_probe) = {
    GEDI_HEAD(evaluator, linear_probe),
    .brief = "accuracy of a linear layer trained on the frozen encoder's output",
    .cite = "Sansone & Manhaeve, table 10",
    .self_size = sizeof(linear_probe),
    .options = linear_probe_options,
    .evaluate = linear_probe_evaluate,
    .metrics = linear_probe_metrics,
    .ready = linear_probe_ready,
};
