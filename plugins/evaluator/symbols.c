/* symbols.c - whether clusters are the classes by their own names, and whether rules pin them down.
 *
 * Source:  Manhaeve et al. 2018, "DeepProbLog"; Marconato et al. 2023, "Not all neuro-symbolic concepts
 *          are created equal", on reasoning shortcuts: labels may be exchanged and the rules still hold.
 * Inputs:  p(y|x)  [N P, K]  of every part of a split; labels of the parts, of both splits
 * Output:  accuracy, cluster k against class k, as they are; with rules: holds, judged, relabellings,
 *          maps, and what was learned of the rules' probabilities
 * Differs: the answer of a record is that which is more likely than not, as there may be chance in the
 *          rules. Relabellings are counted over the answers of the training records.
 */
#include "plugins/evaluator/largest.h"
#include "plugins/rules/rules.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MOST_HELD = 1000 /* training records whose labels are held against a rule */
};

typedef struct symbols {
    int64_t split;
    const char *rules, *query;
    bool has_rules;
    bool is_objectives; /* they are those that the objective has learned by */
    rules of;
} symbols;

static const gedi_split symbols_split[] = {GEDI_TEST, GEDI_TRAIN};

static const gedi_option symbols_options[] = {
    GEDI_ENUM(symbols, split, 0, "test|train", "the records to judge"),
    GEDI_FILE(
        symbols, rules,
        "file of rules, in ProbLog's syntax; empty: the objective's, with its query; "
        "where it has none: accuracy alone"),
    GEDI_TEXT(
        symbols, query, "",
        "what holds of a record, such as addition(x1, x2, x3); empty: as the objective's, "
        "or the file's own query(...)"),
    GEDI_END,
};

static const gedi_metric symbols_metrics[] = {
    {"accuracy", GEDI_MORE, "",
     "share of parts whose cluster has the number of their class"},
    {"holds", GEDI_MORE, "",
     "share of judged records that get the answer of their labels"},
    {"judged", GEDI_NEITHER, "records",
     "records whose labels have an answer by the rules"},
    {"relabellings", GEDI_LESS, "",
     "ways to exchange the classes that leave every answer: 1 where the rules pin them down"},
    {"maps", GEDI_LESS, "",
     "the same, where several classes may become one: above `relabellings`, clusters may collapse"},
    {"learned.*", GEDI_NEITHER, "",
     "probability of a head of the rules, as it was learned"},
    GEDI_METRICS_END,
};

static gedi_status symbols_open(void *self, const gedi_open *from, gedi_err *err)
{
    symbols *o = self;
    const char *theirs = gedi_open_text(from, "rules"),
               *query = gedi_open_text(from, "query"), *file = o->rules,
               *asked = o->query;
    if (!*file && theirs && *theirs) {
        file = theirs;
        asked = *asked || !query ? asked : query;
    }
    if (!*file && *asked)
        return GEDI_FAIL(err, GEDI_OPTION,
                         "query: of which rules? for example {rules: addition.pl, query: "
                         "\"addition(x1, x2, x3)\"}");
    o->has_rules = *file != 0;
    o->is_objectives = theirs && query && !strcmp(file, theirs) && !strcmp(asked, query);
    return *file ? rules_open(from->directory, file, asked, 0, &o->of, err) : GEDI_OK;
}

static void symbols_close(void *self)
{
    symbols *o = self;
    rules_close(&o->of);
}

/* A rule without a variable is taken to hold of every record. Labels that say otherwise are a mistake
 * in the rules or in the order of classes, more often than not. */
static gedi_status warn_of_labels(const symbols *o, gedi_trial *t, gedi_err *err)
{
    rules_judge j;
    int64_t parts = gedi_trial_parts(t), n = gedi_trial_count(t, GEDI_TRAIN) / parts;
    int64_t held = n < MOST_HELD ? n : MOST_HELD, asked = 0, broken = 0;
    const int32_t *label = o->of.program.roots == 1 && !rules_have_chance(&o->of)
                               ? gedi_trial_labels(t, GEDI_TRAIN)
                               : NULL;
    if (!label)
        return GEDI_OK;
    GEDI_TRY(rules_judge_open(&o->of, &j, err));
    for (int64_t i = 0; i < held; i++) { /* all over the split: it may be in some order */
        const int32_t *of = label + i * n / held * parts;
        if (!rules_all_known(of, parts))
            continue;
        asked++;
        broken += rules_judge_ask(&j, of) < 0;
    }
    rules_judge_close(&j);
    char text[256];
    snprintf(text, sizeof text,
             "%.80s does not hold by the labels of %lld of %lld training records%s",
             o->of.program.answer[0], (long long)broken, (long long)asked,
             o->is_objectives ? ", although it is learned as if it held of all" : "");
    if (broken)
        gedi_trial_warn(t, text);
    return GEDI_OK;
}

