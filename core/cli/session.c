/* session.c - what `run` and `resume` share: a run watched from the command line. */
#include "core/cli/session.h"

#include "core/base/signals.h"
#include "core/cli/cli.h"
#include "core/report/run_figures.h"
#include "core/report/run_needs.h"
#include "core/report/terms.h"
#include "core/store/folder.h"
#include "core/store/summary.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t stop_asked, is_trained;

/* An evaluator may need a while until it can stop: then the next signal ends it. */
static void on_signal(int number)
{
    static const char text[] =
        "gedi: the run is trained; its evaluation stops as soon as it can, or at once with the "
        "next signal\n";
    (void)number;
    stop_asked = 1;
    if (is_trained && write(STDERR_FILENO, text, sizeof text - 1) < 0)
        return; /* nobody listens */
}

static void say_fault(void *context, const char *line)
{
    gedi__watch *w = context;
    if (w->drawing)
        gedi__progress_hide(&w->bar);
    gedi__say("%s", line);
}

static void say_line(void *context, const char *line)
{
    const gedi__watch *w = context;
    if (!w->quiet || !strncmp(line, "warning: ", 9))
        say_fault(context, line);
}

/* Called after every iteration: nothing is put into words that is not drawn. */
static void draw(gedi__watch *w, const gedi__progress *p)
{
    if (!w->drawing)
        gedi__progress_start(&w->bar, stderr, p->iteration - 1, p->total);
    w->drawing = true;
    w->bar.done = p->iteration; /* for the last line of a run that is stopped */
    if (!gedi__progress_due(&w->bar, p->iteration))
        return;
    const char *name[GEDI__MAX_TERMS];
    double value[GEDI__MAX_TERMS], optimum[GEDI__MAX_TERMS];
    char text[256];
    int at = 0;
    if (p->stages > 1)
        at = snprintf(text, sizeof text, "stages.%d  ", p->stage);
    for (int i = 0; i < p->terms; i++) {
        name[i] = p->term[i].name;
        value[i] = p->term[i].value;
        optimum[i] = p->term[i].optimum;
    }
    gedi__terms_text(p->terms, name, value, optimum, text + at, sizeof text - (size_t)at);
    gedi__progress_update(&w->bar, p->iteration, text);
    if (p->iteration == p->total)
        gedi__watch_close(w);
}

/* The page has what the log has, so it is looked at where a line was logged. */
static void on_progress(void *context, const gedi__progress *p)
{
    gedi__watch *w = context;
    w->began = true;
    if (!w->quiet)
        draw(w, p);
    if (w->until && p->iteration >= w->until && p->iteration < p->total && !stop_asked) {
        w->until_reached = true;
        stop_asked = 1;
    }
    if (w->page && p->health && gedi__refresh_due(&w->refresh))
        gedi__refresh_page(&w->refresh, w->page);
}

static gedi_status on_ready(void *context, gedi__experiment *e, const gedi__shown *of,
                            gedi_err *err)
{
    (void)context;
    return gedi__run_figures_check(e, of, err);
}

static void on_making(void *context)
{
    gedi__watch *w = context;
    w->began = w->evaluated = true;
    is_trained = !w->quiet;
    gedi__watch_close(w);
}

static gedi_status on_figures(void *context, gedi_trial *t, const gedi__experiment *e,
                              const char *directory, gedi__text *undrawn, gedi_err *err)
{
    const gedi__undrawn u = {undrawn, say_fault, context};
    return gedi__run_figures(t, e, directory, &u, err);
}

static gedi_status on_moments(void *context, const gedi__experiment *e,
                              const char *directory, int64_t iteration, gedi_err *err)
{
    (void)context;
    return gedi__run_moments_check(e, directory, iteration, err);
}

static gedi_status on_moment(void *context, gedi_trial *t, const gedi__experiment *e,
                             const char *directory, int64_t iteration, gedi_err *err)
{
    (void)context;
    return gedi__run_moment(t, e, directory, iteration, err);
}

