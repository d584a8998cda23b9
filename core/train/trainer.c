/* trainer.c - one training iteration: batch, views, samples, gradients, optimizer.
 *
 * Source:  Sansone & Manhaeve, algorithm 1 (any objective in place of GEDI's three
 * terms).
 */
#include "core/train/trainer.h"
#include "core/base/memory.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- compiling the training step ---- */

/* Inputs, and where their numbers lie. */
typedef struct inputs {
    gedi_batch v;
    gedi__binding bind[GEDI_MAX_VIEWS + 3];
    int n;
} inputs;

static void bind_to(inputs *in, gedi_node *node, float *data)
{
    if (data)
        in->bind[in->n++] = (gedi__binding){node, data};
}

/* Views and samples as one batch: one product of matrices where there were three. */
static void build_together(gedi__trainer *t, inputs *in)
{
    gedi_build *b = &t->build;
    int64_t rows = in->v.size * in->v.parts, all = 0, at = 0;
    gedi_node *h, *z;
    for (int i = 0; i < t->stage->views; i++)
        all += t->view[i] ? rows : 0;
    all += t->samples ? rows : 0;
    gedi_node *x = gedi_input(b->g, "batch", gedi__batch_shape(t->net.info.record, all));
    gedi__network_pass(&t->net, b, x, &h, &z);
    bind_to(in, x, t->x);
    for (int i = 0; i < t->stage->views; i++)
        if (t->view[i]) {
            in->v.x[i] = gedi_slice(x, 0, at, rows);
            in->v.h[i] = gedi_slice(h, 0, at, rows);
            in->v.z[i] = gedi_slice(z, 0, at, rows);
            at += rows;
        }
    if (t->samples) {
        in->v.xs = gedi_slice(x, 0, at, rows);
        in->v.hs = gedi_slice(h, 0, at, rows);
        in->v.zs = gedi_slice(z, 0, at, rows);
    }
}

/* One view, or the samples, by itself. Those that no term uses are built, too, so that an
 * objective may write them down; as nothing depends on them they are never computed. Running
 * statistics would: so these are passed as in evaluation, which leaves statistics alone. */
static void build_apart(gedi__trainer *t, inputs *in, const char *name, gedi_shape record,
                        float *data, gedi_node **x, gedi_node **h, gedi_node **z)
{
    if (*x)
        return;
    *x =
        gedi_input(t->build.g, name, gedi__batch_shape(record, in->v.size * in->v.parts));
    t->build.training = data != NULL;
    gedi__network_pass(&t->net, &t->build, *x, h, z);
    t->build.training = true;
    bind_to(in, *x, data);
}

static gedi_status build_loss(gedi__trainer *t, inputs *in, gedi_node **loss,
                              gedi_err *err)
{
    gedi_batch *v = &in->v;
    *v = gedi__network_batch(&t->net, &t->build);
    bind_to(in, v->label, t->label);
    bind_to(in, v->index, t->index);
    if (t->net.one_batch)
        build_together(t, in);
    for (int i = 0; i < t->stage->views || i == 0; i++)
        build_apart(t, in, "x", t->net.view[i], t->view[i], &v->x[i], &v->h[i], &v->z[i]);
    build_apart(t, in, "samples", t->net.info.record, t->samples, &v->xs, &v->hs, &v->zs);
    gedi__network_beyond(&t->net, &t->build, v);
    gedi__network_loss(&t->net, &t->build, v, &t->terms);
    *loss = NULL;
    for (int i = 0; i < t->terms.n; i++) {
        gedi_node *term = gedi__term_weighted(&t->terms, i);
        *loss = *loss ? gedi_add(*loss, term) : term;
    }
    return gedi_graph_status(t->build.g, err);
}

/* Outputs of the step: the loss, its terms, what is watched. */
static gedi_status compile(gedi__trainer *t, gedi_err *err)
{
    gedi_build *b = &t->build;
    gedi_node *output[1 + GEDI__MAX_TERMS + GEDI__WATCHES];
    inputs in = {.n = 0};
    int n = 0;
    GEDI_TRY(build_loss(t, &in, &output[n++], err));
    for (int i = 0; i < t->terms.n; i++)
        output[n++] = t->terms.node[i];
    for (int i = 0; i < b->watches; i++)
        output[n++] = b->watch[i].node;
    return gedi__step_compile(b, output[0], output, n, in.bind, in.n, (int)t->e->threads,
                              &t->step, err);
}

/* ---- setting up ---- */