static gedi_status check(const symbols *o, gedi_trial *t, gedi_err *err)
{
    int64_t parts = gedi_trial_parts(t), classes = gedi_trial_classes(t);
    if (gedi_trial_count(t, symbols_split[o->split]) < 1)
        return GEDI_FAIL(err, GEDI_USAGE, "split: the dataset has no %s records",
                         o->split ? "training" : "test");
    if (!gedi_trial_has_labels(t, symbols_split[o->split]))
        return GEDI_FAIL(err, GEDI_USAGE, "split: the %s records have no labels",
                         o->split ? "training" : "test");
    if (!gedi_trial_has_clusters(t))
        return GEDI_FAIL(err, GEDI_USAGE, "the objective has no p(y|x) to judge");
    if (!o->has_rules)
        return GEDI_OK;
    if (o->of.parts > parts)
        return GEDI_FAIL(err, GEDI_USAGE,
                         "query: it speaks of x%d, but a record has %lld part%s",
                         o->of.parts, (long long)parts, parts == 1 ? "" : "s");
    if (o->of.values != classes || classes > RULES_MOST_CLASSES)
        return GEDI_FAIL(
            err, GEDI_USAGE,
            "rules: a network there tells %d values apart, but there are %lld classes%s",
            o->of.values, (long long)classes,
            o->of.values == classes ? ", of which 64 are the most" : "");
    return GEDI_OK;
}

static gedi_status symbols_ready(const void *self, gedi_trial *t, gedi_err *err)
{
    const symbols *o = self;
    static const char *const by_rules[] = {"holds", "judged", "relabellings", "maps",
                                           "learned.*"};
    GEDI_TRY(check(o, t, err));
    for (size_t i = 0; i < sizeof by_rules / sizeof *by_rules && !o->has_rules; i++)
        gedi_trial_omit(t, by_rules[i], "there are no rules");
    if (!gedi_trial_has_labels(t, GEDI_TRAIN)) {
        gedi_trial_omit(t, "relabellings", "the training records have no labels");
        gedi_trial_omit(t, "maps", "the training records have no labels");
    }
    return o->has_rules ? warn_of_labels(o, t, err) : GEDI_OK;
}

/* ---- accuracy ---- */

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

static void report_holds(const symbols *o, gedi_trial *t, rules_judge *j,
                         const int32_t *label, const int32_t *y, int64_t n)
{
    int64_t parts = gedi_trial_parts(t), judged = 0, right = 0;
    char text[160];
    for (int64_t i = 0; i < n; i += parts) {
        int truth =
            rules_all_known(label + i, parts) ? rules_judge_ask(j, label + i) : -1;
        if (truth < 0)
            continue;
        judged++;
        right += rules_judge_ask(j, y + i) == truth;
    }
    snprintf(
        text, sizeof text,
        "share of the %s records with an answer by their labels that get the same one by their "
        "clusters",
        o->split ? "training" : "test");
    if (judged)
        gedi_trial_report(t, "holds", (double)right / (double)judged, text);
    gedi_trial_report(t, "judged", (double)judged, NULL);
}

static void report_count(gedi_trial *t, int which, int64_t count)
{
    static const char *const name[] = {"relabellings", "maps"},
                             *const what[] = {"ways to exchange the classes",
                                              "maps of classes to classes"};
    char text[160];
    if (count >= 0) {
        snprintf(text, sizeof text, "%s that leave the answers of all training records",
                 what[which]);
        gedi_trial_report(t, name[which], (double)count, text);
        return;
    }
    snprintf(text, sizeof text, "%s: not counted: %s", name[which],
             count == RULES_TOO_MANY ? "too many would have to be tried"
                                     : "no training record has an answer");
    gedi_trial_warn(t, text);
}

static gedi_status report_shortcuts(gedi_trial *t, rules_judge *j, gedi_err *err)
{
    int64_t count[2], parts = gedi_trial_parts(t), n = gedi_trial_count(t, GEDI_TRAIN);
    const int32_t *label = gedi_trial_labels(t, GEDI_TRAIN);
    if (!label)
        return GEDI_OK;
    GEDI_TRY(
        rules_shortcuts(j, label, n / parts, parts, gedi_trial_classes(t), count, err));
    report_count(t, RULES_EXCHANGES, count[RULES_EXCHANGES]);
    report_count(t, RULES_MAPS, count[RULES_MAPS]);
    return GEDI_OK;
}

