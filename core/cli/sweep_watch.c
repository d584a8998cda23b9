/* sweep_watch.c - a sweep watched from the command line: a line a worker, and the whole. */
#include "core/cli/sweep_watch.h"

#include "core/base/clock.h"
#include "core/cli/cli.h"
#include "core/exec/machine.h"
#include "core/store/holder.h"
#include "core/sweep/forecast.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    BAR = 20,
    SHORT_BAR = 8, /* on a terminal of fewer columns than WIDE */
    WIDE = 72,
    HELD = 10, /* and until it is said for whom a point waits, whose lease has run out */
    PATIENCE = 1, /* seconds until it is said that runs are being stopped */
};

int gedi__threads_each(long workers)
{
    long share = gedi__machine_processors() / workers, n = gedi__machine_threads();
    n = share < n ? share : n;
    return n < 1 ? 1 : (int)n;
}

/* Iterations done, and those of all jobs that do not fail or stop on the way. */
static void count_iterations(const gedi__crew *c, bool ended, double *done, double *all)
{
    *done = *all = 0;
    for (int i = 0; i < c->jobs; i++) {
        const gedi__job *j = &c->job[i];
        if (j->state == GEDI__JOB_FAILED || j->state == GEDI__JOB_STOPPED ||
            (ended && j->state != GEDI__JOB_DONE))
            continue;
        *done += (double)j->done;
        *all += (double)j->iterations;
    }
}

static double share_done(const gedi__sweep_watch *w, const gedi__crew *c)
{
    double done, all;
    count_iterations(c, false, &done, &all);
    return all > w->all ? (done - w->done) / (all - w->all) : 1;
}

/* "7 of 20 points, 1 failed, 12:30 left"; "2 of 6 runs, 0:10 left for draws 5 to 8" */
static void whole_text(const gedi__sweep_watch *w, const gedi__crew *c, char *out,
                       size_t size)
{
    char left[32], failed[32] = "", others[48] = "";
    bool part = *w->round;
    int n = gedi__crew_count(c, GEDI__JOB_FAILED) - w->failed,
        elsewhere = gedi__crew_count(c, GEDI__JOB_ELSEWHERE);
    if (n)
        snprintf(failed, sizeof failed, ", %d failed", n);
    if (elsewhere)
        snprintf(others, sizeof others, ", %d with others", elsewhere);
    gedi__clock_text(gedi__crew_left(c, gedi__seconds()), left, sizeof left);
    snprintf(out, size, "%d of %d %s%s%s, %s left%s%s",
             gedi__crew_count(c, GEDI__JOB_DONE) - w->ended,
             c->jobs - w->ended - w->failed, part ? "runs" : "points", failed, others,
             left, part ? " for " : "", w->round);
}

static void bar_text(double share, int wide, char *out)
{
    int full = (int)(wide * share);
    for (int i = 0; i < wide; i++)
        out[i] = i < full ? '=' : i == full ? '>' : ' ';
    out[wide] = 0;
}

static void add_bar(gedi__text *t, double share, int columns, const char *text)
{
    char bar[BAR + 1];
    bar_text(share, columns < WIDE ? SHORT_BAR : BAR, bar);
    gedi__text_add(t, "%3d%% [%s] %s", (int)(100 * share), bar, text);
}

/* A bar and a title; where there is not room for both, the title has it. */
static void add_run(gedi__text *t, double share, int columns, const char *title)
{
    enum { PERCENT = 5 };
    char bar[BAR + 1];
    bar_text(share, columns < WIDE ? SHORT_BAR : BAR, bar);
    gedi__text_add(t, "%3d%% ", (int)(100 * share));
    if (gedi__terminal_fits(bar, title, columns - PERCENT - 3))
        gedi__text_add(t, "[%s] %s", bar, title);
    else
        gedi__terminal_shorten(title, columns - PERCENT, t);
}

/* Leaves out what is last and has no room. */
static void shorten(char *s, int columns)
{
    char *comma;
    while (s && !gedi__terminal_fits(s, "", columns) && (comma = strrchr(s, ',')))
        *comma = 0;
}

/* A line a worker and one for the whole. */
static void draw(gedi__sweep_watch *w, const gedi__crew *c)
{
    int n = c->workers + 1;
    gedi__text *text = calloc((size_t)n, sizeof *text);
    const char **line = calloc((size_t)n, sizeof *line);
    char loss[40];
    int lines = 0, columns = gedi__terminal_columns(w->board.out) - 1;
    for (int i = 0; text && line && i < c->workers; i++) {
        if (c->of[i] < 0)
            continue;
        const gedi__job *j = &c->job[c->of[i]];
        gedi__text *t = &text[lines];
        add_run(t, (double)j->done / (double)j->iterations, columns, j->title);
        snprintf(loss, sizeof loss, "  loss %.4g", j->loss);
        if (!isnan(j->loss) && t->s && gedi__terminal_fits(t->s, loss, columns))
            gedi__text_add(t, "%s", loss);
        line[lines] = text[lines].s;
        lines++;
    }
    if (text && line) {
        char all[256];
        whole_text(w, c, all, sizeof all);
        add_bar(&text[lines], share_done(w, c), columns, all);
        shorten(text[lines].s, columns);
        line[lines] = text[lines].s;
        lines++;
        for (int i = 0; i < lines; i++)
            line[i] = line[i] ? line[i] : "";
        gedi__board_draw(&w->board, line, lines);
    }
    for (int i = 0; text && i < n; i++)
        gedi__text_clear(&text[i]);
    free(text);
    free(line);
}

