/* training.c - the iterations of a run, stage after stage, with its log and its checkpoints. */
#include "core/run/running.h"
#include "core/base/clock.h"
#include "core/base/memory.h"
#include "core/base/ranks.h"
#include "core/run/moment.h"
#include "core/run/validate.h"
#include "core/store/divergence.h"
#include "core/store/metrics.h"
#include "core/train/checkpoint.h"

#include <math.h>
#include <string.h>

static gedi__progress progress_of(const gedi__running *r)
{
    return (gedi__progress){
        .iteration = r->t->iteration,
        .total = gedi__experiment_iterations(r->e),
        .stage = (int)(r->t->stage - r->e->stage),
        .stages = r->e->stages,
        .loss = r->t->loss,
        .gradient_norm = r->t->gradient_norm,
        .learning_rate = gedi__stage_rate(r->t->stage, r->t->iteration - 1),
        .term = r->t->terms.value,
        .terms = r->t->terms.n,
        .schedule = r->t->schedule,
        .schedules = r->t->schedules,
        .watch = r->t->watch,
        .watches = r->t->watches,
    };
}

gedi_status gedi__running_save(gedi__running *r, gedi_err *err)
{
    if (r->saved == r->t->iteration)
        return GEDI_OK;
    GEDI_TRY(gedi__metrics_sync(r->log, err)); /* a checkpoint never outruns its log */
    GEDI_TRY(
        gedi__checkpoint_write(r->t, r->checkpoint, r->previous, r->identity.s, err));
    r->saved = r->t->iteration;
    if (r->diverged >= 0 && r->saved > r->diverged) {
        gedi__divergence_forget(r->directory);
        r->diverged = -1;
    }
    return GEDI_OK;
}

/* For who looks into the folder later. */
static void keep_divergence(const gedi__running *r, const char *why)
{
    gedi_err own = {0};
    if (gedi__divergence_write(r->directory, r->t->iteration, why, &own))
        gedi__running_fault(r, "%s", own.msg);
}

/* Does code of others read records, or pass over them? */
static bool reads_by_others(const gedi__experiment *e, const gedi__stage *s)
{
    bool others = !gedi__registry_is_own(e->registry, e->dataset.plugin);
    for (int i = 0; i < s->objectives; i++)
        others =
            others || !gedi__registry_is_own(e->registry, s->objective[i].part.plugin);
    return others;
}

/* Adds to a failure what is still there. */
static gedi_status with_checkpoint(const gedi__running *r, gedi_status s, gedi_err *err)
{
    bool data = s == GEDI_DATA || s == GEDI_IO; /* an image, read when its turn came */
    bool rebuilt = data && reads_by_others(r->e, r->t->stage);
    if (r->saved >= 0)
        return GEDI_FAIL(err, s, "%s; last good checkpoint: %s, iteration %lld%s%s%s",
                         err ? err->msg : "", r->checkpoint, (long long)r->saved,
                         data ? ": when this is mended, go on by: gedi resume " : "",
                         data ? r->directory : "",
                         rebuilt ? " (where a plugin is rebuilt for it, start a new run)"
                                 : "");
    return GEDI_FAIL(err, s, "%s; no checkpoint had been written", err ? err->msg : "");
}

/* Says when a failure mode lasts, and when it ends. Many a run goes through one on its way. */
static void warn(gedi__running *r, const gedi__health *h, int64_t iteration)
{
    for (int i = 0; i < GEDI__FAILURES; i++) {
        char text[128];
        gedi__failing *f = &r->failing[i];
        bool lasts =
            gedi__failure_lasts(f, h, i, iteration, gedi__experiment_iterations(r->e));
        gedi__failure_text(h, i, text, sizeof text);
        if (lasts && !r->told[i])
            gedi__running_say(r, "iteration %lld: %s since iteration %lld: %s",
                              (long long)iteration, gedi__failure_name(i),
                              (long long)f->since, text);
        else if (!f->lines && r->told[i])
            gedi__running_say(r, "iteration %lld: %s is over: %s", (long long)iteration,
                              gedi__failure_name(i), text);
        r->told[i] = lasts;
    }
}

/* A number that is watched stops nothing, and the log has null in its place. */
static void warn_of_watches(gedi__running *r, const gedi__progress *p)
{
    for (int i = 0; i < p->watches; i++) {
        double value = p->watch[i].value;
        if (isfinite(value) || r->told_watch[i])
            continue;
        gedi__running_say(
            r,
            "iteration %lld: '%s', which is watched, is %g: metrics.jsonl has "
            "null for it, as wherever it is not finite",
            (long long)p->iteration, p->watch[i].name, isnan(value) ? NAN : value);
        r->told_watch[i] = true;
    }
}

