/* batches.c - the records of an iteration: order, reading, views. */
#include "core/train/batches.h"
#include "core/base/loop.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_STEPS = 32, /* views in one pipeline, for numbering their draws */
    FEW = 16,       /* numbers of a record that a call for each would be too much for */
};

static gedi_status check_views(const gedi__batches *b, gedi_err *err)
{
    for (int v = 0; v < b->stage->views; v++) {
        const gedi__pipeline *p = &b->stage->view[v];
        if (p->n > MAX_STEPS)
            return GEDI_FAIL(err, GEDI_DESCRIPTOR,
                             "views: pipeline %d has %d views, at most %d", v + 1, p->n,
                             MAX_STEPS);
        for (int k = 0; k < p->n; k++) {
            const gedi_view *w = (const gedi_view *)p->view[k].plugin;
            if (w->accepts)
                GEDI_TRY(w->accepts(p->view[k].self, b->info.record, err));
            if (w->pixels && !(b->info.std > 0))
                return GEDI_FAIL(err, GEDI_SHAPE,
                                 "view %s is for pixels, but dataset %s does not say "
                                 "that its records are (std of gedi_data_info is 0)",
                                 w->name, b->e->dataset.plugin->name);
        }
    }
    return GEDI_OK;
}

gedi_status gedi__batches_open(gedi__batches *b, const gedi__experiment *e,
                               const gedi__stage *stage, gedi_err *err)
{
    const gedi_dataset *d = (const gedi_dataset *)e->dataset.plugin;
    gedi_open how = {.seed = e->seed, .directory = e->directory};
    memset(b, 0, sizeof *b);
    b->e = e;
    b->stage = stage;
    b->epoch = -1;
    gedi_err own = {0};
    gedi_status s = d->open(e->dataset.self, &how, &b->info, &own);
    if (s != GEDI_OK)
        return GEDI_FAIL(err, s, "dataset %s: %s", d->name, own.msg);
    b->open = true;
    b->record = gedi_shape_size(b->info.record);
    if (b->info.count[GEDI_TRAIN] < stage->train.batch)
        s = GEDI_FAIL(err, GEDI_DESCRIPTOR,
                      "train.batch is %lld, but dataset %s has %lld training records",
                      (long long)stage->train.batch, d->name,
                      (long long)b->info.count[GEDI_TRAIN]);
    if (s == GEDI_OK)
        gedi__stage_set_epochs(stage, b->info.count[GEDI_TRAIN]);
    if (s == GEDI_OK)
        s = check_views(b, err);
    if (s == GEDI_OK) {
        b->order = malloc((size_t)b->info.count[GEDI_TRAIN] * sizeof *b->order);
        int64_t records = b->record <= FEW ? stage->train.batch : 0;
        records = records > e->threads ? records : e->threads;
        b->scratch = malloc((size_t)(b->record * records) * sizeof *b->scratch);
        if (!b->order || !b->scratch)
            s = gedi_no_memory(err, "the order of %lld records",
                               (long long)b->info.count[GEDI_TRAIN]);
    }
    if (s != GEDI_OK)
        gedi__batches_close(b);
    return s;
}

void gedi__batches_close(gedi__batches *b)
{
    if (b->open)
        ((const gedi_dataset *)b->e->dataset.plugin)->close(b->e->dataset.self);
    free(b->order);
    free(b->scratch);
    memset(b, 0, sizeof *b);
}

static void to_pixels(const gedi__batches *b, float *x)
{
    float mean = (float)b->info.mean, std = (float)b->info.std;
    for (int64_t i = 0; i < b->record; i++)
        x[i] = x[i] * std + mean;
}

static void to_standard(const gedi__batches *b, float *x)
{
    float mean = (float)b->info.mean, std = (float)b->info.std;
    for (int64_t i = 0; i < b->record; i++)
        x[i] = (x[i] - mean) / std;
}

/* Where the draws of the k-th view of pipeline v begin, for record i of the batch. */
static gedi_rng draws(const gedi__batches *b, int64_t iteration, int v, int k, int64_t i)
{
    uint64_t major = ((uint64_t)iteration * GEDI_MAX_VIEWS + (uint64_t)v) * MAX_STEPS;
    return gedi_rng_at(b->e->seed, GEDI_STREAM_VIEW, major + (uint64_t)k, (uint32_t)i);
}

