/* features.h - what the evaluators of frozen features share: features with their labels. */
#ifndef GEDI_PLUGINS_EVALUATOR_FEATURES_H
#define GEDI_PLUGINS_EVALUATOR_FEATURES_H

#include "gedi/plugin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct features {
    int64_t n, d;
    const float *h;       /* [N, D], of the encoder */
    const int32_t *label; /* [N] */
    float *own_h;         /* where some records have no label: those that do */
    int32_t *own_label;
} features;

/* What a classifier needs besides. */
static inline gedi_status features_of_classes(const gedi_trial *t, gedi_err *err)
{
    return gedi_trial_classes(t) > 1
               ? GEDI_OK
               : GEDI_FAIL(err, GEDI_USAGE,
                           "all records have one class: there is nothing to learn");
}

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

/* Keeps the records with `keep` [N], in their order. */
static inline gedi_status features_keep(features *f, const bool *keep, int64_t m,
                                        gedi_err *err)
{
    size_t width = (size_t)f->d;
    features part = {.d = f->d};
    part.own_h = malloc((size_t)m * width * sizeof *part.own_h);
    part.own_label = malloc((size_t)m * sizeof *part.own_label);
    if (!part.own_h || !part.own_label) {
        features_clear(&part);
        return gedi_no_memory(err, "features of %lld records", (long long)m);
    }
    for (int64_t i = 0; i < f->n; i++)
        if (keep[i]) {
            memcpy(part.own_h + (size_t)part.n * width, f->h + (size_t)i * width,
                   width * sizeof *f->h);
            part.own_label[part.n++] = f->label[i];
        }
    part.h = part.own_h;
    part.label = part.own_label;
    features_clear(f);
    *f = part;
    return GEDI_OK;
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
    bool *keep = malloc((size_t)n * sizeof *keep);
    if (!keep)
        return gedi_no_memory(err, "features of %lld records", (long long)m);
    for (int64_t i = 0; i < n; i++)
        keep[i] = out->label[i] >= 0;
    gedi_status s = features_keep(out, keep, m, err);
    free(keep);
    return s;
}

/* A share of the labels is kept, that of each class rounded, and one of each at least; which they
 * are is drawn, the same for all evaluators of a run. */
#define FEATURES_LABELS_HELP                                                             \
    "share of the training labels that are used: of each class alike, and one at least"

static inline int64_t features_quota(double share, int64_t count)
{
    int64_t quota = (int64_t)(share * (double)count + 0.5);
    return count && !quota ? 1 : quota;
}

/* Which of n records with a label are used, in keep [n]; *m are.  */
static inline gedi_status features_draw(gedi_trial *t, const int32_t *label, int64_t n,
                                        double share, bool *keep, int64_t *m,
                                        gedi_err *err)
{
    int64_t classes = gedi_trial_classes(t);
    gedi_rng r = gedi_trial_rng(t, 1);
    int64_t *order = malloc((size_t)n * sizeof *order);
    int64_t *quota = calloc((size_t)classes, sizeof *quota);
    gedi_status s = GEDI_OK;
    *m = 0;
    if (!order || !quota)
        s = gedi_no_memory(err, "labels of %lld records", (long long)n);
    for (int64_t i = 0; s == GEDI_OK && i < n; i++)
        quota[label[i]]++;
    for (int64_t c = 0; s == GEDI_OK && c < classes; c++)
        *m += quota[c] = features_quota(share, quota[c]);
    if (s == GEDI_OK)
        gedi_rng_permutation(&r, order, n);
    for (int64_t i = 0; s == GEDI_OK && i < n; i++)
        keep[order[i]] = quota[label[order[i]]]-- > 0;
    free(order);
    free(quota);
    return s;
}

static inline gedi_status features_share(features *f, gedi_trial *t, double share,
                                         gedi_err *err)
{
    int64_t m;
    if (share >= 1)
        return GEDI_OK;
    bool *keep = malloc((size_t)f->n * sizeof *keep);
    if (!keep)
        return gedi_no_memory(err, "labels of %lld records", (long long)f->n);
    gedi_status s = features_draw(t, f->label, f->n, share, keep, &m, err);
    if (s == GEDI_OK)
        s = features_keep(f, keep, m, err);
    free(keep);
    return s;
}

/* "; 40 labels, 0.1 of them", for the definition of a metric; "" where it is all. */
static inline const char *features_labels(const features *f, double share, char out[64])
{
    *out = '\0';
    if (share < 1)
        snprintf(out, 64, "; by %lld labels, %g of them", (long long)f->n, share);
    return out;
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
