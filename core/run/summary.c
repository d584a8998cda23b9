/* summary.c - summary.json: the final figures of a run, and where they come from. */
#include "core/run/summary.h"
#include "core/run/run.h"
#include "core/base/file.h"
#include "core/exec/blas.h"
#include "core/store/commit.h"
#include "config.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

/* Why figures are missing; absent where they are there. */
#define UNDRAWN "undrawn"

/* JSON has no NaN: a figure that is not a number is null. */
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
static json_t *terms(const gedi__trainer *t, const gedi__metrics *log)
{
    json_t *o = json_object();
    for (int i = 0; i < t->terms.n; i++) {
        const gedi__term_value *v = &t->terms.value[i];
        double value = v->value;
        for (int k = 0; k < log->terms && log->n; k++)
            if (!strcmp(log->name[k], v->name))
                value = log->value[k][log->n - 1];
        json_object_set_new(o, v->name,
                            json_pack("{s:o, s:o, s:f}", "value", number(value),
                                      "optimum", number(v->optimum), "weight",
                                      v->weight));
    }
    return o;
}

/* Each figure of the sentinels, and since which iteration it has shown a failure to the end. */
static json_t *health(const gedi__metrics *log)
{
    json_t *o = json_object();
    for (int i = 0; i < GEDI__FAILURES && log->n; i++) {
        int64_t since = log->n;
        while (since > 0 && gedi__health_fails(&log->health[since - 1], i))
            since--;
        double value = gedi__failure_value(&log->health[log->n - 1], i);
        json_t *began =
            since == log->n ? json_null() : json_integer(log->iteration[since]);
        json_t *one = json_pack("{s:o, s:o, s:s}", "value", number(value),
                                "failing_since", began, "failure", gedi__failure_name(i));
        if (i == GEDI__LABELS)
            json_object_set_new(one, "unsure", number(log->health[log->n - 1].unsure));
        json_object_set_new(o, gedi__failure_figure(i), one);
    }
    return o;
}

/* A line for each failure that a summary has. */
static void add_failures(const json_t *o, gedi__text *out)
{
    char text[128];
    for (int i = 0; i < GEDI__FAILURES; i++) {
        const json_t *v = json_object_get(o, gedi__failure_figure(i));
        const json_t *since = json_object_get(v, "failing_since");
        double value[GEDI__FAILURES] = {0};
        value[i] = json_number_value(json_object_get(v, "value"));
        gedi__health h = {value[0], value[1], value[2], NAN};
        if (i == GEDI__LABELS && json_is_number(json_object_get(v, "unsure")))
            h.unsure = json_number_value(json_object_get(v, "unsure"));
        if (json_is_integer(since))
            gedi__text_add(out, "  %s since iteration %lld: %s\n", gedi__failure_name(i),
                           (long long)json_integer_value(since),
                           gedi__failure_text(&h, i, text, sizeof text));
    }
}

/* The object at a key of n letters, made if it is not there; NULL when out of memory. */
static json_t *object_in(json_t *o, const char *key, size_t n)
{
    char *copy = strndup(key, n);
    json_t *of = copy ? json_object_get(o, copy) : NULL;
    if (copy && !of) {
        of = json_object();
        json_object_set_new(o, copy, of);
    }
    free(copy);
    return of;
}

/* evaluation.<evaluator>.<name>: a number, or its definition; a dot in the name leads deeper. */
static json_t *evaluation(const gedi_trial *trial, bool definitions)
{
    json_t *all = json_object();
    const gedi__findings *found = gedi__trial_findings(trial);
    for (int i = 0; i < found->figures; i++) {
        const gedi__figure *f = &found->figure[i];
        const char *name = f->name, *dot;
        json_t *o = object_in(all, f->evaluator, strlen(f->evaluator));
        for (; (dot = strchr(name, '.')); name = dot + 1)
            o = object_in(o, name, (size_t)(dot - name));
        json_object_set_new(o, name,
                            definitions ? json_string(f->definition) : number(f->value));
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
        json_object_set_new(o, "iterations", json_integer(e->stage[i].train.iterations));
        json_object_set_new(o, "loss", at < 0 ? json_null() : number(log->loss[at]));
        json_object_set_new(o, "terms", of);
        json_array_append_new(all, o);
    }
    return all;
}