/* Memory of the batch: the views one after the other, then samples; labels and numbers. */
static gedi_status make_batch(gedi__trainer *t, gedi_err *err)
{
    const gedi__network *net = &t->net;
    int64_t records = t->stage->train.batch, rows = records * t->data.parts, all = 0;
    for (int i = 0; i < t->stage->views; i++)
        all += net->uses_view[i] ? rows * t->data.view[i] : 0;
    all += net->uses_samples ? rows * t->data.record : 0;
    if (!all)
        return GEDI_FAIL(err, GEDI_DESCRIPTOR,
                         "no term of objective %s depends on the data", t->stage->method);
    t->x = aligned_alloc(64, ((size_t)all * sizeof(float) + 63) / 64 * 64);
    if (!t->x)
        return gedi_no_memory(err, "a batch of %lld records", (long long)records);
    memset(t->x, 0, (size_t)all * sizeof(float));
    float *at = t->x;
    for (int i = 0; i < t->stage->views; i++)
        if (net->uses_view[i]) {
            t->view[i] = at;
            at += rows * t->data.view[i];
        }
    if (net->uses_samples)
        t->samples = at;
    if (net->uses_label)
        t->label = gedi__alloc((size_t)rows, sizeof *t->label, err, "labels");
    if (net->uses_index)
        t->index = gedi__alloc((size_t)records, sizeof *t->index, err, "record numbers");
    return (net->uses_label && !t->label) || (net->uses_index && !t->index) ? GEDI_NOMEM
                                                                            : GEDI_OK;
}

static gedi_status name_schedules(gedi__trainer *t, gedi_err *err)
{
    gedi__scheduled_option o;
    while (gedi__stage_schedule(t->stage, t->schedules, &o))
        t->schedules++;
    t->schedule = gedi__alloc((size_t)t->schedules + 1, sizeof *t->schedule, err,
                              "the schedules of a stage");
    for (int i = 0; t->schedule && gedi__stage_schedule(t->stage, i, &o); i++)
        snprintf(t->schedule[i].name, sizeof t->schedule[i].name, "%s", o.name);
    return t->schedule ? GEDI_OK : GEDI_NOMEM;
}

/* What is watched, under one name each. */
static gedi_status set_up_watches(gedi__trainer *t, gedi_err *err)
{
    for (int i = 0; i < t->build.watches; i++)
        t->watch[t->watches++].name = t->build.watch[i].name;
    for (int k = 0; k < t->chains.watches; k++) {
        const char *name = t->chains.watch[k].name;
        for (int i = 0; i < t->watches; i++)
            if (!strcmp(t->watch[i].name, name))
                return GEDI_FAIL(err, GEDI_USAGE,
                                 "gedi_watch: '%s' is watched by objective and sampler",
                                 name);
        t->watch[t->watches++].name = name;
    }
    return GEDI_OK;
}

static gedi_status set_up(gedi__trainer *t, gedi_err *err)
{
    GEDI_TRY(gedi__batches_open(&t->data, t->e, t->stage, err));
    GEDI_TRY(gedi__network_init(&t->net, t->e, t->stage, &t->data.info, err));
    GEDI_TRY(make_batch(t, err));
    GEDI_TRY(gedi__build_init(&t->build, &t->net.params, true, err));
    GEDI_TRY(compile(t, err));
    GEDI_TRY(name_schedules(t, err));
    if (t->samples)
        GEDI_TRY(gedi__chains_init(&t->chains, &t->net, &t->data, t->view, err));
    GEDI_TRY(set_up_watches(t, err));
    GEDI_TRY(gedi__passes_init(&t->passes, &t->net, &t->data, err));
    GEDI_TRY(gedi__sentinel_init(&t->sentinel, &t->net, &t->data, t->view, err));
    return gedi__optimizer_init(&t->optimizer, &t->stage->optimizer, &t->net.params, err);
}

gedi_status gedi__trainer_new(const gedi__experiment *e, const gedi__stage *stage,
                              gedi__trainer **out, gedi_err *err)
{
    gedi_err own = {0};
    *out = NULL;
    gedi__trainer *t = gedi__alloc(1, sizeof *t, err, "a trainer");
    if (!t)
        return GEDI_NOMEM;
    t->e = e;
    t->stage = stage;
    t->iteration = stage->first;
    gedi_status s = set_up(t, &own);
    if (s != GEDI_OK) {
        gedi__trainer_free(t);
        if (e->stages > 1)
            return GEDI_FAIL(err, s, "stages.%d: %s", (int)(stage - e->stage), own.msg);
        if (err)
            *err = own;
        return s;
    }
    *out = t;
    return GEDI_OK;
}

void gedi__trainer_free(gedi__trainer *t)
{
    if (!t)
        return;
    gedi__program_free(t->step.program);
    gedi__optimizer_clear(&t->optimizer);
    gedi__build_clear(&t->build);
    gedi__chains_clear(&t->chains);
    gedi__sentinel_clear(&t->sentinel);
    gedi__passes_clear(&t->passes);
    gedi__network_clear(&t->net);
    gedi__batches_close(&t->data);
    free(t->schedule);
    free(t->x);
    free(t->label);
    free(t->index);
    free(t);
}

/* ---- one iteration ---- */

