/* trial_network.c - what a trained network says of records: labels, features, samples, spaces, scores.
 *
 * Records are seen without views and the network in evaluation mode. What is computed
 * once for a split is kept, so that several evaluators share it.
 */
#include "core/base/loop.h"
#include "core/evaluate/generator.h"
#include "core/evaluate/others.h"
#include "core/evaluate/scores.h"
#include "core/evaluate/trial_parts.h"
#include "core/train/records.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* n rows of an output, where it is asked for. */
static void take(const gedi_trial *t, gedi__output which, int64_t n, float *to)
{
    size_t width = (size_t)gedi__inference_width(t->inference, which);
    if (to)
        memcpy(to, gedi__inference_output(t->inference, which),
               (size_t)n * width * sizeof *to);
}

/* Of the n records in t->x. */
static void run_chunk(gedi_trial *t, int64_t n, float *h, float *p, float *log_density)
{
    gedi__inference_run(t->inference, t->began);
    t->began = true;
    take(t, GEDI__FEATURES, n, h);
    take(t, GEDI__LABELS_P, n, p);
    take(t, GEDI__LOG_P, n, log_density);
}

static gedi_status check_labels(const gedi_trial *t, gedi_split split,
                                const int32_t *label, int64_t first, int64_t n,
                                gedi_err *err)
{
    int32_t classes = t->data->info.classes;
    for (int64_t i = 0; t->data->info.labelled[split] && i < n; i++)
        if (label[i] < -1 || label[i] >= classes)
            return GEDI_FAIL(
                err, GEDI_DATA,
                "dataset %s: label %d of %s record %lld is neither one of its "
                "%d classes, from 0, nor -1 for none",
                t->net->e->dataset.plugin->name, (int)label[i],
                split == GEDI_TEST ? "test" : "training", (long long)(first + i),
                (int)classes);
    return GEDI_OK;
}

/* Reads the labels of a split alone, which is quick: nothing is computed. */
static gedi_status see_labels(gedi_trial *t, gedi_split split, gedi_err *err)
{
    int64_t n = gedi_trial_count(t, split);
    if (t->label[split] || !t->data->info.labelled[split])
        return GEDI_OK;
    int32_t *label = calloc((size_t)n + 1, sizeof *label);
    gedi_status s =
        label ? GEDI_OK : gedi_no_memory(err, "labels of %lld records", (long long)n);
    for (int64_t at = 0; s == GEDI_OK && at < n; at += t->chunk) {
        int64_t m = gedi__min64(n - at, t->chunk);
        s = gedi__records_read(gedi__source_of(t->data), split, at, m, t->x, label + at,
                               err);
        if (s == GEDI_OK)
            s = check_labels(t, split, label + at, at, m, err);
    }
    if (s == GEDI_OK)
        t->label[split] = label;
    else
        free(label);
    return s;
}

gedi_status gedi__trial_see(gedi_trial *t, gedi_split split, gedi_err *err)
{
    const gedi__network *net = t->net;
    size_t n = (size_t)gedi_trial_count(t, split);
    if (t->h[split])
        return GEDI_OK;
    int32_t *label = calloc(n + 1, sizeof *label);
    float *h = malloc((n * (size_t)net->features + 1) * sizeof(float));
    float *p = malloc((n * (size_t)net->clusters + 1) * sizeof(float));
    gedi_status s = GEDI_OK;
    if (!label || !h || !p)
        s = gedi_no_memory(err, "evaluating %zu records", n);
    for (int64_t at = 0; s == GEDI_OK && at < (int64_t)n; at += t->chunk) {
        int64_t m = gedi__min64((int64_t)n - at, t->chunk);
        s = gedi__records_read(gedi__source_of(t->data), split, at, m, t->x, label + at,
                               err);
        if (s == GEDI_OK)
            s = check_labels(t, split, label + at, at, m, err);
        if (s == GEDI_OK)
            run_chunk(t, m, h + at * net->features,
                      net->clusters ? p + at * net->clusters : NULL, NULL);
        if (s == GEDI_OK)
            s = gedi__trial_tell(t, "looking at records", at + m, (int64_t)n, err);
    }
    if (s != GEDI_OK) {
        free(label);
        free(h);
        free(p);
        return s;
    }
    if (t->data->info.labelled[split] && !t->label[split])
        t->label[split] = label;
    else
        free(label); /* whoever asked for labels before has them */
    t->h[split] = h;
    t->p[split] = p;
    return GEDI_OK;
}

