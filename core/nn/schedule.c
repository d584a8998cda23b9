/* schedule.c - numbers that change while a stage trains, and their nodes.
 *
 * Source:  the cosine is that of Loshchilov & Hutter 2017, "SGDR: stochastic gradient descent
 *          with warm restarts", eq. (5), without restarts.
 * Inputs:  iterations done in the stage, its length
 * Output:  the value, in double; its node is a float
 * Differs: t is counted from the end of the warm-up.
 */
#include "core/nn/build.h"
#include "core/op/op.h"
#include "core/base/memory.h"

#include <math.h>

static const double pi = 3.14159265358979323846;

/* A position in iterations. Before data are open, when a network is built to learn what it
 * needs, no value counts. */
static int64_t place(const gedi_schedule *s, int64_t position)
{
    return s->unit == GEDI_UNIT_EPOCHS && s->epoch ? position * s->epoch : position;
}

static double step_at(const gedi_schedule *s, int64_t iteration)
{
    int64_t k = s->n - 1;
    while (k > 0 && place(s, s->at[k]) > iteration)
        k--;
    return s->value[k];
}

/* From 0 at the end of the warm-up to 1. */
static double progress(int64_t iteration, int64_t warmup, int64_t end)
{
    if (iteration <= warmup)
        return 0;
    if (iteration >= end)
        return 1;
    return (double)(iteration - warmup) / (double)(end - warmup);
}

double gedi_schedule_at(const gedi_schedule *s, int64_t iteration, int64_t total)
{
    int64_t warmup = s->warmup ? place(s, s->warmup) : 0;
    int64_t end = s->over ? place(s, s->over) : total;
    double t = progress(iteration, warmup, end), v = s->from;
    switch (s->form) {
    case GEDI_SCHEDULE_CONSTANT:
        break;
    case GEDI_SCHEDULE_LINEAR:
        v = t < 1 ? s->from + (s->to - s->from) * t : s->to;
        break;
    case GEDI_SCHEDULE_COSINE:
        v = s->to + (s->from - s->to) * (0.5 * (1 + cos(pi * t)));
        break;
    case GEDI_SCHEDULE_STEPS:
        v = step_at(s, iteration);
        break;
    }
    return iteration < warmup ? v * ((double)(iteration + 1) / (double)warmup) : v;
}

bool gedi_schedule_is_constant(const gedi_schedule *s)
{
    return s->form == GEDI_SCHEDULE_CONSTANT && !s->warmup;
}

/* The extreme of what is written in it, by fmax or fmin. */
static double extreme(const gedi_schedule *s, double (*of)(double, double))
{
    double v = s->form == GEDI_SCHEDULE_STEPS ? s->value[0] : s->from;
    if (s->form == GEDI_SCHEDULE_LINEAR || s->form == GEDI_SCHEDULE_COSINE)
        v = of(v, s->to);
    for (int64_t k = 1; k < s->n; k++)
        v = of(v, s->value[k]);
    return v;
}

double gedi_schedule_max(const gedi_schedule *s)
{
    return extreme(s, fmax);
}

double gedi_schedule_min(const gedi_schedule *s)
{
    return s->warmup ? fmin(extreme(s, fmin), 0.0) : extreme(s, fmin);
}

/* ---- nodes ---- */

static double value_at(const gedi_build *b, const gedi_schedule *s, int64_t iteration)
{
    return s ? gedi_schedule_at(s, iteration, b->total) : (double)iteration;
}

/* The leaf of a schedule, or of the iteration for NULL: one in a graph. */
static gedi_node *leaf(gedi_build *b, const gedi_schedule *s)
{
    for (const gedi__scheduled *u = b->scheduled; u; u = u->next)
        if (u->schedule == s)
            return u->node;
    gedi_node *node = gedi__input(b->g, s ? "schedule" : "iteration", GEDI_DIMS(1));
    gedi__scheduled *u = node ? gedi__arena_alloc(&b->g->arena, sizeof *u) : NULL;
    if (!u)
        return gedi_graph_fail(b->g, GEDI_NOMEM, GEDI__NO_MEMORY "a schedule");
    if (!b->training)
        gedi__input_stand(node);
    *u = (gedi__scheduled){.schedule = s,
                           .node = node,
                           .value = (float)value_at(b, s, b->total),
                           .next = b->scheduled};
    b->scheduled = u;
    return node;
}

gedi_node *gedi_scheduled(gedi_build *b, const gedi_schedule *s)
{
    if (!gedi__given(b->g, s, "gedi_scheduled", "schedule"))
        return NULL;
    return gedi_schedule_is_constant(s) ? gedi_scalar(b->g, s->from) : leaf(b, s);
}

gedi_node *gedi__build_iteration(gedi_build *b)
{
    return leaf(b, NULL);
}

gedi_node *gedi_scale_by(gedi_build *b, gedi_node *x, const gedi_schedule *s)
{
    if (!gedi__given(b->g, s, "gedi_scale_by", "schedule"))
        return NULL;
    return gedi_schedule_is_constant(s) ? gedi_scale(x, s->from)
                                        : gedi_mul(x, gedi_scheduled(b, s));
}

gedi_node *gedi_divide_by(gedi_build *b, gedi_node *x, const gedi_schedule *s)
{
    if (!gedi__given(b->g, s, "gedi_divide_by", "schedule"))
        return NULL;
    return gedi_schedule_is_constant(s) ? gedi_scale(x, 1.0 / s->from)
                                        : gedi_div(x, gedi_scheduled(b, s));
}

void gedi__build_advance(gedi_build *b, int64_t iteration)
{
    for (gedi__scheduled *u = b->scheduled; u; u = u->next)
        u->value = (float)value_at(b, u->schedule, iteration);
}
