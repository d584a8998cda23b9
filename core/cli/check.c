/* check.c - `gedi check`: all mistakes of a descriptor, or what it states. */
#include "core/cli/arguments.h"
#include "core/base/file.h"
#include "core/cli/check_ready.h"
#include "core/cli/check_folder.h"

#include "core/report/terminal.h"
#include "core/sweep/plan.h"
#include "core/sweep/search.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct argp_option options[] = {
    {"resolved", 'r', NULL, 0, "print the descriptor with every option and its value", 0},
    {0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    gedi__arguments *a = state->input;
    (void)arg;
    if (key != 'r')
        return ARGP_ERR_UNKNOWN;
    *(bool *)a->own = true;
    return 0;
}

static const char *name_of(const gedi__component *c)
{
    return c->plugin ? c->plugin->name : "none";
}

static void add_views(const gedi__stage *s, gedi__text *out)
{
    for (int v = 0; v < s->views; v++) {
        gedi__text_add(out, v ? " | " : "");
        for (int i = 0; i < s->view[v].n; i++)
            gedi__text_add(out, "%s%s", i ? " " : "", name_of(&s->view[v].view[i]));
        if (!s->view[v].n)
            gedi__text_add(out, "as it is");
    }
}

static void add_names(const char *what, const char *const *name, int n, gedi__text *out)
{
    for (int i = 0; i < n; i++)
        gedi__text_add(out, "%s%s", i ? " " : what, name[i]);
}

/* "swav + 0.1 jem". */
static void add_objectives(const gedi__stage *s, gedi__text *out)
{
    for (int i = 0; i < s->objectives; i++) {
        const gedi__objective *o = &s->objective[i];
        gedi__text_add(out, i ? " + " : "");
        if (!gedi_schedule_is_constant(&o->weight))
            gedi__text_add(out, "(schedule) ");
        else if (o->weight.from != 1.0)
            gedi__text_add(out, "%g ", o->weight.from);
        gedi__text_add(out, "%s", name_of(&o->part));
        if (*o->share)
            gedi__text_add(out, " (shares %s)", o->share);
    }
}

/* Three lines: the data, the method, the training. */
static void add_stage(const gedi__experiment *e, const gedi__stage *s, const char *data,
                      gedi__text *out)
{
    gedi__text_add(out, "  data    %s: %.*s; views: ", name_of(&e->dataset),
                   gedi__digest_facts(data), data);
    add_views(s, out);
    gedi__text_add(out, "\n  method  ");
    add_objectives(s, out);
    gedi__text_add(out, " on %s", name_of(&e->model));
    if (e->projector.plugin)
        gedi__text_add(out, ", projector %s", name_of(&e->projector));
    if (s->sampler.plugin)
        gedi__text_add(out, ", sampler %s", name_of(&s->sampler));
    add_names("; starts anew: ", s->restart, s->restarts, out);
    gedi__text_add(out, "\n  train   %s%s, ", name_of(&s->optimizer),
                   s->keeps_optimizer ? " as it was" : "");
    if (s->train.hours > 0)
        gedi__text_add(out, "%g hours of ", s->train.hours);
    else if (s->train.epochs)
        gedi__text_add(out, "%" PRId64 " epochs of ", s->train.epochs);
    else
        gedi__text_add(out, "%" PRId64 " iterations of ", s->train.iterations);
    if (s->train.accumulate > 1)
        gedi__text_add(out, "%" PRId64 " times ", s->train.accumulate);
    gedi__text_add(out, "batch %" PRId64 ", seed %" PRId64, s->train.batch, e->seed);
    add_names("; frozen: ", s->freeze, s->freezes, out);
}

