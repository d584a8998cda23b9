/* batches.c - the records of an iteration: order, reading, views. */
#include "core/train/batches.h"
#include "core/base/loop.h"
#include "core/base/memory.h"
#include "core/plugin/call.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_STEPS = 32, /* views in one pipeline, for numbering their draws */
    FEW = 16,       /* numbers of a record that a call for each would be too much for */
};

/* What each pipeline makes of a record, and what it needs. */
static gedi_status measure_views(gedi__batches *b, gedi_err *err)
{
    b->room = b->record;
    for (int v = 0; v < b->stage->views; v++) {
        const gedi__pipeline *p = &b->stage->view[v];
        gedi_shape shape;
        int64_t most;
        if (p->n > MAX_STEPS)
            return GEDI_FAIL(err, GEDI_DESCRIPTOR,
                             "views: pipeline %d has %d views, at most %d", v + 1, p->n,
                             MAX_STEPS);
        GEDI_TRY(gedi__pipeline_shape(p, b->info.record, &shape, &most, err));
        b->view[v] = gedi_shape_size(shape);
        b->room = most > b->room ? most : b->room;
        for (int k = 0; k < p->n; k++) {
            const gedi_view *w = (const gedi_view *)p->view[k].plugin;
            b->reshapes = b->reshapes || w->shape;
            if (w->pixels && !(b->info.std > 0))
                return GEDI_FAIL(err, GEDI_SHAPE,
                                 "view %s is for pixels, but dataset %s does not say "
                                 "that its records are (std of gedi_data_info is 0)",
                                 w->name, b->e->dataset.plugin->name);
        }
    }
    return GEDI_OK;
}

/* Numbers of scratch for a thread: what a view may use, the part on its way, the record. */
static int64_t scratch_of(const gedi__batches *b)
{
    return b->reshapes ? 2 * b->room + b->parts * b->record : b->room;
}

static gedi_status allocate(gedi__batches *b, gedi_err *err)
{
    int64_t n = b->info.count[GEDI_TRAIN], threads = b->e->threads;
    int64_t all = threads * scratch_of(b);
    int64_t batch = b->stage->train.batch * b->parts * b->record;
    if (b->record <= FEW && batch > all)
        all = batch;
    b->order = gedi__alloc((size_t)n, sizeof *b->order, err, "the order of %lld records",
                           (long long)n);
    b->scratch = gedi__alloc((size_t)all, sizeof *b->scratch, err, "views of records");
    b->label = gedi__alloc((size_t)(threads * b->parts), sizeof *b->label, err,
                           "labels of records");
    return b->order && b->scratch && b->label ? GEDI_OK : GEDI_NOMEM;
}

gedi_status gedi__batches_open(gedi__batches *b, const gedi__experiment *e,
                               const gedi__stage *stage, gedi_err *err)
{
    const gedi_dataset *d = (const gedi_dataset *)e->dataset.plugin;
    memset(b, 0, sizeof *b);
    b->e = e;
    b->stage = stage;
    b->epoch = -1;
    GEDI_TRY(gedi__dataset_open(&e->dataset, e->seed, e->directory, &b->info, err));
    b->open = true;
    gedi_status s = gedi__record_check(d->name, &b->info, err);
    b->parts = gedi__parts(&b->info);
    if (s == GEDI_OK)
        gedi__digest(d, e->dataset.self, &b->info, b->digest);
    if (s == GEDI_OK)
        b->record = gedi_shape_size(b->info.record);
    if (s == GEDI_OK)
        s = gedi__holdout_init(&b->holdout, e, &b->info, err);
    if (s == GEDI_OK)
        b->info.count[GEDI_TRAIN] = b->holdout.kept;
    if (s == GEDI_OK)
        gedi__stage_set_epochs(stage, b->info.count[GEDI_TRAIN]);
    if (s == GEDI_OK)
        s = measure_views(b, err);
    if (s == GEDI_OK)
        s = allocate(b, err);
    if (s != GEDI_OK)
        gedi__batches_close(b);
    return s;
}

gedi_status gedi__batches_enough(const gedi__batches *b, gedi_err *err)
{
    const gedi__stage *s = b->stage;
    if (b->info.count[GEDI_TRAIN] >= gedi__stage_records(s))
        return GEDI_OK;
    return GEDI_FAIL(err, GEDI_DESCRIPTOR,
                     "train.batch%s is %lld, but dataset %s has %lld training records%s",
                     s->train.accumulate > 1 ? " times train.accumulate" : "",
                     (long long)gedi__stage_records(s), b->e->dataset.plugin->name,
                     (long long)b->info.count[GEDI_TRAIN],
                     b->holdout.at ? " that are not held out" : "");
}

void gedi__batches_close(gedi__batches *b)
{
    if (b->open)
        gedi__dataset_close(&b->e->dataset);
    gedi__holdout_clear(&b->holdout);
    free(b->order);
    free(b->scratch);
    free(b->label);
    memset(b, 0, sizeof *b);
}