/* One record, read and transformed. */
static gedi_status fill_one(gedi__batches *b, int64_t iteration, int v, int64_t i,
                            int64_t at, float *x, float *scratch, gedi_err *err)
{
    const gedi__experiment *e = b->e;
    const gedi_dataset *d = (const gedi_dataset *)e->dataset.plugin;
    const gedi__pipeline *p = &b->stage->view[v];
    int32_t label;
    bool pixels = false; /* what x is now */
    GEDI_TRY(d->read(e->dataset.self, GEDI_TRAIN, at, x, &label, err));
    for (int k = 0; k < p->n; k++) {
        const gedi_view *w = (const gedi_view *)p->view[k].plugin;
        gedi_rng r = draws(b, iteration, v, k, i);
        if (w->pixels != pixels)
            (w->pixels ? to_pixels : to_standard)(b, x);
        pixels = w->pixels;
        w->apply(p->view[k].self, b->info.record, x, scratch, &r);
    }
    if (pixels)
        to_standard(b, x);
    return GEDI_OK;
}

/* Keeps the status of one that failed; the others go on. */
static void fill_into(gedi__batches *b, int64_t iteration, int v, int64_t i, int64_t at,
                      float *x, gedi_status *all, gedi_err *err)
{
    gedi_err own; /* is long: clearing it would take longer than to read a small record */
    float *scratch = b->scratch + omp_get_thread_num() * b->record;
    own.code = GEDI_OK;
    own.msg[0] = '\0';
    own.file = NULL;
    own.line = 0;
    gedi_status s = fill_one(b, iteration, v, i, at, x, scratch, &own);
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
    int32_t label;
    order_of(b, 0);
    if (v >= 0)
        return fill_one(b, iteration, v, i, b->order[i], x, b->scratch, err);
    return ((const gedi_dataset *)b->e->dataset.plugin)
        ->read(b->e->dataset.self, GEDI_TRAIN, b->order[i], x, &label, err);
}

/* Records of a few numbers are done together, where all views can. */
static bool together(const gedi__batches *b, const gedi__pipeline *p)
{
    bool all = b->record <= FEW;
    for (int k = 0; k < p->n; k++) {
        const gedi_view *w = (const gedi_view *)p->view[k].plugin;
        all = all && w->apply_each && !w->pixels;
    }
    return all;
}

static gedi_status fill_together(gedi__batches *b, int64_t iteration, int v,
                                 const int64_t *at, float *x, gedi_err *err)
{
    const gedi_dataset *d = (const gedi_dataset *)b->e->dataset.plugin;
    const gedi__pipeline *p = &b->stage->view[v];
    int64_t n = b->stage->train.batch;
    int32_t label;
    for (int64_t i = 0; i < n; i++)
        GEDI_TRY(d->read(b->e->dataset.self, GEDI_TRAIN, at[i], x + i * b->record, &label,
                         err));
    for (int k = 0; k < p->n; k++) {
        const gedi_view *w = (const gedi_view *)p->view[k].plugin;
        gedi_rng first = draws(b, iteration, v, k, 0);
        w->apply_each(p->view[k].self, b->info.record, n, x, b->scratch, &first);
    }
    return GEDI_OK;
}

gedi_status gedi__batches_fill(gedi__batches *b, int64_t iteration, int v, float *x,
                               gedi_err *err)
{
    const gedi__experiment *e = b->e;
    int64_t n = b->stage->train.batch, per_epoch = b->info.count[GEDI_TRAIN] / n;
    int64_t epoch = iteration / per_epoch, first = iteration % per_epoch * n;
    order_of(b, epoch);
    if (together(b, &b->stage->view[v]))
        return fill_together(b, iteration, v, b->order + first, x, err);
    gedi_status all = GEDI_OK;
    int threads = n * b->record < 16384 ? 1 : (int)e->threads;
    GEDI__PARALLEL_FOR(threads, i, n, {
        fill_into(b, iteration, v, i, b->order[first + i], x + i * b->record, &all, err);
    });
    return all;
}

gedi_status gedi__batches_stand_in(gedi__batches *b, gedi__inference *f, gedi_err *err)
{
    for (int i = 0; i < b->stage->views; i++) {
        float *x = gedi__inference_view(f, i);
        if (x)
            GEDI_TRY(gedi__batches_fill(b, 0, i, x, err));
    }
    return GEDI_OK;
}
