/* length.c - how many iterations a run has, before it begins.
 *
 * A stage of so many hours becomes one of as many iterations as fit into them at the speed that
 * is measured when the run begins. So its schedules end with it, and a resumed run does not ask
 * the clock again. Lines of the log are part of the speed, evaluation is not.
 */
#include "core/run/length.h"
#include "core/base/clock.h"
#include "core/base/ranks.h"
#include "core/descriptor/lengths.h"
#include "core/train/trainer.h"

#include <math.h>
#include <stdio.h>

enum {
    WARM = 3,     /* iterations that are not counted: memory is touched, caches fill */
    LEAST = 5,    /* iterations that are */
    LONGEST = 30, /* seconds */
    PROVISIONAL =
        1000000000, /* iterations, until it is known: schedules are at their beginning */
};

typedef struct timing {
    double seconds;  /* of an iteration */
    int64_t allowed; /* iterations */
} timing;

static gedi_status run_steps(gedi__trainer *t, double limit,
                             const volatile sig_atomic_t *stop, double *seconds,
                             int64_t *steps, gedi_err *err)
{
    double began = gedi__seconds();
    for (*steps = 0; *steps < LEAST || *seconds < limit; (*steps)++) {
        if (stop && *stop)
            return GEDI_FAIL(err, GEDI_INTERRUPTED,
                             "interrupted while an iteration is timed, before the run");
        GEDI_TRY(gedi__trainer_step(t, err));
        *seconds = gedi__seconds() - began;
    }
    return GEDI_OK;
}

/* Seconds of an iteration, with its part of a line of the log. */
static gedi_status measure(gedi__trainer *t, double limit,
                           const volatile sig_atomic_t *stop, double *each, gedi_err *err)
{
    gedi__health health;
    double seconds = 0;
    int64_t steps;
    for (int i = 0; i < WARM; i++)
        GEDI_TRY(gedi__trainer_step(t, err));
    gedi_status s = run_steps(t, limit, stop, &seconds, &steps, err);
    if (s != GEDI_OK && (s != GEDI_NUMERIC || steps < LEAST))
        return s; /* one that diverges later is still as fast */
    *each = seconds / (double)steps;
    double began = gedi__seconds();
    GEDI_TRY(gedi__sentinel_look(&t->sentinel, t->iteration - 1, &health, err));
    *each += (gedi__seconds() - began) / (double)t->stage->train.log_every;
    return GEDI_OK;
}

/* What is taken for it is taken off the hours. */
static gedi_status time_stage(gedi__experiment *e, int stage,
                              const volatile sig_atomic_t *stop, timing *out,
                              gedi_err *err)
{
    gedi__trainer *t;
    const gedi__stage *s = &e->stage[stage];
    double budget = s->train.hours * 3600, began = gedi__seconds();
    *out = (timing){0};
    gedi__length_set(e, stage, PROVISIONAL);
    gedi_status made = gedi__trainer_new(e, s, &t, err);
    if (made == GEDI_OK)
        made = measure(t, fmin(budget / 100, LONGEST), stop, &out->seconds, err);
    gedi__trainer_free(t);
    gedi__length_set(e, stage, 0);
    if (made != GEDI_OK)
        return made;
    double fit = floor((budget - (gedi__seconds() - began)) / out->seconds);
    out->allowed = fit < 1 ? 1 : fit > PROVISIONAL ? PROVISIONAL : (int64_t)fit;
    gedi__length_set(e, stage, out->allowed);
    return GEDI_OK;
}

static void say(const gedi__observer *o, const char *line)
{
    if (o && o->say)
        o->say(o->context, line);
}

static gedi_status settle_hours(gedi__experiment *e, int i, const gedi__observer *o,
                                gedi_err *err)
{
    char line[256];
    timing t;
    gedi_err own = {0};
    snprintf(line, sizeof line,
             "objective %s: timing an iteration, to see how many fit into %g hours",
             e->stage[i].method, e->stage[i].train.hours);
    say(o, line);
    gedi_status s = time_stage(e, i, o ? o->stop : NULL, &t, &own);
    if (s == GEDI_NOMEM || s == GEDI_INTERRUPTED || s == GEDI_NUMERIC)
        return GEDI_FAIL(err, s, "%s", own.msg);
    snprintf(line, sizeof line,
             "it takes %.3g s: %lld iterations, which descriptor.yaml keeps", t.seconds,
             (long long)t.allowed);
    if (s == GEDI_OK)
        say(o, line);
    return GEDI_OK;
}

gedi_status gedi__length_settle(gedi__experiment *e, const gedi__observer *o,
                                gedi_err *err)
{
    int64_t records;
    gedi_status s = gedi__lengths_ask_records(e)
                        ? gedi__lengths_records(e, &records, NULL)
                        : GEDI_STATE;
    if (s == GEDI_NOMEM)
        return gedi_no_memory(err, "the length of a run");
    if (s == GEDI_OK)
        gedi__lengths_by_records(e, records);
    for (int i = 0; i < e->stages; i++) {
        if (e->stage[i].length || e->stage[i].train.hours <= 0)
            continue;
        if (gedi__ranks_of_run()->n > 1) /* each would time its own */
            return GEDI_FAIL(err, GEDI_DESCRIPTOR,
                             "train.hours: under mpirun the length of a run is known in "
                             "iterations or epochs: state train.iterations");
        GEDI_TRY(settle_hours(e, i, o, err));
    }
    return GEDI_OK;
}

gedi_status gedi__length_resume(gedi__experiment *e, const char *descriptor, bool begun,
                                const gedi__observer *o, bool *changed, gedi_err *err)
{
    if (gedi__lengths_known(e))
        return GEDI_OK;
    *changed = true;
    for (int i = 0; begun && i < e->stages; i++)
        if (!e->stage[i].length && e->stage[i].train.hours > 0)
            return GEDI_FAIL(
                err, GEDI_STATE,
                "%s: `counted` is missing, or of other hours: it says how many "
                "iterations the hours of a run are, from its beginning on: restore it, or "
                "go on with train.hours=0 train.iterations=N",
                descriptor);
    return gedi__length_settle(e, o, err);
}

gedi_status gedi__length_keep(gedi__experiment *e, const char *descriptor,
                              const char *const *override, int n, gedi__mistakes *m,
                              gedi_err *err)
{
    gedi__experiment *was;
    if (gedi__lengths_known(e))
        return GEDI_OK;
    GEDI_TRY(gedi__experiment_read_stored(descriptor, override, n, &was, m, err));
    gedi__lengths_take(e, was);
    gedi__experiment_free(was);
    return GEDI_OK;
}
