/* evaluate.c - `gedi evaluate`: a run, or a sweep, evaluated once more, without training. */
#include "core/cli/arguments.h"
#include "core/cli/evaluate_sweep.h"
#include "core/cli/session.h"
#include "core/cli/unshown.h"
#include "core/evaluate/unread.h"
#include "core/run/evaluate.h"
#include "core/exec/machine.h"
#include "core/report/run_needs.h"
#include "core/store/folder.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_WORKERS = 1024, KEY_UNREAD = 1000 };

typedef struct own {
    long workers;
    bool unread; /* options that change nothing are taken */
} own;

static const struct argp_option options[] = {
    {"jobs", 'j', "N", 0,
     "of a sweep: N points at once (default: as many as there are processors)", 0},
    {"unread", KEY_UNREAD, 0, 0,
     "take options that change no number here, which are refused otherwise, such as those of initial weights",
     0},
    {0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    own *o = ((gedi__arguments *)state->input)->own;
    switch (key) {
    case 'j':
        o->workers = (long)gedi__argument_number(state, "--jobs", arg, 1, MOST_WORKERS);
        return 0;
    case KEY_UNREAD:
        o->unread = true;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static bool names_figures(const gedi__target *t)
{
    int i = 0;
    while (i < t->n && strncmp(t->override[i], "figures", strlen("figures")))
        i++;
    return i < t->n;
}

/* The figures are those of the run, and need not fit what is put in. */
static gedi_status leave_out(void *context, gedi__experiment *e, const gedi__shown *of,
                             gedi_err *err)
{
    gedi__watch *w = context;
    (void)err;
    gedi__run_figures_leave_out(e, of, w->observer.say, w);
    return GEDI_OK;
}

/* Figures that are asked for are drawn, but what they show of the way is over. */
static gedi_status draw(void *context, gedi__experiment *e, const gedi__shown *of,
                        gedi_err *err)
{
    gedi__watch *w = context;
    if (gedi__samples_every(e))
        w->observer.say(
            w,
            "figures: samples: every: left out: samples along the way are drawn while a run "
            "trains; these are of its weights as they are now");
    return gedi__run_figures_check(e, of, err);
}

/* Refuses options that change nothing. */
static int check_read(const gedi__target *t)
{
    gedi__mistakes m = {0};
    gedi_err err = {0};
    gedi_status s = gedi__unread_options(t->file, t->override, t->n, &m, &err);
    int code = m.n > 0 ? gedi__say_mistakes(&m)
               : s     ? gedi__say_err(&err)
                       : GEDI__EXIT_DONE;
    gedi__text_clear(&m.text);
    return code;
}

static int evaluate(const gedi__arguments *a)
{
    gedi__mistakes m = {0};
    gedi_err err = {0};
    gedi__watch w;
    char *folder = NULL;
    gedi__watch_open(&w, a->quiet);
    gedi__watch_signals(&w);
    w.once_more = true;
    w.observer.ready = names_figures(&a->target) ? draw : leave_out;
    gedi_status s = gedi__evaluate(a->target.file, a->target.override, a->target.n,
                                   &w.observer, &folder, &m, &err);
    gedi__watch_close(&w);
    int code = m.n > 0 ? gedi__say_mistakes(&m) : gedi__session_end(&w, s, folder, &err);
    if (s == GEDI_OK && !a->quiet)
        gedi__say_unshown(a->target.file, a->target.override, a->target.n);
    gedi__text_clear(&m.text);
    free(folder);
    return code;
}

int gedi__evaluate_main(const gedi__call *c)
{
    static const gedi__usage usage = {
        .shared = "qP",
        .missing = "name the folder of the run, or of a sweep",
        .args_doc = "RUN|SWEEP [KEY=VALUE...]",
        .doc =
            "Evaluates a run once more, or every point of a sweep, with the given values "
            "put in, such as 'evaluate=[knn: {}]' or evaluate.0.clustering.split=train. "
            "Nothing is trained; a run that was interrupted is evaluated at its last "
            "checkpoint.\v"
            "Descriptor, figures and summary go into a folder of their own, "
            "RUN/evaluation-1 or the next number, which `gedi table' and `gedi "
            "compare' read as they read a run; nothing of the run is changed. The "
            "weights must fit the network, and what only training reads is refused; all else may be "
            "another. Figures of the run that cannot be drawn so are left out. An evaluator that "
            "fails leaves the others alone, and Ctrl-C keeps what is done. Tables of a sweep have the new metrics "
            "beside the old ones; points that were evaluated so already are skipped.",
        .own = options,
        .parse = parse,
    };
    own o = {0};
    gedi__folder_kind kind;
    gedi__arguments a = {.own = &o};
    if (!gedi__arguments_read(&usage, c, &a))
        return GEDI__EXIT_FAILED;
    if (c->note && !a.quiet)
        gedi__say("%s", c->note);
    bool sweep =
        !gedi__store_kind(a.target.file, &kind, NULL) && kind == GEDI__FOLDER_SWEEP;
    int code;
    if (sweep) {
        code = gedi__evaluate_sweep(
            &a, o.workers ? o.workers : gedi__machine_processors(), o.unread);
    } else if (o.workers) {
        gedi__say("--jobs: %s is no sweep", a.target.file);
        code = GEDI__EXIT_MISTAKE;
    } else {
        code = o.unread ? GEDI__EXIT_DONE : check_read(&a.target);
        code = code ? code : evaluate(&a);
    }
    gedi__arguments_clear(&a);
    return code;
}
