/* summary.c - summary.json: the final numbers of a run, and where they come from. */
#include "core/store/summary.h"
#include "core/base/ranks.h"
#include "core/exec/blas.h"
#include "core/exec/machine.h"
#include "core/op/winograd.h"
#include "core/store/checksum.h"
#include "core/store/commit.h"
#include "core/store/json.h"
#include "core/store/summary_parts.h"

#include <jansson.h>
#include <math.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

static json_t *number(double v)
{
    return isfinite(v) ? json_real(v) : json_null();
}

static json_t *method(const gedi__stage *s)
{
    json_t *o = json_object();
    json_object_set_new(o, "objective", json_string(s->method));
    json_object_set_new(o, "optimizer", json_string(s->optimizer.plugin->name));
    if (s->sampler.plugin)
        json_object_set_new(o, "sampler", json_string(s->sampler.plugin->name));
    return o;
}

/* Of the last line of the log: a run resumed at its very end has no others. */
static json_t *terms(const gedi__trained_facts *t)
{
    json_t *o = json_object();
    for (int i = 0; i < t->terms; i++) {
        const gedi__term_value *v = &t->term[i];
        const gedi__metrics *log = t->log;
        double value = v->value;
        for (int k = 0; k < log->terms && log->n; k++)
            if (!strcmp(log->name[k], v->name))
                value = log->value[k][log->n - 1];
        json_object_set_new(o, v->name,
                            json_pack("{s:o, s:o, s:f}", GEDI__SUMMARY_VALUE,
                                      number(value), GEDI__SUMMARY_OPTIMUM,
                                      number(v->optimum), "weight", v->weight));
    }
    return o;
}

/* What was watched, in the last line of the log. */
static json_t *watches(const gedi__metrics *log)
{
    json_t *o = json_object();
    for (int i = 0; i < log->watches && log->n; i++)
        json_object_set_new(o, log->watch_name[i], number(log->watch[i][log->n - 1]));
    return o;
}

/* Each number of the sentinels, and since which iteration it has shown a failure to the end: null where
 * that has not lasted long enough to be told of. */
static json_t *health(const gedi__metrics *log, int64_t total)
{
    json_t *o = json_object();
    for (int i = 0; i < GEDI__FAILURES && log->n; i++) {
        gedi__failing f = {0};
        bool lasts = false;
        for (int64_t k = 0; k < log->n; k++)
            lasts = gedi__failure_lasts(&f, &log->health[k], i, log->iteration[k], total);
        double value = gedi__failure_value(&log->health[log->n - 1], i);
        json_t *began = lasts ? json_integer(f.since) : json_null();
        json_t *one = json_pack("{s:o, s:o, s:s}", GEDI__SUMMARY_VALUE, number(value),
                                GEDI__SUMMARY_FAILING_SINCE, began, GEDI__SUMMARY_FAILURE,
                                gedi__failure_name(i));
        if (i == GEDI__LABELS)
            json_object_set_new(one, GEDI__SUMMARY_UNSURE,
                                number(log->health[log->n - 1].unsure));
        json_object_set_new(o, gedi__failure_figure(i), one);
    }
    return o;
}

/* The object at a key of n letters, made if it is not there; NULL when out of memory. */
static json_t *object_in(json_t *o, const char *key, size_t n)
{
    json_t *of = json_object_getn(o, key, n);
    if (!of) {
        of = json_object();
        json_object_setn_new(o, key, n, of);
    }
    return of;
}

static json_t *value_of(const gedi__reported *f)
{
    return number(f->value);
}

static json_t *definition_of(const gedi__reported *f)
{
    return json_string(f->definition);
}

static json_t *direction_of(const gedi__reported *f)
{
    return json_string(gedi__direction_word(f->direction));
}

/* What a summary has of each metric. */
static const struct {
    const char *key;
    json_t *(*of)(const gedi__reported *f);
} told[] = {{GEDI__SUMMARY_EVALUATION, value_of},
            {GEDI__SUMMARY_DEFINITIONS, definition_of},
            {GEDI__SUMMARY_DIRECTIONS, direction_of}};
enum { TOLD = sizeof told / sizeof *told };

/* {evaluator: {name: what `of` says}}. */
static json_t *evaluation(const gedi__summary *s, json_t *(*of)(const gedi__reported *f))
{
    json_t *all = json_object();
    for (int i = 0; i < s->reports; i++) {
        const gedi__reported *f = &s->reported[i];
        const char *name = f->name, *dot;
        json_t *o = object_in(all, f->evaluator, strlen(f->evaluator));
        for (; (dot = strchr(name, '.')); name = dot + 1)
            o = object_in(o, name, (size_t)(dot - name));
        json_object_set_new(o, name, of(f));
    }
    return all;
}

