/* sweep_run.c - a sweep run from the command line: its points, then what it shows. */
#include "core/cli/sweep_run.h"
#include "core/cli/sweep_show.h"
#include "core/cli/sweep_slurm.h"
#include "core/cli/sweep_watch.h"

#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/base/signals.h"
#include "core/report/terminal.h"
#include "core/store/folder.h"
#include "core/sweep/datasets.h"
#include "core/sweep/former.h"
#include "core/sweep/jobs.h"
#include "core/sweep/points.h"
#include "core/sweep/rebuilt.h"
#include "core/sweep/report.h"
#include "core/sweep/shared.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

gedi_status gedi__sweep_say_rebuilt(const gedi__plan *p, const char *directory,
                                    bool quiet, gedi_err *err)
{
    char count[48];
    int n;
    gedi__text why = {0};
    gedi_status s = gedi__rebuilt_points(p, directory, &n, &why, err);
    if (!s && n && !quiet)
        gedi__say("%s %s again: %s", gedi__count_text(n, "point", count, sizeof count),
                  n == 1 ? "runs" : "run", why.s);
    gedi__text_clear(&why);
    return s;
}

/* Points that failed, each with its reason. */
static void say_failures(const gedi__plan *p, const gedi__crew *c)
{
    int failed = gedi__crew_count(c, GEDI__JOB_FAILED);
    gedi__text t = {0};
    if (!failed)
        return;
    gedi__say("%d of %d points failed:", failed, c->jobs);
    for (int i = 0; i < c->jobs; i++) {
        const gedi__job *j = &c->job[i];
        const char *why = j->reason.s ? j->reason.s : "";
        if (p->point[i].refused) /* it has no folder */
            gedi__text_add(&t, "  %s: %s\n", j->title, why);
        else if (j->state == GEDI__JOB_FAILED)
            gedi__text_add(&t, "  %s (%s): %s\n", j->title, j->folder, why);
    }
    if (t.s)
        gedi__text_show(t.s, true);
    gedi__terminal_write(stderr, "", t.s ? t.s : "");
    gedi__text_clear(&t);
}

/* One call of run_in: a search has several, each with more draws or longer runs. */
typedef struct rounds {
    gedi__plan *p;
    const char *directory;
    const gedi__lock *lock;
    const gedi__sweep_call *a;
    int number;
    gedi__found found; /* of a search, when all that was to be run had ended */
    int64_t work;      /* gedi__search_work when it began */
    bool unfinished;   /* all that was to be run has ended, and the search goes on */
    bool listening;    /* to signals, also between rounds */
} rounds;

/* Of a search that begins a round, or is stopped. Nothing is lost without it: the next one makes it anew. */
static void keep_what_ended(rounds *r, const gedi__crew *c)
{
    if (r->p->sweep->search && !gedi__search_look(r->p, r->directory, &r->found, NULL))
        (void)gedi__sweep_keep_draws(r->p, &r->found, r->directory, c, NULL);
}

/* One of several makes the tables at a time. */
static int show_shared(rounds *r, gedi__shared *s, const gedi__crew *c)
{
    gedi_err err = {0};
    if (gedi__shared_end(s, &err))
        return gedi__say_err(&err);
    return gedi__sweep_show(r->p, &r->found, r->directory, c);
}

/* Is a search at its end? Else it says how far it is. */
static gedi_status look_at_search(rounds *r, gedi_err *err)
{
    const gedi__search *search = r->p->sweep->search;
    gedi__text line = {0};
    r->unfinished = false;
    if (!search)
        return GEDI_OK;
    gedi_status s = gedi__search_look(r->p, r->directory, &r->found, err);
    r->unfinished = !s && r->found.ended < gedi__search_wanted(search);
    if (r->unfinished && !r->a->a.quiet && !r->a->worker) {
        gedi__found_line(r->p, &r->found, &line);
        gedi__say("%s", line.failed ? gedi_status_text(GEDI_NOMEM) : line.s);
    }
    gedi__text_clear(&line);
    return s;
}

/* What follows the last round may be cut short by a signal. */
static void stop_listening(rounds *r)
{
    if (r->listening)
        gedi__signals_end();
    r->listening = false;
}