const int32_t *gedi_trial_labels(gedi_trial *t, gedi_split split)
{
    gedi_status s = see_labels(t, split, &t->found.why);
    if (s != GEDI_OK)
        t->found.failed = s;
    return t->label[split];
}

gedi_status gedi_trial_assignments(gedi_trial *t, gedi_split split, const float **p,
                                   int64_t *k, gedi_err *err)
{
    *p = NULL;
    *k = t->net->clusters;
    if (!*k)
        return GEDI_FAIL(err, GEDI_STATE, "objective %s has no p(y|x)",
                         t->net->stage->method);
    GEDI_TRY(gedi__trial_see(t, split, err));
    *p = t->p[split];
    return GEDI_OK;
}

gedi_status gedi_trial_features(gedi_trial *t, gedi_split split, const float **h,
                                int64_t *d, gedi_err *err)
{
    *h = NULL;
    *d = t->net->features;
    GEDI_TRY(gedi__trial_see(t, split, err));
    *h = t->h[split];
    return GEDI_OK;
}

int64_t gedi__trial_clusters(const gedi_trial *t)
{
    return t->net->clusters;
}

bool gedi_trial_has_clusters(const gedi_trial *t)
{
    return t->net->clusters > 0;
}

bool gedi_trial_has_energy(const gedi_trial *t)
{
    return t->net->has_energy;
}

gedi_status gedi__trial_at(gedi_trial *t, const float *x, int64_t n, float *p,
                           float *log_density, gedi_err *err)
{
    const gedi__network *net = t->net;
    const char *name = t->net->stage->method;
    int64_t record = t->data->record;
    if (p && !net->clusters)
        return GEDI_FAIL(err, GEDI_STATE, "objective %s has no p(y|x)", name);
    if (log_density && !net->has_energy)
        return GEDI_FAIL(err, GEDI_STATE, "objective %s has no energy%s", name,
                         gedi__why_no_energy(net));
    for (int64_t at = 0; at < n; at += t->chunk) {
        int64_t m = gedi__min64(n - at, t->chunk);
        memcpy(t->x, x + at * record, (size_t)(m * record) * sizeof(float));
        run_chunk(t, m, NULL, p ? p + at * net->clusters : NULL,
                  log_density ? log_density + at : NULL);
    }
    return GEDI_OK;
}

static gedi_status tell_of_samples(void *context, int64_t done, int64_t total,
                                   gedi_err *err)
{
    return gedi__trial_tell(context, "drawing samples", done, total, err);
}

gedi_status gedi_trial_sample(gedi_trial *t, int64_t n, int64_t steps, float *x,
                              gedi_err *err)
{
    if (!t->generator)
        GEDI_TRY(gedi__generator_new(t->net, t->data, &t->generator, err));
    return gedi__generator_draw(t->generator, n, steps, x, tell_of_samples, t, err);
}

gedi_status gedi_trial_chains(gedi_trial *t, const float **x, int64_t *n, gedi_err *err)
{
    *x = t->chains;
    *n = t->chain_count;
    if (*x)
        return GEDI_OK;
    return GEDI_FAIL(
        err, GEDI_STATE,
        "the run has no replay buffer: no term of objective %s uses samples, "
        "or the sampler keeps none",
        t->net->stage->method);
}

/* ---- spaces ---- */

/* Opens the space unless it is the one that is open. */
static gedi_status enter(gedi_trial *t, const gedi_space *space, gedi_err *err)
{
    if (gedi__space_is(t->space, space))
        return GEDI_OK;
    gedi__space_free(t->space);
    return gedi__space_open(space, t->net, t->data, &t->space, err);
}

gedi_status gedi_trial_space_width(gedi_trial *t, const gedi_space *space, int64_t *d,
                                   gedi_err *err)
{
    GEDI_TRY(enter(t, space, err));
    *d = gedi__space_features(t->space);
    return GEDI_OK;
}

gedi_status gedi_trial_space_map(gedi_trial *t, const gedi_space *space, const float *x,
                                 int64_t n, float *h, gedi_err *err)
{
    GEDI_TRY(enter(t, space, err));
    for (int64_t at = 0; at < n; at += t->chunk) {
        int64_t m = gedi__min64(n - at, t->chunk);
        gedi__space_run(t->space, x + at * t->data->record, m,
                        h + at * gedi__space_features(t->space));
        GEDI_TRY(gedi__trial_tell(t, "mapping samples", at + m, n, err));
    }
    return GEDI_OK;
}

