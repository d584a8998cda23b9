/* generator.c - samples of a trained energy, from chains that begin afresh.
 *
 * Source:  Grathwohl et al. 2020, "Your classifier is secretly an energy based model",
 *          section 5.1: chains of many steps.
 * Inputs:  the energy, in evaluation mode
 * Output:  samples  [n, record]
 * Differs: chains begin where the sampler begins new ones, not in the replay buffer, which
 *          holds what training has seen.
 */
#include "core/evaluate/generator.h"
#include "core/train/sampling.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    CHAINS = 64 /* at a time: so many that threads share them, so few that images fit */
};

/* Positions in GEDI_STREAM_EVAL; evaluators draw below 2^32. */
#define AT_START (UINT64_C(1) << 61)
#define AT_STEP (UINT64_C(1) << 62)
#define MOST_STEPS (INT64_C(1) << 24)

struct gedi__generator {
    uint64_t seed;
    int64_t record;
    gedi__start start;
    gedi__transition transition;
};

const char *gedi__why_no_energy(const gedi__network *net)
{
    return gedi__stage_states_energy(net->stage) ? ", as its .energy gives NULL" : "";
}

static gedi_status set_up(gedi__generator *g, const gedi__network *net,
                          gedi__batches *data, gedi_err *err)
{
    static float *const none[GEDI_MAX_VIEWS];
    const char *name = net->stage->method;
    if (!net->has_energy)
        return GEDI_FAIL(
            err, GEDI_STATE,
            "objective %s has no energy%s: there is nothing to draw samples from", name,
            gedi__why_no_energy(net));
    if (!net->stage->sampler.plugin)
        return GEDI_FAIL(
            err, GEDI_STATE,
            "the experiment has no sampler to draw samples with: add one, for example "
            "sampler={sgld: {}}");
    g->seed = net->e->seed;
    g->record = data->record;
    GEDI_TRY(gedi__start_init(&g->start, &net->stage->sampler, data, err));
    GEDI_TRY(
        gedi__transition_init(&g->transition, net, CHAINS, none, net->averaged, err));
    return gedi__batches_stand_in(data, g->transition.inference, err);
}

gedi_status gedi__generator_new(const gedi__network *net, gedi__batches *data,
                                gedi__generator **out, gedi_err *err)
{
    gedi__generator *g = calloc(1, sizeof *g);
    *out = NULL;
    if (!g)
        return gedi_no_memory(err, "samples");
    gedi_status s = set_up(g, net, data, err);
    if (s == GEDI_OK)
        *out = g;
    else
        gedi__generator_free(g);
    return s;
}

void gedi__generator_free(gedi__generator *g)
{
    if (!g)
        return;
    gedi__transition_clear(&g->transition);
    gedi__start_clear(&g->start);
    free(g);
}

/* Samples first .. first + n - 1 of CHAINS that run together. */
static gedi_status keep(const gedi__generator *g, int64_t first, int64_t n, int64_t steps,
                        float *x, gedi_err *err)
{
    for (int64_t i = 0; i < n * g->record; i++)
        if (!isfinite(g->transition.x[i]))
            return GEDI_FAIL(err, GEDI_NUMERIC,
                             "sample %lld is not finite after %lld steps: the chain runs "
                             "away; take fewer steps or a smaller step of the sampler",
                             (long long)(first + i / g->record), (long long)steps);
    memcpy(x, g->transition.x, (size_t)(n * g->record) * sizeof *x);
    return GEDI_OK;
}

gedi_status gedi__generator_draw(gedi__generator *g, int64_t n, int64_t steps, float *x,
                                 gedi__tell *tell, void *context, gedi_err *err)
{
    int64_t groups = (n + CHAINS - 1) / CHAINS;
    if (n < 1 || n > UINT32_MAX || steps < 0 || steps > MOST_STEPS)
        return GEDI_FAIL(
            err, GEDI_USAGE, "%lld samples of %lld steps: not in [1, %lld] and [0, %lld]",
            (long long)n, (long long)steps, (long long)UINT32_MAX, (long long)MOST_STEPS);
    for (int64_t k = 0; k < groups; k++) {
        int64_t first = k * CHAINS, m = n - first < CHAINS ? n - first : CHAINS;
        for (int64_t i = 0; i < CHAINS; i++)
            gedi__start_draw(
                &g->start,
                gedi_rng_at(g->seed, GEDI_STREAM_EVAL, AT_START, (uint32_t)(first + i)),
                g->transition.x + i * g->record);
        for (int64_t t = 0; t < steps; t++) {
            gedi__transition_run(&g->transition, g->seed, GEDI_STREAM_EVAL,
                                 AT_STEP | (uint64_t)k << 24 | (uint64_t)t, t > 0);
            if (tell)
                GEDI_TRY(tell(context, k * steps + t + 1, groups * steps, err));
        }
        GEDI_TRY(keep(g, first, m, steps, x + first * g->record, err));
    }
    return GEDI_OK;
}
