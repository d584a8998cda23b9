/* ood.c - can the model tell the records of other datasets from its own?
 *
 * Source:  Grathwohl et al. 2020, "Your classifier is secretly an energy based model",
 *          section 5.3; Sansone & Manhaeve, "Unifying Self-Supervised Clustering and
 *          Energy-Based Models", table 5: s(x) = -|d log p(x) / dx|
 * Inputs:  test records of the run, the positives, and of each other dataset, the negatives
 * Output:  <dataset>.gradient, .log_p, .max_p: AUROC of the scores s(x), log p(x), max p(y|x);
 *          the same with _low, _high: ends of a 95 % interval of that AUROC (DeLong et al.
 *          1988; core/metric/auroc.c); with _fpr95: their false positive rate at a true
 *          positive rate of 95 %
 * Differs: no noise is added to the records. Images of the others are standardised as those
 *          of the run, whatever mean and std they state. max p(y|x) is ranked by its log odds,
 *          which have the same order and do not round to 1.
 */
#include "gedi/plugin.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct ood {
    gedi_components against;
} ood;

static const gedi_option ood_options[] = {
    GEDI_COMPONENTS(
        ood, against, "dataset",
        "datasets whose test records are the negatives, standardised like the run's: "
        "[svhn] or, with options, [svhn: {path: FOLDER}]"),
    GEDI_END,
};

enum { OOD_GRADIENT, OOD_LOG_P, OOD_MAX_P, OOD_SCORES };

static const struct {
    const char *name, *panel, *text;
} ood_score[OOD_SCORES] = {
    {"gradient", "-log10 |d log p(x) / dx|", "-|d log p(x) / dx|"},
    {"log_p", "log p(x) + const", "log p(x)"},
    {"max_p", "log odds of max p(y|x)", "max p(y|x), ranked by its log odds"},
};

static gedi_status ood_check(const void *self, gedi_err *err)
{
    const ood *o = self;
    if (o->against.n < 1)
        return GEDI_FAIL(err, GEDI_OPTION,
                         "against: no dataset is named: write [NAME], such as [circles]");
    return GEDI_OK;
}

/* The i-th score of all records, larger for those of the run; NULL where there is none.
 * `negated` [N] is memory for the first. */
static const float *ood_values(const gedi_record_scores *s, int i, float *negated)
{
    if (i == OOD_LOG_P)
        return s->log_p;
    if (i == OOD_MAX_P)
        return gedi_record_log_odds(s);
    for (int64_t k = 0; s->slope && k < s->n; k++)
        negated[k] = -s->slope[k];
    return s->slope ? negated : NULL;
}

/* Keeps a score for the figure: slopes on a scale on which both tails can be seen. */
static gedi_status ood_keep(gedi_trial *t, int i, const char *series, const float *x,
                            int64_t n, gedi_err *err)
{
    float *shown = malloc((size_t)n * sizeof *shown);
    if (!shown)
        return gedi_no_memory(err, "%lld scores", (long long)n);
    for (int64_t k = 0; k < n; k++)
        shown[k] = i == OOD_GRADIENT ? (float)-log10(fmax(-x[k], 1e-20)) : x[k];
    gedi_trial_histogram(t, ood_score[i].panel, series, shown, n);
    free(shown);
    return GEDI_OK;
}

/* What a dataset is called: its name, with a number where it is there before. */
static void ood_name(const ood *o, int64_t i, char *out, size_t size)
{
    const char *name = o->against.v[i].plugin->name;
    int before = 0;
    for (int64_t k = 0; k < i; k++)
        before += !strcmp(o->against.v[k].plugin->name, name);
    if (before)
        snprintf(out, size, "%s_%d", name, before + 1);
    else
        snprintf(out, size, "%s", name);
}

static bool ood_names(const void *self, int i, char *out, size_t size)
{
    const ood *o = self;
    if (i >= o->against.n)
        return false;
    ood_name(o, i, out, size);
    return true;
}

