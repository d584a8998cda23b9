/* run.c - `gedi run`: one experiment from its descriptor to its results. */
#include "core/cli/arguments.h"
#include "core/cli/ranks.h"
#include "core/cli/session.h"

#include "core/base/memory.h"
#include "core/store/folder.h"

#include <stdio.h>
#include <stdlib.h>

/* Trains what was read, into `out` or the folder that follows from name and seed. */
static int run(gedi__experiment *e, const gedi__arguments *a)
{
    gedi_err err = {0};
    if (!a->out && !e->named)
        return gedi__say_unnamed(&a->target);
    char *out = a->out ? gedi__copy_text(a->out, &err)
                       : gedi__store_run_place(e->name, e->seed, &err);
    if (!out)
        return gedi__say_err(&err);
    if (!gedi__ranks_place(&out)) {
        free(out);
        return GEDI__EXIT_FAILED;
    }
    gedi__watch w;
    gedi__watch_open(&w, a->quiet);
    gedi__watch_signals(&w);
    gedi__mistakes m = {0};
    w.page = out;
    gedi_status s = gedi__run(e, out, &w.observer, &m, &err);
    gedi__watch_close(&w);
    if (!m.n)
        gedi__session_page(&w, s, out);
    int code = m.n ? gedi__exit_of(s) : gedi__session_end(&w, s, out, &err);
    if (m.n)
        gedi__say_mistakes(&m);
    gedi__text_clear(&m.text);
    free(out);
    return code;
}

int gedi__run_main(const gedi__call *c)
{
    static const gedi__usage usage = {
        .shared = "oqP",
        .piped = true,
        .place = "runs/NAME-seedSEED",
        .missing = "name the descriptor to run",
        .args_doc = "FILE [KEY=VALUE...]",
        .doc =
            "Runs the experiment that a descriptor states, with the given values put "
            "in, such as seed=3 or objective.gedi.inv=10; FILE `-' is standard input.\v"
            "Ctrl-C writes a checkpoint and stops, or keeps what has been evaluated; `gedi resume DIR' goes on from "
            "there. The results are printed at the end.",
    };
    gedi__arguments a = {0};
    if (!gedi__arguments_read(&usage, c, &a))
        return GEDI__EXIT_FAILED;
    if (c->note && !a.quiet)
        gedi__say("%s", c->note);
    gedi__experiment *e = NULL;
    gedi__mistakes m = {0};
    int code = gedi__target_read(&a.target, &e, &m);
    if (m.n > 0)
        gedi__say_mistakes(&m);
    else if (code == GEDI__EXIT_DONE)
        code = run(e, &a);
    gedi__text_clear(&m.text);
    gedi__experiment_free(e);
    gedi__arguments_clear(&a);
    return code;
}
