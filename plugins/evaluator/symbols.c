/* symbols.c - whether clusters are the classes by their own names, and whether rules pin them down.
 *
 * Source:  Manhaeve et al. 2018, "DeepProbLog"; Marconato et al. 2023, "Not all neuro-symbolic concepts
 *          are created equal", on reasoning shortcuts: labels may be exchanged and the rules still hold.
 * Inputs:  p(y|x)  [N P, K]  of every part of a split; labels of the parts, of both splits
 * Output:  accuracy, cluster k against class k, as they are; with rules: holds, relabellings, maps
 * Differs: the answer of a record is that which is more likely than not, as there may be chance in the
 *          rules. Relabellings are counted over the answers of the training records, and left out where
 *          SYMBOLS_MOST_TRIED attempts are not enough.
 */
#include "plugins/rules/rules.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SYMBOLS_MOST_TRIED = 300000, SYMBOLS_MOST_CLASSES = 64 };

typedef struct symbols {
    int64_t split;
    const char *rules, *query;
    rules of;
} symbols;

static const gedi_split symbols_split[] = {GEDI_TEST, GEDI_TRAIN};

static const gedi_option symbols_options[] = {
    GEDI_ENUM(symbols, split, 0, "test|train", "the records to judge"),
    GEDI_FILE(symbols, rules,
              "file of rules, in ProbLog's syntax; empty: accuracy alone"),
    GEDI_TEXT(
        symbols, query, "",
        "what holds of a record, such as addition(x1, x2, x3); empty: the file's own "
        "query(...)"),
    GEDI_END,
};

static const gedi_metric symbols_metrics[] = {
    {"accuracy", GEDI_MORE, "",
     "share of parts whose cluster has the number of their class"},
    {"holds", GEDI_MORE, "", "share of records that get the answer of their labels"},
    {"relabellings", GEDI_LESS, "",
     "ways to exchange the classes that leave every answer: 1 where the rules pin them down"},
    {"maps", GEDI_LESS, "",
     "the same, where several classes may become one: above `relabellings`, clusters may collapse"},
    GEDI_METRICS_END,
};

static gedi_status symbols_open(void *self, const gedi_open *from, gedi_err *err)
{
    symbols *o = self;
    return *o->rules ? rules_open(from->directory, o->rules, o->query, 0, &o->of, err)
                     : GEDI_OK;
}

static void symbols_close(void *self)
{
    symbols *o = self;
    rules_close(&o->of);
}

static gedi_status symbols_ready(const void *self, gedi_trial *t, gedi_err *err)
{
    const symbols *o = self;
    int64_t parts = gedi_trial_parts(t), classes = gedi_trial_classes(t);
    if (!gedi_trial_has_labels(t, symbols_split[o->split]))
        return GEDI_FAIL(err, GEDI_USAGE, "split: the %s records have no labels",
                         o->split ? "training" : "test");
    if (!*o->rules)
        return GEDI_OK;
    if (o->of.parts > parts)
        return GEDI_FAIL(err, GEDI_USAGE,
                         "query: it speaks of x%d, but a record has %lld part%s",
                         o->of.parts, (long long)parts, parts == 1 ? "" : "s");
    if (o->of.values != classes || classes > SYMBOLS_MOST_CLASSES)
        return GEDI_FAIL(
            err, GEDI_USAGE,
            "rules: a network there tells %d values apart, but there are %lld classes%s",
            o->of.values, (long long)classes,
            o->of.values == classes ? ", of which 64 are the most" : "");
    return GEDI_OK;
}

/* ---- accuracy ---- */

/* The cluster of each of n records, [n]. */
static gedi_status clusters_of(const float *p, int64_t n, int64_t k, int32_t *y,
                               gedi_err *err)
{
    for (int64_t i = 0; i < n; i++) {
        y[i] = 0;
        for (int64_t j = 0; j < k; j++) {
            if (isnan(p[i * k + j]))
                return GEDI_FAIL(err, GEDI_NUMERIC,
                                 "p(y|x) of record %lld is not a number", (long long)i);
            if (p[i * k + j] > p[i * k + y[i]])
                y[i] = (int32_t)j;
        }
    }
    return GEDI_OK;
}