static const gedi_metric ood_metrics[] = {
    {"*.gradient", GEDI_MORE, "",
     "AUROC of -|d log p(x) / dx|, the run's test records against those of a dataset"},
    {"*.log_p", GEDI_MORE, "", "AUROC of log p(x), likewise"},
    {"*.max_p", GEDI_MORE, "", "AUROC of max p(y|x), ranked by its log odds, likewise"},
    {"*.gradient_low", GEDI_NEITHER, "",
     "lower end of the 95 % interval of the AUROC of -|d log p(x) / dx| (DeLong's variance, "
     "symmetric for logits): what other records of both datasets would show of this model"},
    {"*.gradient_high", GEDI_NEITHER, "", "upper end, likewise"},
    {"*.log_p_low", GEDI_NEITHER, "",
     "lower end of the 95 % interval of the AUROC of log p(x), likewise"},
    {"*.log_p_high", GEDI_NEITHER, "", "upper end, likewise"},
    {"*.max_p_low", GEDI_NEITHER, "",
     "lower end of the 95 % interval of the AUROC of max p(y|x), likewise"},
    {"*.max_p_high", GEDI_NEITHER, "", "upper end, likewise"},
    {"*.gradient_fpr95", GEDI_LESS, "",
     "FPR at 95 % TPR of -|d log p(x) / dx|: the share of a dataset's records that pass for "
     "the run's where 95 % of the run's test records do"},
    {"*.log_p_fpr95", GEDI_LESS, "", "FPR at 95 % TPR of log p(x), likewise"},
    {"*.max_p_fpr95", GEDI_LESS, "",
     "FPR at 95 % TPR of max p(y|x), ranked by its log odds, likewise"},
    GEDI_METRICS_END,
};

/* The two datasets that a score tells apart, the run's and the other. */
typedef struct ood_pair {
    const char *name; /* of the other */
    int64_t n, m;     /* records of the run, of the other */
    bool alone;       /* p(y|x) is all there is */
} ood_pair;

static void ood_report(gedi_trial *t, const ood_pair *of, int i, const char *suffix,
                       const char *what, double value)
{
    char metric[128], text[288];
    snprintf(metric, sizeof metric, "%s.%s%s", of->name, ood_score[i].name, suffix);
    snprintf(text, sizeof text,
             "%s of %s, %lld test records of the run against %lld of %s%s", what,
             ood_score[i].text, (long long)of->n, (long long)of->m, of->name,
             of->alone ? "; the objective has no energy, so there is no score of log p(x)"
                       : "");
    gedi_trial_report(t, metric, value, text);
}

static gedi_status ood_compare(gedi_trial *t, const ood_pair *of, int i,
                               const float *ours, const float *theirs, gedi_err *err)
{
    char series[128];
    double fpr;
    gedi_auroc_estimate a;
    gedi_err own = {0};
    gedi_status s = gedi_auroc_interval(ours, of->n, theirs, of->m, &a, &own);
    if (s == GEDI_OK)
        s = gedi_fpr95(ours, of->n, theirs, of->m, &fpr, &own);
    if (s != GEDI_OK)
        return GEDI_FAIL(err, s, "%s, %s: %s", of->name, ood_score[i].name, own.msg);
    ood_report(t, of, i, "", "AUROC", a.area);
    ood_report(t, of, i, "_low", "lower end of the 95 % interval of AUROC", a.low);
    ood_report(t, of, i, "_high", "upper end of the 95 % interval of AUROC", a.high);
    ood_report(t, of, i, "_fpr95", "FPR at 95 % TPR", fpr);
    snprintf(series, sizeof series, "%s: AUROC %.3f", of->name, a.area);
    return ood_keep(t, i, series, theirs, of->m, err);
}

