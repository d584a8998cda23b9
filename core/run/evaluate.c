/* evaluate.c - a run evaluated once more, without training. */
#include "core/run/evaluate.h"
#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/store/folder.h"
#include "core/run/make.h"
#include "core/run/summary.h"
#include "core/evaluate/trained.h"

#include <stdio.h>
#include <stdlib.h>

static gedi_status write_descriptor(const gedi__text *text, const char *folder,
                                    gedi_err *err)
{
    char *path = gedi__store_path(folder, GEDI__FILE_DESCRIPTOR, err);
    gedi_status s = !path || text->failed
                        ? gedi_no_memory(err, "the descriptor")
                        : gedi__file_write(path, text->s, text->len, err);
    free(path);
    return s;
}

static gedi_status write_summary(const gedi__trained *t, const gedi_trial *trial,
                                 const gedi__revisit *how, double seconds,
                                 const char *folder, gedi_err *err)
{
    char *path = gedi__store_path(folder, GEDI__FILE_SUMMARY, err);
    if (!path)
        return GEDI_NOMEM;
    gedi_status s = gedi__summarize_revisit(path, &t->net, t->iteration, t->data.digest,
                                            trial, how, seconds, err);
    free(path);
    return s;
}

/* A figure that cannot be drawn does not take the numbers with it: `m` keeps why. */
static gedi_status write_all(const gedi__trained *t, gedi_trial *trial,
                             const gedi__observer *o, gedi__revisit *how, double seconds,
                             const char *folder, gedi__made *m, gedi_err *err)
{
    gedi__text text = {0};
    GEDI_TRY(gedi__store_mark(folder, GEDI__FOLDER_EVALUATION, err));
    gedi__experiment_emit(t->e, &text);
    how->descriptor = text.s;
    gedi_status s = write_descriptor(&text, folder, err);
    if (s == GEDI_OK)
        s = gedi__make_figures(trial, t->e, o, folder, m, err);
    how->unevaluated = m->why.s;
    if (s == GEDI_OK)
        s = write_summary(t, trial, how, seconds, folder, err);
    gedi__text_clear(&text);
    return s;
}

static gedi_status say_missing(const gedi__made *m, const char *folder, gedi_err *err)
{
    const gedi_err *why = m->failures ? &m->evaluator : &m->undrawn;
    return why->code ? GEDI_FAIL(err, why->code, "%s%s%s", why->msg,
                                 folder ? "; all else is in " : "", folder ? folder : "")
                     : GEDI_OK;
}

static gedi_status evaluate(const gedi__trained *t, gedi_trial *trial,
                            const gedi__observer *o, gedi__revisit *how, char **folder,
                            gedi__made *m, gedi_err *err)
{
    double began = gedi__seconds();
    GEDI_TRY(gedi__make_numbers(trial, o, m, err));
    double seconds = gedi__seconds() - began;
    if (m->numbers || !m->failures) {
        GEDI_TRY(gedi__folder_next(how->run, gedi__store_name(GEDI__FILE_EVALUATIONS),
                                   folder, err));
        GEDI_TRY(write_all(t, trial, o, how, seconds, *folder, m, err));
    }
    return say_missing(m, *folder, err);
}

static void say_changed(const gedi__trained *t, const char *run, const gedi__observer *o)
{
    char line[GEDI__CHANGED + 200];
    snprintf(line, sizeof line,
             "warning: %.80s: the data are not those that it was trained on: %s", run,
             t->changed);
    o->say(o->context, line);
}

gedi_status gedi__evaluate(const char *run, const char *const *override, int n,
                           const gedi__observer *o, char **folder, gedi__mistakes *m,
                           gedi_err *err)
{
    gedi__trained t;
    gedi_trial *trial = NULL;
    *folder = NULL;
    GEDI_TRY(gedi__trained_open(&t, run, override, n, m, err));
    gedi__revisit how = {
        .run = run, .override = override, .overrides = n, .of = t.unfinished};
    gedi_status s = gedi__trial_new(&t.net, &t.data, &trial, err);
    if (s == GEDI_OK && *t.changed && o->say)
        say_changed(&t, run, o);
    if (s == GEDI_OK)
        gedi__trial_keep_chains(trial, t.chains, t.chain_count);
    gedi__made made = {0};
    if (s == GEDI_OK && o->ready) {
        const gedi__shown of = gedi__shown_of(&t.net);
        s = o->ready(o->context, t.e, &of, err);
    }
    if (s == GEDI_OK)
        s = evaluate(&t, trial, o, &how, folder, &made, err);
    gedi__made_clear(&made);
    gedi__trial_free(trial);
    gedi__trained_close(&t);
    return s;
}