void gedi__batches_validate(gedi__batches *b, bool on)
{
    if (!b->holdout.at || on == b->validating)
        return;
    int64_t count = b->info.count[GEDI_TEST];
    bool labelled = b->info.labelled[GEDI_TEST];
    b->validating = on;
    b->info.count[GEDI_TEST] = on ? b->holdout.held : b->tests;
    b->info.labelled[GEDI_TEST] = on ? b->holdout.labelled : b->labelled_tests;
    if (on) {
        b->tests = count;
        b->labelled_tests = labelled;
    }
}

int64_t gedi__batches_record(const gedi__batches *b, gedi_split *split, int64_t i)
{
    bool held = *split == GEDI_TEST && b->validating;
    if (!b->holdout.at || (*split == GEDI_TEST && !held))
        return i;
    *split = GEDI_TRAIN;
    return b->holdout.at[held ? b->holdout.kept + i : i];
}

static void to_pixels(const gedi__batches *b, float *x, int64_t n)
{
    float mean = (float)b->info.mean, std = (float)b->info.std;
    for (int64_t i = 0; i < n; i++)
        x[i] = x[i] * std + mean;
}

static void to_standard(const gedi__batches *b, float *x, int64_t n)
{
    float mean = (float)b->info.mean, std = (float)b->info.std;
    for (int64_t i = 0; i < n; i++)
        x[i] = (x[i] - mean) / std;
}

/* Where the draws of the k-th view of pipeline v begin, for part i of the iteration. The first four
 * pipelines are numbered by themselves: results are older than the others. */
static gedi_rng draws(const gedi__batches *b, int64_t iteration, int v, int k, int64_t i)
{
    uint64_t at = (uint64_t)iteration,
             major = v < 4 ? at * 4 + (uint64_t)v
                           : UINT64_C(1) << 56 | (at * GEDI_MAX_VIEWS + (uint64_t)v);
    return gedi_rng_at(b->e->seed, GEDI_STREAM_VIEW, major * MAX_STEPS + (uint64_t)k,
                       (uint32_t)i);
}

/* One part, in place. */
static void apply(const gedi__batches *b, int64_t iteration, int v, int64_t i, float *x,
                  float *scratch)
{
    const gedi__pipeline *p = &b->stage->view[v];
    gedi_shape shape = b->info.record;
    bool pixels = false; /* what x is now */
    for (int k = 0; k < p->n; k++) {
        const gedi_view *w = (const gedi_view *)p->view[k].plugin;
        gedi_rng r = draws(b, iteration, v, k, i);
        if (w->pixels != pixels)
            (w->pixels ? to_pixels : to_standard)(b, x, gedi_shape_size(shape));
        pixels = w->pixels;
        w->apply(p->view[k].self, shape, x, scratch, &r);
        if (w->shape)
            shape = w->shape(p->view[k].self, shape);
    }
    if (pixels)
        to_standard(b, x, gedi_shape_size(shape));
}

/* Memory of a thread. */
typedef struct desk {
    float *scratch;
    int32_t *label;
} desk;

static desk desk_of(const gedi__batches *b, int thread)
{
    return (desk){b->scratch + thread * scratch_of(b), b->label + thread * b->parts};
}

static gedi_status read(const gedi__batches *b, int64_t at, float *x, int32_t *label,
                        gedi_err *err)
{
    gedi_split split = GEDI_TRAIN;
    at = gedi__batches_record(b, &split, at);
    return gedi__dataset_read(&b->e->dataset, split, at, x, label, err);
}

/* The record at `at`, read and transformed, as the i-th of the iteration. */
static gedi_status fill_one(const gedi__batches *b, int64_t iteration, int v, int64_t i,
                            int64_t at, float *x, desk d, gedi_err *err)
{
    float *moved = b->reshapes ? d.scratch + b->room : NULL;
    float *record = moved ? moved + b->room : x;
    GEDI_TRY(read(b, at, record, d.label, err));
    for (int64_t p = 0; p < b->parts; p++) {
        float *part = record + p * b->record;
        if (moved)
            part = memcpy(moved, part, (size_t)b->record * sizeof *part);
        apply(b, iteration, v, i * b->parts + p, part, d.scratch);
        if (moved)
            memcpy(x + p * b->view[v], moved, (size_t)b->view[v] * sizeof *x);
    }
    return GEDI_OK;
}

/* Labels of the i-th record of the batch. */
static void keep_label(const gedi__batches *b, int64_t i, const int32_t *of, float *label)
{
    for (int64_t p = 0; label && p < b->parts; p++)
        label[i * b->parts + p] = (float)of[p];
}

/* Where a batch is: in which iteration, and at which of its records it begins. */
typedef struct place {
    int64_t iteration, first;
} place;

