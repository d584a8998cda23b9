/* features.h - what the evaluators of frozen features share: features with their labels. */
#ifndef GEDI_PLUGINS_EVALUATOR_FEATURES_H
#define GEDI_PLUGINS_EVALUATOR_FEATURES_H

#include "gedi/plugin.h"

#include <stdlib.h>
#include <string.h>

typedef struct features {
    int64_t n, d;
    const float *h;       /* [N, D], of the encoder */
    const int32_t *label; /* [N] */
    float *own_h;         /* where some records have no label: those that do */
    int32_t *own_label;
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

static inline void features_clear(features *f)
{
    free(f->own_h);
    free(f->own_label);
    memset(f, 0, sizeof *f);
}

/* Of the records of a split that have a label.
 *   Errors: GEDI_USAGE where none has, what the trial raises.  */
static inline gedi_status features_of(gedi_trial *t, gedi_split split, features *out,
                                      gedi_err *err)
{
    int64_t n = gedi_trial_count(t, split), m = 0;
    *out = (features){.n = n};
    GEDI_TRY(gedi_trial_features(t, split, &out->h, &out->d, err));
    out->label = gedi_trial_labels(t, split);
    for (int64_t i = 0; i < n; i++)
        m += out->label[i] >= 0;
    if (m == n)
        return GEDI_OK;
    if (!m)
        return GEDI_FAIL(err, GEDI_USAGE, "no %s record has a label",
                         split == GEDI_TEST ? "test" : "training");
    size_t width = (size_t)out->d;
    out->own_h = malloc((size_t)m * width * sizeof *out->own_h);
    out->own_label = malloc((size_t)m * sizeof *out->own_label);
    if (!out->own_h || !out->own_label) {
        features_clear(out);
        return gedi_no_memory(err, "features of %lld records", (long long)m);
    }
    out->n = 0;
    for (int64_t i = 0; i < n; i++)
        if (out->label[i] >= 0) {
            memcpy(out->own_h + (size_t)out->n * width, out->h + (size_t)i * width,
                   width * sizeof *out->h);
            out->own_label[out->n++] = out->label[i];
        }
    out->h = out->own_h;
    out->label = out->own_label;
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