/* What each stage ran, and where it came: its last line of the log. */
static json_t *stages(const gedi__experiment *e, const gedi__metrics *log)
{
    json_t *all = json_array();
    for (int i = 0; i < e->stages; i++) {
        json_t *o = method(&e->stage[i]), *of = json_object();
        int64_t at = log->n - 1;
        while (at >= 0 && log->stage[at] != i)
            at--;
        for (int k = 0; at >= 0 && k < log->terms; k++)
            if (isfinite(log->value[k][at]))
                json_object_set_new(of, log->name[k], json_real(log->value[k][at]));
        json_object_set_new(o, "iterations", json_integer(e->stage[i].length));
        json_object_set_new(o, "loss", at < 0 ? json_null() : number(log->loss[at]));
        json_object_set_new(o, GEDI__SUMMARY_TERMS, of);
        json_array_append_new(all, o);
    }
    return all;
}

/* Of a list: how much each weighs at the end, and which of them evaluation asks. */
static json_t *objectives(const gedi__summary *s)
{
    json_t *o = json_object(), *weights = json_object();
    const gedi__stage *last = s->last;
    int64_t all = last->length;
    for (int i = 0; i < last->objectives; i++)
        json_object_set_new(
            weights, last->objective[i].part.plugin->name,
            json_real(gedi_schedule_at(&last->objective[i].weight, all, all)));
    json_object_set_new(o, "weights", weights);
    if (s->labels_of)
        json_object_set_new(o, "p", json_string(s->labels_of));
    if (s->energy_of)
        json_object_set_new(o, "energy", json_string(s->energy_of));
    return o;
}

static json_t *components(const gedi__summary *s)
{
    const gedi__experiment *e = s->e;
    json_t *o = json_object();
    json_object_set_new(o, "dataset", json_string(e->dataset.plugin->name));
    json_object_set_new(o, "model", json_string(e->model.plugin->name));
    if (e->projector.plugin)
        json_object_set_new(o, "projector", json_string(e->projector.plugin->name));
    json_object_update_new(o, method(s->last));
    if (s->last->objectives > 1)
        json_object_set_new(o, "objectives", objectives(s));
    return o;
}

static json_t *host(const gedi__summary *s)
{
    const gedi__experiment *e = s->e;
    struct utsname u;
    char model[64], way[48], date[32] = "";
    time_t now = time(NULL);
    struct tm tm;
    if (gmtime_r(&now, &tm))
        strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", &tm);
    const char *name = uname(&u) ? "unknown" : u.nodename;
    const char *small = gedi__xsmm_version();
    snprintf(way, sizeof way, "winograd, vectors of %d", gedi__winograd_lanes());
    return json_pack("{s:s, s:s, s:s, s:s*, s:s, s:I, s:I, s:s}", "name", name,
                     "processor", gedi__machine_model(model, sizeof model), "blas_kernel",
                     gedi__blas_kernel(), "convolution",
                     !s->convolves    ? NULL
                     : e->convolution ? "direct"
                                      : way,
                     "small_products", small ? small : "BLAS", "threads",
                     (json_int_t)e->threads, "ranks", (json_int_t)gedi__ranks_of_run()->n,
                     "finished", date);
}

const char *const gedi__summary_roots[] = {GEDI__SUMMARY_EVALUATION,
                                           GEDI__SUMMARY_TERMS,
                                           "watch",
                                           GEDI__SUMMARY_HEALTH,
                                           "loss",
                                           "best",
                                           "time",
                                           "records",
                                           "iterations",
                                           "parameters",
                                           "seed",
                                           "host",
                                           "interrupted",
                                           NULL};

const char *gedi__commit(void)
{
    return GEDI__COMMIT;
}

/* What experiment it is. */
static json_t *head(const gedi__summary *s)
{
    return json_pack("{s:s, s:s, s:I, s:I, s:I, s:o}", "commit", GEDI__COMMIT,
                     "descriptor", s->e->name, "seed", (json_int_t)s->e->seed,
                     "iterations", (json_int_t)s->iterations, "parameters",
                     (json_int_t)s->parameters, "components", components(s));
}

static void add_training(json_t *o, const gedi__summary *s)
{
    const gedi__trained_facts *t = s->trained;
    const gedi__metrics *log = t->log;
    json_object_set_new(o, "stages", stages(s->e, log));
    json_object_set_new(o, "loss", number(log->n ? log->loss[log->n - 1] : t->loss));
    json_object_set_new(o, GEDI__SUMMARY_TERMS, terms(t));
    if (log->watches)
        json_object_set_new(o, "watch", watches(log));
    json_object_set_new(o, GEDI__SUMMARY_HEALTH,
                        health(log, gedi__experiment_iterations(s->e)));
    if (t->best)
        json_object_set_new(o, "best",
                            json_pack("{s:s, s:I, s:f}", "metric",
                                      s->e->validation.metric, GEDI__SUMMARY_ITERATION,
                                      (json_int_t)t->best, "value", t->best_value));
}

static void add_checksum(json_t *o, const char *descriptor)
{
    char sum[GEDI__CHECKSUM + 1];
    gedi__checksum(descriptor, strlen(descriptor), sum);
    json_object_set_new(o, GEDI__SUMMARY_DESCRIPTOR_SUM, json_string(sum));
}