void gedi__watch_open(gedi__watch *w, bool quiet)
{
    memset(w, 0, sizeof *w);
    w->quiet = quiet;
    w->observer.context = w;
    w->observer.progress = on_progress;
    w->observer.say = say_line;
    w->observer.fault = say_fault;
    w->observer.ready = on_ready;
    w->observer.figure = gedi__run_figure_check;
    w->observer.making = on_making;
    w->observer.figures = on_figures;
    w->observer.moments = on_moments;
    w->observer.moment = on_moment;
}

void gedi__watch_signals(gedi__watch *w)
{
    w->observer.stop = &stop_asked;
    gedi__on_stop(on_signal, SA_RESETHAND | SA_RESTART);
}

void gedi__watch_close(gedi__watch *w)
{
    if (w->drawing)
        gedi__progress_done(&w->bar);
    w->drawing = false;
}

/* The results, and where the rest lies. */
static int print_results(const char *directory)
{
    gedi__text out = {0};
    gedi_err err = {0};
    json_t *o = NULL;
    char *path = gedi__store_path(directory, GEDI__FILE_SUMMARY, &err);
    gedi_status s = path ? gedi__summary_read(path, &o, &err) : GEDI_NOMEM;
    free(path);
    if (s)
        return gedi__say_err(&err);
    gedi__summary_text(o, &out);
    json_decref(o);
    gedi__text_add(&out, "results  %s\n", directory);
    if (gedi__store_has(directory, GEDI__FILE_FIGURES))
        gedi__text_add(&out, "figures  %s/%s\n", directory,
                       gedi__store_name(GEDI__FILE_FIGURES));
    if (gedi__store_has(directory, GEDI__FILE_REPORT))
        gedi__text_add(&out, "report   %s/%s\n", directory,
                       gedi__store_name(GEDI__FILE_REPORT));
    return gedi__print_lines(&out);
}

void gedi__session_page(const gedi__watch *w, gedi_status s, const char *directory)
{
    gedi_err err = {0};
    bool ran = w->evaluated || s == GEDI_OK || s == GEDI_INTERRUPTED || s == GEDI_NUMERIC;
    if (ran && gedi__store_has(directory, GEDI__FILE_DESCRIPTOR) &&
        gedi__report_folder(directory, false, &err))
        gedi__say("no report: %s; `gedi report %s' makes it", err.msg, directory);
}

/* Once iterations are done or evaluators are asked, what fails is no mistake for which nothing was done,
 * unless what is left to do was stated wrongly. */
static int code_of(const gedi__watch *w, const gedi_err *err)
{
    int code = gedi__say_err(err);
    bool stated = err->code == GEDI_DESCRIPTOR || err->code == GEDI_OPTION;
    return w->began && !stated ? GEDI__EXIT_FAILED : code;
}

int gedi__session_end(const gedi__watch *w, gedi_status s, const char *directory,
                      const gedi_err *err)
{
    bool quiet = w->quiet;
    if (s == GEDI_OK)
        return print_results(directory);
    int code = code_of(w, err);
    if (!directory) /* nothing was written */
        return code;
    if (w->evaluated && gedi__store_has(directory, GEDI__FILE_SUMMARY))
        (void)print_results(directory); /* what there is */
    if (s == GEDI_INTERRUPTED && !w->once_more)
        gedi__say("go on with: gedi resume %s", directory);
    /* A sweep, which asks for quiet, takes the last line for the reason. */
    if (s == GEDI_NUMERIC && !quiet &&
        gedi__store_has(directory, GEDI__FILE_DIVERGENCE) &&
        gedi__store_has(directory, GEDI__FILE_CHECKPOINT))
        gedi__say("go on with other values, such as a smaller learning rate or another "
                  "seed, with: gedi resume --from-divergence %s KEY=VALUE",
                  directory);
    return code;
}
