/* evaluate.c - `gedi evaluate`: a finished run evaluated once more, without training. */
#include "core/cli/arguments.h"
#include "core/cli/session.h"
#include "core/run/evaluate.h"
#include "core/report/run_figures.h"

#include <stdlib.h>
#include <string.h>

static bool names_figures(const gedi__target *t)
{
    int i = 0;
    while (i < t->n && strncmp(t->override[i], "figures", strlen("figures")))
        i++;
    return i < t->n;
}

/* The figures are those of the run, and need not fit what is put in. */
static gedi_status leave_out(void *context, gedi__experiment *e, gedi_shape record,
                             gedi_err *err)
{
    gedi__watch *w = context;
    (void)err;
    gedi__run_figures_leave_out(e, record, w->observer.say, w);
    return GEDI_OK;
}

static int evaluate(const gedi__arguments *a)
{
    gedi__mistakes m = {0};
    gedi_err err = {0};
    gedi__watch w;
    char *folder = NULL;
    gedi__watch_open(&w, a->quiet);
    if (!names_figures(&a->target))
        w.observer.ready = leave_out;
    gedi_status s = gedi__evaluate(a->target.file, a->target.override, a->target.n,
                                   &w.observer, &folder, &m, &err);
    gedi__watch_close(&w);
    int code =
        m.n > 0 ? gedi__say_mistakes(&m) : gedi__session_end(s, folder, a->quiet, &err);
    gedi__text_clear(&m.text);
    free(folder);
    return code;
}

int gedi__evaluate_main(const gedi__call *c)
{
    static const gedi__usage usage = {
        .shared = "qP",
        .missing = "name the folder of the run",
        .args_doc = "RUN [KEY=VALUE...]",
        .doc = "Evaluates a finished run once more, with the given values put in, such "
               "as 'evaluate=[knn: {}]' or evaluate.0.clustering.split=train. Nothing is "
               "trained.\v"
               "Descriptor, figures and summary go into a folder of their own, "
               "RUN/evaluation-1 or the next number, which `gedi table' and `gedi "
               "compare' read as they read a run; nothing of the run is changed. The "
               "weights must fit the network: all else may be another. Figures of the "
               "run that cannot be drawn so are left out.",
    };
    gedi__arguments a = {0};
    if (!gedi__arguments_read(&usage, c, &a))
        return GEDI__EXIT_FAILED;
    if (c->note && !a.quiet)
        gedi__say("%s", c->note);
    int code = evaluate(&a);
    gedi__arguments_clear(&a);
    return code;
}
