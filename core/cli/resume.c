/* resume.c - `gedi resume`: goes on with a run that was stopped or killed. */
#include "core/cli/cli.h"
#include "core/cli/session.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct arguments {
    const char *directory;
    bool quiet;
} arguments;

static const struct argp_option options[] = {
    {"quiet", 'q', NULL, 0, "no progress, only results and errors", 0},
    {0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    arguments *a = state->input;
    switch (key) {
    case 'q':
        a->quiet = true;
        return 0;
    case ARGP_KEY_ARG:
        if (a->directory)
            argp_error(state,
                       "%s: only one run can be named; its descriptor holds all "
                       "its settings",
                       arg);
        a->directory = arg;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "name the folder of the run");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int gedi__resume_main(const gedi__call *c)
{
    static const struct argp argp = {
        options,
        parse,
        "DIR",
        "Goes on with the run in DIR from its last checkpoint, and ends in the same "
        "bytes "
        "as if it had never been stopped. A finished run is left alone.",
        NULL,
        NULL,
        NULL,
    };
    arguments a = {0};
    if (argp_parse(&argp, c->argc, c->argv, 0, NULL, &a))
        return GEDI__EXIT_FAILED;
    if (c->note && !a.quiet)
        gedi__say("%s", c->note);
    gedi__mistakes m = {0};
    gedi_err err = {0};
    gedi__watch w;
    gedi__watch_open(&w, a.quiet);
    gedi__watch_signals(&w);
    gedi_status s = gedi__resume(a.directory, &w.observer, &m, &err);
    gedi__watch_close(&w);
    int code = GEDI__EXIT_MISTAKE;
    if (m.n > 0)
        gedi__say_mistakes(&m);
    else
        code = gedi__session_end(s, a.directory, &err);
    gedi__text_clear(&m.text);
    return code;
}
