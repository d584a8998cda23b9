/* report.c - `gedi report`: runs as one page of HTML that can be browsed. */
#include "core/cli/arguments.h"
#include "core/cli/places.h"

#include "core/base/memory.h"
#include "core/store/folder.h"
#include "core/sweep/report.h"

#include <stdlib.h>
#include <string.h>

typedef struct arguments {
    char **place;
    int places;
    const char *out; /* NULL: in the only directory */
} arguments;

static const struct argp_option options[] = {
    {"out", 'o', "FILE", 0,
     "the page (default: report.html in DIR, or here where several are named)", 0},
    {"quiet", 'q', NULL, 0, GEDI__QUIET, 0},
    {0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    arguments *a = state->input;
    switch (key) {
    case 'q': /* there is nothing but results */
        return 0;
    case 'o':
        if (!*arg)
            argp_error(state, "--out: name a file, such as report.html");
        a->out = arg;
        return 0;
    case ARGP_KEY_ARGS:
        a->place = state->argv + state->next;
        a->places = state->argc - state->next;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(
            state,
            "name the directory of a run, a sweep or of runs, or a sweep's descriptor");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* Where the page goes; free() it. */
static char *find_out(const arguments *a, char *const *folder, gedi_err *err)
{
    if (a->out || a->places > 1)
        return gedi__copy_text(a->out ? a->out : gedi__store_name(GEDI__FILE_REPORT),
                               err);
    return gedi__store_path(folder[0], GEDI__FILE_REPORT, err);
}

static void say_fault(const char *why)
{
    gedi__say("warning: %s; the page lacks the curves of this run", why);
}

static int report(const arguments *a, char **folder)
{
    gedi__study s = {0};
    gedi_err err = {0};
    gedi__text said = {0};
    int code = GEDI__EXIT_DONE;
    for (int i = 0; i < a->places && !code; i++)
        code = gedi__places_add(&s, a->place[i], &folder[i]);
    char *out = code ? NULL : find_out(a, folder, &err);
    gedi__reported_on r = {.s = &s,
                           .place = (const char *const *)folder,
                           .places = a->places,
                           .fault = say_fault};
    if (!code && (!out || gedi__report_write(&r, out, &err)))
        code = gedi__say_err(&err);
    if (!code) {
        gedi__text_add(&said, "report  %s\n", out);
        code = gedi__print_lines(&said);
        gedi__places_say_failures(&s, NULL);
    }
    free(out);
    gedi__study_clear(&s);
    return code;
}

int gedi__report_main(const gedi__call *c)
{
    static const struct argp argp = {
        options,
        parse,
        "DIR|SWEEP...",
        "Makes one file of HTML that needs no network: tables that sort and filter, curves with mean "
        "and band over seeds, figures, what differs between the runs, their descriptors. DIR is that "
        "of a run or a sweep, or one whose folders are runs; SWEEP is the descriptor of a sweep that "
        "ran into sweeps/NAME.\v"
        "`gedi run' and `gedi sweep' write it at their end, and from time to time before.",
        NULL,
        NULL,
        NULL,
    };
    arguments a = {0};
    gedi_err err = {0};
    if (gedi__argp(c, &argp, &a))
        return GEDI__EXIT_FAILED;
    char **folder =
        gedi__alloc((size_t)a.places, sizeof *folder, &err, "%d folders", a.places);
    int code = folder ? report(&a, folder) : gedi__say_err(&err);
    for (int i = 0; folder && i < a.places; i++)
        free(folder[i]);
    free(folder);
    return code;
}