/* All scores of one other dataset against those of the run. */
static gedi_status ood_against(gedi_trial *t, const ood *o, int64_t at,
                               const gedi_record_scores *ours, const float *const *value,
                               gedi_err *err)
{
    gedi_record_scores theirs;
    char name[96];
    gedi_status s = GEDI_OK;
    ood_name(o, at, name, sizeof name);
    GEDI_TRY(gedi_trial_scores(t, &o->against.v[at], GEDI_TEST, &theirs, err));
    const ood_pair of = {name, ours->n, theirs.n, !ours->log_p};
    float *negated = malloc((size_t)theirs.n * sizeof *negated);
    if (!negated)
        return gedi_no_memory(err, "%lld scores", (long long)theirs.n);
    for (int i = 0; i < OOD_SCORES && s == GEDI_OK; i++) {
        const float *x = ood_values(&theirs, i, negated);
        if (x)
            s = ood_compare(t, &of, i, value[i], x, err);
    }
    free(negated);
    return s;
}

/* Of the scores that the objective does not state. */
static void ood_omit(gedi_trial *t)
{
    if (!gedi_trial_has_energy(t)) {
        gedi_trial_omit(t, "*.gradient*", "the objective has no energy");
        gedi_trial_omit(t, "*.log_p*", "the objective has no energy");
    }
    if (!gedi_trial_has_clusters(t))
        gedi_trial_omit(t, "*.max_p*", "the objective has no p(y|x)");
}

static gedi_status ood_ready(const void *self, gedi_trial *t, gedi_err *err)
{
    const ood *o = self;
    int64_t n;
    if (!gedi_trial_has_energy(t) && !gedi_trial_has_clusters(t))
        return GEDI_FAIL(
            err, GEDI_USAGE,
            "the objective has neither an energy nor p(y|x): there is nothing "
            "to score records by");
    if (gedi_trial_count(t, GEDI_TEST) < 1)
        return GEDI_FAIL(err, GEDI_USAGE, "the dataset has no test records");
    for (int64_t i = 0; i < o->against.n; i++) {
        GEDI_TRY(gedi_trial_count_of(t, &o->against.v[i], GEDI_TEST, &n, err));
        if (n < 1)
            return GEDI_FAIL(err, GEDI_USAGE,
                             "against: dataset %s has no test records, which are the "
                             "negatives",
                             o->against.v[i].plugin->name);
    }
    ood_omit(t);
    return GEDI_OK;
}

static gedi_status ood_evaluate(const void *self, gedi_trial *t, gedi_err *err)
{
    const ood *o = self;
    gedi_record_scores ours;
    const float *value[OOD_SCORES];
    GEDI_TRY(gedi_trial_scores(t, NULL, GEDI_TEST, &ours, err));
    float *negated = malloc((size_t)ours.n * sizeof *negated);
    if (!negated)
        return gedi_no_memory(err, "%lld scores", (long long)ours.n);
    gedi_status s = GEDI_OK;
    for (int i = 0; i < OOD_SCORES && s == GEDI_OK; i++) {
        value[i] = ood_values(&ours, i, negated);
        if (value[i])
            s = ood_keep(t, i, "the run's data", value[i], ours.n, err);
    }
    for (int64_t at = 0; at < o->against.n && s == GEDI_OK; at++)
        s = ood_against(t, o, at, &ours, value, err);
    free(negated);
    return s;
}

GEDI_DEFINE(evaluator, ood) = {
    GEDI_HEAD(evaluator, ood),
    .revision = 2, /* 1: max p(y|x) is ranked by its log odds; 2: intervals */
    .brief = "AUROC with a 95 % interval, and FPR at 95 % TPR, of the run's test records "
             "against other datasets",
    .cite = "Grathwohl et al. 2020, section 5.3; Sansone & Manhaeve, table 5; DeLong et "
            "al. 1988",
    .self_size = sizeof(ood),
    .options = ood_options,
    .check = ood_check,
    .ready = ood_ready,
    .evaluate = ood_evaluate,
    .metrics = ood_metrics,
    .names = ood_names,
};