static void report_accuracy(gedi_trial *t, const int32_t *label, const int32_t *y,
                            int64_t n)
{
    int64_t right = 0, known = 0;
    char text[160];
    for (int64_t i = 0; i < n; i++) {
        known += label[i] >= 0;
        right += label[i] >= 0 && label[i] == y[i];
    }
    snprintf(
        text, sizeof text,
        "share of %lld labelled parts whose cluster, the argmax of p(y|x), has the number of "
        "their class: nothing is matched",
        (long long)known);
    if (known)
        gedi_trial_report(t, "accuracy", (double)right / (double)known, text);
}

/* ---- rules ---- */

static bool all_known(const int32_t *label, int64_t parts)
{
    for (int64_t i = 0; i < parts; i++)
        if (label[i] < 0)
            return false;
    return true;
}

static gedi_status report_holds(const symbols *o, gedi_trial *t, const int32_t *label,
                                const int32_t *y, int64_t n, gedi_err *err)
{
    int64_t parts = gedi_trial_parts(t), asked = 0, right = 0;
    char text[160];
    for (int64_t i = 0; i < n; i += parts) {
        int truth = -1, got = -1;
        if (all_known(label + i, parts))
            GEDI_TRY(rules_answer(&o->of, label + i, &truth, err));
        if (truth < 0)
            continue;
        GEDI_TRY(rules_answer(&o->of, y + i, &got, err));
        asked++;
        right += got == truth;
    }
    snprintf(
        text, sizeof text,
        "share of the %s records with an answer by their labels that get the same one by their "
        "clusters",
        o->split ? "training" : "test");
    if (asked)
        gedi_trial_report(t, "holds", (double)right / (double)asked, text);
    return GEDI_OK;
}

/* ---- what else the rules leave open ---- */

typedef struct shortcuts {
    const rules *of;
    int64_t parts, classes;
    int32_t *tuple; /* [tuples, parts]: the different ones of the training records */
    int *answer;    /* [tuples] */
    int64_t tuples;
    bool exchange;                     /* no two classes become one */
    int32_t map[SYMBOLS_MOST_CLASSES]; /* of classes 0 .. at */
    bool taken[SYMBOLS_MOST_CLASSES];
    int64_t tried, found;
} shortcuts;

/* Do those tuples whose largest class is `at` keep their answers? */
static gedi_status keeps_answers(shortcuts *s, int32_t at, bool *keeps, gedi_err *err)
{
    int32_t mapped[1000];
    *keeps = true;
    for (int64_t i = 0; i < s->tuples && *keeps; i++) {
        const int32_t *from = s->tuple + i * s->parts;
        int32_t most = 0;
        int answer;
        for (int64_t p = 0; p < s->parts; p++) {
            most = from[p] > most ? from[p] : most;
            mapped[p] = from[p] <= at ? s->map[from[p]] : 0;
        }
        if (most != at)
            continue;
        s->tried++;
        GEDI_TRY(rules_answer(s->of, mapped, &answer, err));
        *keeps = answer == s->answer[i];
    }
    return GEDI_OK;
}

static gedi_status count_from(shortcuts *s, int32_t at, gedi_err *err)
{
    if (at == s->classes) {
        s->found++;
        return GEDI_OK;
    }
    for (int32_t to = 0; to < s->classes && s->tried <= SYMBOLS_MOST_TRIED; to++) {
        bool keeps;
        if (s->exchange && s->taken[to])
            continue;
        s->map[at] = to;
        s->tried++;
        GEDI_TRY(keeps_answers(s, at, &keeps, err));
        if (!keeps)
            continue;
        s->taken[to] = true;
        GEDI_TRY(count_from(s, at + 1, err));
        s->taken[to] = false;
    }
    return GEDI_OK;
}

static size_t tuple_size; /* of qsort, which has no place for it */

static int by_tuple(const void *a, const void *b)
{
    return memcmp(a, b, tuple_size);
}