/* `data`: their digest. */
static void add_summary(const gedi__experiment *e, const char *data, gedi__text *out)
{
    for (int i = 0; i < e->stages; i++) {
        if (e->stages > 1)
            gedi__text_add(out, "%s  stages.%d\n", i ? "\n" : "", i);
        add_stage(e, &e->stage[i], data, out);
    }
    gedi__text_add(out, "; evaluate: ");
    for (int i = 0; i < e->evaluators; i++) {
        const gedi__evaluation *v = &e->evaluator[i];
        bool named = gedi__evaluation_is_named(v);
        gedi__text_add(out, "%s%s%s%s", i ? " " : "", name_of(&v->part),
                       named ? " as " : "", named ? v->name : "");
    }
    gedi__text_add(out, e->evaluators ? "\n" : "nothing\n");
    for (int i = 0; gedi__registry_path(e->registry, i); i++)
        gedi__text_add(out, "  plugins %s (their code runs, as it did for this check)\n",
                       gedi__registry_path(e->registry, i));
}

enum { SHOWN = 3 }; /* points that are named */

/* How a search draws, and which of its first draws would fail. */
static void add_search(const gedi__plan *p, gedi__text *out)
{
    const gedi__search *s = p->sweep->search;
    int n = 0;
    gedi__text_add(out, "  search  %d draws, %d at a time\n", gedi__search_wanted(s),
                   gedi__search_together(s));
    const char *mean = gedi__search_records_mean(gedi__search_records(p));
    if (*mean)
        gedi__text_add(out, "          %s\n", mean);
    for (int i = 0; i < p->points; i++)
        if (p->point[i].refused && n++ < SHOWN)
            gedi__text_add(out, "          %s: will fail: %s\n", p->point[i].title,
                           p->point[i].refused);
    if (n)
        gedi__text_add(
            out,
            "          %d of the first %d points cannot be run, as their values "
            "do not go together: their draws count as worse than all others\n",
            n, p->points);
}

/* "6 points: method (2) x seed (3)", and what is shown. */
static void add_sweep(const gedi__plan *p, gedi__text *out)
{
    char count[32];
    const gedi__sweep *s = p->sweep;
    gedi__text_add(
        out, "  sweep   %s: ", gedi__count_text(p->points, "point", count, sizeof count));
    int all = 1;
    for (int a = 0; a < s->axes; a++) {
        all *= s->axis[a].levels;
        for (int k = 0; k < s->axis[a].names; k++)
            gedi__text_add(out, "%s%s", k ? ", " : a ? " x " : "", s->axis[a].name[k]);
        gedi__text_add(out, " (%d)", s->axis[a].levels);
    }
    if (all > p->points)
        gedi__text_add(out, ", %d excluded", all - p->points);
    gedi__text_add(out, "\n");
    if (s->search)
        add_search(p, out);
    for (int i = 0; i < s->shows; i++)
        gedi__text_add(out, "%s%s%s", i ? ", " : "  shows   ", s->show[i].name,
                       i == s->shows - 1 ? "\n" : "");
}

/* `refused`: what a run would be refused for first, and would end with. */
static int say(gedi__mistakes *m, int code, gedi_status refused, gedi__text *out)
{
    if (m->n > 0) {
        char count[32];
        gedi__text_clear(out);
        gedi__text_add(out, "%s%s\n", m->text.s ? m->text.s : "",
                       gedi__count_text(m->n, "mistake", count, sizeof count));
        gedi__print_lines(out);
        code = refused ? gedi__exit_of(refused) : gedi__exit_of_mistakes(m);
    } else if (!code) {
        code = gedi__print_lines(out);
    }
    gedi__text_clear(out);
    gedi__text_clear(&m->text);
    return code;
}

/* On standard error: what is checked is all right. */
static void say_warnings(gedi__survey *s, bool quiet)
{
    fflush(stdout);
    gedi__terminal_write(stderr, "",
                         s->warnings.text.s && !quiet ? s->warnings.text.s : "");
    gedi__survey_clear(s);
}

