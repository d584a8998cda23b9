/* run.c - one run from beginning to end, in one directory. */
#include "core/run/run.h"
#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/base/ranks.h"
#include "core/descriptor/tree.h"
#include "core/exec/blas.h"
#include "core/train/checkpoint.h"
#include "core/train/init.h"
#include "core/store/identity.h"
#include "core/store/divergence.h"
#include "core/store/folder.h"
#include "core/store/metrics.h"
#include "core/store/weights.h"
#include "core/run/left.h"
#include "core/run/length.h"
#include "core/run/moment.h"
#include "core/run/override.h"
#include "core/run/ready.h"
#include "core/run/standing.h"
#include "core/run/summary.h"
#include "core/run/vacant.h"
#include "core/run/validate.h"
#include "core/evaluate/trial.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

typedef struct run {
    gedi__experiment *e;
    const gedi__observer *o;
    const char *directory;
    const gedi__origin *from; /* NULL: it begins at the beginning */
    char *checkpoint, *previous, *best, *metrics, *summary, *descriptor;
    gedi__text text; /* the resolved descriptor */
    gedi__text identity, artefacts;
    gedi__trainer *t;
    FILE *log;
    int lock;      /* the directory, held as long as we write to it; -1 */
    int64_t saved; /* iteration of the last checkpoint, -1: none */
    int64_t
        diverged; /* when it was tried before: behind that iteration; -1: it did not */
    gedi__times times;
    bool drawn; /* all figures that the descriptor names were drawn before */
    gedi__failing failing[GEDI__FAILURES];
    bool told[GEDI__FAILURES]; /* of that */
    gedi__mistakes *mistakes;  /* why it cannot be run; NULL: the first is the error */
    gedi_status refused;       /* of the first of them */
    bool taken_up;             /* it was there before */
    bool finished;             /* so was its summary, which is of this run */
} run;

typedef void hearer(void *context, const char *line);

static void tell(const run *r, hearer *to, const char *fmt, va_list ap)
{
    char line[512];
    if (!to)
        return;
    vsnprintf(line, sizeof line, fmt, ap);
    to(r->o->context, line);
}

static void say(const run *r, const char *fmt, ...) GEDI_PRINTF(2, 3);
static void say(const run *r, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    tell(r, r->o ? r->o->say : NULL, fmt, ap);
    va_end(ap);
}

/* Damage that the run gets round. */
static void say_fault(const run *r, const char *fmt, ...) GEDI_PRINTF(2, 3);
static void say_fault(const run *r, const char *fmt, ...)
{
    hearer *to = NULL;
    va_list ap;
    if (r->o)
        to = r->o->fault ? r->o->fault : r->o->say;
    va_start(ap, fmt);
    tell(r, to, fmt, ap);
    va_end(ap);
}

static gedi_status run_init(run *r, const char *directory, const gedi__observer *o,
                            gedi_err *err)
{
    *r = (run){.o = o, .directory = directory, .lock = -1, .saved = -1, .diverged = -1};
    r->checkpoint = gedi__store_path(directory, GEDI__FILE_CHECKPOINT, err);
    r->previous = gedi__store_path(directory, GEDI__FILE_PREVIOUS, err);
    r->best = gedi__store_path(directory, GEDI__FILE_BEST, err);
    r->metrics = gedi__store_path(directory, GEDI__FILE_METRICS, err);
    r->summary = gedi__store_path(directory, GEDI__FILE_SUMMARY, err);
    r->descriptor = gedi__store_path(directory, GEDI__FILE_DESCRIPTOR, err);
    return r->checkpoint && r->previous && r->best && r->metrics && r->summary &&
                   r->descriptor
               ? GEDI_OK
               : GEDI_NOMEM;
}

