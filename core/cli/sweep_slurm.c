/* sweep_slurm.c - a sweep whose points are run by array jobs of Slurm, watched from the command line.
 *
 * Each task of an array is `gedi sweep --worker': it takes points as they are free, until none is. So
 * nothing has to be kept here: what runs is seen by the leases in the folder and the queue of Slurm, and
 * whoever gives the same command again goes on watching.
 */
#include "core/cli/sweep_slurm.h"

#include "core/base/clock.h"
#include "core/base/signals.h"
#include "core/descriptor/source.h"
#include "core/report/terminal.h"
#include "core/store/folder.h"
#include "core/sweep/slurm.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    PAUSE = 10,   /* seconds between two looks */
    PATIENCE = 3, /* arrays in a row that get no further; failures of squeue in a row */
    SHOWN = 16,   /* runs on a terminal */
    BAR = 20,
};

typedef struct sitter {
    gedi__shared *s;
    gedi__crew *c;
    const gedi__sweep_call *a;
    char name[GEDI__SLURM_NAME];
    gedi__queue queue;
    int64_t reached; /* iterations of all points, when an array was last submitted */
    int idle, deaf;  /* arrays that got no further; times that squeue failed */
    bool terminal;
    char said[GEDI__BOARD_LINE]; /* last */
    gedi__board board;
} sitter;

/* ---- what it is about ---- */

static int left(const gedi__crew *c)
{
    return c->jobs - gedi__crew_count(c, GEDI__JOB_DONE) -
           gedi__crew_count(c, GEDI__JOB_FAILED);
}

static int64_t reached(const gedi__crew *c)
{
    int64_t n = 0;
    for (int i = 0; i < c->jobs; i++)
        n += c->job[i].done + (c->job[i].state == GEDI__JOB_FAILED);
    return n;
}

gedi_status gedi__sweep_slurm_there(const char *directory, gedi__queue *q, gedi_err *err)
{
    char name[GEDI__SLURM_NAME];
    gedi_err why = {0};
    gedi__slurm_name(directory, name);
    gedi_status s = gedi__slurm_ask(name, q, &why);
    if (s)
        return GEDI_FAIL(err, s, "--slurm asks the Slurm of this host: %s", why.msg);
    return GEDI_OK;
}

gedi_status gedi__sweep_slurm_begin(const gedi__shared *s, gedi__crew *c,
                                    const gedi__sweep_call *a, gedi_err *err)
{
    if (gedi__source_stream(a->a.target.file) >= 0)
        return GEDI_FAIL(
            err, GEDI_STATE,
            "%s: the tasks of Slurm read the descriptor, too: keep it in a file",
            a->a.target.file);
    for (int i = 0; !s->others && i < c->jobs; i++) {
        if (c->job[i].state != GEDI__JOB_WAITING || !c->job[i].reason.len)
            continue;
        char *path = gedi__store_path(c->job[i].folder, GEDI__FILE_ERROR, err);
        if (!path)
            return GEDI_NOMEM;
        (void)unlink(path);
        free(path);
        gedi__text_clear(&c->job[i].reason);
    }
    return GEDI_OK;
}

/* ---- saying ---- */

static void whole_text(const sitter *w, char *out, size_t size)
{
    const gedi__crew *c = w->c;
    char failed[32] = "", waiting[128] = "";
    int n = gedi__crew_count(c, GEDI__JOB_FAILED);
    if (n)
        snprintf(failed, sizeof failed, ", %d failed", n);
    if (w->queue.waiting)
        snprintf(waiting, sizeof waiting, ", %d waiting%s%s%s", w->queue.waiting,
                 *w->queue.why ? " (" : "", w->queue.why, *w->queue.why ? ")" : "");
    snprintf(out, size, "%d of %d points%s; %d at work; tasks: %d running%s",
             gedi__crew_count(c, GEDI__JOB_DONE), c->jobs, failed,
             gedi__crew_count(c, GEDI__JOB_ELSEWHERE), w->queue.running, waiting);
}

