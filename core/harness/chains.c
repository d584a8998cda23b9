/* chains.c - negative samples: the replay buffer and the sampler's program.
 *
 * Source:  Grathwohl et al. 2020, "Your classifier is secretly an energy based model",
 * alg. 1 and their sample_q: places drawn with replacement, each chain restarted with
 *          probability reinit, the last chain to use a place overwrites it.
 * Inputs:  the energy of the current parameters, in evaluation mode
 * Output:  samples [B, record]
 * Differs: random numbers by counter, so that a resumed run repeats them.
 */
#include "core/harness/chains.h"

#include <stdlib.h>
#include <string.h>

/* Positions in GEDI_STREAM_SAMPLER: transitions count up from 0, the rest has high bits.
 */
#define AT_INIT (UINT64_C(1) << 61)
#define AT_RESTART (UINT64_C(1) << 62)
#define AT_CHOICE (UINT64_C(1) << 63)

static void fresh(const gedi__chains *c, gedi_rng r, float *x)
{
    gedi_rng_fill_uniform(&r, x, c->record);
    for (int64_t i = 0; i < c->record; i++)
        x[i] = c->low[i] + (c->high[i] - c->low[i]) * x[i];
}

static gedi_status find_box(gedi__chains *c, gedi__batches *data, gedi_err *err)
{
    const gedi__experiment *e = c->net->e;
    const gedi_dataset *d = (const gedi_dataset *)e->dataset.plugin;
    for (int64_t i = 0; i < c->record; i++) {
        c->low[i] = (float)c->how.low;
        c->high[i] = (float)c->how.high;
    }
    int64_t n = data->info.count[GEDI_TRAIN];
    float *x = c->x; /* any [record] of memory */
    int32_t label;
    for (int64_t k = 0; k < n && c->how.box; k++) {
        GEDI_TRY(d->read(e->dataset.self, GEDI_TRAIN, k, x, &label, err));
        for (int64_t i = 0; i < c->record; i++) {
            if (k == 0 || x[i] < c->low[i])
                c->low[i] = x[i];
            if (k == 0 || x[i] > c->high[i])
                c->high[i] = x[i];
        }
    }
    for (int64_t i = 0; i < c->record && c->how.box; i++) {
        double middle = 0.5 * ((double)c->low[i] + c->high[i]);
        double half = 0.5 * ((double)c->high[i] - c->low[i]) * c->how.scale;
        c->low[i] = (float)(middle - half);
        c->high[i] = (float)(middle + half);
    }
    return GEDI_OK;
}

static gedi_status compile(gedi__chains *c, float *const *views, gedi_err *err)
{
    const gedi__network *net = c->net;
    const gedi__experiment *e = net->e;
    const gedi_sampler *sampler = (const gedi_sampler *)e->sampler.plugin;
    gedi_build *b = &c->build;
    gedi_shape s = gedi__batch_shape(net->record, c->batch);
    gedi_batch v = gedi__network_views(net, b);
    gedi_node *h, *z;
    gedi_node *x = gedi_input(b->g, "samples", s);
    gedi__network_pass(net, b, x, &h, &z);
    gedi_node *energy = gedi__network_energy(net, b, z, &v);
    gedi_node *next = sampler->step(e->sampler.self, b, x, energy);
    GEDI_TRY(gedi_graph_status(b->g, err));
    if (!next || !gedi_shape_equal(gedi_node_shape(next), s))
        return GEDI_FAIL(err, GEDI_SHAPE,
                         "sampler %s: the next state has another shape than "
                         "the state",
                         sampler->name);
    int n;
    gedi__binding *bind = gedi__build_bindings(b, GEDI_MAX_VIEWS + 1, &n);
    if (!bind)
        return GEDI_FAIL(err, GEDI_NOMEM, "out of memory for the sampler");
    for (int i = 0; i < GEDI_MAX_VIEWS; i++)
        if (views[i])
            bind[n++] = (gedi__binding){v.x[i], views[i]};
    bind[n++] = (gedi__binding){x, c->x};
    gedi_status st =
        gedi__program_new(b->g, &next, 1, bind, n, (int)e->threads, &c->program, err);
    free(bind);
    if (st == GEDI_OK)
        c->next = gedi__program_output(c->program, 0);
    return st;
}