static void run_clear(run *r)
{
    if (r->log)
        fclose(r->log);
    if (r->lock >= 0)
        close(r->lock);
    gedi__trainer_free(r->t);
    gedi__text_clear(&r->text);
    gedi__text_clear(&r->identity);
    gedi__text_clear(&r->artefacts);
    free(r->checkpoint);
    free(r->previous);
    free(r->best);
    free(r->metrics);
    free(r->summary);
    free(r->descriptor);
}

gedi_status gedi__run_lock(const char *directory, int *lock, gedi_err *err)
{
    *lock = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*lock >= 0 && flock(*lock, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK)
        return GEDI_FAIL(err, GEDI_STATE, "%s: another gedi is at work on this run",
                         directory);
    return GEDI_OK; /* also on a file system that knows no locks */
}

static gedi__progress progress_of(const run *r)
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

static gedi_status save(run *r, gedi_err *err)
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
static void keep_divergence(const run *r, const char *why)
{
    gedi_err own = {0};
    if (gedi__divergence_write(r->directory, r->t->iteration, why, &own))
        say_fault(r, "%s", own.msg);
}

/* Adds to a failure what is still there. */
static gedi_status with_checkpoint(const run *r, gedi_status s, gedi_err *err)
{
    bool data = s == GEDI_DATA || s == GEDI_IO; /* an image, read when its turn came */
    if (r->saved >= 0)
        return GEDI_FAIL(err, s, "%s; last good checkpoint: %s, iteration %lld%s%s",
                         err ? err->msg : "", r->checkpoint, (long long)r->saved,
                         data ? ": when this is mended, go on by: gedi resume " : "",
                         data ? r->directory : "");
    return GEDI_FAIL(err, s, "%s; no checkpoint had been written", err ? err->msg : "");
}

/* Says when a failure mode lasts, and when it ends. Many a run goes through one on its way. */
static void warn(run *r, const gedi__health *h, int64_t iteration)
{
    for (int i = 0; i < GEDI__FAILURES; i++) {
        char text[128];
        gedi__failing *f = &r->failing[i];
        bool lasts =
            gedi__failure_lasts(f, h, i, iteration, gedi__experiment_iterations(r->e));
        gedi__failure_text(h, i, text, sizeof text);
        if (lasts && !r->told[i])
            say(r, "iteration %lld: %s since iteration %lld: %s", (long long)iteration,
                gedi__failure_name(i), (long long)f->since, text);
        else if (!f->lines && r->told[i])
            say(r, "iteration %lld: %s is over: %s", (long long)iteration,
                gedi__failure_name(i), text);
        r->told[i] = lasts;
    }
}

/* Evaluates, writes a line, keeps the weights if they are the best so far. The line is on disk before
 * they are. */
static gedi_status look_back(run *r, gedi__progress *p, gedi_err *err)
{
    gedi__validated found = {0};
    bool better = false;
    gedi_status s = GEDI_OK;
    if (gedi__validation_due(r->e, p->iteration))
        s = gedi__validate(r->t, &found, err);
    if (s == GEDI_OK)
        s = gedi__validation_choose(r->t, &found, &better, err);
    p->validation = found.value;
    p->validations = found.n;
    if (s == GEDI_OK)
        s = gedi__metrics_write(r->log, p, err);
    gedi__validated_clear(&found);
    p->validations = 0;
    if (s != GEDI_OK)
        return s;
    r->t->lines++;
    if (!better)
        return GEDI_OK;
    GEDI_TRY(gedi__metrics_sync(r->log, err));
    return gedi__checkpoint_write(r->t, r->best, NULL, r->identity.s, err);
}

/* Samples that cannot be drawn keep no run from going on. */
static gedi_status show_samples(const run *r, gedi_err *err)
{
    gedi_err own = {0};
    gedi_status s = gedi__moment(r->t, r->o, r->directory, &own);
    if (s == GEDI_NOMEM)
        return GEDI_FAIL(err, s, "%s", own.msg);
    if (s != GEDI_OK)
        say_fault(r, "iteration %lld: figure samples: %s", (long long)r->t->iteration,
                  own.msg);
    return GEDI_OK;
}