static place place_of(const gedi__batches *b, int64_t batch)
{
    const gedi__train *t = &b->stage->train;
    return (place){batch / t->accumulate, batch % t->accumulate * t->batch};
}

/* Keeps the status of one that failed; the others go on. */
static void fill_into(gedi__batches *b, place is, int v, int64_t i, int64_t at, float *x,
                      float *label, gedi_status *all, gedi_err *err)
{
    gedi_err own; /* is long: clearing it would take longer than to read a small record */
    desk d = desk_of(b, omp_get_thread_num());
    own.code = GEDI_OK;
    own.msg[0] = '\0';
    own.file = NULL;
    own.line = 0;
    gedi_status s = fill_one(b, is.iteration, v, is.first + i, at, x, d, &own);
    keep_label(b, i, d.label, label);
    if (s != GEDI_OK)
#pragma omp critical(gedi_batch)
    {
        *all = s;
        if (err)
            *err = own;
    }
}

/* Makes `order` that of an epoch. */
static void order_of(gedi__batches *b, int64_t epoch)
{
    if (epoch == b->epoch)
        return;
    gedi_rng r = gedi_rng_at(b->e->seed, GEDI_STREAM_ORDER, (uint64_t)epoch, 0);
    gedi_rng_permutation(&r, b->order, b->info.count[GEDI_TRAIN]);
    b->epoch = epoch;
}

gedi_status gedi__batches_look(gedi__batches *b, int64_t i, int v, int64_t iteration,
                               float *x, gedi_err *err)
{
    desk d = desk_of(b, 0);
    order_of(b, 0);
    return v < 0 ? read(b, b->order[i], x, d.label, err)
                 : fill_one(b, iteration, v, i, b->order[i], x, d, err);
}

/* Records of a few numbers are done together, where all views can. */
static bool together(const gedi__batches *b, const gedi__pipeline *p)
{
    bool all = b->record <= FEW;
    for (int k = 0; k < p->n; k++) {
        const gedi_view *w = (const gedi_view *)p->view[k].plugin;
        all = all && w->apply_each && !w->pixels && !w->shape;
    }
    return all;
}

static gedi_status fill_together(gedi__batches *b, place is, int v, const int64_t *at,
                                 float *x, float *label, gedi_err *err)
{
    const gedi__pipeline *p = &b->stage->view[v];
    int64_t n = b->stage->train.batch, numbers = b->parts * b->record;
    for (int64_t i = 0; i < n; i++) {
        GEDI_TRY(read(b, at[i], x + i * numbers, b->label, err));
        keep_label(b, i, b->label, label);
    }
    for (int k = 0; k < p->n; k++) {
        const gedi_view *w = (const gedi_view *)p->view[k].plugin;
        gedi_rng first = draws(b, is.iteration, v, k, is.first * b->parts);
        w->apply_each(p->view[k].self, b->info.record, n * b->parts, x, b->scratch,
                      &first);
    }
    return GEDI_OK;
}

int64_t gedi__batches_epoch(const gedi__batches *b)
{
    return b->info.count[GEDI_TRAIN] / gedi__stage_records(b->stage);
}

/* The records of a batch, [B]. */
static const int64_t *records_of(gedi__batches *b, place is)
{
    int64_t epoch = gedi__batches_epoch(b);
    order_of(b, is.iteration / epoch);
    return b->order + is.iteration % epoch * gedi__stage_records(b->stage) + is.first;
}

void gedi__batches_index(gedi__batches *b, int64_t batch, float *index)
{
    const int64_t *at = records_of(b, place_of(b, batch));
    for (int64_t i = 0; i < b->stage->train.batch; i++)
        index[i] = (float)at[i];
}

gedi_status gedi__batches_fill(gedi__batches *b, int64_t batch, int v, float *x,
                               float *label, gedi_err *err)
{
    place is = place_of(b, batch);
    const int64_t *at = records_of(b, is);
    if (together(b, &b->stage->view[v]))
        return fill_together(b, is, v, at, x, label, err);
    gedi_status all = GEDI_OK;
    int64_t n = b->stage->train.batch, numbers = b->parts * b->view[v];
    int threads = n * numbers < 16384 ? 1 : (int)b->e->threads;
    GEDI__PARALLEL_FOR(threads, i, n, {
        fill_into(b, is, v, i, at[i], x + i * numbers, label, &all, err);
    });
    return all;
}

gedi_status gedi__batches_stand_in(gedi__batches *b, gedi__inference *f, gedi_err *err)
{
    for (int i = 0; i < b->stage->views; i++) {
        float *x = gedi__inference_view(f, i);
        gedi_err own = {0};
        gedi_status s = x ? gedi__batches_enough(b, &own) : GEDI_OK;
        if (s != GEDI_OK)
            return GEDI_FAIL(err, s, "%s: the energy depends on a batch of them",
                             own.msg);
        if (x)
            GEDI_TRY(gedi__batches_fill(b, 0, i, x, NULL, err));
    }
    return GEDI_OK;
}