/* Of a list: how much each weighs, and which of them evaluation asks. */
static json_t *objectives(const gedi__network *net)
{
    json_t *o = json_object(), *weights = json_object();
    const gedi__stage *s = net->stage;
    for (int i = 0; i < s->objectives; i++)
        json_object_set_new(
            weights, s->objective[i].part.plugin->name,
            json_real(gedi_schedule_at(&s->objective[i].weight, s->train.iterations,
                                       s->train.iterations)));
    json_object_set_new(o, "weights", weights);
    if (net->labels_of)
        json_object_set_new(o, "p", json_string(net->labels_of->part.plugin->name));
    if (net->energy_of)
        json_object_set_new(o, "energy", json_string(net->energy_of->part.plugin->name));
    return o;
}

static json_t *components(const gedi__network *net)
{
    const gedi__experiment *e = net->e;
    json_t *o = json_object();
    json_object_set_new(o, "dataset", json_string(e->dataset.plugin->name));
    json_object_set_new(o, "model", json_string(e->model.plugin->name));
    if (e->projector.plugin)
        json_object_set_new(o, "projector", json_string(e->projector.plugin->name));
    json_object_update_new(o, method(net->stage));
    if (net->stage->objectives > 1)
        json_object_set_new(o, "objectives", objectives(net));
    return o;
}

static json_t *host(const gedi__experiment *e)
{
    struct utsname u;
    char model[64], date[32] = "";
    time_t now = time(NULL);
    struct tm tm;
    if (gmtime_r(&now, &tm))
        strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", &tm);
    const char *name = uname(&u) ? "unknown" : u.nodename;
    return json_pack("{s:s, s:s, s:s, s:I, s:s}", "name", name, "processor",
                     gedi__machine_model(model, sizeof model), "blas_kernel",
                     gedi__blas_kernel(), "threads", (json_int_t)e->threads, "finished",
                     date);
}

/* What experiment it is. */
static json_t *head(const gedi__network *net, int64_t iterations)
{
    const gedi__experiment *e = net->e;
    return json_pack("{s:s, s:s, s:s, s:I, s:I, s:I, s:o}", "gedi", PACKAGE_VERSION,
                     "commit", GEDI__COMMIT, "descriptor", e->name, "seed",
                     (json_int_t)e->seed, "iterations", (json_int_t)iterations,
                     "parameters", (json_int_t)(net->params.trained + net->params.held),
                     "components", components(net));
}

/* How many there were: files may have fewer than the data set is known to have. */
static json_t *records(const gedi_trial *t)
{
    return json_pack("{s:I, s:I}", "train", (json_int_t)gedi_trial_count(t, GEDI_TRAIN),
                     "test", (json_int_t)gedi_trial_count(t, GEDI_TEST));
}

static void add_evaluation(json_t *o, const gedi_trial *trial)
{
    json_object_set_new(o, "records", records(trial));
    json_object_set_new(o, "evaluation", evaluation(trial, false));
    json_object_set_new(o, "definitions", evaluation(trial, true));
}