/* The different tuples of classes that have an answer. */
static gedi_status find_tuples(shortcuts *s, const int32_t *label, int64_t n,
                               gedi_err *err)
{
    size_t size = (size_t)s->parts * sizeof *s->tuple;
    s->tuple = malloc((size_t)n * sizeof *s->tuple + 1);
    s->answer = malloc((size_t)n * sizeof *s->answer + 1);
    if (!s->tuple || !s->answer)
        return gedi_no_memory(err, "%lld records", (long long)n);
    for (int64_t i = 0; i < n; i += s->parts)
        if (all_known(label + i, s->parts))
            memcpy(s->tuple + s->tuples++ * s->parts, label + i, size);
    tuple_size = size;
    qsort(s->tuple, (size_t)s->tuples, size, by_tuple);
    int64_t all = s->tuples;
    s->tuples = 0;
    for (int64_t i = 0; i < all; i++) {
        int32_t *to = s->tuple + s->tuples * s->parts;
        if (i && !memcmp(s->tuple + i * s->parts, s->tuple + (i - 1) * s->parts, size))
            continue;
        memmove(to, s->tuple + i * s->parts, size);
        GEDI_TRY(rules_answer(s->of, to, &s->answer[s->tuples], err));
        s->tuples += s->answer[s->tuples] >= 0;
    }
    return GEDI_OK;
}

static gedi_status report_count(shortcuts *s, gedi_trial *t, bool exchange, gedi_err *err)
{
    char text[160];
    s->exchange = exchange;
    s->tried = s->found = 0;
    memset(s->taken, 0, sizeof s->taken);
    GEDI_TRY(count_from(s, 0, err));
    if (s->tried > SYMBOLS_MOST_TRIED)
        return GEDI_OK;
    snprintf(text, sizeof text, "%s that leave the answers of all training records",
             exchange ? "ways to exchange the classes" : "maps of classes to classes");
    gedi_trial_report(t, exchange ? "relabellings" : "maps", (double)s->found, text);
    return GEDI_OK;
}

static gedi_status report_shortcuts(const symbols *o, gedi_trial *t, gedi_err *err)
{
    const int32_t *label = gedi_trial_labels(t, GEDI_TRAIN);
    shortcuts s = {
        .of = &o->of, .parts = gedi_trial_parts(t), .classes = gedi_trial_classes(t)};
    if (!label)
        return GEDI_OK;
    gedi_status status = find_tuples(&s, label, gedi_trial_count(t, GEDI_TRAIN), err);
    if (status == GEDI_OK && s.tuples)
        status = report_count(&s, t, true, err);
    if (status == GEDI_OK && s.tuples)
        status = report_count(&s, t, false, err);
    free(s.tuple);
    free(s.answer);
    return status;
}

static gedi_status symbols_evaluate(const void *self, gedi_trial *t, gedi_err *err)
{
    const symbols *o = self;
    gedi_split split = symbols_split[o->split];
    int64_t n = gedi_trial_count(t, split), k;
    const float *p;
    GEDI_TRY(symbols_ready(self, t, err));
    GEDI_TRY(gedi_trial_assignments(t, split, &p, &k, err));
    const int32_t *label = gedi_trial_labels(t, split);
    int32_t *y = malloc(((size_t)n + 1) * sizeof *y);
    if (!y)
        return gedi_no_memory(err, "%lld records", (long long)n);
    gedi_status s = clusters_of(p, n, k, y, err);
    if (s == GEDI_OK)
        report_accuracy(t, label, y, n);
    if (s == GEDI_OK && *o->rules)
        s = report_holds(o, t, label, y, n, err);
    if (s == GEDI_OK && *o->rules)
        s = report_shortcuts(o, t, err);
    free(y);
    return s;
}

GEDI_DEFINE(evaluator, symbols) = {
    GEDI_HEAD(evaluator, symbols),
    .brief =
        "clusters as classes by their own names, what rules say of them, and shortcuts",
    .cite = "Manhaeve et al. 2018; Marconato et al. 2023 (reasoning shortcuts)",
    .self_size = sizeof(symbols),
    .options = symbols_options,
    .evaluate = symbols_evaluate,
    .metrics = symbols_metrics,
    .ready = symbols_ready,
    .open = symbols_open,
    .close = symbols_close,
};
