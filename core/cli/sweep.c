/* sweep.c - `gedi sweep`: every point of a sweep, several at once, then what it shows. */
#include "core/cli/check_ready.h"
#include "core/cli/sweep_run.h"
#include "core/cli/sweep_slurm.h"
#include "core/cli/sweep_watch.h"

#include "core/base/memory.h"
#include "core/exec/machine.h"
#include "core/store/folder.h"
#include "core/sweep/besides.h"
#include "core/sweep/jobs.h"
#include "core/sweep/lease.h"
#include "core/sweep/points.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_WORKERS = 1024, LEAST_LEASE = 2, MOST_LEASE = 86400 };
enum { JOIN = 256, WORKER, LEASE, SLURM };

static const struct argp_option options[] = {
    {"jobs", 'j', "N", 0, "N runs at once (default: as many as there are processors)", 0},
    {"dry-run", 'n', NULL, 0, "list the points and what is left to do", 0},
    {"fail-fast", 'f', NULL, 0, "stop all when one fails", 0},
    {"join", JOIN, NULL, 0,
     "take points beside others that do the same, on any hosts that share the folder", 0},
    {"slurm", SLURM, "OPTIONS", OPTION_ARG_OPTIONAL,
     "run the points as array jobs of Slurm, -j of them at once (default: all), with these "
     "options of sbatch",
     0},
    {"lease", LEASE, "SECONDS", 0,
     "with --join or --slurm: after so long without a sign of life another takes over (default: 60)",
     0},
    {"worker", WORKER, NULL, 0,
     "the same as --join in an array task: leave failures, tables and points that others have "
     "alone",
     0},
    {0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    gedi__sweep_call *a = ((gedi__arguments *)state->input)->own;
    static const char together[] =
        "--join does not go with --slurm, whose tasks share the sweep already";
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
    case JOIN:
        if (a->slurm)
            argp_error(state, together);
        a->join = true;
        return 0;
    case SLURM:
        if (a->join && !a->slurm && !a->worker)
            argp_error(state, together);
        a->join = a->slurm = true;
        gedi__text_add(&a->slurm_options, "%s ", arg ? arg : "");
        return 0;
    case WORKER:
        a->join = a->worker = true;
        return 0;
    case LEASE:
        a->lease =
            (int)gedi__argument_number(state, "--lease", arg, LEAST_LEASE, MOST_LEASE);
        return 0;
    case ARGP_KEY_END:
        if (a->lease && !a->join)
            argp_error(state, "--lease goes with --join or --slurm");
        if (a->slurm && (a->worker || a->fail_fast))
            argp_error(state, "--%s does not go with --slurm",
                       a->worker ? "worker" : "fail-fast");
        return ARGP_ERR_UNKNOWN;
    default:
        return ARGP_ERR_UNKNOWN;
    }
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

/* What would be begun now: of a search no more than its first draws, from whose results the others follow. */
static void add_round(const gedi__plan *p, const gedi__crew *c, const gedi__sweep_call *a,
                      gedi__text *out)
{
    char round[128];
    gedi__search_round_text(p, c, round, sizeof round);
    int waiting = gedi__crew_count(c, GEDI__JOB_WAITING);
    if (*round)
        gedi__text_add(out, ", %d to run first: %s, of %d draws in all", waiting, round,
                       gedi__search_wanted(p->sweep->search));
    if (!a->slurm)
        gedi__text_add(out, "; %ld at once", a->workers ? a->workers : c->jobs);
    else if (waiting)
        gedi__text_add(out, "; an array of %d task%s", gedi__sweep_slurm_tasks(c, a),
                       gedi__sweep_slurm_tasks(c, a) == 1 ? "" : "s");
}

static int list(const gedi__plan *p, const char *directory, const gedi__sweep_call *a)
{
    gedi__crew c = {0};
    gedi_err err = {0};
    gedi__text out = {0};
    char points[32];
    int trained = 0;
    if (*p->left_out && !a->a.quiet)
        gedi__say("%s", p->left_out);
    gedi_status s = gedi__sweep_say_rebuilt(p, directory, a->a.quiet, &err);
    if (!s)
        s = gedi__jobs_look(&c, p, directory, &err);
    for (int i = 0; !s && i < c.jobs; i++) {
        const gedi__job *j = &c.job[i];
        const char *state = j->state == GEDI__JOB_DONE     ? j->part ? "left" : "finished"
                            : p->point[i].refused          ? "refused"
                            : j->state == GEDI__JOB_FAILED ? "damaged"
                            : j->reason.len                ? "failed"
                            : j->evaluates                 ? "trained"
                            : j->done                      ? "started"
                                                           : "to do";
        gedi__text_add(&out, "%s  %-8s  %s%s%s\n", p->point[i].hash, state, j->title,
                       j->reason.len ? ": " : "", j->reason.len ? j->reason.s : "");
    }
    gedi__text_add(&out, "%s, %d finished",
                   gedi__count_text(c.jobs, "point", points, sizeof points),
                   gedi__crew_count(&c, GEDI__JOB_DONE));
    for (int i = 0; i < c.jobs; i++)
        trained += c.job[i].evaluates;
    if (trained)
        gedi__text_add(&out, ", %d trained and to be evaluated", trained);
    add_round(p, &c, a, &out);
    gedi__text_add(&out, "; runs in %s/%s\n", directory,
                   gedi__store_name(GEDI__FILE_RUNS));
    gedi__jobs_close(&c);
    int code = gedi__print_lines(&out);
    if (!s && !code && !a->a.quiet)
        code = say_besides(p);
    return s ? gedi__say_err(&err) : code;
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

/* Data that are not there are no mistake of the descriptor. */
static int say_mistakes(const gedi__mistakes *m, const gedi__survey *survey)
{
    int code = gedi__say_mistakes(m);
    return survey->refused ? gedi__exit_of(survey->refused) : code;
}

/* Before anything is written. */
static int start(gedi__plan **p, const char *directory, gedi__sweep_call *a)
{
    gedi_err err = {0};
    if (a->slurm && gedi__sweep_slurm_there(directory, &a->queue, &err))
        return gedi__say_err(&err);
    return gedi__sweep_run(p, directory, a);
}

static int sweep(gedi__sweep_call *a)
{
    gedi__plan *p = NULL;
    gedi__mistakes m = {0};
    gedi_err err = {0};
    char *directory = NULL;
    gedi__survey survey = {.out = a->a.out};
    const gedi__look look = {gedi__check_begin, &survey};
    a->look = a->worker ? NULL : &look;
    gedi__plan_source from = gedi__sweep_source(a);
    gedi_status s = gedi__plan_read(from.file, from.override, from.n, NULL, from.threads,
                                    from.look, &p, &m, &err);
    int code;
    if (m.n > 0)
        code = say_mistakes(&m, &survey);
    else if (s)
        code = gedi__say_err(&err);
    else if (!p)
        code = refuse(&a->a.target);
    else if (!a->a.out && !p->named)
        code = gedi__say_unnamed(&a->a.target);
    else {
        directory = a->a.out ? gedi__copy_text(a->a.out, &err)
                             : gedi__store_sweep_place(p->name, &err);
        s = directory ? gedi__search_grow(&p, &from, directory, &m, &err) : GEDI_NOMEM;
        if (m.n > 0)
            code = say_mistakes(&m, &survey);
        else if (s)
            code = gedi__say_err(&err);
        else {
            if (survey.warnings.text.s && !a->a.quiet)
                gedi__terminal_write(stderr, "", survey.warnings.text.s);
            code = a->dry ? list(p, directory, a) : start(&p, directory, a);
        }
    }
    free(directory);
    gedi__text_clear(&m.text);
    gedi__survey_clear(&survey);
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
    gedi__sweep_call a = {.a.own = &a};
    if (!gedi__arguments_read(&usage, c, &a.a))
        return GEDI__EXIT_FAILED;
    if (c->note && !a.a.quiet && !a.dry)
        gedi__say("%s", c->note);
    if (!a.lease)
        a.lease = GEDI__LEASE_SECONDS;
    if (!a.workers && !a.slurm)
        a.workers = gedi__machine_processors();
    const gedi__target *t = &a.a.target;
    bool other = gedi__target_is_folder(t) || gedi__target_is_part(t->file);
    int code = other ? GEDI__EXIT_MISTAKE : sweep(&a);
    gedi__text_clear(&a.slurm_options);
    gedi__arguments_clear(&a.a);
    return code;
}
