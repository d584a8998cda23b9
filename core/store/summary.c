/* summary.c - summary.json: the final numbers of a run, and where they come from. */
#include "core/store/summary.h"
#include "core/base/ranks.h"
#include "core/exec/blas.h"
#include "core/op/winograd.h"
#include "core/exec/machine.h"
#include "core/store/checksum.h"
#include "core/store/commit.h"
#include "core/store/json.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

/* Keys that are written and read. */
#define EVALUATION "evaluation"
#define DEFINITIONS "definitions"
#define DIRECTIONS "directions"
#define TERMS "terms"
#define VALUE "value"
#define OPTIMUM "optimum"
#define HEALTH "health"
#define FAILING_SINCE "failing_since"
#define FAILURE "failure"
#define UNSURE "unsure"
#define UNDRAWN "undrawn"
#define DATA "data"
#define HISTORY "history"
#define ITERATION "iteration"
#define CHANGED "changed"
#define DESCRIPTOR_SUM "descriptor_checksum"
#define DIVERGED "diverged"
/* What the names of an interval's ends add to that of the number within. */
#define LOW "_low"
#define HIGH "_high"

static const char *const direction_word[] = {
    [GEDI_MORE] = "more", [GEDI_LESS] = "less", [GEDI_NEITHER] = "neither"};

/* JSON has no NaN: a value that is not a number is null. */
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
                            json_pack("{s:o, s:o, s:f}", VALUE, number(value), OPTIMUM,
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
        json_t *one = json_pack("{s:o, s:o, s:s}", VALUE, number(value), FAILING_SINCE,
                                began, FAILURE, gedi__failure_name(i));
        if (i == GEDI__LABELS)
            json_object_set_new(one, UNSURE, number(log->health[log->n - 1].unsure));
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
    return json_string(direction_word[f->direction]);
}

/* What a summary has of each metric. */
static const struct {
    const char *key;
    json_t *(*of)(const gedi__reported *f);
} told[] = {
    {EVALUATION, value_of}, {DEFINITIONS, definition_of}, {DIRECTIONS, direction_of}};
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
        json_object_set_new(o, TERMS, of);
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

static json_t *host(const gedi__experiment *e)
{
    struct utsname u;
    char model[64], way[48], date[32] = "";
    time_t now = time(NULL);
    struct tm tm;
    if (gmtime_r(&now, &tm))
        strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", &tm);
    const char *name = uname(&u) ? "unknown" : u.nodename;
    const char *small = gedi__xsmm_version();
    snprintf(way, sizeof way, "winograd, vectors of %d", gedi__winograd_lanes());
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:s}", "name", name,
                     "processor", gedi__machine_model(model, sizeof model), "blas_kernel",
                     gedi__blas_kernel(), "convolution", e->convolution ? "direct" : way,
                     "small_products", small ? small : "BLAS", "threads",
                     (json_int_t)e->threads, "ranks", (json_int_t)gedi__ranks_of_run()->n,
                     "finished", date);
}

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
    json_object_set_new(o, TERMS, terms(t));
    if (log->watches)
        json_object_set_new(o, "watch", watches(log));
    json_object_set_new(o, HEALTH, health(log, gedi__experiment_iterations(s->e)));
    if (t->best)
        json_object_set_new(o, "best",
                            json_pack("{s:s, s:I, s:f}", "metric",
                                      s->e->validation.metric, ITERATION,
                                      (json_int_t)t->best, "value", t->best_value));
}

static void add_checksum(json_t *o, const char *descriptor)
{
    char sum[GEDI__CHECKSUM + 1];
    gedi__checksum(descriptor, strlen(descriptor), sum);
    json_object_set_new(o, DESCRIPTOR_SUM, json_string(sum));
}

static void add_revisit(json_t *o, const gedi__revisit *r, int64_t iterations)
{
    json_t *with = json_array();
    for (int i = 0; i < r->overrides; i++)
        json_array_append_new(with, json_string(r->override[i]));
    json_object_set_new(o, "run", json_string(r->run));
    json_object_set_new(o, "with", with);
    add_checksum(o, r->descriptor);
    if (r->of)
        json_object_set_new(o, "interrupted",
                            json_pack("{s:I, s:I}", ITERATION, (json_int_t)iterations,
                                      "of", (json_int_t)r->of));
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
    gedi__artefacts_keep(o, made->artefacts, made->drawn);
    add_checksum(o, made->descriptor);
    json_object_del(o, UNDRAWN);
    if (made->undrawn)
        json_object_set_new(o, UNDRAWN, json_string(made->undrawn));
}

static json_t *history(const gedi__experiment *e)
{
    json_t *all = json_array();
    for (int i = 0; i < e->turns; i++) {
        const gedi__turn *t = &e->turn[i];
        json_array_append_new(all, json_pack("{s:I, s:s, s:s}", ITERATION,
                                             (json_int_t)t->iteration, CHANGED,
                                             t->changed, DIVERGED, t->diverged));
    }
    return all;
}