static void add_missing(json_t *o, const char *key, const char *why)
{
    json_object_del(o, key);
    if (why)
        json_object_set_new(o, key, json_string(why));
}

static void add_revisit(json_t *o, const gedi__revisit *r, int64_t iterations)
{
    json_t *with = json_array();
    for (int i = 0; i < r->overrides; i++)
        json_array_append_new(with, json_string(r->override[i]));
    json_object_set_new(o, "run", json_string(r->run));
    json_object_set_new(o, "with", with);
    add_checksum(o, r->descriptor);
    add_missing(o, GEDI__SUMMARY_UNEVALUATED, r->unevaluated);
    add_missing(o, GEDI__SUMMARY_UNDRAWN, r->undrawn);
    gedi__artefacts_fail(o, r->failed);
    if (r->of)
        json_object_set_new(o, "interrupted",
                            json_pack("{s:I, s:I}", GEDI__SUMMARY_ITERATION,
                                      (json_int_t)iterations, "of", (json_int_t)r->of));
}

static json_t *seconds(const gedi__summary *s)
{
    json_t *o = json_object();
    const gedi__trained_facts *t = s->trained;
    if (t) {
        double rate = t->seconds > 0 ? (double)t->iterations / t->seconds : NAN;
        json_object_set_new(o, "training_seconds", number(t->seconds));
        json_object_set_new(o, "iterations_per_second", number(rate));
    }
    json_object_set_new(o, "evaluation_seconds", number(s->evaluation_seconds));
    return o;
}

static void add_outcome(json_t *o, const gedi__outcome *made)
{
    if (made->identity)
        gedi__identity_keep(o, made->identity);
    gedi__artefacts_keep(o, made->artefacts, made->drawn, made->failed);
    add_checksum(o, made->descriptor);
    add_missing(o, GEDI__SUMMARY_UNDRAWN, made->undrawn);
    add_missing(o, GEDI__SUMMARY_UNEVALUATED, made->unevaluated);
}

static json_t *history(const gedi__experiment *e)
{
    json_t *all = json_array();
    for (int i = 0; i < e->turns; i++) {
        const gedi__turn *t = &e->turn[i];
        json_array_append_new(all,
                              json_pack("{s:I, s:s, s:s}", GEDI__SUMMARY_ITERATION,
                                        (json_int_t)t->iteration, GEDI__SUMMARY_CHANGED,
                                        t->changed, GEDI__SUMMARY_DIVERGED, t->diverged));
    }
    return all;
}

gedi_status gedi__summary_write(const char *path, const gedi__summary *s, gedi_err *err)
{
    json_t *o = head(s);
    if (s->e->turns)
        json_object_set_new(o, GEDI__SUMMARY_HISTORY, history(s->e));
    if (s->trained)
        add_training(o, s);
    else
        add_revisit(o, s->revisit, s->iterations);
    json_object_set_new(o, "records",
                        json_pack("{s:I, s:I}", "train", (json_int_t)s->train, "test",
                                  (json_int_t)s->test));
    if (s->data)
        json_object_set_new(o, GEDI__SUMMARY_DATA, json_string(s->data));
    for (int i = 0; i < TOLD; i++)
        json_object_set_new(o, told[i].key, evaluation(s, told[i].of));
    json_object_set_new(o, "time", seconds(s));
    json_object_set_new(o, "host", host(s));
    if (s->outcome)
        add_outcome(o, s->outcome);
    return gedi__json_write(path, GEDI__FILE_SUMMARY, o, err);
}

void gedi__summary_join(json_t *o, const json_t *more)
{
    for (int i = 0; i < TOLD; i++)
        json_object_update_missing(json_object_get(o, told[i].key),
                                   json_object_get(more, told[i].key));
}

void gedi__summary_forget_descriptor(json_t *summary)
{
    json_object_del(summary, GEDI__SUMMARY_DESCRIPTOR_SUM);
}

/* The numbers of an evaluator that has failed are gone, unless they were made with the options that it has now. */
static void forget_failed(json_t *o, const char *failed)
{
    for (const char *l = failed ? failed : ""; *l; l += strcspn(l, "\n") + 1) {
        char name[128];
        size_t n = strcspn(l, "\n");
        gedi__artefact_evaluator(l, n, name, sizeof name);
        for (int i = 0; i < TOLD && *name && !gedi__artefacts_have(o, l, n); i++)
            json_object_del(json_object_get(o, told[i].key), name);
    }
}

gedi_status gedi__summary_renew(const char *path, const gedi__summary *s, gedi_err *err)
{
    json_t *o;
    GEDI_TRY(gedi__summary_read(path, &o, err));
    forget_failed(o, s->outcome->failed);
    for (int i = 0; i < TOLD; i++) {
        json_t *old = json_object_get(o, told[i].key), *new = evaluation(s, told[i].of);
        if (old)
            json_object_update_new(old, new);
        else /* written before summaries had this */
            json_object_set_new(o, told[i].key, new);
    }
    add_outcome(o, s->outcome);
    return gedi__json_write(path, GEDI__FILE_SUMMARY, o, err);
}