/* What became of a run. On a terminal only failures: the rest can be seen. */
static void say_end(gedi__sweep_watch *w, const gedi__crew *c, const gedi__job *j)
{
    char took[32], all[256];
    if (j->state == GEDI__JOB_STOPPED || (w->terminal && j->state != GEDI__JOB_FAILED))
        return;
    if (w->terminal)
        gedi__board_hide(&w->board);
    gedi__clock_text(j->seconds, took, sizeof took);
    whole_text(w, c, all, sizeof all);
    if (j->state == GEDI__JOB_FAILED)
        gedi__say("%s: FAILED after %s: %s", j->title, took,
                  j->reason.s ? j->reason.s : "");
    else
        gedi__say("%s: done in %s; %s", j->title, took, all);
}

/* Runs that do not stop at once: what they do, and what can be done. */
static void say_stopping(gedi__sweep_watch *w)
{
    if (w->stopping <= 0)
        w->stopping = gedi__seconds();
    if (w->said_stopping || gedi__seconds() - w->stopping < PATIENCE)
        return;
    if (w->terminal)
        gedi__board_hide(&w->board);
    gedi__say("stopping: waiting for the runs to write checkpoints; Ctrl-C again kills "
              "them");
    w->said_stopping = true;
}

/* A point whose process is stopped, or hangs, is waited for without end. */
static void say_held(gedi__sweep_watch *w, const gedi__crew *c)
{
    for (int i = 0; i < c->jobs; i++) {
        const gedi__job *j = &c->job[i];
        double since = j->held > 0 ? gedi__seconds() - j->held : 0;
        if (j->state != GEDI__JOB_ELSEWHERE || since < w->patience)
            continue;
        if (!w->said_held)
            w->said_held = calloc((size_t)c->jobs, sizeof *w->said_held);
        if (!w->said_held || w->said_held[i])
            continue;
        char who[GEDI__HOLDER], time[32];
        w->said_held[i] = true;
        gedi__clock_text(since, time, sizeof time);
        if (w->terminal)
            gedi__board_hide(&w->board);
        gedi__say(
            "%s (%s): waiting for %s, which has the run and has logged nothing for %s",
            j->title, j->folder, gedi__holder_text(j->folder, who), time);
    }
}

static void on_tick(void *context, const gedi__crew *c, const gedi__job *ended)
{
    gedi__sweep_watch *w = context;
    if (w->folder && !c->stopping && gedi__refresh_due(&w->refresh))
        gedi__refresh_page(&w->refresh, w->folder);
    if (w->quiet)
        return;
    if (ended)
        say_end(w, c, ended);
    else if (c->stopping)
        say_stopping(w);
    else
        say_held(w, c);
    if (w->terminal)
        draw(w, c);
}

void gedi__sweep_watch_open(gedi__sweep_watch *w, gedi__crew *c, const char *folder,
                            const char *round, bool quiet)
{
    memset(w, 0, sizeof *w);
    w->folder = folder;
    w->round = round;
    if (*round) {
        w->ended = gedi__crew_count(c, GEDI__JOB_DONE);
        w->failed = gedi__crew_count(c, GEDI__JOB_FAILED);
        count_iterations(c, true, &w->done, &w->all);
    }
    w->quiet = quiet;
    w->patience = HELD;
    w->board.out = stderr;
    w->terminal = gedi__terminal_redraws(stderr);
    w->began = gedi__seconds();
    c->context = w;
    c->tick = on_tick;
    int left = gedi__crew_count(c, GEDI__JOB_WAITING);
    char waiting[64];
    gedi__crew_waiting_text(c, waiting, sizeof waiting);
    if (!quiet && !left)
        gedi__say("%d points, %s", c->jobs, waiting);
    else if (!quiet)
        gedi__say("%s%s%d points, %s, %d at once with %s%d thread%s each", round,
                  *round ? ": " : "", c->jobs, waiting,
                  c->workers < left ? c->workers : left, c->threads > 1 ? "up to " : "",
                  c->threads, c->threads == 1 ? "" : "s");
}

void gedi__sweep_watch_close(gedi__sweep_watch *w, const gedi__crew *c)
{
    free(w->said_held);
    w->said_held = NULL;
    if (w->quiet)
        return;
    char took[32];
    if (w->terminal)
        gedi__board_hide(&w->board);
    gedi__clock_text(gedi__seconds() - w->began, took, sizeof took);
    int parts = 0;
    for (int i = 0; i < c->jobs; i++)
        parts += c->job[i].part && c->job[i].state == GEDI__JOB_DONE;
    char some[48] = "";
    if (parts)
        snprintf(some, sizeof some, ", %d trained in part", parts);
    gedi__say("%d of %d points are finished%s, after %s",
              gedi__crew_count(c, GEDI__JOB_DONE) - parts, c->jobs, some, took);
}