gedi_status gedi__chains_init(gedi__chains *c, const gedi__network *net,
                              gedi__batches *data, float *const *views, gedi_err *err)
{
    const gedi__experiment *e = net->e;
    memset(c, 0, sizeof *c);
    c->net = net;
    c->record = data->record;
    c->batch = e->train.batch;
    ((const gedi_sampler *)e->sampler.plugin)->chain(e->sampler.self, &c->how);
    size_t record = (size_t)c->record;
    c->buffer = malloc(((size_t)c->how.buffer * record + 1) * sizeof(float));
    c->low = malloc(record * sizeof(float));
    c->high = malloc(record * sizeof(float));
    c->slot = malloc((size_t)c->batch * sizeof *c->slot);
    c->x = malloc((size_t)c->batch * record * sizeof(float));
    gedi_status s = gedi__build_init(&c->build, (gedi__params *)&net->params, false, err);
    if (!c->buffer || !c->low || !c->high || !c->slot || !c->x)
        s = GEDI_FAIL(err, GEDI_NOMEM,
                      "out of memory for a replay buffer of %lld records",
                      (long long)c->how.buffer);
    if (s == GEDI_OK)
        s = find_box(c, data, err);
    if (s == GEDI_OK)
        s = compile(c, views, err);
    if (s != GEDI_OK) {
        gedi__chains_clear(c);
        return s;
    }
    for (int64_t i = 0; i < c->how.buffer; i++)
        fresh(c, gedi_rng_at(e->seed, GEDI_STREAM_SAMPLER, AT_INIT, (uint32_t)i),
              c->buffer + i * c->record);
    return GEDI_OK;
}

void gedi__chains_clear(gedi__chains *c)
{
    gedi__program_free(c->program);
    gedi__build_clear(&c->build);
    free(c->buffer);
    free(c->low);
    free(c->high);
    free(c->slot);
    free(c->x);
    memset(c, 0, sizeof *c);
}

static void start(gedi__chains *c, uint64_t seed, int64_t iteration)
{
    size_t bytes = (size_t)c->record * sizeof(float);
    gedi_rng choice =
        gedi_rng_at(seed, GEDI_STREAM_SAMPLER, AT_CHOICE | (uint64_t)iteration, 0);
    for (int64_t i = 0; i < c->batch; i++) {
        float *x = c->x + i * c->record;
        c->slot[i] = -1;
        if (c->how.buffer)
            c->slot[i] = (int64_t)gedi_rng_below(&choice, (uint64_t)c->how.buffer);
        bool restart = gedi_rng_uniform(&choice) < c->how.reinit;
        if (restart || !c->how.buffer)
            fresh(c,
                  gedi_rng_at(seed, GEDI_STREAM_SAMPLER, AT_RESTART | (uint64_t)iteration,
                              (uint32_t)i),
                  x);
        else
            memcpy(x, c->buffer + c->slot[i] * c->record, bytes);
    }
}

void gedi__chains_draw(gedi__chains *c, int64_t iteration, float *out)
{
    uint64_t seed = c->net->e->seed;
    size_t record = (size_t)c->record * sizeof(float);
    start(c, seed, iteration);
    for (int64_t t = 0; t < c->how.steps; t++) {
        gedi__program_seed(c->program, seed, GEDI_STREAM_SAMPLER,
                           (uint64_t)(iteration * c->how.steps + t));
        gedi__program_run(c->program);
        memcpy(c->x, c->next, (size_t)c->batch * record);
    }
    memcpy(out, c->x, (size_t)c->batch * record);
    for (int64_t i = 0; i < c->batch; i++)
        if (c->slot[i] >= 0)
            memcpy(c->buffer + c->slot[i] * c->record, c->x + i * c->record, record);
}

bool gedi__chains_find_nonfinite(gedi__chains *c, char *text, size_t n)
{
    return gedi__program_find_nonfinite(c->program, text, n);
}
