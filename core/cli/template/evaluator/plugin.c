/* @NAME@.c - an evaluator: how sure the model is of its assignments.
 *
 * Source:  the paper and its section
 * Inputs:  p(y|x) [N, K] of all test records
 * Output:  confidence  mean of max_y p(y|x);  sure  share of records above `threshold`
 * Differs: nothing
 */
#include <gedi/gedi.h>

typedef struct {
    double threshold;
} @NAME@_self;

static const gedi_option @NAME@_options[] = {
    GEDI_REAL(@NAME@_self, threshold, 0.9, 0.0, 1.0, "probability that counts as sure"),
    GEDI_END,
};

static const gedi_metric @NAME@_metrics[] = {
    {"confidence", GEDI_MORE, "", "mean of max_y p(y|x), test set"},
    {"sure", GEDI_MORE, "", "share of test records above the threshold"},
    GEDI_METRICS_END,
};

static gedi_status @NAME@_evaluate(const void *self, gedi_trial *t, gedi_err *err)
{
    const @NAME@_self *o = self;
    const float *p;
    int64_t n = gedi_trial_count(t, GEDI_TEST), k, sure = 0;
    double sum = 0.0;
    GEDI_TRY(gedi_trial_assignments(t, GEDI_TEST, &p, &k, err));
    if (n < 1)
        return GEDI_FAIL(err, GEDI_DATA, "there are no test records");
    for (int64_t i = 0; i < n; i++) {
        float most = 0.0f;
        for (int64_t j = 0; j < k; j++)
            most = p[i * k + j] > most ? p[i * k + j] : most;
        sum += most;
        sure += most > o->threshold;
    }
    gedi_trial_report(t, "confidence", sum / (double)n, NULL);
    gedi_trial_report(t, "sure", (double)sure / (double)n, NULL);
    return GEDI_OK;
}

GEDI_DEFINE(evaluator, @NAME@) = {
    GEDI_HEAD(evaluator, @NAME@),
    .brief = "how sure the model is of its assignments",
    .cite = "",
    .self_size = sizeof(@NAME@_self),
    .options = @NAME@_options,
    .evaluate = @NAME@_evaluate,
    .metrics = @NAME@_metrics,
};