gedi_status gedi__summary_write(const char *path, const gedi__summary *s, gedi_err *err)
{
    json_t *o = head(s);
    if (s->e->turns)
        json_object_set_new(o, HISTORY, history(s->e));
    if (s->trained)
        add_training(o, s);
    else
        add_revisit(o, s->revisit, s->iterations);
    json_object_set_new(o, "records",
                        json_pack("{s:I, s:I}", "train", (json_int_t)s->train, "test",
                                  (json_int_t)s->test));
    if (s->data)
        json_object_set_new(o, DATA, json_string(s->data));
    for (int i = 0; i < TOLD; i++)
        json_object_set_new(o, told[i].key, evaluation(s, told[i].of));
    json_object_set_new(o, "time", seconds(s));
    json_object_set_new(o, "host", host(s->e));
    if (s->outcome)
        add_outcome(o, s->outcome);
    return gedi__json_write(path, GEDI__FILE_SUMMARY, o, err);
}

/* ---- reading ---- */

gedi_status gedi__summary_read(const char *path, json_t **out, gedi_err *err)
{
    return gedi__json_read(path, GEDI__FILE_SUMMARY, out, err);
}

const char *gedi__summary_data(const json_t *summary)
{
    return json_string_value(json_object_get(summary, DATA));
}

void gedi__summary_join(json_t *o, const json_t *more)
{
    for (int i = 0; i < TOLD; i++)
        json_object_update_missing(json_object_get(o, told[i].key),
                                   json_object_get(more, told[i].key));
}

void gedi__summary_forget_descriptor(json_t *summary)
{
    json_object_del(summary, DESCRIPTOR_SUM);
}