static int check_one(const gedi__target *t, bool resolved, bool quiet)
{
    gedi__experiment *e = NULL;
    gedi__mistakes m = {0};
    gedi__text out = {0};
    gedi_err err = {0};
    gedi__survey survey = {0};
    char data[GEDI__DIGEST];
    int code = gedi__target_read(t, &e, &m);
    if (!code && !resolved && gedi__check_ready(&survey, e, NULL, &m, &err))
        code = gedi__say_err(&err);
    memcpy(data, survey.data, sizeof data);
    gedi_status refused = survey.refused;
    say_warnings(&survey, quiet);
    if (!code && resolved) {
        gedi__experiment_emit(e, &out);
    } else if (!code) {
        gedi__text_add(&out, "%s: ok\n", t->file);
        add_summary(e, data, &out);
    }
    gedi__experiment_free(e);
    return say(&m, code, refused, &out);
}

/* True where the file states a sweep: then `code` is the exit code. */
static bool check_sweep(const gedi__target *t, bool resolved, bool quiet, int *code)
{
    gedi__plan *p = NULL;
    gedi__mistakes m = {0};
    gedi__text out = {0};
    gedi_err err = {0};
    gedi__survey survey = {0};
    const gedi__look look = {gedi__check_ready, &survey};
    gedi_status s = gedi__plan_read(t->file, t->override, t->n, NULL, 1,
                                    resolved ? NULL : &look, &p, &m, &err);
    gedi_status refused = survey.refused;
    say_warnings(&survey, quiet);
    if (!s && !p)
        return false;
    *code = s && !m.n ? gedi__say_err(&err) : GEDI__EXIT_DONE;
    for (int i = 0; p && resolved && i < p->points; i++)
        gedi__text_add(&out, "%s# %s: %s\n%s", i ? "---\n" : "", p->point[i].hash,
                       p->point[i].title, p->point[i].resolved);
    if (p && !resolved) {
        gedi__text_add(&out, "%s: ok\n", t->file);
        add_sweep(p, &out);
    }
    gedi__plan_free(p);
    *code = say(&m, *code, refused, &out);
    return true;
}

int gedi__check_main(const gedi__call *c)
{
    static const gedi__usage usage = {
        .shared = "qP",
        .piped = true,
        .missing = "name the descriptor to check",
        .args_doc = "FILE [KEY=VALUE...]\nDIR",
        .doc =
            "Finds all mistakes in a descriptor, with the given values put in, or all damage "
            "in the folder of a run or a sweep; FILE `-' is standard input.\v"
            "Prints file:line:column: message for each and ends with 2, or with 1 where the "
            "descriptor is right, but what it names, such as data, is missing or damaged; or "
            "prints what the descriptor states and ends with 0. Nothing is trained, but "
            "datasets are opened, the network of every stage is built, and evaluators and figures are asked "
            "whether they can do their part: what is accepted can be run. `--resolved' asks "
            "nothing of this. Of a folder it checks every file that gedi wrote into it, and "
            "ends with 1 where one is damaged.",
        .own = options,
        .parse = parse,
    };
    bool resolved = false;
    gedi__arguments a = {.own = &resolved};
    if (!gedi__arguments_read(&usage, c, &a))
        return GEDI__EXIT_FAILED;
    int code;
    bool folder = gedi__folder_exists(a.target.file);
    if (folder && (a.target.n || resolved)) {
        gedi__say("%s: a folder is checked as it is: %s is of a descriptor",
                  a.target.file, a.target.n ? a.target.override[0] : "--resolved");
        code = GEDI__EXIT_MISTAKE;
    } else if (folder)
        code = gedi__check_folder(a.target.file);
    else if (gedi__target_is_part(a.target.file))
        code = GEDI__EXIT_MISTAKE;
    else if (!check_sweep(&a.target, resolved, a.quiet, &code))
        code = check_one(&a.target, resolved, a.quiet);
    gedi__arguments_clear(&a);
    return code;
}