/* Writes and frees `o`. */
static gedi_status write_json(const char *path, json_t *o, gedi_err *err)
{
    char *text = json_dumps(o, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
    json_decref(o);
    if (!text)
        return GEDI_FAIL(err, GEDI_NOMEM, "%s: out of memory", path);
    gedi_status s = gedi__file_write(path, text, strlen(text), err);
    free(text);
    return s;
}

static void add_outcome(json_t *o, const gedi__outcome *made)
{
    if (made->identity)
        gedi__identity_keep(o, made->identity);
    gedi__artefacts_keep(o, made->artefacts, made->drawn);
    json_object_del(o, UNDRAWN);
    if (made->undrawn)
        json_object_set_new(o, UNDRAWN, json_string(made->undrawn));
}

gedi_status gedi__summary_write(const char *path, const gedi__trainer *t,
                                const gedi_trial *trial, const gedi__metrics *log,
                                const gedi__times *times, const gedi__outcome *made,
                                gedi_err *err)
{
    double rate = times->training > 0 ? (double)times->iterations / times->training : NAN;
    json_t *o = head(&t->net, t->iteration);
    json_object_set_new(o, "stages", stages(t->e, log));
    json_object_set_new(o, "loss", number(log->n ? log->loss[log->n - 1] : t->loss));
    json_object_set_new(o, "terms", terms(t, log));
    json_object_set_new(o, "health", health(log));
    add_evaluation(o, trial);
    json_object_set_new(o, "time",
                        json_pack("{s:o, s:o, s:o}", "training_seconds",
                                  number(times->training), "iterations_per_second",
                                  number(rate), "evaluation_seconds",
                                  number(times->evaluation)));
    json_object_set_new(o, "host", host(t->e));
    add_outcome(o, made);
    return write_json(path, o, err);
}

gedi_status gedi__summary_read(const char *path, json_t **out, gedi_err *err)
{
    char *data;
    size_t size;
    json_error_t why = {0};
    GEDI_TRY(gedi__file_read(path, &data, &size, err));
    *out = json_loadb(data, size, 0, &why);
    free(data);
    if (json_is_object(*out))
        return GEDI_OK;
    json_decref(*out);
    *out = NULL;
    return GEDI_FAIL(err, GEDI_DATA, "%s:%d: not a JSON object: %s", path, why.line,
                     why.text);
}

gedi_status gedi__summary_renew(const char *path, const gedi_trial *trial,
                                const gedi__outcome *made, gedi_err *err)
{
    json_t *o;
    GEDI_TRY(gedi__summary_read(path, &o, err));
    json_object_update_new(json_object_get(o, "evaluation"), evaluation(trial, false));
    json_object_update_new(json_object_get(o, "definitions"), evaluation(trial, true));
    add_outcome(o, made);
    return write_json(path, o, err);
}

gedi_status gedi__summary_write_revisit(const char *path, const gedi__network *net,
                                        const gedi_trial *trial, const gedi__revisit *how,
                                        gedi_err *err)
{
    json_t *o = head(net, how->iteration), *with = json_array();
    for (int i = 0; i < how->overrides; i++)
        json_array_append_new(with, json_string(how->override[i]));
    json_object_set_new(o, "run", json_string(how->run));
    json_object_set_new(o, "with", with);
    add_evaluation(o, trial);
    json_object_set_new(o, "time",
                        json_pack("{s:o}", "evaluation_seconds", number(how->seconds)));
    json_object_set_new(o, "host", host(net->e));
    return write_json(path, o, err);
}

/* Lines "clustering.nmi  0.998" of every number below `o`. */
static void add_lines(const json_t *o, const char *prefix, gedi__text *out)
{
    const char *key;
    json_t *v;
    json_object_foreach((json_t *)o, key, v)
    {
        gedi__text name = {0};
        gedi__text_add(&name, "%s%s%s", prefix, *prefix ? "." : "", key);
        if (json_is_object(v))
            add_lines(v, name.s ? name.s : "", out);
        else if (json_is_number(v))
            gedi__text_add(out, "  %-28s %.4g\n", name.s ? name.s : key,
                           json_number_value(v));
        gedi__text_clear(&name);
    }
}

gedi_status gedi__summary_text(const char *directory, gedi__text *out, gedi_err *err)
{
    char *path = gedi__path_join(directory, "summary.json");
    if (!path)
        return GEDI_FAIL(err, GEDI_NOMEM, "out of memory");
    json_t *o = NULL;
    gedi_status s = gedi__summary_read(path, &o, err);
    if (s == GEDI_OK) {
        const char *name;
        json_t *v;
        add_lines(json_object_get(o, "evaluation"), "", out);
        json_object_foreach(json_object_get(o, "terms"), name, v)
        {
            const json_t *best = json_object_get(v, "optimum");
            gedi__text_add(out, "  term %-23s %.4g", name,
                           json_number_value(json_object_get(v, "value")));
            if (json_is_number(best))
                gedi__text_add(out, "  (optimum %.4g)", json_number_value(best));
            gedi__text_add(out, "\n");
        }
        add_failures(json_object_get(o, "health"), out);
        if (out->failed)
            s = GEDI_FAIL(err, GEDI_NOMEM, "out of memory");
    }
    json_decref(o);
    free(path);
    return s;
}
