/* trial.c - a trained model to be evaluated: how long it takes, what it is of, what evaluators find. */
#include "core/base/clock.h"
#include "core/base/memory.h"
#include "core/base/ranks.h"
#include "core/base/text.h"
#include "core/evaluate/generator.h"
#include "core/evaluate/scores.h"
#include "core/evaluate/trial_parts.h"
#include "core/plugin/call.h"
#include "core/train/records.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- what takes long ---- */

static void work_begins(gedi_trial *t, const char *evaluator)
{
    t->found.evaluator = evaluator;
    t->since = gedi__seconds();
    t->due = t->since + t->patience;
}

void gedi__trial_heed(gedi_trial *t, const volatile sig_atomic_t *stop)
{
    t->stop = stop;
}

bool gedi__trial_stops(const gedi_trial *t)
{
    return t->stop && gedi__ranks_any(*t->stop);
}

static void tell(gedi_trial *t, const char *part, int64_t done, int64_t total)
{
    char line[160];
    double now = t->say ? gedi__seconds() : 0;
    if (!t->say || now < t->due)
        return;
    t->due = now + (now - t->since); /* at twice the time */
    const char *name = t->found.evaluator;
    snprintf(line, sizeof line, "%s%.64s: %s, %d%% after %.0f s",
             name ? "evaluator " : "figures", name ? name : "", part,
             (int)(100.0 * (double)done / (double)total), now - t->since);
    t->say(t->context, line);
}

gedi_status gedi__trial_tell(gedi_trial *t, const char *part, int64_t done, int64_t total,
                             gedi_err *err)
{
    if (gedi__trial_stops(t))
        return GEDI_FAIL(err, GEDI_INTERRUPTED, "interrupted");
    tell(t, part, done, total);
    return GEDI_OK;
}

void gedi__trial_listen(gedi_trial *t, double patience,
                        void (*say)(void *context, const char *line), void *context)
{
    t->patience = patience;
    t->say = say;
    t->context = context;
    work_begins(t, NULL);
}

static gedi_status set_up(gedi_trial *t, gedi_err *err)
{
    gedi__wanted w = {.outputs =
                          1u << GEDI__FEATURES | 1u << GEDI__LABELS_P | 1u << GEDI__LOG_P,
                      .rows = t->chunk,
                      .averaged = t->net->averaged};
    GEDI_TRY(gedi__inference_new(t->net, &w, &t->inference, err));
    t->x = gedi__inference_records(t->inference);
    return gedi__batches_stand_in(t->data, t->inference, err);
}

gedi_status gedi__trial_new(const gedi__network *net, gedi__batches *data,
                            gedi_trial **out, gedi_err *err)
{
    *out = NULL;
    gedi_trial *t = GEDI__NEW(t, err, "evaluation");
    if (!t)
        return GEDI_NOMEM;
    t->net = net;
    t->data = data;
    t->chunk = gedi__records_at_once(data);
    gedi_status s = set_up(t, err);
    if (s != GEDI_OK) {
        gedi__trial_free(t);
        return s;
    }
    *out = t;
    return GEDI_OK;
}

void gedi__trial_keep_chains(gedi_trial *t, const float *x, int64_t n)
{
    t->chains = n > 0 ? x : NULL;
    t->chain_count = n;
}

gedi_status gedi__trial_of(gedi__trainer *from, gedi_trial **out, gedi_err *err)
{
    GEDI_TRY(gedi__trial_new(&from->net, &from->data, out, err));
    gedi__trial_keep_chains(*out, from->chains.buffer, from->chains.how.buffer);
    return GEDI_OK;
}

void gedi__trial_free(gedi_trial *t)
{
    if (!t)
        return;
    gedi__generator_free(t->generator);
    gedi__scorer_free(t->scorer);
    gedi__space_free(t->space);
    gedi__findings_clear(&t->found);
    gedi__inference_free(t->inference);
    for (int s = 0; s < GEDI_SPLITS; s++) {
        free(t->label[s]);
        free(t->p[s]);
        free(t->h[s]);
    }
    free(t);
}

/* ---- what the data say ---- */

int64_t gedi_trial_count(const gedi_trial *t, gedi_split split)
{
    return t->data->info.count[split] * t->data->parts;
}