static gedi_status validate(gedi__running *r, gedi__validated *found, gedi_err *err)
{
    const size_t n = (size_t)r->e->evaluators;
    if (!r->told_evaluator)
        r->told_evaluator =
            gedi__alloc(n, sizeof *r->told_evaluator, err, "evaluators on the way");
    return r->told_evaluator ? gedi__validate(r->t, r->o, r->told_evaluator, found, err)
                             : GEDI_NOMEM;
}

/* Nothing chooses the weights any more. The run ends, with all that it has. */
static gedi_status end_unchosen(gedi__running *r, const gedi_err *why, gedi_err *err)
{
    GEDI_TRY(gedi__running_save(r, err));
    return GEDI_FAIL(
        err, why->code,
        "%s: `gedi resume %s` goes on behind this evaluation, which counts for "
        "nothing then; another metric needs a new run",
        why->msg, r->directory);
}

/* Evaluates, writes a line, keeps the weights if they are the best so far. The line is on disk before
 * they are. */
static gedi_status look_back(gedi__running *r, gedi__progress *p, gedi_err *err)
{
    gedi__validated found = {0};
    bool better = false;
    gedi_status s = GEDI_OK;
    gedi_err unchosen = {0};
    if (gedi__validation_due(r->e, p->iteration))
        s = validate(r, &found, err);
    if (s == GEDI_OK)
        (void)gedi__validation_choose(r->t, &found, &better, &unchosen);
    p->validation = found.value;
    p->validations = found.n;
    if (s == GEDI_OK)
        s = gedi__metrics_write(r->log, p, err);
    gedi__validated_clear(&found);
    p->validations = 0;
    if (s != GEDI_OK)
        return s;
    r->t->lines++;
    if (unchosen.code)
        return end_unchosen(r, &unchosen, err);
    if (!better)
        return GEDI_OK;
    GEDI_TRY(gedi__metrics_sync(r->log, err));
    return gedi__checkpoint_write(r->t, r->best, NULL, r->identity.s, err);
}

/* Samples that cannot be drawn keep no run from going on. */
static gedi_status show_samples(const gedi__running *r, gedi_err *err)
{
    gedi_err own = {0};
    gedi_status s = gedi__moment(r->t, r->o, r->directory, &own);
    if (s == GEDI_NOMEM)
        return GEDI_FAIL(err, s, "%s", own.msg);
    if (s != GEDI_OK)
        gedi__running_fault(r, "iteration %lld: figure samples: %s",
                            (long long)r->t->iteration, own.msg);
    return GEDI_OK;
}

/* All ranks do the same, and on processors of another kind sums are rounded otherwise: weights would
 * drift apart, silently. */
static gedi_status check_ranks(const gedi__running *r, gedi_err *err)
{
    if (gedi__ranks_same(r->t->gradient_norm) && gedi__ranks_same(r->t->loss))
        return GEDI_OK;
    return GEDI_FAIL(
        err, GEDI_STATE,
        "iteration %lld: the ranks do not compute the same numbers: let all of "
        "them run on processors of one kind, with one build of gedi",
        (long long)r->t->iteration);
}

/* A term of weight 0 throughout is none: this one's schedule begins there. */
static bool one_is_to_come(const gedi_terms *t)
{
    for (int i = 0; i < t->n; i++)
        if (t->value[i].weight == 0)
            return true;
    return false;
}

/* Where a stage begins: what does not learn at all, and what one term teaches nothing. */
static void warn_of_idle(const gedi__running *r)
{
    const gedi__trainer *t = r->t;
    long long iteration = (long long)t->iteration;
    if (t->iteration != t->stage->first + 1)
        return;
    if (t->gradient_norm == 0) {
        if (one_is_to_come(&t->terms))
            return;
        gedi__running_say(
            r,
            "iteration %lld: the gradient is exactly 0, so no parameter learns: does a "
            "term of objective %s depend on the weights?",
            iteration, t->stage->method);
        return;
    }
    for (int i = 0; i < t->terms.n; i++)
        if (r->idle[i])
            gedi__running_say(
                r,
                "iteration %lld: term '%s' is %g, but its derivative exactly 0, so nothing "
                "learns by it yet: does it saturate, or is it too small for a float?",
                iteration, t->terms.value[i].name, t->terms.value[i].value);
}