static int end(gedi_status s, gedi__shared *shared, const gedi__crew *c, rounds *r,
               gedi_err *err)
{
    const gedi__sweep_call *a = r->a;
    int failed = gedi__crew_count(c, GEDI__JOB_FAILED);
    int left = c->jobs - gedi__crew_count(c, GEDI__JOB_DONE) - failed;
    gedi_status looked =
        !left && (!s || s == GEDI_INTERRUPTED) ? look_at_search(r, err) : GEDI_OK;
    s = looked ? looked : s;
    if (r->unfinished && !s)
        return GEDI__EXIT_DONE;
    bool between = r->unfinished; /* stopped when a round was over, but not the search */
    r->unfinished = false;
    stop_listening(r);
    say_failures(r->p, c);
    if (s && s != GEDI_INTERRUPTED)
        return gedi__say_err(err);
    if ((left || between) && (s || !a->worker)) {
        if (!a->join) { /* it waits for no more runs; others may be at work on theirs */
            keep_what_ended(r, c);
            (void)gedi__report_folder(shared->directory, false, NULL);
        }
        if (between)
            gedi__say(
                "stopped between two rounds of the search; the same command goes on");
        else
            gedi__say("stopped with %d of %d points left; the same command goes on", left,
                      c->jobs);
        return GEDI__EXIT_FAILED;
    }
    int code = a->worker ? GEDI__EXIT_DONE
               : a->join ? show_shared(r, shared, c)
                         : gedi__sweep_show(r->p, &r->found, r->directory, c);
    return failed ? GEDI__EXIT_FAILED : code;
}

/* Runs of another sweep, or of this one before it was changed, take part in nothing. */
static void say_others(const gedi__plan *p, const char *directory)
{
    char count[48];
    int n = gedi__study_others(p, directory);
    if (n > 0)
        gedi__say("%s holds %s that %s no point of this sweep: kept, but in none of its "
                  "tables",
                  directory, gedi__count_text(n, "finished run", count, sizeof count),
                  n == 1 ? "is" : "are");
}

/* Nor are tables and figures that the descriptor had before part of its report. */
static void say_former(const gedi__plan *p, const char *directory)
{
    gedi__text names = {0};
    if (!gedi__former_shows(p, directory, &names, NULL) && names.len)
        gedi__say("%s holds %s of an earlier descriptor: kept, but not in its report",
                  directory, names.s);
    gedi__text_clear(&names);
}

/* What the folder says of the sweep. Where others are at work it does already. */
static gedi_status describe(const gedi__plan *p, const char *directory,
                            const gedi__sweep_call *a, gedi_err *err)
{
    GEDI_TRY(gedi__store_mark(directory, GEDI__FOLDER_SWEEP, err));
    GEDI_TRY(gedi__points_write(p, directory, err));
    return gedi__sweep_say_rebuilt(p, directory, a->a.quiet, err);
}

/* Draws that were made from a failure would be others if it went away; and what failed in a round before is
 * not tried again in the next. */
static void let_failures_stand(const rounds *r, gedi__crew *c)
{
    const gedi__search *search = r->p->sweep->search;
    int first = search ? gedi__search_last(search) : 0;
    for (int i = 0; search && i < c->jobs; i++) {
        gedi__job *j = &c->job[i];
        bool stands = r->number > 0 || gedi__search_draw_of(r->p, i) < first;
        if (j->state == GEDI__JOB_WAITING && j->reason.len && stands)
            j->state = GEDI__JOB_FAILED;
    }
}

/* *c has a job for each point that is left. */
static gedi_status prepare(rounds *r, gedi__shared *shared, gedi__crew *c, gedi_err *err)
{
    const gedi__plan *p = r->p;
    const gedi__sweep_call *a = r->a;
    const char *directory = r->directory;
    if (!a->join)
        GEDI_TRY(gedi__shared_refuse(directory, r->lock, err));
    else
        GEDI_TRY(
            gedi__shared_open(shared, p, directory, r->lock, a->lease, a->worker, err));
    if (!shared->others && !a->worker)
        GEDI_TRY(describe(p, directory, a, err));
    /* Where others are at work, what is to be written of a point waits for its lease. */
    GEDI_TRY(a->join ? gedi__jobs_look(c, p, directory, err)
                     : gedi__jobs_open(c, p, directory, err));
    let_failures_stand(r, c);
    if (!a->join) {
        keep_what_ended(
            r, c); /* the page shows the draws of this search from its first round on */
        return GEDI_OK;
    }
    if (a->slurm)
        GEDI_TRY(gedi__sweep_slurm_begin(shared, c, a, err));
    gedi__shared_begin(shared, c);
    return GEDI_OK;
}

/* By processes of this machine. Of several that share the folder, none writes the page meanwhile. */
static gedi_status run_here(const rounds *r, gedi__crew *c, gedi_err *err)
{
    const gedi__sweep_call *a = r->a;
    gedi__sweep_watch w;
    char round[128];
    gedi__search_round_text(r->p, c, round, sizeof round);
    gedi__sweep_watch_open(&w, c, a->join ? NULL : r->directory, round, a->a.quiet);
    gedi_status s = gedi__crew_run(c, err);
    gedi__sweep_watch_close(&w, c);
    return s;
}

