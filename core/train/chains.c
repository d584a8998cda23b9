/* chains.c - negative samples: the replay buffer and the sampler's program.
 *
 * Source:  Grathwohl et al. 2020, "Your classifier is secretly an energy based model",
 *          alg. 1 and their sample_q: places drawn with replacement, each chain restarted
 *          with probability reinit, the last chain to use a place overwrites it.
 * Inputs:  the energy of the current parameters, in evaluation mode
 * Output:  samples [B, record]
 * Differs: random numbers by counter, so that a resumed run repeats them.
 */
#include "core/train/chains.h"

#include <stdlib.h>
#include <string.h>

/* Positions in GEDI_STREAM_SAMPLER: transitions count up from 0, the rest has high bits.
 */
#define AT_INIT (UINT64_C(1) << 61)
#define AT_RESTART (UINT64_C(1) << 62)
#define AT_CHOICE (UINT64_C(1) << 63)

/* Counts the transitions of the stages before. */
static gedi_status count_before(gedi__chains *c, gedi_err *err)
{
    const gedi__network *net = c->net;
    for (const gedi__stage *stage = net->e->stage; stage < net->stage; stage++) {
        gedi_chain how;
        if (!stage->sampler.plugin)
            continue;
        GEDI_TRY(gedi__chain_ask(&stage->sampler, c->record, &how, err));
        c->transitions += stage->length * stage->train.accumulate * how.steps;
    }
    return GEDI_OK;
}

gedi_status gedi__chains_init(gedi__chains *c, const gedi__network *net,
                              gedi__batches *data, float *const *views, gedi_err *err)
{
    const gedi__experiment *e = net->e;
    memset(c, 0, sizeof *c);
    c->net = net;
    c->record = data->record;
    c->batch = net->stage->train.batch * data->parts;
    GEDI_TRY(count_before(c, err));
    GEDI_TRY(gedi__start_init(&c->start, &net->stage->sampler, data, err));
    c->how = c->start.how;
    size_t record = (size_t)c->record;
    c->buffer = malloc(((size_t)c->how.buffer * record + 1) * sizeof(float));
    c->slot = malloc((size_t)c->batch * sizeof *c->slot);
    gedi_status s = GEDI_OK;
    if (!c->buffer || !c->slot)
        s = gedi_no_memory(err, "a replay buffer of %lld records",
                           (long long)c->how.buffer);
    if (s == GEDI_OK)
        s = gedi__transition_init(&c->transition, net, c->batch, views, false, err);
    if (s != GEDI_OK) {
        gedi__chains_clear(c);
        return s;
    }
    c->watches = gedi__inference_watches(c->transition.inference);
    for (int k = 0; k < c->watches; k++)
        c->watch[k].name =
            gedi__inference_watch(c->transition.inference, k, &c->watch[k].value);
    for (int64_t i = 0; i < c->how.buffer; i++)
        gedi__start_draw(&c->start,
                         gedi_rng_at(e->seed, GEDI_STREAM_SAMPLER, AT_INIT, (uint32_t)i),
                         c->buffer + i * c->record);
    return GEDI_OK;
}

void gedi__chains_clear(gedi__chains *c)
{
    gedi__transition_clear(&c->transition);
    gedi__start_clear(&c->start);
    free(c->buffer);
    free(c->slot);
    memset(c, 0, sizeof *c);
}

/* Every chain in its place: from the buffer, or afresh. The k-th batch of an iteration goes on
 * numbering where those before it end. */
static void begin(gedi__chains *c, uint64_t seed, int64_t iteration, int64_t k)
{
    size_t bytes = (size_t)c->record * sizeof(float);
    gedi_rng choice = gedi_rng_at(seed, GEDI_STREAM_SAMPLER,
                                  AT_CHOICE | (uint64_t)iteration, (uint32_t)k);
    for (int64_t i = 0; i < c->batch; i++) {
        float *x = c->transition.x + i * c->record;
        c->slot[i] = -1;
        if (c->how.buffer)
            c->slot[i] = (int64_t)gedi_rng_below(&choice, (uint64_t)c->how.buffer);
        bool restart = gedi_rng_uniform(&choice) < c->how.reinit;
        if (restart || !c->how.buffer)
            gedi__start_draw(&c->start,
                             gedi_rng_at(seed, GEDI_STREAM_SAMPLER,
                                         AT_RESTART | (uint64_t)iteration,
                                         (uint32_t)(k * c->batch + i)),
                             x);
        else
            memcpy(x, c->buffer + c->slot[i] * c->record, bytes);
    }
}

static void watch(gedi__chains *c)
{
    double value;
    for (int k = 0; k < c->watches; k++) {
        gedi__inference_watch(c->transition.inference, k, &value);
        c->watch[k].value += value / (double)c->how.steps;
    }
}

void gedi__chains_draw(gedi__chains *c, int64_t batch, float *out)
{
    const gedi__stage *stage = c->net->stage;
    int64_t pieces = stage->train.accumulate, iteration = batch / pieces;
    uint64_t seed = c->net->e->seed;
    size_t record = (size_t)c->record * sizeof(float);
    int64_t first = c->transitions + (batch - stage->first * pieces) * c->how.steps;
    const float *x = c->transition.x;
    begin(c, seed, iteration, batch % pieces);
    gedi__inference_advance(c->transition.inference, iteration - stage->first);
    for (int k = 0; k < c->watches; k++)
        c->watch[k].value = 0;
    for (int64_t t = 0; t < c->how.steps; t++) {
        gedi__transition_run(&c->transition, seed, GEDI_STREAM_SAMPLER,
                             (uint64_t)(first + t), t > 0);
        watch(c);
    }
    memcpy(out, x, (size_t)c->batch * record);
    for (int64_t i = 0; i < c->batch; i++)
        if (c->slot[i] >= 0)
            memcpy(c->buffer + c->slot[i] * c->record, x + i * c->record, record);
}

bool gedi__chains_find_nonfinite(gedi__chains *c, char *text, size_t n)
{
    return gedi__program_find_nonfinite(gedi__inference_program(c->transition.inference),
                                        text, n);
}
