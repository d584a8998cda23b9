/* sweep.c - `gedi sweep`: every point of a sweep, several at once, then what it shows. */
#include "core/cli/arguments.h"
#include "core/cli/sweep_watch.h"

#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/exec/machine.h"
#include "core/store/folder.h"
#include "core/sweep/besides.h"
#include "core/sweep/datasets.h"
#include "core/sweep/jobs.h"
#include "core/sweep/lock.h"
#include "core/sweep/points.h"
#include "core/sweep/rebuilt.h"
#include "core/sweep/report.h"
#include "core/sweep/show.h"
#include "core/sweep/table.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_WORKERS = 1024 };

typedef struct arguments {
    gedi__arguments a;
    long workers; /* 0: one a processor */
    bool dry, fail_fast;
} arguments;

static const struct argp_option options[] = {
    {"jobs", 'j', "N", 0, "N runs at once (default: as many as there are processors)", 0},
    {"dry-run", 'n', NULL, 0, "list the points and what is left to do", 0},
    {"fail-fast", 'f', NULL, 0, "stop all when one fails", 0},
    {0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    arguments *a = ((gedi__arguments *)state->input)->own;
    switch (key) {
    case 'j':
        a->workers = (long)gedi__argument_number(state, "--jobs", arg, 1, MOST_WORKERS);
        return 0;
    case 'n':
        a->dry = true;
        return 0;
    case 'f':
        a->fail_fast = true;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int count(const gedi__crew *c, gedi__job_state state)
{
    int n = 0;
    for (int i = 0; i < c->jobs; i++)
        n += c->job[i].state == state;
    return n;
}

/* ---- --dry-run ---- */

/* Why points that were finished are not any more. */
static gedi_status say_rebuilt(const gedi__plan *p, const char *directory, bool quiet,
                               gedi_err *err)
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

/* Points that replace a component change more than they name. */
static int say_besides(const gedi__plan *p)
{
    gedi__text t = {0};
    json_t *axes = gedi__points_axes_of(p), *all = gedi__besides_of(p);
    bool failed = !axes || !all;
    for (int a = 0; a < p->sweep->axes; a++)
        gedi__besides_text(all, axes, p->sweep->axis[a].name[0], NULL, -1, &t);
    json_decref(axes);
    json_decref(all);
    for (char *line = t.s; line && *line;) {
        size_t n = strcspn(line, "\n");
        gedi__say("%.*s", (int)n, line);
        line += n + (line[n] == '\n');
    }
    if (t.len)
        gedi__say("to keep the options that two components both have: {NAME: {}, from: "
                  "OTHER}");
    failed |= t.failed;
    gedi__text_clear(&t);
    if (failed)
        gedi__say("%s", gedi_status_text(GEDI_NOMEM));
    return failed ? GEDI__EXIT_FAILED : GEDI__EXIT_DONE;
}

static int list(const gedi__plan *p, const char *directory, const arguments *a)
{
    gedi__crew c = {0};
    gedi_err err = {0};
    gedi__text out = {0};
    char points[32];
    if (*p->left_out && !a->a.quiet)
        gedi__say("%s", p->left_out);
    gedi_status s = say_rebuilt(p, directory, a->a.quiet, &err);
    if (!s)
        s = gedi__jobs_look(&c, p, directory, &err);
    for (int i = 0; !s && i < c.jobs; i++) {
        const gedi__job *j = &c.job[i];
        const char *state = j->state == GEDI__JOB_DONE     ? "finished"
                            : j->state == GEDI__JOB_FAILED ? "damaged"
                            : j->reason.len                ? "failed"
                            : j->done                      ? "started"
                                                           : "to do";
        gedi__text_add(&out, "%s  %-8s  %s%s%s\n", p->point[i].hash, state, j->title,
                       j->reason.len ? ": " : "", j->reason.len ? j->reason.s : "");
    }
    gedi__text_add(&out, "%s, %d finished; %ld at once; runs in %s/%s\n",
                   gedi__count_text(c.jobs, "point", points, sizeof points),
                   count(&c, GEDI__JOB_DONE), a->workers, directory,
                   gedi__store_name(GEDI__FILE_RUNS));
    gedi__jobs_close(&c);
    int code = gedi__print_text(&out);
    if (!s && !code && !a->a.quiet)
        code = say_besides(p);
    return s ? gedi__say_err(&err) : code;
}

/* ---- running ---- */

/* Points that failed, each with its reason. */
static void say_failures(const gedi__crew *c)
{
    int failed = count(c, GEDI__JOB_FAILED);
    if (!failed)
        return;
    gedi__say("%d of %d points failed:", failed, c->jobs);
    for (int i = 0; i < c->jobs; i++) {
        const gedi__job *j = &c->job[i];
        if (j->state == GEDI__JOB_FAILED)
            fprintf(stderr, "  %s (%s): %s\n", j->title, j->folder,
                    j->reason.s ? j->reason.s : "");
    }
}

/* A full disk may have taken no error.txt. Runs and jobs are in the order of the points. */
static void fail_runs(gedi__study *s, const gedi__crew *c)
{
    for (int i = 0; i < s->results && i < c->jobs; i++)
        if (c->job[i].state == GEDI__JOB_FAILED && s->result[i].state == GEDI__MISSING)
            s->result[i].state = GEDI__FAILED;
}

/* One that cannot be written is said, and fails nothing: `gedi report` makes it. */
static gedi_status write_page(gedi__study *s, const char *directory)
{
    gedi_err err = {0};
    char *path = gedi__store_path(directory, GEDI__FILE_REPORT, &err);
    gedi__reported_on r = {.s = s, .place = &directory, .places = 1};
    gedi_status status = path ? gedi__report_write(&r, path, &err) : GEDI_NOMEM;
    if (status)
        gedi__say("no report: %s; `gedi report %s' makes it", err.msg, directory);
    free(path);
    return status;
}

/* Everything that the sweep names; what cannot be shown is said and the rest goes on. */
static int show(const gedi__crew *c, const char *directory)
{
    gedi__study s = {0};
    gedi_err err = {0};
    gedi__text out = {0};
    bool figures = false;
    if (gedi__study_add(&s, directory, &err)) {
        gedi__study_clear(&s);
        return gedi__say_err(&err);
    }
    int code = GEDI__EXIT_DONE;
    fail_runs(&s, c);
    for (int i = 0; i < s.shows; i++) {
        gedi__table t;
        bool table = s.show[i].kind == GEDI__TABLE;
        if (gedi__show_write(&s, &s.show[i], directory, &err)) {
            gedi__say("%s: %s", gedi__show_key(s.show[i].kind), err.msg);
            code = GEDI__EXIT_FAILED;
        } else {
            figures |= !table;
        }
        if (table && !gedi__table_make(&s, &s.show[i], &t, NULL)) {
            gedi__table_text(&t, GEDI__MARKDOWN, &out); /* though no disk takes it */
            gedi__text_add(&out, "\n");
            gedi__table_clear(&t);
        }
    }
    bool page = !write_page(&s, directory);
    gedi__study_clear(&s);
    gedi__text_add(&out, "results  %s\n", directory);
    if (figures)
        gedi__text_add(&out, "figures  %s/%s\n", directory,
                       gedi__store_name(GEDI__FILE_FIGURES));
    if (page)
        gedi__text_add(&out, "report   %s/%s\n", directory,
                       gedi__store_name(GEDI__FILE_REPORT));
    int printed = gedi__print_text(&out);
    return code ? code : printed;
}

static int end(gedi_status s, const gedi__crew *c, const char *directory,
               const gedi_err *err)
{
    say_failures(c);
    int left = c->jobs - count(c, GEDI__JOB_DONE) - count(c, GEDI__JOB_FAILED);
    if (s && s != GEDI_INTERRUPTED)
        return gedi__say_err(err);
    if (left) {
        (void)gedi__report_folder(directory, false, NULL); /* it waits for no more runs */
        gedi__say("stopped with %d of %d points left; the same command goes on", left,
                  c->jobs);
        return GEDI__EXIT_FAILED;
    }
    int code = show(c, directory);
    return count(c, GEDI__JOB_FAILED) ? GEDI__EXIT_FAILED : code;
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

static int run_in(const gedi__plan *p, const char *directory, const arguments *a)
{
    gedi_err err = {0};
    gedi__crew c = {.workers = (int)a->workers, .fail_fast = a->fail_fast};
    c.threads = gedi__threads_each(a->workers);
    gedi_status s = gedi__store_mark(directory, GEDI__FOLDER_SWEEP, &err);
    if (!s)
        s = gedi__points_write(p, directory, &err);
    if (!s)
        s = say_rebuilt(p, directory, a->a.quiet, &err);
    if (!s)
        s = gedi__jobs_open(&c, p, directory, &err);
    if (s) {
        gedi__jobs_close(&c);
        return gedi__say_err(&err);
    }
    if (!a->a.quiet)
        say_others(p, directory);
    if (!a->a.quiet && *p->left_out)
        gedi__say("%s", p->left_out);
    gedi__sweep_watch w;
    gedi__sweep_watch_open(&w, &c, directory, a->a.quiet);
    s = gedi__crew_run(&c, &err);
    gedi__sweep_watch_close(&w, &c);
    int code = end(s, &c, directory, &err);
    gedi__jobs_close(&c);
    return code;
}

/* The datasets of the points that are left; those of finished ones may be gone. */
static gedi_status check_data(const gedi__plan *p, const char *directory,
                              const arguments *a, gedi_err *err)
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

static int run(const gedi__plan *p, const char *directory, const arguments *a)
{
    gedi_err err = {0};
    gedi__lock lock = GEDI__LOCK_NONE;
    gedi_status s = gedi__store_claim(directory, GEDI__FOLDER_SWEEP, &err);
    if (!s)
        s = check_data(p, directory, a, &err);
    if (!s)
        s = gedi__folder_make(directory, &err);
    if (!s)
        s = gedi__lock_open(&lock, directory, 10, &err);
    if (s)
        return gedi__say_err(&err);
    int code = run_in(p, directory, a);
    gedi__lock_close(&lock);
    return code;
}

/* A file that states no sweep has mistakes, or is one experiment. */
static int refuse(const gedi__target *t)
{
    gedi__experiment *e = NULL;
    gedi__mistakes m = {0};
    int code = gedi__target_read(t, &e, &m);
    if (m.n > 0)
        gedi__say_mistakes(&m);
    else if (!code)
        gedi__say(
            "%s states one experiment: run it with `gedi run', or add an axis, such "
            "as sweep.seed=0..4",
            t->file);
    gedi__text_clear(&m.text);
    gedi__experiment_free(e);
    return code ? code : GEDI__EXIT_MISTAKE;
}

static int sweep(arguments *a)
{
    gedi__plan *p = NULL;
    gedi__mistakes m = {0};
    gedi_err err = {0};
    char *directory = NULL;
    gedi_status s = gedi__plan_read(a->a.target.file, a->a.target.override, a->a.target.n,
                                    gedi__threads_each(a->workers), NULL, &p, &m, &err);
    int code;
    if (m.n > 0)
        code = gedi__say_mistakes(&m);
    else if (s)
        code = gedi__say_err(&err);
    else if (!p)
        code = refuse(&a->a.target);
    else if (!a->a.out && !p->named)
        code = gedi__say_unnamed(&a->a.target);
    else {
        directory = a->a.out ? gedi__copy_text(a->a.out, &err)
                             : gedi__store_sweep_place(p->name, &err);
        if (!directory)
            code = gedi__say_err(&err);
        else
            code = a->dry ? list(p, directory, a) : run(p, directory, a);
    }
    free(directory);
    gedi__text_clear(&m.text);
    gedi__plan_free(p);
    return code;
}

int gedi__sweep_main(const gedi__call *c)
{
    static const gedi__usage usage = {
        .shared = "oqP",
        .piped = true,
        .place = "sweeps/NAME",
        .missing = "name the descriptor of the sweep",
        .args_doc = "FILE [KEY=VALUE...]",
        .doc =
            "Runs every point of the sweep that a descriptor states, with the given "
            "values put in, such as train.iterations=100, or sweep.seed=0..9 for an "
            "axis.\v"
            "Each point is a run in PATH/runs/HASH, HASH being that of its descriptor. "
            "Run again, only what is missing or failed is run; Ctrl-C leaves "
            "checkpoints. It ends with the tables and figures that the descriptor "
            "names, and with 1 if a point failed.",
        .own = options,
        .parse = parse,
    };
    arguments a = {.a.own = &a};
    if (!gedi__arguments_read(&usage, c, &a.a))
        return GEDI__EXIT_FAILED;
    if (c->note && !a.a.quiet && !a.dry)
        gedi__say("%s", c->note);
    if (!a.workers)
        a.workers = gedi__machine_processors();
    int code = sweep(&a);
    gedi__arguments_clear(&a.a);
    return code;
}
