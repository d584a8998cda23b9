/* trainer.c - all that training a stage needs, opened, compiled and allocated. */
#include "core/train/trainer.h"
#include "core/base/memory.h"

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

/* For states as they were, where an iteration has several batches, each of which changes them. */
static gedi_status make_room(gedi__trainer *t, gedi_err *err)
{
    if (t->stage->train.accumulate == 1)
        return GEDI_OK;
    t->before = gedi__alloc((size_t)t->net.params.kept + 1, sizeof *t->before, err,
                            "the states of a network");
    return t->before ? GEDI_OK : GEDI_NOMEM;
}

static gedi_status set_up(gedi__trainer *t, gedi_err *err)
{
    GEDI_TRY(gedi__batches_open(&t->data, t->e, t->stage, err));
    GEDI_TRY(gedi__batches_enough(&t->data, err));
    GEDI_TRY(gedi__network_init(&t->net, t->e, t->stage, &t->data.info, err));
    GEDI_TRY(make_batch(t, err));
    GEDI_TRY(gedi__build_init(&t->build, &t->net.params, true, err));
    GEDI_TRY(compile(t, err));
    GEDI_TRY(name_schedules(t, err));
    if (t->samples)
        GEDI_TRY(gedi__chains_init(&t->chains, &t->net, &t->data, t->view, err));
    GEDI_TRY(set_up_watches(t, err));
    GEDI_TRY(make_room(t, err));
    GEDI_TRY(gedi__passes_init(&t->passes, &t->net, &t->data, err));
    GEDI_TRY(gedi__sentinel_init(&t->sentinel, &t->net, &t->data, t->view, err));
    return gedi__optimizer_init(&t->optimizer, &t->stage->optimizer, t->stage->group,
                                t->stage->groups, &t->net.params, err);
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
    free(t->before);
    free(t);
}