/* What a disjunction has learned, in logarithms, into x [values]; false: nothing. */
static bool learned(const gedi_trial *t, const rules_program *p, int variable, double *x)
{
    char name[RULES_NAME];
    int64_t n = 0;
    const rules_variable *v = &p->variable[variable];
    rules_learned_name(p, variable, name);
    const float *w = gedi_trial_parameter(t, name, &n);
    if (!w || n != v->values)
        return false;
    double most = -INFINITY, sum = 0.0;
    for (int k = 0; k < n; k++) {
        x[k] = (v->p[k] > 0 ? log(v->p[k]) : -1e30) + (double)w[k];
        most = fmax(most, x[k]);
    }
    for (int k = 0; k < n; k++)
        sum += exp(x[k] - most);
    for (int k = 0; k < n; k++)
        x[k] -= most + log(sum);
    return true;
}

/* "learned.tied"; where another clause has the same head, "learned.tied, line 3". */
static void learned_name(const rules_program *p, int variable, int h, char *out, size_t n)
{
    const rules_variable *v = &p->variable[variable];
    bool other = false;
    for (int i = 0; i < p->variables && !other; i++)
        for (int k = 0; k < p->variable[i].heads && !other; k++)
            other = !p->variable[i].net && p->variable[i].clause != v->clause &&
                    !strcmp(p->variable[i].head[k], v->head[h]);
    int at = snprintf(out, n, "learned.");
    snprintf(out + at, n - (size_t)at, other ? "%.60s, line %d" : "%.60s", v->head[h],
             v->line);
    for (char *c = out + at; *c; c++)
        if (*c == '.') /* would be a step of the path */
            *c = '_';
}

enum { MOST_REPORTED = 100 };

/* Judges by what the objective has learned, and reports it. */
static gedi_status learn(const symbols *o, gedi_trial *t, rules_judge *j, gedi_err *err)
{
    const rules_program *p = &o->of.program;
    int reported = 0;
    for (int i = 0; i < p->variables && o->is_objectives; i++) {
        const rules_variable *v = &p->variable[i];
        if (!v->learned)
            continue;
        double *x = malloc((size_t)v->values * sizeof *x);
        if (!x)
            return gedi_no_memory(err, "probabilities of rules");
        bool found = learned(t, p, i, x);
        if (found)
            rules_judge_learn(j, i, x);
        for (int h = 0; found && h < v->heads && reported < MOST_REPORTED; h++) {
            char name[96];
            learned_name(p, i, h, name, sizeof name);
            gedi_trial_report(t, name, exp(x[h]), NULL);
            reported++;
        }
        free(x);
    }
    return GEDI_OK;
}

static gedi_status report_rules(const symbols *o, gedi_trial *t, const int32_t *label,
                                const int32_t *y, int64_t n, gedi_err *err)
{
    rules_judge j;
    GEDI_TRY(rules_judge_open(&o->of, &j, err));
    gedi_status s = learn(o, t, &j, err);
    if (s == GEDI_OK) {
        report_holds(o, t, &j, label, y, n);
        s = report_shortcuts(t, &j, err);
    }
    rules_judge_close(&j);
    return s;
}

static gedi_status symbols_evaluate(const void *self, gedi_trial *t, gedi_err *err)
{
    const symbols *o = self;
    gedi_split split = symbols_split[o->split];
    int64_t n = gedi_trial_count(t, split), k;
    const float *p;
    GEDI_TRY(check(o, t, err));
    GEDI_TRY(gedi_trial_assignments(t, split, &p, &k, err));
    const int32_t *label = gedi_trial_labels(t, split);
    int32_t *y = malloc(((size_t)n + 1) * sizeof *y);
    if (!y)
        return gedi_no_memory(err, "%lld records", (long long)n);
    gedi_status s = largest_of_each(p, n, k, y, err);
    if (s == GEDI_OK)
        report_accuracy(t, label, y, n);
    if (s == GEDI_OK && o->has_rules)
        s = report_rules(o, t, label, y, n, err);
    free(y);
    return s;
}

static gedi_status symbols_print(const void *self, bool graph, char **text, gedi_err *err)
{
    const symbols *o = self;
    return rules_print(&o->of, graph, text, err);
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
    .print = symbols_print,
};
