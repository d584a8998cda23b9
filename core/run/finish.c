/* finish.c - the end of a run: what is made of its weights, and its summary. */
#include "core/run/running.h"
#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/run/make.h"
#include "core/store/metrics.h"
#include "core/train/checkpoint.h"

static gedi_status write_summary(const gedi__running *r, const gedi_trial *trial,
                                 const gedi__outcome *made, gedi_err *err)
{
    gedi__metrics log = {0};
    gedi_status s = gedi__metrics_read(r->metrics, &log, err);
    if (s == GEDI_OK)
        s = gedi__summarize(r->summary, r->t, trial, &log, &r->times, made, err);
    gedi__metrics_clear(&log);
    return s;
}

/* What is missing can be asked for again: the weights are there. */
static gedi_status say_missing(const gedi__running *r, const gedi__made *m, gedi_err *err)
{
    gedi_err why = {0};
    gedi_status s = gedi__made_missing(m, r->e->evaluators, " after training", &why);
    if (s == GEDI_OK || s == GEDI_INTERRUPTED)
        return s ? GEDI_FAIL(err, s, "%s", why.msg) : s;
    if (m->failures)
        return GEDI_FAIL(err, s,
                         "%s; the run is trained: `gedi evaluate %s 'evaluate=[...]'` "
                         "evaluates it once more, and `gedi resume %s` makes what is "
                         "missing",
                         why.msg, r->directory, r->directory);
    return GEDI_FAIL(err, s, "%s; `gedi resume %s` draws what is missing", why.msg,
                     r->directory);
}

/* The best weights in place of the last, where validation has chosen. */
static gedi_status take_best(gedi__running *r, gedi_err *err)
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

gedi_status gedi__running_finish(gedi__running *r, gedi_err *err)
{
    gedi_trial *trial;
    double began = gedi__seconds();
    bool draws = r->o && r->o->figures;
    gedi__made m = {0};
    GEDI_TRY(take_best(r, err));
    GEDI_TRY(gedi__trial_of(r->t, &trial, err));
    gedi_status s = gedi__make_numbers(trial, r->o, &m, err);
    r->times.evaluation = gedi__seconds() - began;
    if (s == GEDI_OK)
        s = gedi__make_figures(trial, r->e, r->o, r->directory, &m, err);
    gedi__outcome made = {.artefacts = r->artefacts.s ? r->artefacts.s : "",
                          .descriptor = r->text.s,
                          .drawn = draws || r->drawn,
                          .failed = m.failed.s,
                          .undrawn = m.undrawn.code ? m.undrawn.msg : NULL,
                          .unevaluated = m.why.s};
    if (s == GEDI_OK && !r->finished) { /* one that has come since is another's */
        made.identity = r->identity.s;
        s = write_summary(r, trial, &made, err);
    } else if (s == GEDI_OK) {
        s = gedi__summarize_later(r->summary, &r->t->net, trial, &made, err);
    }
    gedi__trial_free(trial);
    if (s == GEDI_OK)
        s = say_missing(r, &m, err);
    gedi__made_clear(&m);
    return s;
}
