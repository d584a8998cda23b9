/* sampling.c - what chains are made of: where they start, and one transition. */
#include "core/train/sampling.h"
#include "core/base/memory.h"
#include "core/base/shape.h"
#include "core/train/records.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_STEPS = 10000000 }; /* of an iteration: days of it */

/* ---- the start ---- */

gedi_status gedi__chain_ask(const gedi__component *sampler, int64_t record, gedi_chain *c,
                            gedi_err *err)
{
    const gedi_sampler *p = (const gedi_sampler *)sampler->plugin;
    gedi_err why = {0};
    *c = (gedi_chain){0};
    p->chain(sampler->self, c);
    if (c->steps < 1 || c->steps > MOST_STEPS)
        GEDI_FAIL(&why, GEDI_PLUGIN, "%lld steps: 1 to %d", (long long)c->steps,
                  MOST_STEPS);
    else if (c->buffer < 0)
        GEDI_FAIL(&why, GEDI_PLUGIN, "a buffer of %lld: 0 for none, or more",
                  (long long)c->buffer);
    else if (gedi__shape_check(GEDI_DIMS(c->buffer, record), 0, NULL))
        GEDI_FAIL(&why, GEDI_PLUGIN, "a buffer of %lld records: too many",
                  (long long)c->buffer);
    else if (!(c->reinit >= 0 && c->reinit <= 1))
        GEDI_FAIL(&why, GEDI_PLUGIN, "reinit %g: a share is in [0, 1]", c->reinit);
    else if (c->box && !(c->scale > 0 && c->scale <= FLT_MAX))
        GEDI_FAIL(&why, GEDI_PLUGIN,
                  "scale %g: the box of the data times a number above 0", c->scale);
    else if (!c->box && !(c->low >= -FLT_MAX && c->low < c->high && c->high <= FLT_MAX))
        GEDI_FAIL(&why, GEDI_PLUGIN,
                  "a start in [%g, %g]: low must be below high, both finite", c->low,
                  c->high);
    return why.code ? GEDI_FAIL(err, why.code, "sampler %s: its chain() gives %s",
                                p->name, why.msg)
                    : GEDI_OK;
}

static gedi_status find_box(gedi__start *s, const gedi__batches *data, gedi_err *err)
{
    int64_t parts = data->info.count[GEDI_TRAIN] * data->parts;
    float *x = gedi__alloc((size_t)s->record, sizeof *x, err, "the box of the data");
    gedi_status status = x ? GEDI_OK : GEDI_NOMEM;
    for (int64_t k = 0; k < parts && status == GEDI_OK; k++) {
        status =
            gedi__records_read(gedi__source_of(data), GEDI_TRAIN, k, 1, x, NULL, err);
        for (int64_t i = 0; i < s->record && status == GEDI_OK; i++) {
            if (k == 0 || x[i] < s->low[i])
                s->low[i] = x[i];
            if (k == 0 || x[i] > s->high[i])
                s->high[i] = x[i];
        }
    }
    free(x);
    for (int64_t i = 0; i < s->record; i++) {
        double middle = 0.5 * ((double)s->low[i] + s->high[i]);
        double half = 0.5 * ((double)s->high[i] - s->low[i]) * s->how.scale;
        s->low[i] = (float)(middle - half);
        s->high[i] = (float)(middle + half);
    }
    return status;
}

gedi_status gedi__start_init(gedi__start *s, const gedi__component *sampler,
                             const gedi__batches *data, gedi_err *err)
{
    *s = (gedi__start){.record = data->record};
    GEDI_TRY(gedi__chain_ask(sampler, s->record, &s->how, err));
    s->low = malloc((size_t)s->record * sizeof *s->low);
    s->high = malloc((size_t)s->record * sizeof *s->high);
    gedi_status status = GEDI_OK;
    if (!s->low || !s->high)
        status = gedi_no_memory(err, "chains");
    for (int64_t i = 0; i < s->record && status == GEDI_OK; i++) {
        s->low[i] = (float)s->how.low;
        s->high[i] = (float)s->how.high;
    }
    if (status == GEDI_OK && s->how.box)
        status = find_box(s, data, err);
    if (status != GEDI_OK)
        gedi__start_clear(s);
    return status;
}

void gedi__start_clear(gedi__start *s)
{
    free(s->low);
    free(s->high);
    *s = (gedi__start){0};
}

void gedi__start_draw(const gedi__start *s, gedi_rng r, float *x)
{
    gedi_rng_fill_uniform(&r, x, s->record);
    for (int64_t i = 0; i < s->record; i++)
        x[i] = s->low[i] + (s->high[i] - s->low[i]) * x[i];
}

/* ---- the transition ---- */

gedi_status gedi__transition_init(gedi__transition *t, const gedi__network *net,
                                  int64_t n, float *const *views, bool averaged,
                                  gedi_err *err)
{
    gedi__wanted w = {
        .outputs = 1u << GEDI__NEXT, .rows = n, .averaged = averaged, .views = views};
    memset(t, 0, sizeof *t);
    GEDI_TRY(gedi__inference_new(net, &w, &t->inference, err));
    t->bytes = (size_t)(n * gedi_shape_size(net->info.record)) * sizeof *t->x;
    t->x = gedi__inference_records(t->inference);
    return GEDI_OK;
}

void gedi__transition_clear(gedi__transition *t)
{
    gedi__inference_free(t->inference);
    memset(t, 0, sizeof *t);
}

void gedi__transition_run(gedi__transition *t, uint64_t seed, gedi_stream stream,
                          uint64_t tick, bool again)
{
    gedi__program_seed(gedi__inference_program(t->inference), seed, stream, tick);
    gedi__inference_run(t->inference, again);
    memcpy(t->x, gedi__inference_output(t->inference, GEDI__NEXT), t->bytes);
}