int32_t gedi_trial_classes(const gedi_trial *t)
{
    return t->data->info.classes;
}

int64_t gedi_trial_parts(const gedi_trial *t)
{
    return t->data->parts;
}

bool gedi_trial_has_labels(const gedi_trial *t, gedi_split split)
{
    return t->data->info.labelled[split];
}

const gedi__network *gedi__trial_network(const gedi_trial *t)
{
    return t->net;
}

gedi__batches *gedi__trial_data(const gedi_trial *t)
{
    return t->data;
}

gedi_shape gedi__trial_record(const gedi_trial *t)
{
    return t->data->info.record;
}

gedi_rng gedi_trial_rng(const gedi_trial *t, uint32_t n)
{
    return gedi_rng_at(t->net->e->seed, GEDI_STREAM_EVAL, 0, n);
}

/* ---- findings ---- */

void gedi_trial_warn(gedi_trial *t, const char *sentence)
{
    char line[512];
    if (!sentence || !*sentence)
        return;
    snprintf(line, sizeof line, "warning: evaluator %.64s: %s", t->found.evaluator,
             sentence);
    gedi__text_tell(line);
    if (t->say)
        t->say(t->context, line);
}

void gedi_trial_report(gedi_trial *t, const char *name, double value, const char *how)
{
    gedi__findings_value(&t->found, name, value, how);
}

void gedi_trial_histogram(gedi_trial *t, const char *panel, const char *series,
                          const float *x, int64_t n)
{
    gedi__findings_histogram(&t->found, panel, series, x, n);
}

static _Thread_local gedi_trial *asked; /* whose evaluator is at work */

const gedi_trial *gedi__trial_asked(void)
{
    return asked;
}

static gedi_status ask(gedi_trial *t, int i, bool ready, gedi_err *err)
{
    const gedi__evaluation *e = &t->net->e->evaluator[i];
    const gedi_evaluator *v = (const gedi_evaluator *)e->part.plugin;
    void *self = e->part.self;
    gedi_err own = {0};
    t->found.evaluator = e->name;
    t->found.plugin = v->name;
    t->found.metrics = v->metrics;
    t->found.first = t->found.values;
    asked = t;
    gedi_status s = ready ? v->ready(self, t, &own) : v->evaluate(self, t, &own);
    asked = NULL;
    if (s != GEDI_OK)
        return GEDI_FAIL(err, s, "evaluator %s: %s", e->name, gedi__why(s, &own));
    if (t->found.failed)
        return GEDI_FAIL(err, t->found.failed, "evaluator %s: %s", e->name,
                         t->found.why.msg);
    return GEDI_OK;
}

gedi_status gedi__trial_ask(gedi_trial *t, int i, gedi_err *err)
{
    int values = t->found.values, histograms = t->found.histograms;
    gedi_status s = GEDI_OK;
    work_begins(t, t->net->e->evaluator[i].name);
    if (gedi_trial_count(t, GEDI_TEST) > 0) /* so that labels are there */
        s = gedi__trial_see(t, GEDI_TEST, err);
    if (s == GEDI_OK)
        s = ask(t, i, false, err);
    if (s != GEDI_OK) {
        t->found.values = values;
        t->found.histograms = histograms;
        t->found.failed = GEDI_OK;
    }
    work_begins(t, NULL);
    return s;
}

void gedi_trial_omit(gedi_trial *t, const char *metric, const char *why)
{
    gedi__findings_omit(&t->found, metric, why);
}

const char *gedi__trial_omits(gedi_trial *t, int i, const char *metric, gedi_err *err)
{
    t->found.chosen = metric;
    t->found.omitted[0] = '\0';
    gedi_status s = gedi__trial_ready(t, i, err);
    t->found.chosen = NULL;
    return s == GEDI_OK && *t->found.omitted ? t->found.omitted : NULL;
}

gedi_status gedi__trial_ready(gedi_trial *t, int i, gedi_err *err)
{
    const gedi_plugin *p = t->net->e->evaluator[i].part.plugin;
    return ((const gedi_evaluator *)p)->ready ? ask(t, i, true, err) : GEDI_OK;
}

const gedi__findings *gedi__trial_findings(const gedi_trial *t)
{
    return &t->found;
}