static int run_in(rounds *r)
{
    gedi_err err = {0};
    const gedi__plan *p = r->p;
    const gedi__sweep_call *a = r->a;
    const char *directory = r->directory;
    gedi__shared shared = {.plan = p, .directory = directory};
    gedi__crew c = {.workers = (int)a->workers, .fail_fast = a->fail_fast};
    c.threads = a->slurm ? 0 : gedi__threads_each(a->workers);
    int code;
    if (prepare(r, &shared, &c, &err)) {
        code = gedi__say_err(&err);
    } else {
        if (!a->a.quiet && !r->number) {
            say_others(p, directory);
            say_former(p, directory);
        }
        if (!a->a.quiet && !r->number && *p->left_out)
            gedi__say("%s", p->left_out);
        gedi_status s = a->slurm ? gedi__sweep_slurm_run(
                                       &shared, &c, a, r->number ? NULL : &a->queue, &err)
                                 : run_here(r, &c, &err);
        code = end(s, &shared, &c, r, &err);
    }
    gedi__shared_close(&shared);
    gedi__jobs_close(&c);
    return code;
}

/* The datasets of the points that are left; those of finished ones may be gone. */
static gedi_status check_data(const gedi__plan *p, const char *directory,
                              const gedi__sweep_call *a, gedi_err *err)
{
    const gedi__target *t = &a->a.target;
    gedi__crew c = {0};
    bool *todo =
        gedi__alloc((size_t)p->points, sizeof *todo, err, "%d points", p->points);
    gedi_status s = todo ? gedi__jobs_look(&c, p, directory, err) : GEDI_NOMEM;
    for (int i = 0; !s && i < c.jobs; i++)
        todo[i] = c.job[i].state == GEDI__JOB_WAITING;
    if (!s)
        s = gedi__datasets_open(p, todo, t->file, t->override, t->n, err);
    gedi__jobs_close(&c);
    free(todo);
    return s;
}

gedi__plan_source gedi__sweep_source(const gedi__sweep_call *a)
{
    const gedi__target *t = &a->a.target;
    /* A task of Slurm has the processors that it is given. */
    int64_t threads = a->slurm ? INT32_MAX : gedi__threads_each(a->workers);
    return (gedi__plan_source){t->file, t->override, t->n, threads, a->look};
}

/* Lets a search draw more, or train the best of what it has drawn further; the exit code. */
static int grow(rounds *r)
{
    gedi_err err = {0};
    gedi__mistakes m = {0};
    gedi__plan_source from = gedi__sweep_source(r->a);
    gedi_status s = gedi__search_grow(&r->p, &from, r->directory, &m, &err);
    if (!s && gedi__search_work(r->p) == r->work)
        s = GEDI_FAIL(&err, GEDI_STATE,
                      "the search cannot go on: runs of it are damaged, or of another "
                      "build: `gedi check %s' says which",
                      r->directory);
    if (!s)
        s = check_data(r->p, r->directory, r->a, &err);
    int code = m.n > 0 ? gedi__say_mistakes(&m)
               : s     ? gedi__say_err(&err)
                       : GEDI__EXIT_DONE;
    gedi__text_clear(&m.text);
    return code;
}

static int run_rounds(rounds *r)
{
    for (;; r->number++) {
        r->work = gedi__search_work(r->p);
        int code = run_in(r);
        if (!r->unfinished || r->a->worker)
            return code;
        r->unfinished = false;
        code = grow(r);
        if (code)
            return code;
    }
}

int gedi__sweep_run(gedi__plan **p, const char *directory, const gedi__sweep_call *a)
{
    gedi_err err = {0};
    gedi__lock lock = GEDI__LOCK_NONE;
    gedi_status s = gedi__store_claim(directory, GEDI__FOLDER_SWEEP, &err);
    if (!s)
        s = check_data(*p, directory, a, &err);
    if (!s)
        s = gedi__folder_make(directory, &err);
    if (!s)
        s = gedi__lock_open(&lock, directory, a->join, 10, &err);
    if (s)
        return gedi__say_err(&err);
    rounds r = {.p = *p, .directory = directory, .lock = &lock, .a = a};
    r.listening = !gedi__signals_begin(true, NULL);
    int code = run_rounds(&r);
    stop_listening(&r);
    *p = r.p;
    gedi__found_clear(&r.found);
    gedi__lock_close(&lock);
    return code;
}