static gedi_status read_terms(gedi__trainer *t, gedi_err *err)
{
    char where[320] = "";
    long long it = (long long)t->iteration + 1;
    t->loss = gedi__program_output(t->step.program, 0)[0];
    for (int i = 0; i < t->terms.n; i++) {
        gedi__term_value *v = &t->terms.value[i];
        v->value = gedi__program_output(t->step.program, 1 + i)[0];
        if (!isfinite(v->value)) {
            if (!t->samples ||
                !gedi__chains_find_nonfinite(&t->chains, where, sizeof where))
                gedi__program_find_nonfinite(t->step.program, where, sizeof where);
            /* Without the sign that a NaN may have. */
            return GEDI_FAIL(err, GEDI_NUMERIC, "iteration %lld: term '%s' is %g: %s", it,
                             v->name, isnan(v->value) ? NAN : v->value, where);
        }
        if (fabs(v->value) > t->stage->train.explode)
            return GEDI_FAIL(err, GEDI_NUMERIC,
                             "iteration %lld: term '%s' has exploded: %g is beyond "
                             "train.explode = %g",
                             it, v->name, v->value, t->stage->train.explode);
    }
    return GEDI_OK;
}

static void read_watches(gedi__trainer *t)
{
    int own = t->watches - t->chains.watches;
    for (int i = 0; i < t->watches; i++)
        t->watch[i].value =
            i < own ? gedi__program_output(t->step.program, 1 + t->terms.n + i)[0]
                    : t->chains.watch[i - own].value;
}

/* The first parameter whose gradient is not finite, else the one with the largest number. */
static const char *wildest_gradient(const gedi__trainer *t)
{
    const float *g = t->net.params.g;
    const char *name = "all parameters";
    float largest = 0;
    for (int i = 0; i < t->optimizer.segments; i++)
        for (int64_t k = 0; k < t->optimizer.segment[i].size; k++) {
            float v = fabsf(g[t->optimizer.segment[i].offset + k]);
            if (!isfinite(v))
                return t->optimizer.segment[i].name;
            if (v > largest) {
                largest = v;
                name = t->optimizer.segment[i].name;
            }
        }
    return name;
}

static gedi_status measure_gradient(gedi__trainer *t, gedi_err *err)
{
    t->gradient_norm = gedi__params_gradient_norm(&t->net.params);
    if (!isfinite(t->gradient_norm) || !isfinite(t->loss)) {
        char where[320] = "the loss is too large";
        gedi__program_find_nonfinite(t->step.program, where, sizeof where);
        return GEDI_FAIL(err, GEDI_NUMERIC,
                         "iteration %lld: the gradient of %s is not finite: %s",
                         (long long)t->iteration + 1, wildest_gradient(t), where);
    }
    if (t->gradient_norm > t->stage->train.explode)
        return GEDI_FAIL(err, GEDI_NUMERIC,
                         "iteration %lld: the gradient has exploded: its norm, %g, is "
                         "beyond train.explode = %g, most of all by %s",
                         (long long)t->iteration + 1, t->gradient_norm,
                         t->stage->train.explode, wildest_gradient(t));
    return GEDI_OK;
}

/* All that is scheduled has its value in the iteration that begins. */
static void advance(gedi__trainer *t)
{
    const gedi__stage *stage = t->stage;
    gedi__scheduled_option o;
    int64_t iteration = t->iteration - stage->first; /* of the stage */
    gedi__build_advance(&t->build, iteration);
    gedi__terms_advance(&t->terms, iteration);
    for (int i = 0; i < t->schedules && gedi__stage_schedule(stage, i, &o); i++)
        t->schedule[i].value =
            o.optimizer
                ? gedi_schedule_at(o.schedule, t->iteration - stage->optimizer_first,
                                   stage->optimizer_total)
                : gedi_schedule_at(o.schedule, iteration, stage->train.iterations);
}

/* The batch: labels come with the first view that is read. */
static gedi_status fill(gedi__trainer *t, gedi_err *err)
{
    float *label = t->label;
    for (int i = 0; i < t->stage->views; i++)
        if (t->view[i]) {
            GEDI_TRY(
                gedi__batches_fill(&t->data, t->iteration, i, t->view[i], label, err));
            label = NULL;
        }
    if (t->index)
        gedi__batches_index(&t->data, t->iteration, t->index);
    return GEDI_OK;
}

gedi_status gedi__trainer_step(gedi__trainer *t, gedi_err *err)
{
    const gedi__experiment *e = t->e;
    gedi__params *p = &t->net.params;
    advance(t);
    GEDI_TRY(gedi__passes_run(&t->passes, t->iteration, err));
    GEDI_TRY(fill(t, err));
    if (t->samples)
        gedi__chains_draw(&t->chains, t->iteration, t->samples);
    gedi__program_seed(t->step.program, e->seed, GEDI_STREAM_VIEW,
                       (UINT64_C(1) << 63) | (uint64_t)t->iteration);
    gedi__program_run(t->step.program);
    GEDI_TRY(read_terms(t, err));
    gedi__step_take_gradients(&t->step, &t->build);
    GEDI_TRY(measure_gradient(t, err));
    read_watches(t);
    gedi__step_take_states(&t->step, &t->build);
    gedi__optimizer_step(&t->optimizer, p, t->iteration - t->stage->optimizer_first,
                         t->stage->optimizer_total);
    gedi__params_step_averages(p, t->iteration - t->stage->first,
                               t->stage->train.iterations);
    t->iteration++;
    return GEDI_OK;
}
