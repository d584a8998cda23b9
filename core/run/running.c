/* running.c - a run in the hands of a process: its paths and texts, what it says, its first trainer. */
#include "core/run/running.h"
#include "core/base/ranks.h"
#include "core/descriptor/tree.h"
#include "core/run/ready.h"
#include "core/store/folder.h"
#include "core/store/identity.h"
#include "core/store/leased.h"
#include "core/train/init.h"

#include <stdlib.h>
#include <unistd.h>

typedef void hearer(void *context, const char *line);

static void tell(const gedi__observer *o, hearer *to, const char *line)
{
    if (to)
        to(o->context, line);
}

void gedi__observer_fault(const gedi__observer *o, const char *line)
{
    if (o)
        tell(o, o->fault ? o->fault : o->say, line);
}

void gedi__running_say(const gedi__running *r, const char *fmt, ...)
{
    char line[512];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(line, sizeof line, fmt, ap);
    va_end(ap);
    if (r->o)
        tell(r->o, r->o->say, line);
}

void gedi__running_fault(const gedi__running *r, const char *fmt, ...)
{
    char line[512];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(line, sizeof line, fmt, ap);
    va_end(ap);
    gedi__observer_fault(r->o, line);
}

gedi_status gedi__running_init(gedi__running *r, const char *directory,
                               const gedi__observer *o, gedi_err *err)
{
    *r = (gedi__running){
        .o = o, .directory = directory, .lock = -1, .saved = -1, .diverged = -1};
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

void gedi__running_clear(gedi__running *r)
{
    if (r->log)
        fclose(r->log);
    gedi__lease_write_while(NULL);
    if (r->lock >= 0)
        close(r->lock);
    gedi__trainer_free(r->t);
    gedi__text_clear(&r->text);
    gedi__text_clear(&r->identity);
    gedi__text_clear(&r->artefacts);
    free(r->told_evaluator);
    free(r->checkpoint);
    free(r->previous);
    free(r->best);
    free(r->metrics);
    free(r->summary);
    free(r->descriptor);
}

gedi_status gedi__running_trainer(gedi__running *r, const gedi__stage *stage,
                                  gedi_err *err)
{
    gedi__trainer_free(r->t);
    r->t = NULL;
    return gedi__trainer_new(r->e, stage, &r->t, err);
}

gedi_status gedi__running_emit(gedi__running *r, gedi_err *err)
{
    gedi__experiment_emit(r->e, &r->text);
    if (r->text.failed)
        return gedi_no_memory(err, "the descriptor");
    GEDI_TRY(gedi__artefacts_text(r->e, &r->artefacts, err));
    return gedi__identity_text(r->e, &r->identity, err);
}

static void on_refused(void *context, gedi_status s, gedi__place at, const char *why)
{
    gedi__running *r = context;
    r->refused = r->refused ? r->refused : s;
    gedi__mistake(r->mistakes, at, "%s", why);
}

static void on_warned(void *context, gedi__place at, const char *why)
{
    gedi__running *r = context;
    if (at.line)
        gedi__running_say(r, "%s:%d:%d: %s", at.source, at.line, at.column, why);
    else
        gedi__running_say(r, "%s: %s", at.source, why);
}

static gedi_status ask_figure(void *context, const gedi__experiment *e, const char *name,
                              const gedi__shown *of, gedi_err *err)
{
    const gedi__running *r = context;
    return r->o && r->o->figure ? r->o->figure(r->o->context, e, name, of, err) : GEDI_OK;
}

gedi_status gedi__running_ready(gedi__running *r, const gedi__stage *stage, gedi_err *err)
{
    const gedi__asking all = {r, r->mistakes ? on_refused : NULL, on_warned, ask_figure,
                              r->from || r->taken_up};
    GEDI_TRY(gedi__ready(r->e, &all, &r->t, err));
    if (r->refused)
        return GEDI_FAIL(err, r->refused, "%s cannot be run", r->e->name);
    return r->t->stage == stage ? GEDI_OK : gedi__running_trainer(r, stage, err);
}

gedi_status gedi__running_take_init(gedi__running *r, gedi_err *err)
{
    gedi__init_taken taken;
    GEDI_TRY(gedi__init_take(r->t, &taken, err));
    if (taken.parameters)
        gedi__running_say(r, "begins with %d of its %d tensors from %s", taken.parameters,
                          taken.of, taken.from);
    if (*taken.changed)
        gedi__running_say(
            r, "note: init: %s has learnt from other data of the same dataset: %s",
            taken.from, taken.changed);
    return GEDI_OK;
}

gedi_status gedi__running_agree(gedi_err *err)
{
    if (!gedi__ranks_agree(true))
        return GEDI_FAIL(err, GEDI_STATE, "another rank has refused the run");
    return GEDI_OK;
}

void gedi__running_say_changed(const gedi__running *r)
{
    if (*r->t->changed)
        gedi__running_fault(r, "%s: the data are not those that the run began with: %s",
                            r->directory, r->t->changed);
}