/* All ranks do the same, and on processors of another kind sums are rounded otherwise: weights would
 * drift apart, silently. */
static gedi_status check_ranks(const run *r, gedi_err *err)
{
    if (gedi__ranks_same(r->t->gradient_norm) && gedi__ranks_same(r->t->loss))
        return GEDI_OK;
    return GEDI_FAIL(
        err, GEDI_STATE,
        "iteration %lld: the ranks do not compute the same numbers: let all of "
        "them run on processors of one kind, with one build of gedi",
        (long long)r->t->iteration);
}

/* What follows one iteration: a line of the log, a word to the caller, a checkpoint. */
static gedi_status keep_up(run *r, gedi_err *err)
{
    const gedi__stage *stage = r->t->stage;
    const gedi__train *how = &stage->train;
    gedi__progress p = progress_of(r);
    bool last = p.iteration == gedi__stage_end(stage);
    gedi__health health;
    if (p.iteration == stage->first + 1 && p.gradient_norm == 0)
        say(r,
            "iteration %lld: the gradient is exactly 0, so no parameter learns: does a "
            "term of objective %s depend on the weights?",
            (long long)p.iteration, stage->method);
    if (gedi__metrics_due(r->e, stage, p.iteration)) {
        GEDI_TRY(check_ranks(r, err));
        GEDI_TRY(gedi__sentinel_look(&r->t->sentinel, p.iteration - 1, &health, err));
        p.health = &health;
        warn(r, &health, p.iteration);
        GEDI_TRY(look_back(r, &p, err));
        last = last || gedi__validation_over(r->t);
    }
    if (r->o && r->o->progress)
        r->o->progress(r->o->context, &p);
    GEDI_TRY(show_samples(r, err));
    if (p.iteration % how->checkpoint_every == 0 || last)
        GEDI_TRY(save(r, err));
    return GEDI_OK;
}

static gedi_status train_stage(run *r, gedi_err *err)
{
    gedi__trainer *t = r->t;
    while (t->iteration < gedi__stage_end(t->stage) && !gedi__validation_over(t)) {
        if (gedi__ranks_any(r->o && r->o->stop && *r->o->stop)) {
            GEDI_TRY(save(r, err));
            return GEDI_FAIL(err, GEDI_INTERRUPTED,
                             "interrupted at iteration %lld; a checkpoint is written",
                             (long long)t->iteration);
        }
        GEDI_TRY(gedi__trainer_step(t, err));
        GEDI_TRY(keep_up(r, err));
    }
    if (t->iteration < gedi__stage_end(t->stage))
        say(r,
            "iteration %lld: training ends: %s is best in iteration %lld, and was not "
            "better in %lld evaluations since",
            (long long)t->iteration, r->e->validation.metric,
            (long long)t->best.iteration, (long long)t->best.waited);
    return GEDI_OK;
}

/* A trainer for that stage in place of the present one; memory for both is not needed. */
static gedi_status make_trainer(run *r, const gedi__stage *stage, gedi_err *err)
{
    gedi__trainer_free(r->t);
    r->t = NULL;
    return gedi__trainer_new(r->e, stage, &r->t, err);
}

/* The next stage begins as a run does that goes on: from the checkpoint. */
static gedi_status begin_stage(run *r, const gedi__stage *stage, gedi_err *err)
{
    GEDI_TRY(make_trainer(r, stage, err));
    GEDI_TRY(gedi__checkpoint_read(r->t, r->checkpoint, r->identity.s, err));
    r->saved = r->t->iteration;
    return GEDI_OK;
}

static gedi_status train_stages(run *r, gedi_err *err)
{
    const gedi__stage *end = r->e->stage + r->e->stages;
    GEDI_TRY(train_stage(r, err));
    for (const gedi__stage *next = r->t->stage + 1; next < end; next++) {
        say(r, "iteration %lld: stages.%d begins, objective %s", (long long)next->first,
            (int)(next - r->e->stage), next->method);
        GEDI_TRY(begin_stage(r, next, err));
        GEDI_TRY(train_stage(r, err));
    }
    return GEDI_OK;
}

