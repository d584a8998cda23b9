/* runs.h - runs in their directories, and what is done to them from outside. */
#ifndef GEDI_TESTS_RUNS_H
#define GEDI_TESTS_RUNS_H

#include "core/run/run.h"
#include "tests/experiment.h"

#include <inttypes.h>
#include <jansson.h>
#include <signal.h>

static gedi_err err;

static void setup(void)
{
    memset(&err, 0, sizeof err);
    experiment_setup();
}

/* What is done to a run from outside when it has done `at` iterations. */
typedef struct watcher {
    gedi__observer o;
    volatile sig_atomic_t stop;
    int64_t at;
    void (*then)(struct watcher *w);
    int64_t calls, last;
    char said[2048];   /* all lines */
    gedi_status ready; /* what the caller's own checks say */
} watcher;

static inline void on_progress(void *context, const gedi__progress *p)
{
    watcher *w = context;
    w->calls++;
    w->last = p->iteration;
    if (p->iteration == w->at && w->then)
        w->then(w);
}

static inline void on_say(void *context, const char *line)
{
    watcher *w = context;
    size_t n = strlen(w->said);
    snprintf(w->said + n, sizeof w->said - n, "%s\n", line);
}

static inline gedi_status on_figure(void *context, const gedi__experiment *e,
                                    const char *name, const gedi__shown *of,
                                    gedi_err *why)
{
    const watcher *w = context;
    (void)e, (void)of;
    return w->ready ? GEDI_FAIL(why, w->ready, "%s: not ready", name) : GEDI_OK;
}

static inline void watch(watcher *w, int64_t at, void (*then)(watcher *w))
{
    memset(w, 0, sizeof *w);
    w->at = at;
    w->then = then;
    w->o = (gedi__observer){.context = w,
                            .progress = on_progress,
                            .say = on_say,
                            .figure = on_figure,
                            .stop = &w->stop};
}

static inline void stop(watcher *w)
{
    w->stop = 1;
}

static inline void die(watcher *w)
{
    (void)w;
    raise(SIGKILL);
}

static inline gedi_status run(setting s, const char *name, watcher *w)
{
    gedi__experiment *e = experiment_new(s);
    gedi_status st = gedi__run(e, experiment_path(name), w ? &w->o : NULL, NULL, &err);
    gedi__experiment_free(e);
    return st;
}

static inline gedi_status resume(const char *name, watcher *w)
{
    gedi__mistakes m = {0};
    gedi_status st =
        gedi__resume(experiment_path(name), NULL, 0, w ? &w->o : NULL, &m, &err);
    ck_assert_int_eq(m.n > 0, st == GEDI_DESCRIPTOR);
    gedi__text_clear(&m.text);
    return st;
}

static inline const char *in(const char *name, const char *file)
{
    char path[64];
    snprintf(path, sizeof path, "%s/%s", name, file);
    return experiment_path(path);
}

static inline void says(const char *text)
{
    ck_assert_msg(strstr(err.msg, text) != NULL, "no \"%s\" in: %s", text, err.msg);
}

static inline void succeeds(gedi_status s)
{
    ck_assert_msg(s == GEDI_OK, "%s", err.msg);
}

/* ---- runs that must be the same ---- */

/* A whole number in an object of summary.json. */
static inline int64_t in_summary(const char *name, const char *object, const char *key)
{
    json_error_t why;
    json_t *o = json_load_file(in(name, "summary.json"), 0, &why);
    ck_assert_msg(o != NULL, "%s", why.text);
    const json_t *v = json_object_get(json_object_get(o, object), key);
    ck_assert(json_is_integer(v));
    int64_t n = json_integer_value(v);
    json_decref(o);
    return n;
}

/* summary.json without what is another every time. */
static inline char *summary(const char *name)
{
    json_error_t why;
    json_t *o = json_load_file(in(name, "summary.json"), 0, &why);
    ck_assert_msg(o != NULL, "%s", why.text);
    ck_assert_int_eq(json_object_del(o, "time"), 0);
    ck_assert_int_eq(json_object_del(o, "host"), 0);
    ck_assert_int_eq(json_object_del(o, "checksum"), 0);
    char *text = json_dumps(o, JSON_REAL_PRECISION(17));
    ck_assert_ptr_nonnull(text);
    json_decref(o);
    return text;
}

static inline void expect_same(const char *a, const char *b, const char *how)
{
    static const char *const file[] = {"checkpoint.safetensors", "metrics.jsonl",
                                       "descriptor.yaml"};
    for (int i = 0; i < 3; i++)
        ck_assert_msg(experiment_same_file(in(a, file[i]), in(b, file[i])),
                      "%s: another %s", how, file[i]);
    char *sa = summary(a), *sb = summary(b);
    ck_assert_msg(!strcmp(sa, sb), "%s: another summary:\n%s\n%s", how, sa, sb);
    free(sa);
    free(sb);
    ck_assert(!gedi__file_exists(in(b, "checkpoint.safetensors.part")));
}

static inline void remove_run(const char *name)
{
    ck_assert_int_eq(
        nftw(experiment_path(name), experiment_remove, 8, FTW_DEPTH | FTW_PHYS), 0);
}

static const setting settings[] = {
    {0},
    {.model = "{mlp: {hidden: [16], output: 4, batch_norm: true}}",
     .optimizer = "{sgd: {lr: 1.0e-4, momentum: 0.9}}",
     .threads = "2"},
    {.objective = "{gedi_no_gen: {prototypes: unit, sphere: true}}", .sampler = ""},
};
enum { SETTINGS = sizeof settings / sizeof *settings };

#endif
