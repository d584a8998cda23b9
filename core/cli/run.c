/* run.c - `gedi run`: one experiment from its descriptor to its results. */
#include "core/cli/cli.h"
#include "core/cli/session.h"

#include "core/base/memory.h"
#include "core/store/folder.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct arguments {
    gedi__target target;
    const char *out;
    bool quiet;
} arguments;

static const struct argp_option options[] = {
    {"out", 'o', "DIR", 0, "keep everything in DIR (default: runs/NAME-seedSEED)", 0},
    {"quiet", 'q', NULL, 0, "no progress, only results and errors", 0},
    {0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    arguments *a = state->input;
    switch (key) {
    case 'o':
        a->out = arg;
        return 0;
    case 'q':
        a->quiet = true;
        return 0;
    case ARGP_KEY_ARG:
        gedi__target_add(&a->target, state, arg);
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "name the descriptor to run");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* Trains what was read, into `out` or the folder that follows from name and seed. */
static int run(gedi__experiment *e, const arguments *a)
{
    gedi_err err = {0};
    char *out = a->out ? gedi__copy_text(a->out, &err)
                       : gedi__store_run_place(e->name, e->seed, &err);
    if (!out)
        return gedi__say_err(&err);
    gedi__watch w;
    gedi__watch_open(&w, a->quiet);
    gedi__watch_signals(&w);
    gedi__mistakes m = {0};
    gedi_status s = gedi__run(e, out, &w.observer, &m, &err);
    gedi__watch_close(&w);
    int code = m.n ? gedi__exit_of(s) : gedi__session_end(s, out, &err);
    if (m.n)
        gedi__say_mistakes(&m);
    gedi__text_clear(&m.text);
    free(out);
    return code;
}

int gedi__run_main(const gedi__call *c)
{
    static const struct argp argp = {
        options,
        parse,
        "FILE [KEY=VALUE...]",
        "Runs the experiment that a descriptor states, with the given values put in, "
        "such "
        "as seed=3 or objective.gedi.inv=10.\v"
        "Ctrl-C writes a checkpoint and stops; `gedi resume DIR' goes on from there. "
        "The final figures are printed at the end.",
        NULL,
        NULL,
        NULL,
    };
    arguments a = {0};
    if (argp_parse(&argp, c->argc, c->argv, 0, NULL, &a))
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
    free(a.target.override);
    return code;
}