static void run_text(const sitter *w, int i, char *out, size_t size)
{
    const gedi__job *j = &w->c->job[i];
    double share = (double)j->done / (double)j->iterations;
    char bar[BAR + 1];
    for (int k = 0; k < BAR; k++)
        bar[k] = k < (int)(BAR * share) ? '=' : ' ';
    bar[BAR] = 0;
    snprintf(out, size, "%3d%% [%s] %s: %s", (int)(100 * share), bar,
             gedi__shared_host(w->s, i), j->title);
}

/* On a terminal what runs, and where; elsewhere a line when something has changed. */
static void show(sitter *w)
{
    char text[SHOWN + 1][GEDI__BOARD_LINE];
    const char *line[SHOWN + 1];
    int n = 0;
    if (w->a->a.quiet)
        return;
    for (int i = 0; w->terminal && i < w->c->jobs && n < SHOWN; i++)
        if (w->c->job[i].state == GEDI__JOB_ELSEWHERE)
            run_text(w, i, text[n++], sizeof *text);
    whole_text(w, text[n++], sizeof *text);
    for (int i = 0; i < n; i++)
        line[i] = text[i];
    if (w->terminal)
        gedi__board_draw(&w->board, line, n);
    else if (strcmp(w->said, text[n - 1]))
        gedi__say("%s", text[n - 1]);
    memcpy(w->said, text[n - 1], sizeof w->said);
}

static void say_end(sitter *w, const gedi__job *j)
{
    if (w->a->a.quiet || (w->terminal && j->state == GEDI__JOB_DONE))
        return;
    if (w->terminal)
        gedi__board_hide(&w->board);
    if (j->state == GEDI__JOB_FAILED)
        gedi__say("%s: FAILED: %s", j->title, j->reason.s ? j->reason.s : "");
    else
        gedi__say("%s: done", j->title);
}

/* ---- looking ---- */

static gedi_status look(sitter *w, gedi_err *err)
{
    gedi__crew *c = w->c;
    for (int i = 0; i < c->jobs; i++) {
        gedi__job *j = &c->job[i];
        if (j->state != GEDI__JOB_WAITING && j->state != GEDI__JOB_ELSEWHERE)
            continue;
        GEDI_TRY(c->gate->look(c->gate->context, j, err));
        if (j->state == GEDI__JOB_DONE || j->state == GEDI__JOB_FAILED)
            say_end(w, j);
        else if (*gedi__shared_host(w->s, i))
            j->state = GEDI__JOB_ELSEWHERE;
    }
    return GEDI_OK;
}

/* A controller that restarts does not answer for a while: what it said last holds. */
static gedi_status ask(sitter *w, bool *heard, gedi_err *err)
{
    gedi__queue now;
    gedi_err why = {0};
    gedi_status s = gedi__slurm_ask(w->name, &now, &why);
    *heard = s == GEDI_OK;
    w->queue = *heard ? now : w->queue;
    w->deaf = *heard ? 0 : w->deaf + 1;
    if (s == GEDI_NOMEM || w->deaf == PATIENCE)
        return GEDI_FAIL(err, s, "%s", why.msg);
    return GEDI_OK;
}

/* ---- submitting ---- */

/* What a task runs: this program, with what was put in. */
static gedi_status command_of(const sitter *w, gedi__text *out, gedi_err *err)
{
    const gedi__target *t = &w->a->a.target;
    char program[4096];
    ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
    if (n < 0)
        return GEDI_FAIL(err, GEDI_IO, "where gedi lies is not known: %s",
                         strerror(errno));
    program[n] = 0;
    gedi__text_add_quoted(out, program);
    gedi__text_add(out, " sweep --worker -j 1 --lease %d --out ", w->a->lease);
    gedi__text_add_quoted(out, w->s->directory);
    gedi__text_add(out, " ");
    gedi__text_add_quoted(out, t->file);
    for (int i = 0; i < t->n; i++) {
        gedi__text_add(out, " ");
        gedi__text_add_quoted(out, t->override[i]);
    }
    return out->failed ? gedi_no_memory(err, "the command of a task") : GEDI_OK;
}

