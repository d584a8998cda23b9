/* features.h - what the evaluators of frozen features share: features with their labels. */
#ifndef GEDI_PLUGINS_EVALUATOR_FEATURES_H
#define GEDI_PLUGINS_EVALUATOR_FEATURES_H

#include "gedi/plugin.h"

typedef struct features {
    int64_t n, d;
    const float *h;       /* [N, D], of the encoder */
    const int32_t *label; /* [N] */
} features;

/*   Errors: GEDI_DATA where the split has no records or no labels.  */
static inline gedi_status features_of(gedi_trial *t, gedi_split split, features *out,
                                      gedi_err *err)
{
    const char *name = split == GEDI_TEST ? "test" : "training";
    out->n = gedi_trial_count(t, split);
    if (out->n < 1)
        return GEDI_FAIL(err, GEDI_DATA, "the dataset has no %s records", name);
    GEDI_TRY(gedi_trial_features(t, split, &out->h, &out->d, err));
    out->label = gedi_trial_labels(t, split);
    if (!out->label)
        return GEDI_FAIL(err, GEDI_DATA, "the %s records have no labels", name);
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