/* What follows one iteration: a line of the log, a word to the caller, a checkpoint. */
static gedi_status keep_up(gedi__running *r, gedi_err *err)
{
    const gedi__stage *stage = r->t->stage;
    const gedi__train *how = &stage->train;
    gedi__progress p = progress_of(r);
    bool last = p.iteration == gedi__stage_end(stage);
    gedi__health health;
    warn_of_idle(r);
    if (gedi__metrics_due(r->e, stage, p.iteration)) {
        GEDI_TRY(check_ranks(r, err));
        GEDI_TRY(gedi__sentinel_look(&r->t->sentinel, p.iteration - 1, &health, err));
        p.health = &health;
        warn(r, &health, p.iteration);
        warn_of_watches(r, &p);
        GEDI_TRY(look_back(r, &p, err));
        last = last || gedi__validation_over(r->t);
    }
    if (r->o && r->o->progress)
        r->o->progress(r->o->context, &p);
    GEDI_TRY(show_samples(r, err));
    if (p.iteration % how->checkpoint_every == 0 || last)
        GEDI_TRY(gedi__running_save(r, err));
    return GEDI_OK;
}

static gedi_status train_stage(gedi__running *r, gedi_err *err)
{
    gedi__trainer *t = r->t;
    t->idle = memset(r->idle, 0, sizeof r->idle);
    while (t->iteration < gedi__stage_end(t->stage) && !gedi__validation_over(t)) {
        if (gedi__ranks_any(r->o && r->o->stop && *r->o->stop)) {
            GEDI_TRY(gedi__running_save(r, err));
            return GEDI_FAIL(err, GEDI_INTERRUPTED,
                             "interrupted at iteration %lld; a checkpoint is written",
                             (long long)t->iteration);
        }
        GEDI_TRY(gedi__trainer_step(t, err));
        GEDI_TRY(keep_up(r, err));
    }
    if (t->iteration < gedi__stage_end(t->stage))
        gedi__running_say(
            r,
            "iteration %lld: training ends: %s is best in iteration %lld, and was not "
            "better in %lld evaluations since",
            (long long)t->iteration, r->e->validation.metric,
            (long long)t->best.iteration, (long long)t->best.waited);
    return GEDI_OK;
}

/* The next stage begins as a run does that goes on: from the checkpoint. */
static gedi_status begin_stage(gedi__running *r, const gedi__stage *stage, gedi_err *err)
{
    GEDI_TRY(gedi__running_trainer(r, stage, err));
    memset(r->told_watch, 0, sizeof r->told_watch);
    GEDI_TRY(gedi__checkpoint_read(r->t, r->checkpoint, r->identity.s, err));
    r->saved = r->t->iteration;
    return GEDI_OK;
}

static gedi_status train_stages(gedi__running *r, gedi_err *err)
{
    const gedi__stage *end = r->e->stage + r->e->stages;
    GEDI_TRY(train_stage(r, err));
    for (const gedi__stage *next = r->t->stage + 1; next < end; next++) {
        gedi__running_say(r, "iteration %lld: stages.%d begins, objective %s",
                          (long long)next->first, (int)(next - r->e->stage),
                          next->method);
        GEDI_TRY(begin_stage(r, next, err));
        GEDI_TRY(train_stage(r, err));
    }
    return GEDI_OK;
}

gedi_status gedi__running_open_log(gedi__running *r, gedi_err *err)
{
    int64_t kept;
    if (r->t->lines < 0)
        r->t->lines = gedi__metrics_expected(r->e, r->t->iteration);
    int64_t want = r->t->lines;
    GEDI_TRY(gedi__metrics_open(r->metrics, r->t->iteration, &r->log, &kept, err));
    if (kept != want)
        gedi__running_fault(
            r,
            "%s is damaged: %lld of %lld lines up to iteration %lld are lost; the weights "
            "do not depend on them, but the curves have a gap",
            r->metrics, (long long)(want - kept), (long long)want,
            (long long)r->t->iteration);
    return GEDI_OK;
}

gedi_status gedi__running_train(gedi__running *r, gedi_err *err)
{
    if (!r->log)
        GEDI_TRY(gedi__running_open_log(r, err));
    double began = gedi__seconds();
    int64_t first = r->t->iteration;
    gedi_status s = train_stages(r, err);
    if (s == GEDI_INTERRUPTED)
        return s;
    if (s == GEDI_NUMERIC)
        keep_divergence(r, err->msg);
    if (s != GEDI_OK)
        return with_checkpoint(r, s, err);
    r->times.training = gedi__seconds() - began;
    r->times.iterations = r->t->iteration - first;
    return GEDI_OK;
}
