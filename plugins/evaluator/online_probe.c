/* online_probe.c - the classifier that learned beside a method, on test records.
 *
 * Source:  Costa et al. 2022, "solo-learn": the online linear evaluation of its methods
 * Inputs:  features  [N, D]  of the encoder, of test records without views; labels  [N]; weights
 *          of the objective online_probe, as they are
 * Output:  accuracy of the test records that have a label
 */
#include "plugins/evaluator/features.h"

static const gedi_metric online_probe_metrics[] = {
    {"accuracy", GEDI_MORE, "",
     "share of the test records right under the linear layer that learned beside the "
     "method"},
    GEDI_METRICS_END,
};

static gedi_status online_probe_ready(const void *self, gedi_trial *t, gedi_err *err)
{
    int64_t n;
    (void)self;
    if (gedi_trial_count(t, GEDI_TEST) < 1)
        return GEDI_FAIL(err, GEDI_USAGE, "the dataset has no test records");
    if (!gedi_trial_has_labels(t, GEDI_TEST))
        return GEDI_FAIL(err, GEDI_USAGE, "the test records have no labels");
    if (!gedi_trial_parameter(t, "probe.weight", &n) ||
        !gedi_trial_parameter(t, "probe.bias", &n))
        return GEDI_FAIL(err, GEDI_USAGE,
                         "no probe learns beside the method: list the objective "
                         "online_probe with it, such as [swav: {}, online_probe: {}]");
    return GEDI_OK;
}

static gedi_status online_probe_evaluate(const void *self, gedi_trial *t, gedi_err *err)
{
    features test = {0};
    int64_t n;
    int32_t k = gedi_trial_classes(t);
    GEDI_TRY(online_probe_ready(self, t, err));
    GEDI_TRY(features_of(t, GEDI_TEST, &test, err));
    int32_t *y = malloc((size_t)test.n * sizeof *y);
    if (y) {
        gedi_probe_classify(test.h, test.n, test.d,
                            gedi_trial_parameter(t, "probe.weight", &n),
                            gedi_trial_parameter(t, "probe.bias", &n), k, y);
        gedi_trial_report(t, "accuracy", features_accuracy(test.label, y, test.n), NULL);
    }
    free(y);
    features_clear(&test);
    return y ? GEDI_OK : gedi_no_memory(err, "the classes of the test records");
}

GEDI_DEFINE(evaluator, online_probe) = {
    GEDI_HEAD(evaluator, online_probe),
    .brief = "accuracy of the linear classifier that learned beside the method",
    .cite = "Costa et al. 2022",
    .evaluate = online_probe_evaluate,
    .metrics = online_probe_metrics,
    .ready = online_probe_ready,
};
