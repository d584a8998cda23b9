/* features.h - what the evaluators of frozen features share: features with their labels. */
#ifndef GEDI_PLUGINS_EVALUATOR_FEATURES_H
#define GEDI_PLUGINS_EVALUATOR_FEATURES_H

#include "gedi/plugin.h"

typedef struct features {
    int64_t n, d;
    const float *h;       /* [N, D], of the encoder */
    const int32_t *label; /* [N] */
} features;

/* Of both splits; computes nothing, so that it can be asked before training.
 *   Errors: GEDI_USAGE where a split has no records or no labels.  */
static inline gedi_status features_there(const gedi_trial *t, gedi_err *err)
{
    static const char *const name[GEDI_SPLITS] = {
        [GEDI_TRAIN] = "training",
        [GEDI_TEST] = "test",
    };
    for (int s = 0; s < GEDI_SPLITS; s++) {
        if (gedi_trial_count(t, (gedi_split)s) < 1)
            return GEDI_FAIL(err, GEDI_USAGE, "the dataset has no %s records", name[s]);
        if (!gedi_trial_has_labels(t, (gedi_split)s))
            return GEDI_FAIL(err, GEDI_USAGE, "the %s records have no labels", name[s]);
    }
    return GEDI_OK;
}

/* Of a split that has records and labels. */
static inline gedi_status features_of(gedi_trial *t, gedi_split split, features *out,
                                      gedi_err *err)
{
    out->n = gedi_trial_count(t, split);
    GEDI_TRY(gedi_trial_features(t, split, &out->h, &out->d, err));
    out->label = gedi_trial_labels(t, split);
    return GEDI_OK;
}

/* Share of the n labels that are predicted. */
static inline double features_accuracy(const int32_t *label, const int32_t *predicted,
                                       int64_t n)
{
    int64_t right = 0;
    for (int64_t i = 0; i < n; i++)
        right += label[i] == predicted[i];
    return (double)right / (double)n;
}

#endif