gedi_status gedi__summary_renew(const char *path, const gedi__summary *s, gedi_err *err)
{
    json_t *o;
    GEDI_TRY(gedi__summary_read(path, &o, err));
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

bool gedi__summary_other_descriptor(const json_t *summary, const char *descriptor)
{
    char sum[GEDI__CHECKSUM + 1];
    const char *kept = json_string_value(json_object_get(summary, DESCRIPTOR_SUM));
    gedi__checksum(descriptor, strlen(descriptor), sum);
    return kept && strcmp(kept, sum) != 0;
}

/* ---- numbers ---- */

/* What lies at a path of dots below `v`; NULL where there is nothing. A key may have dots
 * itself, as terms of several objectives do: the shortest that is there is taken. */
static const json_t *follow(const json_t *v, const char *path)
{
    while (*path && json_is_object(v)) {
        char key[128];
        const json_t *next = NULL;
        size_t n = strcspn(path, ".");
        for (; n < sizeof key; n += 1 + strcspn(path + n + 1, ".")) {
            memcpy(key, path, n);
            key[n] = 0;
            next = json_object_get(v, key);
            if (next || !path[n])
                break;
        }
        v = next;
        path += next ? n + (path[n] == '.') : 0;
    }
    return *path ? NULL : v;
}

bool gedi__summary_value(const json_t *summary, const char *path, double *out)
{
    const json_t *v = follow(summary, path);
    if (json_is_object(v)) /* a term, with its optimum and weight */
        v = json_object_get(v, VALUE);
    if (!json_is_number(v) && !json_is_boolean(v))
        return false;
    *out = json_is_number(v) ? json_number_value(v) : json_is_true(v);
    return true;
}

/* The ends of an interval around the number whose path is the first n of `path`. */
static bool interval(const json_t *o, const char *path, size_t n, double *low,
                     double *high)
{
    char end[256];
    double within;
    if (n + sizeof HIGH > sizeof end)
        return false;
    memcpy(end, path, n);
    end[n] = 0;
    if (!gedi__summary_value(o, end, &within))
        return false;
    memcpy(end + n, LOW, sizeof LOW);
    if (!gedi__summary_value(o, end, low))
        return false;
    memcpy(end + n, HIGH, sizeof HIGH);
    return gedi__summary_value(o, end, high);
}

bool gedi__summary_is_end(const json_t *summary, const char *path)
{
    static const char *const end[] = {LOW, HIGH};
    double low, high;
    size_t n = strlen(path);
    for (int i = 0; i < 2; i++) {
        size_t m = strlen(end[i]);
        if (n > m && !strcmp(path + n - m, end[i]))
            return interval(summary, path, n - m, &low, &high);
    }
    return false;
}

/* The path below the evaluators; NULL where it leads to no metric. */
static const char *metric_in(const char *path)
{
    static const char reported[] = EVALUATION ".";
    const size_t n = sizeof reported - 1;
    return strncmp(path, reported, n) ? NULL : path + n;
}

static const char *told_of(const json_t *summary, const char *key, const char *metric)
{
    return json_string_value(follow(json_object_get(summary, key), metric));
}

const char *gedi__summary_definition(const json_t *summary, const char *path)
{
    const char *metric = metric_in(path);
    return metric ? told_of(summary, DEFINITIONS, metric) : NULL;
}

gedi_direction gedi__summary_direction(const json_t *summary, const char *path)
{
    const char *metric = metric_in(path);
    if (!metric)
        return GEDI_NEITHER;
    const char *word = told_of(summary, DIRECTIONS, metric);
    for (int i = 0; word && i < (int)(sizeof direction_word / sizeof *direction_word);
         i++)
        if (!strcmp(word, direction_word[i]))
            return (gedi_direction)i;
    return GEDI_MORE;
}

const char *gedi__direction_word(gedi_direction d)
{
    return direction_word[d];
}

const char *gedi__summary_failure(const json_t *summary, int i)
{
    const char *name;
    json_t *v;
    json_object_foreach(json_object_get(summary, HEALTH), name, v)
    {
        if (json_is_number(json_object_get(v, FAILING_SINCE)) && i-- == 0)
            return json_string_value(json_object_get(v, FAILURE));
    }
    return NULL;
}

static void add_paths(const json_t *o, const char *prefix, gedi__text *out)
{
    const char *key;
    json_t *v;
    json_object_foreach((json_t *)o, key, v)
    {
        gedi__text path = {0};
        gedi__text_add(&path, "%s%s%s", prefix, *prefix ? "." : "", key);
        if (path.failed)
            out->failed = true;
        else if (json_is_object(v))
            add_paths(v, path.s, out);
        else if (json_is_number(v) || json_is_boolean(v))
            gedi__text_add(out, "%s\n", path.s);
        gedi__text_clear(&path);
    }
}

void gedi__summary_paths(const json_t *summary, gedi__text *out)
{
    add_paths(summary, "", out);
}

/* ---- for people ---- */

/* A line for each failure that a summary has. */
static void add_failures(const json_t *o, gedi__text *out)
{
    char text[128];
    for (int i = 0; i < GEDI__FAILURES; i++) {
        const json_t *v = json_object_get(o, gedi__failure_figure(i));
        const json_t *since = json_object_get(v, FAILING_SINCE);
        double value[GEDI__FAILURES] = {0};
        value[i] = json_number_value(json_object_get(v, VALUE));
        gedi__health h = {value[0], value[1], value[2], NAN};
        if (i == GEDI__LABELS && json_is_number(json_object_get(v, UNSURE)))
            h.unsure = json_number_value(json_object_get(v, UNSURE));
        if (json_is_integer(since))
            gedi__text_add(out, "  %s since iteration %lld: %s\n", gedi__failure_name(i),
                           (long long)json_integer_value(since),
                           gedi__failure_text(&h, i, text, sizeof text));
    }
}

/* A line for each time that the run went on after a divergence. */
static void add_history(const json_t *all, gedi__text *out)
{
    const json_t *v;
    size_t i;
    json_array_foreach(all, i, v)
    {
        const char *changed = json_string_value(json_object_get(v, CHANGED));
        const char *diverged = json_string_value(json_object_get(v, DIVERGED));
        gedi__text_add(out,
                       "  went on after iteration %lld with %s; it had diverged: %s\n",
                       (long long)json_integer_value(json_object_get(v, ITERATION)),
                       changed ? changed : "", diverged ? diverged : "");
    }
}

/* Lines "clustering.nmi  0.998" of every number below `o`; "ood.svhn.log_p  0.64 (0.61 to
 * 0.67)" where it has an interval. */
static void add_lines(const json_t *o, const char *prefix, gedi__text *out)
{
    const char *key;
    json_t *v;
    double low, high;
    json_object_foreach((json_t *)o, key, v)
    {
        gedi__text name = {0};
        gedi__text_add(&name, "%s%s%s", prefix, *prefix ? "." : "", key);
        if (json_is_object(v))
            add_lines(v, name.s ? name.s : "", out);
        else if (json_is_number(v) && interval(o, key, strlen(key), &low, &high))
            gedi__text_add(out, "  %-28s %.4g (%.4g to %.4g)\n", name.s ? name.s : key,
                           json_number_value(v), low, high);
        else if (json_is_number(v) && !gedi__summary_is_end(o, key))
            gedi__text_add(out, "  %-28s %.4g\n", name.s ? name.s : key,
                           json_number_value(v));
        else if (json_is_null(v))
            gedi__text_add(out, "  %-28s not a finite number\n", name.s ? name.s : key);
        out->failed |= name.failed;
        gedi__text_clear(&name);
    }
}

void gedi__summary_text(const json_t *summary, gedi__text *out)
{
    const char *name;
    json_t *v;
    add_lines(json_object_get(summary, EVALUATION), "", out);
    json_object_foreach(json_object_get(summary, TERMS), name, v)
    {
        const json_t *best = json_object_get(v, OPTIMUM);
        gedi__text_add(out, "  term %-23s %.4g", name,
                       json_number_value(json_object_get(v, VALUE)));
        if (json_is_number(best))
            gedi__text_add(out, "  (optimum %.4g)", json_number_value(best));
        gedi__text_add(out, "\n");
    }
    add_failures(json_object_get(summary, HEALTH), out);
    add_history(json_object_get(summary, HISTORY), out);
}
