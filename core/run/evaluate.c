/* evaluate.c - a run evaluated once more, without training. */
#include "core/run/evaluate.h"
#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/store/folder.h"
#include "core/run/make.h"
#include "core/run/summary.h"
#include "core/evaluate/trained.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

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
    how->unevaluated = m->why.s;
    GEDI_TRY(gedi__store_mark(folder, GEDI__FOLDER_EVALUATION, err));
    gedi__experiment_emit(t->e, &text);
    how->descriptor = text.s;
    gedi_status s = write_descriptor(&text, folder, err);
    if (s == GEDI_OK)
        s = gedi__make_figures(trial, t->e, o, folder, m, err);
    how->undrawn = m->undrawn.code ? m->undrawn.msg : NULL;
    how->failed = m->failed.s;
    if (s == GEDI_OK)
        s = write_summary(t, trial, how, seconds, folder, err);
    gedi__text_clear(&text);
    return s;
}

static gedi_status say_missing(const gedi__made *m, int evaluators, const char *folder,
                               gedi_err *err)
{
    gedi_err why = {0};
    gedi_status s = gedi__made_missing(m, evaluators, "", &why);
    return s ? GEDI_FAIL(err, s, "%s%s%s", why.msg,
                         folder                  ? "; all else is in "
                         : s == GEDI_INTERRUPTED ? "; nothing is kept"
                                                 : "",
                         folder ? folder : "")
             : GEDI_OK;
}

/* ---- its folder ---- */

static void let_go(int *lock)
{
    if (*lock >= 0)
        close(*lock);
    *lock = -1;
}

/* Has one that was killed while it wrote left that folder? Then it is ours. */
static bool is_left(const char *folder, int *lock)
{
    bool left = !gedi__store_has(folder, GEDI__FILE_SUMMARY) &&
                gedi__run_lock(folder, lock, NULL) == GEDI_OK && *lock >= 0 &&
                !gedi__store_has(folder, GEDI__FILE_SUMMARY);
    if (!left)
        let_go(lock);
    return left;
}

/* *folder stays NULL where none is left. */
static gedi_status take_left(const char *run, char **folder, int *lock, gedi_err *err)
{
    struct dirent **entry = NULL;
    int n = scandir(run, &entry, gedi__store_is_evaluation, versionsort);
    gedi_status s = GEDI_OK;
    for (int i = 0; i < n; i++) {
        bool looks = !s && !*folder;
        char *path = looks ? gedi__path_join(run, entry[i]->d_name) : NULL;
        if (looks && !path)
            s = gedi_no_memory(err, "%s", run);
        if (path && is_left(path, lock))
            *folder = path;
        else
            free(path);
        free(entry[i]);
    }
    free(entry);
    if (s || !*folder)
        return s;
    char *figures = gedi__store_path(*folder, GEDI__FILE_FIGURES, err);
    if (figures)
        (void)gedi__folder_remove(figures); /* they may be others */
    free(figures);
    return figures ? GEDI_OK : GEDI_NOMEM;
}

static gedi_status take_folder(const char *run, char **folder, int *lock, gedi_err *err)
{
    GEDI_TRY(take_left(run, folder, lock, err));
    while (!*folder) {
        GEDI_TRY(gedi__folder_next(run, gedi__store_name(GEDI__FILE_EVALUATIONS), folder,
                                   err));
        if (gedi__run_lock(*folder, lock, NULL) == GEDI_OK)
            break;
        let_go(lock); /* another has taken it for one that was left */
        free(*folder);
        *folder = NULL;
    }
    return GEDI_OK;
}

static gedi_status evaluate(const gedi__trained *t, gedi_trial *trial,
                            const gedi__observer *o, gedi__revisit *how, char **folder,
                            gedi__made *m, gedi_err *err)
{
    double began = gedi__seconds();
    int lock = -1, evaluators = t->e->evaluators;
    GEDI_TRY(gedi__make_numbers(trial, o, m, err));
    double seconds = gedi__seconds() - began;
    if (m->numbers || (!m->failures && !m->interrupted)) {
        gedi_status s = take_folder(how->run, folder, &lock, err);
        if (s == GEDI_OK)
            s = write_all(t, trial, o, how, seconds, *folder, m, err);
        if (s != GEDI_OK && *folder) { /* the disk is full, perhaps */
            (void)gedi__folder_remove(*folder);
            free(*folder);
            *folder = NULL;
        }
        let_go(&lock);
        GEDI_TRY(s);
    }
    return say_missing(m, evaluators, *folder, err);
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
