/* make.c - what is made of trained weights: numbers of evaluators, then figures. */
#include "core/run/make.h"
#include "core/base/ranks.h"
#include "core/store/identity.h"

#include <stdio.h>
#include <string.h>

/* All of them fail alike where the records cannot be read: that is told once. */
static void keep_failure(gedi__made *m, const gedi__observer *o, const gedi_err *why)
{
    bool same = !strcmp(m->evaluator.msg, why->msg);
    if (!m->failures++)
        m->evaluator = *why;
    else if (!same)
        gedi__observer_fault(o, why->msg);
    if (!same)
        gedi__text_add(&m->why, "%s%s", m->why.len ? "; " : "", why->msg);
}

static gedi_status complete(const gedi__made *m, gedi_err *err)
{
    return m->failed.failed || m->why.failed
               ? gedi_no_memory(err, "what evaluators have said")
               : GEDI_OK;
}

gedi_status gedi__make_numbers(gedi_trial *t, const gedi__observer *o, gedi__made *m,
                               gedi_err *err)
{
    const gedi__experiment *e = gedi__trial_network(t)->e;
    bool ends = false;
    int left = 0;
    if (o && o->making)
        o->making(o->context);
    if (o && o->say)
        gedi__trial_listen(t, GEDI__PATIENCE, o->say, o->context);
    gedi__trial_heed(t, o ? o->stop : NULL);
    for (int i = 0; i < e->evaluators; i++) {
        gedi_err own = {0};
        gedi_status s = GEDI_INTERRUPTED;
        if (!ends && !gedi__trial_stops(t))
            s = gedi__trial_ask(t, i, &own);
        if (s == GEDI_OK) {
            m->numbers++;
            continue;
        }
        GEDI_TRY(gedi__artefact_text(e, i, &m->failed, err));
        if (s == GEDI_INTERRUPTED)
            gedi__text_add(&m->why, "%s%s",
                           left++       ? ", "
                           : m->why.len ? "; not done: "
                                        : "not done: ",
                           e->evaluator[i].name);
        if (ends)
            continue;
        /* A rank that fails alone and goes on would meet the others, which are still at it, elsewhere. */
        ends = s == GEDI_INTERRUPTED || gedi__ranks_of_run()->n > 1;
        m->interrupted = s == GEDI_INTERRUPTED;
        if (!m->interrupted)
            keep_failure(m, o, &own);
    }
    if (m->failures > 1)
        GEDI_FAIL(&m->evaluator, m->evaluator.code, "%s; and %d more failed",
                  m->evaluator.msg, m->failures - 1);
    return complete(m, err);
}

/* Is the figure that of a plugin whose evaluators are there, but have found nothing? */
static bool is_of_failed(const gedi__experiment *e, const gedi_trial *t,
                         const char *figure)
{
    const gedi__findings *f = gedi__trial_findings(t);
    bool named = false, found = false;
    for (int i = 0; i < e->evaluators; i++)
        named |= !strcmp(e->evaluator[i].part.plugin->name, figure);
    for (int i = 0; i < f->histograms; i++)
        found |= !strcmp(f->histogram[i].plugin, figure);
    return named && !found;
}

static void leave_out(gedi__experiment *e, const gedi_trial *t, gedi__made *m)
{
    int n = 0;
    for (int i = 0; i < e->figures; i++) {
        if (m->interrupted || (m->failures && is_of_failed(e, t, e->figure[i]))) {
            gedi__text_add(&m->failed, "figure: %s\n", e->figure[i]);
            continue;
        }
        e->print[n] = e->print[i];
        e->figure[n++] = e->figure[i];
    }
    e->figures = n;
}

gedi_status gedi__make_figures(gedi_trial *t, gedi__experiment *e,
                               const gedi__observer *o, const char *folder, gedi__made *m,
                               gedi_err *err)
{
    if (!o || !o->figures)
        return GEDI_OK;
    m->interrupted = m->interrupted || (e->figures && gedi__trial_stops(t));
    leave_out(e, t, m);
    gedi_status s = e->figures
                        ? o->figures(o->context, t, e, folder, &m->failed, &m->undrawn)
                        : GEDI_OK;
    m->interrupted = m->interrupted || s == GEDI_INTERRUPTED;
    return complete(m, err);
}

gedi_status gedi__made_missing(const gedi__made *m, int evaluators, const char *after,
                               gedi_err *err)
{
    gedi_status s = GEDI_OK;
    char msg[sizeof err->msg];
    size_t n = 0;
    const bool figures = m->undrawn.code && m->undrawn.code != GEDI_INTERRUPTED;
    /* Each of them is to be seen, however long another is. */
    const int most = m->failures && figures ? 200 : 400;
    if (m->interrupted && m->numbers + m->failures < evaluators)
        n = (size_t)snprintf(msg, sizeof msg,
                             "interrupted%s, with %d of %d evaluators done", after,
                             m->numbers, evaluators);
    else if (m->interrupted)
        n = (size_t)snprintf(msg, sizeof msg,
                             "interrupted after evaluation; not all figures are drawn");
    if (m->interrupted)
        s = GEDI_INTERRUPTED;
    if (m->failures) {
        n += (size_t)snprintf(msg + n, sizeof msg - n, "%s%.*s", n ? "; " : "", most,
                              m->evaluator.msg);
        s = s ? s : m->evaluator.code;
    }
    if (figures) {
        n += (size_t)snprintf(msg + n, sizeof msg - n, "%s%.*s", n ? "; " : "", most,
                              m->undrawn.msg);
        s = s ? s : m->undrawn.code;
    }
    return s ? GEDI_FAIL(err, s, "%s", msg) : GEDI_OK;
}

void gedi__made_clear(gedi__made *m)
{
    gedi__text_clear(&m->failed);
    gedi__text_clear(&m->why);
    *m = (gedi__made){0};
}
