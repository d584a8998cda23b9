/* iteration.c - one training iteration: batches, views, samples, gradients, optimizer.
 *
 * Source:  Sansone & Manhaeve, algorithm 1 (any objective in place of GEDI's three
 * terms).
 */
#include "core/train/idle.h"

#include <math.h>
#include <string.h>

/* A number of batch `k` of an iteration into the mean over them. */
static void add(double *mean, double value, int64_t k)
{
    *mean = k ? *mean + (value - *mean) / (double)(k + 1) : value;
}

static gedi_status check_term(gedi__trainer *t, const char *name, double value,
                              gedi_err *err)
{
    char where[320] = "";
    long long it = (long long)t->iteration + 1;
    if (!isfinite(value)) {
        if (!t->samples || !gedi__chains_find_nonfinite(&t->chains, where, sizeof where))
            gedi__program_find_nonfinite(t->step.program, where, sizeof where);
        /* Without the sign that a NaN may have. */
        return GEDI_FAIL(err, GEDI_NUMERIC, "iteration %lld: term '%s' is %g: %s", it,
                         name, isnan(value) ? NAN : value, where);
    }
    if (fabs(value) > t->stage->train.explode)
        return GEDI_FAIL(err, GEDI_NUMERIC,
                         "iteration %lld: term '%s' has exploded: %g is beyond "
                         "train.explode = %g",
                         it, name, value, t->stage->train.explode);
    return GEDI_OK;
}

static gedi_status read_terms(gedi__trainer *t, int64_t k, gedi_err *err)
{
    const gedi__program *p = t->step.program;
    add(&t->loss, gedi__program_output(p, 0)[0], k);
    for (int i = 0; i < t->terms.n; i++) {
        double value = gedi__program_output(p, 1 + i)[0];
        GEDI_TRY(check_term(t, t->terms.value[i].name, value, err));
        add(&t->terms.value[i].value, value, k);
    }
    return GEDI_OK;
}

static void read_watches(gedi__trainer *t, int64_t k)
{
    int own = t->watches - t->chains.watches;
    for (int i = 0; i < t->watches; i++)
        add(&t->watch[i].value,
            i < own ? gedi__program_output(t->step.program, 1 + t->terms.n + i)[0]
                    : t->chains.watch[i - own].value,
            k);
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
    if (isfinite(t->gradient_norm) && isfinite(t->loss))
        return GEDI_OK;
    char where[320] = "the loss is too large";
    gedi__program_find_nonfinite(t->step.program, where, sizeof where);
    return GEDI_FAIL(err, GEDI_NUMERIC,
                     "iteration %lld: the gradient of %s is not finite: %s",
                     (long long)t->iteration + 1, wildest_gradient(t), where);
}

static gedi_status refuse_explosion(const gedi__trainer *t, gedi_err *err)
{
    if (t->gradient_norm <= t->stage->train.explode)
        return GEDI_OK;
    return GEDI_FAIL(err, GEDI_NUMERIC,
                     "iteration %lld: the gradient has exploded: its norm, %g, is beyond "
                     "train.explode = %g, most of all by %s",
                     (long long)t->iteration + 1, t->gradient_norm,
                     t->stage->train.explode, wildest_gradient(t));
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
                : gedi_schedule_at(o.schedule, iteration, stage->length);
}

/* Labels come with the first view that is read. */
static gedi_status fill(gedi__trainer *t, int64_t batch, gedi_err *err)
{
    float *label = t->label;
    for (int i = 0; i < t->stage->views; i++)
        if (t->view[i]) {
            GEDI_TRY(gedi__batches_fill(&t->data, batch, i, t->view[i], label, err));
            label = NULL;
        }
    if (t->index)
        gedi__batches_index(&t->data, batch, t->index);
    return GEDI_OK;
}

/* Where random numbers of the loss begin, for batch `k` of an iteration. */
static uint64_t draws_of(const gedi__trainer *t, int64_t k)
{
    return UINT64_C(1) << 63 | (uint64_t)k << 40 | (uint64_t)t->iteration;
}

/* What teaches nothing in all batches of a stage's first iteration. */
static gedi_status look_for_idle(const gedi__trainer *t, int64_t k, gedi_err *err)
{
    bool now[GEDI__MAX_TERMS], any = k == 0;
    if (!t->idle || t->iteration != t->stage->first)
        return GEDI_OK;
    for (int i = 0; i < t->terms.n; i++)
        any = any || t->idle[i];
    if (!any)
        return GEDI_OK;
    GEDI_TRY(gedi__idle_terms(t, draws_of(t, k), now, err));
    for (int i = 0; i < t->terms.n; i++)
        t->idle[i] = now[i] && (k == 0 || t->idle[i]);
    return GEDI_OK;
}

/* Batch `k` of the iteration. In the end the parameters' gradient is the mean over the batches,
 * and states are what the last has left. */
static gedi_status run_batch(gedi__trainer *t, int64_t k, gedi_err *err)
{
    int64_t all = t->stage->train.accumulate, batch = t->iteration * all + k;
    GEDI_TRY(fill(t, batch, err));
    if (t->samples)
        gedi__chains_draw(&t->chains, batch, t->samples);
    gedi__program_seed(t->step.program, t->e->seed, GEDI_STREAM_VIEW, draws_of(t, k));
    gedi__program_run(t->step.program);
    GEDI_TRY(read_terms(t, k, err));
    (k ? gedi__step_add_gradients : gedi__step_take_gradients)(&t->step, &t->build);
    if (all > 1 && k == all - 1)
        gedi__params_scale_gradient(&t->net.params, 1.0 / (double)all);
    GEDI_TRY(measure_gradient(t, err));
    read_watches(t, k);
    if (k == all - 1)
        GEDI_TRY(refuse_explosion(t, err));
    GEDI_TRY(look_for_idle(t, k, err));
    gedi__step_take_states(&t->step, &t->build);
    return GEDI_OK;
}

/* All batches of the iteration; where one fails, states are as they were before the first. */
static gedi_status run_batches(gedi__trainer *t, gedi_err *err)
{
    gedi__params *p = &t->net.params;
    size_t bytes = (size_t)p->kept * sizeof *p->state;
    gedi_status s = GEDI_OK;
    if (t->before)
        memcpy(t->before, p->state, bytes);
    for (int64_t k = 0; s == GEDI_OK && k < t->stage->train.accumulate; k++)
        s = run_batch(t, k, err);
    if (s != GEDI_OK && t->before)
        memcpy(p->state, t->before, bytes);
    return s;
}

gedi_status gedi__trainer_step(gedi__trainer *t, gedi_err *err)
{
    gedi__params *p = &t->net.params;
    const gedi__train *how = &t->stage->train;
    advance(t);
    GEDI_TRY(gedi__passes_run(&t->passes, t->iteration, err));
    GEDI_TRY(run_batches(t, err));
    if (how->clip > 0)
        gedi__params_clip_gradient(p, t->gradient_norm, how->clip);
    gedi__optimizer_step(&t->optimizer, p, t->iteration - t->stage->optimizer_first,
                         t->stage->optimizer_total);
    gedi__params_step_averages(p, t->iteration - t->stage->first, t->stage->length);
    t->iteration++;
    return GEDI_OK;
}
