/* resume.c - `gedi resume`: goes on with a run that was stopped or killed. */
#include "core/cli/arguments.h"
#include "core/cli/session.h"

#include <stdio.h>
#include <stdlib.h>

int gedi__resume_main(const gedi__call *c)
{
    static const gedi__usage usage = {
        .shared = "qP",
        .missing = "name the folder of the run",
        .args_doc = "DIR [KEY=VALUE...]",
        .doc = "Goes on with the run in DIR from its last checkpoint, and ends in the "
               "same bytes as if it had never been stopped. A finished run is left "
               "alone. Values on which training does not depend can be changed: where "
               "data lie (dataset.svhn.path=/data), threads, evaluate, figures and the "
               "intervals of the log and of checkpoints.",
    };
    gedi__arguments a = {0};
    if (!gedi__arguments_read(&usage, c, &a))
        return GEDI__EXIT_FAILED;
    if (c->note && !a.quiet)
        gedi__say("%s", c->note);
    gedi__mistakes m = {0};
    gedi_err err = {0};
    gedi__watch w;
    gedi__watch_open(&w, a.quiet);
    gedi__watch_signals(&w);
    gedi_status s =
        gedi__resume(a.target.file, a.target.override, a.target.n, &w.observer, &m, &err);
    gedi__watch_close(&w);
    int code = GEDI__EXIT_MISTAKE;
    if (m.n > 0)
        gedi__say_mistakes(&m);
    else
        code = gedi__session_end(s, a.target.file, &err);
    gedi__text_clear(&m.text);
    gedi__arguments_clear(&a);
    return code;
}