static gedi_status give_up(const sitter *w, gedi_err *err)
{
    char last[200];
    gedi__slurm_last_words(w->s->directory, last, sizeof last);
    return GEDI_FAIL(
        err, GEDI_STATE,
        "%d arrays of Slurm have ended without getting any further%s%s; what "
        "their tasks said is in %s/%s",
        PATIENCE, *last ? ", the last words being: " : "", last, w->s->directory,
        gedi__store_name(GEDI__FILE_JOBS));
}

static gedi_status submit(sitter *w, int tasks, gedi_err *err)
{
    long job = 0;
    gedi__text command = {0};
    int64_t now = reached(w->c);
    w->idle = now > w->reached ? 0 : w->idle + 1;
    w->reached = now;
    if (w->idle > PATIENCE)
        return give_up(w, err);
    gedi_status s = command_of(w, &command, err);
    const gedi__array array = {.name = w->name,
                               .directory = w->s->directory,
                               .command = command.s,
                               .options = w->a->slurm_options.s,
                               .tasks = tasks};
    if (!s)
        s = gedi__slurm_submit(&array, &job, err);
    gedi__text_clear(&command);
    if (s)
        return s;
    w->queue.waiting += tasks;
    if (w->terminal && !w->a->a.quiet)
        gedi__board_hide(&w->board);
    if (!w->a->a.quiet)
        gedi__say("job %ld: %d task%s for %d points", job, tasks, tasks == 1 ? "" : "s",
                  left(w->c));
    return GEDI_OK;
}

int gedi__sweep_slurm_tasks(const gedi__crew *c, const gedi__sweep_call *a)
{
    int most = a->workers ? (int)a->workers : GEDI__SLURM_TASKS;
    return left(c) < most ? left(c) : most;
}

static gedi_status supply(sitter *w, gedi_err *err)
{
    int there = w->queue.running + w->queue.waiting;
    int missing = gedi__sweep_slurm_tasks(w->c, w->a) - there;
    return missing > 0 ? submit(w, missing, err) : GEDI_OK;
}

/* ---- the whole ---- */

/* In this order: a task that ends meanwhile has left its point ended. */
static gedi_status inquire(sitter *w, bool *heard, gedi_err *err)
{
    GEDI_TRY(ask(w, heard, err));
    return look(w, err);
}

static gedi_status interrupted(gedi_err *err)
{
    return GEDI_FAIL(err, GEDI_INTERRUPTED, "interrupted");
}

/* `heard`: Slurm has just said what is in the queue. */
static gedi_status sit(sitter *w, bool heard, gedi_err *err)
{
    int pause = w->a->lease / 6 < PAUSE ? w->a->lease / 6 : PAUSE;
    for (bool first = heard;; first = false) {
        gedi_status s = first ? look(w, err) : inquire(w, &heard, err);
        if (gedi__signals_wait(0)) /* Ctrl-C reaches squeue, too, and ends it */
            return interrupted(err);
        if (s)
            return s;
        if (!left(w->c))
            break;
        if (heard)
            GEDI_TRY(supply(w, err));
        show(w);
        if (gedi__signals_wait(pause < 1 ? 1 : pause))
            return interrupted(err);
    }
    if (w->queue.waiting) /* nothing is left for them */
        gedi__slurm_cancel_waiting(w->name);
    return GEDI_OK;
}

gedi_status gedi__sweep_slurm_run(gedi__shared *s, gedi__crew *c,
                                  const gedi__sweep_call *a, const gedi__queue *queue,
                                  gedi_err *err)
{
    sitter w = {.s = s, .c = c, .a = a, .reached = -1, .board.out = stderr};
    w.terminal = gedi__terminal_redraws(stderr);
    if (queue)
        w.queue = *queue;
    s->since = 0; /* tasks do not try again either */
    gedi__slurm_name(s->directory, w.name);
    GEDI_TRY(gedi__signals_begin(false, err));
    gedi_status status = sit(&w, queue != NULL, err);
    gedi__signals_end();
    if (w.terminal && !a->a.quiet)
        gedi__board_hide(&w.board);
    if (status == GEDI_INTERRUPTED || (status && w.queue.running + w.queue.waiting))
        gedi__say(
            "what Slurm has of %s goes on: the same command watches it again, `scancel "
            "--me --name=%s' ends it",
            s->directory, w.name);
    return status;
}