gedi_status gedi_trial_space_records(gedi_trial *t, const gedi_space *space,
                                     gedi_split split, float *h, gedi_err *err)
{
    int64_t d, n = gedi_trial_count(t, split);
    GEDI_TRY(gedi_trial_space_width(t, space, &d, err));
    for (int64_t at = 0; at < n; at += t->chunk) {
        int64_t m = gedi__min64(n - at, t->chunk);
        GEDI_TRY(
            gedi__records_read(gedi__source_of(t->data), split, at, m, t->x, NULL, err));
        gedi__space_run(t->space, t->x, m, h + at * d);
        GEDI_TRY(gedi__trial_tell(t, "mapping records", at + m, n, err));
    }
    return GEDI_OK;
}

int64_t gedi_trial_record(const gedi_trial *t)
{
    return t->data->record;
}

/* ---- scores ---- */

static gedi_status tell_of_scores(void *context, int64_t done, int64_t total,
                                  gedi_err *err)
{
    return gedi__trial_tell(context, "scoring records", done, total, err);
}

/* Of the n records of a dataset that is open; what they are given belongs to the trial. */
static gedi_status score(gedi_trial *t, gedi__source from, gedi_split split, int64_t n,
                         gedi_record_scores *out, gedi_err *err)
{
    size_t bytes = (size_t)n * sizeof(float);
    gedi__scored to = {0};
    bool energy = t->net->has_energy, clusters = t->net->clusters > 0;
    if (n < 1)
        return GEDI_FAIL(err, GEDI_DATA, "dataset %s has no %s records",
                         from.dataset->plugin->name,
                         split == GEDI_TEST ? "test" : "training");
    if ((energy && (!(to.log_p = gedi__arena_alloc(&t->found.arena, bytes)) ||
                    !(to.slope = gedi__arena_alloc(&t->found.arena, bytes)))) ||
        (clusters && !(to.max_p = gedi__arena_alloc(&t->found.arena, 2 * bytes))))
        return gedi_no_memory(err, "scores of %lld records", (long long)n);
    if (to.max_p)
        to.log_odds = to.max_p + n; /* gedi_record_log_odds finds them there */
    *out = (gedi_record_scores){n, to.log_p, to.slope, to.max_p};
    return gedi__scorer_run(t->scorer, from, split, n, &to, tell_of_scores, t, err);
}

const float *gedi_record_log_odds(const gedi_record_scores *s)
{
    return s && s->max_p ? s->max_p + s->n : NULL;
}

gedi_status gedi_trial_scores(gedi_trial *t, const gedi_component *dataset,
                              gedi_split split, gedi_record_scores *out, gedi_err *err)
{
    *out = (gedi_record_scores){0};
    if (!t->scorer)
        GEDI_TRY(gedi__scorer_new(t->net, t->data, &t->scorer, err));
    gedi__source from = gedi__source_of(t->data);
    if (!dataset)
        return score(t, from, split, gedi_trial_count(t, split), out, err);
    gedi_data_info info;
    GEDI_TRY(gedi__other_open(t->net->e, dataset, t->net->info.record, &info, err));
    from.dataset = dataset;
    from.own = NULL;
    from.parts = gedi__parts(&info);
    from.rescaling = gedi__rescaling_of(&info, &t->data->info);
    gedi_status s = score(t, from, split, info.count[split] * from.parts, out, err);
    gedi__other_close(dataset);
    return s;
}

gedi_status gedi_trial_count_of(const gedi_trial *t, const gedi_component *dataset,
                                gedi_split split, int64_t *n, gedi_err *err)
{
    gedi_data_info info;
    *n = 0;
    GEDI_TRY(gedi__other_open(t->net->e, dataset, t->net->info.record, &info, err));
    *n = info.count[split] * gedi__parts(&info);
    gedi__other_close(dataset);
    return GEDI_OK;
}

/* ---- parameters ---- */

const float *gedi_trial_parameter(const gedi_trial *t, const char *name, int64_t *n)
{
    char full[GEDI__SCOPE];
    const gedi__params *p = &t->net->params;
    for (int i = 0; name && i < t->net->stage->objectives; i++) {
        snprintf(full, sizeof full, "%s.%s", t->net->stage->objective[i].scope, name);
        const gedi__param *q = gedi__params_named(p, full);
        const gedi__param *average =
            q && t->net->averaged ? gedi__params_average_of(p, q) : NULL;
        if (!q)
            continue;
        *n = q->size;
        return gedi__param_data(p, average ? average : q);
    }
    return NULL;
}