/* `err` is not NULL. */
static gedi_status train(run *r, gedi_err *err)
{
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

static gedi_status write_summary(const run *r, const gedi_trial *trial,
                                 const gedi__outcome *made, gedi_err *err)
{
    gedi__metrics log = {0};
    gedi_status s = gedi__metrics_read(r->metrics, &log, err);
    if (s == GEDI_OK)
        s = gedi__summarize(r->summary, r->t, trial, &log, &r->times, made, err);
    gedi__metrics_clear(&log);
    return s;
}

/* What has failed can be asked for again: the weights are there. */
static gedi_status evaluate(const run *r, gedi_trial *trial, gedi_err *err)
{
    gedi_err own = {0};
    if (r->o && r->o->say)
        gedi__trial_listen(trial, GEDI__PATIENCE, r->o->say, r->o->context);
    gedi_status s = gedi__trial_evaluate(trial, &own);
    if (s == GEDI_OK)
        return GEDI_OK;
    return GEDI_FAIL(err, s,
                     "%s; the run is trained: `gedi evaluate %s 'evaluate=[...]'` "
                     "evaluates it once more",
                     own.msg, r->directory);
}

/* The best weights in place of the last, where validation has chosen. */
static gedi_status take_best(run *r, gedi_err *err)
{
    int64_t iteration = r->t->iteration, lines = r->t->lines;
    gedi__chosen best = r->t->best;
    if (!best.iteration)
        return GEDI_OK;
    if (!gedi__file_exists(r->best))
        return GEDI_FAIL(
            err, GEDI_STATE,
            "%s is missing, with the weights of iteration %lld, which validation "
            "has chosen: start a new run",
            r->best, (long long)best.iteration);
    GEDI_TRY(gedi__checkpoint_read(r->t, r->best, r->identity.s, err));
    r->t->iteration = iteration;
    r->t->lines = lines;
    r->t->best = best;
    return GEDI_OK;
}

/* Numbers are kept even where figures cannot be drawn. What training has put into the summary of
 * a run that was finished before, times among it, stays. */
static gedi_status finish(run *r, gedi_err *err)
{
    gedi_trial *trial;
    double began = gedi__seconds();
    bool draws = r->o && r->o->figures;
    GEDI_TRY(take_best(r, err));
    GEDI_TRY(gedi__trial_of(r->t, &trial, err));
    gedi_status s = evaluate(r, trial, err);
    r->times.evaluation = gedi__seconds() - began;
    gedi_err why = {0};
    gedi_status figures = GEDI_OK;
    if (s == GEDI_OK && draws && r->e->figures)
        figures = r->o->figures(r->o->context, trial, r->e, r->directory, &why);
    gedi__outcome made = {.artefacts = r->artefacts.s ? r->artefacts.s : "",
                          .descriptor = r->text.s,
                          .drawn = figures == GEDI_OK && (draws || r->drawn),
                          .undrawn = figures == GEDI_OK ? NULL : why.msg};
    if (s == GEDI_OK && !r->finished) { /* one that has come since is another's */
        made.identity = r->identity.s;
        s = write_summary(r, trial, &made, err);
    } else if (s == GEDI_OK) {
        s = gedi__summarize_later(r->summary, &r->t->net, trial, &made, err);
    }
    gedi__trial_free(trial);
    if (s == GEDI_OK && figures != GEDI_OK)
        s = GEDI_FAIL(err, figures, "%s; `gedi resume %s` draws what is missing", why.msg,
                      r->directory);
    return s;
}

static gedi_status emit(run *r, gedi_err *err)
{
    gedi__experiment_emit(r->e, &r->text);
    if (r->text.failed)
        return gedi_no_memory(err, "the descriptor");
    GEDI_TRY(gedi__artefacts_text(r->e, &r->artefacts, err));
    return gedi__identity_text(r->e, &r->identity, err);
}

static void on_refused(void *context, gedi_status s, gedi__place at, const char *why)
{
    run *r = context;
    r->refused = r->refused ? r->refused : s;
    gedi__mistake(r->mistakes, at, "%s", why);
}

static void on_warned(void *context, gedi__place at, const char *why)
{
    run *r = context;
    if (at.line)
        say(r, "%s:%d:%d: %s", at.source, at.line, at.column, why);
    else
        say(r, "%s: %s", at.source, why);
}

static gedi_status ask_figure(void *context, const gedi__experiment *e, const char *name,
                              gedi_shape record, gedi_err *err)
{
    const run *r = context;
    return r->o && r->o->figure ? r->o->figure(r->o->context, e, name, record, err)
                                : GEDI_OK;
}

/* Mistakes show before files do, those of later stages before the first has been trained. */
static gedi_status get_ready(run *r, const gedi__stage *stage, gedi_err *err)
{
    const gedi__asking all = {r, r->mistakes ? on_refused : NULL, on_warned, ask_figure,
                              r->from || r->taken_up};
    GEDI_TRY(gedi__ready(r->e, &all, &r->t, err));
    if (r->refused)
        return GEDI_FAIL(err, r->refused, "%s cannot be run", r->e->name);
    return r->t->stage == stage ? GEDI_OK : make_trainer(r, stage, err);
}

/* The log was on disk before the checkpoint, which says how many lines that were: a line that it lacks
 * is damage. Weights do not depend on it, so the run goes on with what is good. */
static gedi_status open_log(run *r, gedi_err *err)
{
    int64_t kept;
    if (r->t->lines < 0)
        r->t->lines = gedi__metrics_expected(r->e, r->t->iteration);
    int64_t want = r->t->lines;
    GEDI_TRY(gedi__metrics_open(r->metrics, r->t->iteration, &r->log, &kept, err));
    if (kept != want)
        say_fault(
            r,
            "%s is damaged: %lld of %lld lines up to iteration %lld are lost; the weights "
            "do not depend on them, but the curves have a gap",
            r->metrics, (long long)(want - kept), (long long)want,
            (long long)r->t->iteration);
    return GEDI_OK;
}

/* From a trainer at any iteration to the end. */
static gedi_status go(run *r, gedi_err *err)
{
    if (!r->log)
        GEDI_TRY(open_log(r, err));
    GEDI_TRY(train(r, err));
    return finish(r, err);
}

/* At the beginning. */
static gedi_status take_init(run *r, gedi_err *err)
{
    gedi__init_taken taken;
    GEDI_TRY(gedi__init_take(r->t, &taken, err));
    if (taken.parameters)
        say(r, "begins with %d of its %d tensors from %s", taken.parameters, taken.of,
            taken.from);
    return GEDI_OK;
}

/* What the other run had up to its checkpoint. */
static gedi_status copy_origin(run *r, gedi_err *err)
{
    char *log;
    size_t size;
    GEDI_TRY(gedi__file_read(r->from->metrics, &log, &size, err));
    unlink(r->checkpoint); /* of an attempt that was killed, with other values perhaps */
    gedi_status s = gedi__file_write(r->metrics, log, size, err);
    free(log);
    if (s == GEDI_OK)
        s = open_log(r, err);
    return s == GEDI_OK ? save(r, err) : s;
}

static void note_origin(const run *r)
{
    gedi_err own = {0};
    char *path = realpath(r->directory, NULL);
    if (gedi__divergence_note(r->from->run, path ? path : r->directory, &own))
        say_fault(r, "%s", own.msg);
    free(path);
    say(r, "%s: goes on from iteration %lld of %s with %s", r->directory,
        (long long)r->t->iteration, r->from->run, r->e->turn[r->e->turns - 1].changed);
}

/* The first time that ranks wait for each other. One that has ended says no. */
static gedi_status agree(gedi_err *err)
{
    if (!gedi__ranks_agree(true))
        return GEDI_FAIL(err, GEDI_STATE, "another rank has refused the run");
    return GEDI_OK;
}

static void say_changed(const run *r)
{
    if (*r->t->changed)
        say_fault(r, "%s: the data are not those that the run began with: %s",
                  r->directory, r->t->changed);
}

static gedi_status begin(run *r, gedi_err *err)
{
    GEDI_TRY(gedi__store_claim(r->directory, GEDI__FOLDER_RUN, err));
    const char *log = r->from ? r->from->metrics : NULL;
    GEDI_TRY(gedi__vacant_check(r->directory, log, err));
    GEDI_TRY(agree(err));
    GEDI_TRY(gedi__length_settle(r->e, r->o, err));
    GEDI_TRY(get_ready(r, r->e->stage + (r->from ? r->from->stage : 0), err));
    GEDI_TRY(gedi__weights_settle(r->e, err));
    GEDI_TRY(emit(r, err));
    GEDI_TRY(r->from ? gedi__checkpoint_adopt(r->t, r->from->checkpoint,
                                              r->from->identity, err)
                     : take_init(r, err));
    GEDI_TRY(gedi__folder_make(r->directory, err));
    GEDI_TRY(gedi__run_lock(r->directory, &r->lock, err));
    GEDI_TRY(
        gedi__vacant_check(r->directory, log, err)); /* another may have been faster */
    GEDI_TRY(gedi__store_mark(r->directory, GEDI__FOLDER_RUN, err));
    if (r->from) /* before the descriptor: with it, the folder holds a run */
        GEDI_TRY(copy_origin(r, err));
    GEDI_TRY(gedi__file_write(r->descriptor, r->text.s, r->text.len, err));
    if (r->from)
        note_origin(r);
    say_changed(r);
    return go(r, err);
}

gedi_status gedi__run_from(gedi__experiment *e, const gedi__origin *from,
                           const char *directory, const gedi__observer *o,
                           gedi__mistakes *m, gedi_err *err)
{
    run r;
    gedi_err own = {0};
    gedi_status s = run_init(&r, directory, o, &own);
    r.e = e;
    r.from = from;
    r.mistakes = m;
    gedi__threads_set((int)e->threads);
    if (s == GEDI_OK)
        s = begin(&r, &own);
    run_clear(&r);
    if (err)
        *err = own;
    return s;
}

gedi_status gedi__run(gedi__experiment *e, const char *directory, const gedi__observer *o,
                      gedi__mistakes *m, gedi_err *err)
{
    return gedi__run_from(e, NULL, directory, o, m, err);
}

/* ---- what is left of a run that is trained ---- */

/* *left is false where nothing is. */
static gedi_status look_at_finished(run *r, bool *left, gedi_err *err)
{
    json_t *summary;
    gedi__text was = {0};
    GEDI_TRY(gedi__summary_read(r->summary, &summary, err));
    gedi__identity_kept(summary, &was);
    gedi_status s = was.failed ? gedi_no_memory(err, "%s", r->summary)
                               : gedi__identity_check(r->summary, was.s ? was.s : "",
                                                      r->identity.s, err);
    if (s == GEDI_OK) {
        gedi__left l;
        gedi__left_keep(r->e, r->artefacts.s, summary, r->o && r->o->figures, &l);
        r->drawn = l.drawn;
        if (l.missing)
            say(r, "%s: trained already, %s missing", r->directory, l.missing);
        *left = r->e->evaluators + r->e->figures > 0;
    }
    gedi__text_clear(&was);
    json_decref(summary);
    return s;
}

/* Nothing depends on the file, so a damaged one does not keep a run from going on. */
static gedi_status recall_divergence(run *r, gedi_err *err)
{
    gedi_err own = {0};
    gedi_status s = gedi__divergence_read(r->directory, &r->diverged, NULL, NULL, &own);
    if (s == GEDI_NOMEM)
        return gedi_no_memory(err, "%s", r->directory);
    if (s != GEDI_OK)
        say_fault(r, "%s", own.msg);
    if (s == GEDI_OK && r->diverged >= 0)
        say(r,
            "%s: diverged behind iteration %lld, and with the same values it will again; "
            "with others it goes on by: gedi resume --from-divergence %s KEY=VALUE",
            r->directory, (long long)r->diverged, r->directory);
    return GEDI_OK;
}

/* What a run goes on with, once nothing refuses it. */
static gedi_status keep_changes(const run *r, bool longer, bool changed, gedi_err *err)
{
    if (longer) /* whatever happens now, the run is one that goes on */
        unlink(r->summary);
    return changed ? gedi__file_write(r->descriptor, r->text.s, r->text.len, err)
                   : GEDI_OK;
}

static gedi_status take_up(run *r, const char *const *override, int n, gedi_err *err)
{
    const gedi__stage *stage = r->e->stage;
    bool begun = gedi__file_exists(r->checkpoint) || gedi__file_exists(r->previous);
    bool left = true, changed = n > 0, longer = false;
    r->taken_up = true;
    r->finished = gedi__file_exists(r->summary);
    GEDI_TRY(gedi__run_lock(r->directory, &r->lock, err));
    GEDI_TRY(gedi__length_resume(r->e, r->descriptor, begun, r->o, &changed, err));
    GEDI_TRY(emit(r, err));
    if (n)
        GEDI_TRY(gedi__override_check(r->e, r->descriptor, override, n, r->identity.s,
                                      &longer, err));
    r->finished = r->finished && !longer; /* what was made of it is made once more */
    const gedi__standing where = {r->e, r->directory, r->checkpoint, r->previous,
                                  r->identity.s};
    gedi_err damaged = {0};
    if (r->finished)
        GEDI_TRY(look_at_finished(r, &left, err));
    if (r->finished)
        GEDI_TRY(gedi__standing_last(&where, &stage, err));
    else
        GEDI_TRY(gedi__standing_choose(&where, &stage, &damaged, err));
    if (damaged.code)
        say_fault(r, "%s; the checkpoint before takes its place", damaged.msg);
    if (!left) {
        GEDI_TRY(keep_changes(r, longer, changed, err));
        say(r, "%s: finished already", r->directory);
        return GEDI_OK;
    }
    GEDI_TRY(agree(err));
    GEDI_TRY(get_ready(r, stage, err));
    if (begun) {
        GEDI_TRY(gedi__checkpoint_read(r->t, r->checkpoint, r->identity.s, err));
        r->saved = r->t->iteration;
        say_changed(r);
    } else {
        GEDI_TRY(take_init(r, err));
    }
    GEDI_TRY(keep_changes(r, longer, changed, err));
    if (r->finished)
        return finish(r, err);
    GEDI_TRY(recall_divergence(r, err));
    say(r, "%s: resuming at iteration %lld of %lld", r->directory,
        (long long)r->t->iteration, (long long)gedi__experiment_iterations(r->e));
    return go(r, err);
}

gedi_status gedi__resume(const char *directory, const char *const *override, int n,
                         const gedi__observer *o, gedi__mistakes *m, gedi_err *err)
{
    run r;
    gedi_err own = {0};
    gedi_status s = run_init(&r, directory, o, &own);
    if (s == GEDI_OK)
        s = gedi__store_require_run(directory, &own);
    if (s == GEDI_OK)
        s = gedi__experiment_read(r.descriptor, override, n, &r.e, m, &own);
    if (s == GEDI_OK && n > 0)
        s = gedi__length_keep(r.e, r.descriptor, override, n, m, &own);
    if (s == GEDI_OK) {
        gedi__threads_set((int)r.e->threads);
        s = take_up(&r, override, n, &own);
    }
    gedi__experiment *e = r.e;
    run_clear(&r);
    gedi__experiment_free(e);
    if (err)
        *err = own;
    return s;
}
