/* stages.h - small runs of several stages, watched from outside. */
#ifndef GEDI_TESTS_STAGES_H
#define GEDI_TESTS_STAGES_H

#include "core/run/run.h"
#include "tests/experiment.h"

#include <signal.h>

static gedi_err err;

static inline void setup(void)
{
    memset(&err, 0, sizeof err);
    experiment_setup();
}

static inline void succeeds(gedi_status s)
{
    ck_assert_msg(s == GEDI_OK, "%s", err.msg);
}

static inline void says(const char *text)
{
    ck_assert_msg(strstr(err.msg, text) != NULL, "no \"%s\" in: %s", text, err.msg);
}

static inline const char *in(const char *name, const char *file)
{
    char path[64];
    snprintf(path, sizeof path, "%s/%s", name, file);
    return experiment_path(path);
}

static inline void remove_run(const char *name)
{
    ck_assert_int_eq(
        nftw(experiment_path(name), experiment_remove, 8, FTW_DEPTH | FTW_PHYS), 0);
}

/* ---- what is done to a run from outside ---- */

typedef struct watcher {
    gedi__observer o;
    volatile sig_atomic_t stop;
    int64_t at;         /* iteration */
    const char *saying; /* or line */
    bool kill;          /* else it is asked to stop */
    char said[2048];
} watcher;

static inline void strike(watcher *w)
{
    if (w->kill)
        raise(SIGKILL);
    w->stop = 1;
}

static inline void on_progress(void *context, const gedi__progress *p)
{
    watcher *w = context;
    ck_assert_int_eq(p->stages, 3);
    ck_assert_int_eq(p->total, 30);
    ck_assert_int_eq(p->stage, (p->iteration > 9) + (p->iteration > 20));
    if (p->iteration == w->at)
        strike(w);
}

static inline void on_say(void *context, const char *line)
{
    watcher *w = context;
    size_t n = strlen(w->said);
    snprintf(w->said + n, sizeof w->said - n, "%s\n", line);
    if (w->saying && strstr(line, w->saying))
        strike(w);
}

static inline gedi_status run(setting s, const char *name, watcher *w)
{
    gedi__experiment *e = experiment_new(s);
    if (w)
        w->o = (gedi__observer){
            .context = w, .progress = on_progress, .say = on_say, .stop = &w->stop};
    gedi_status st = gedi__run(e, experiment_path(name), w ? &w->o : NULL, NULL, &err);
    gedi__experiment_free(e);
    return st;
}

static inline gedi_status resume(const char *name, watcher *w)
{
    gedi__mistakes m = {0};
    if (w)
        w->o = (gedi__observer){.context = w, .say = on_say, .stop = &w->stop};
    gedi_status s =
        gedi__resume(experiment_path(name), NULL, 0, w ? &w->o : NULL, &m, &err);
    gedi__text_clear(&m.text);
    return s;
}

#define TRAIN(n)                                                                         \
    "train: {iterations: " #n ", batch: 20, log_every: 3, checkpoint_every: 4}"

#endif
