/* resume.c - `gedi resume`: goes on with a run that was stopped or killed, or that diverged. */
#include "core/cli/arguments.h"
#include "core/cli/ranks.h"
#include "core/cli/session.h"

#include "core/base/memory.h"
#include "core/base/ranks.h"
#include "core/run/going.h"
#include "core/store/folder.h"
#include "core/store/safetensors.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { FROM_DIVERGENCE = 256, PREVIOUS, UNTIL };

static const struct argp_option options[] = {
    {"from-divergence", FROM_DIVERGENCE, NULL, 0,
     "from the last checkpoint of a run that diverged, with other values, in a new folder",
     0},
    {"previous", PREVIOUS, NULL, 0,
     "the same from the checkpoint before the last, where the weights may be running away "
     "already",
     0},
    {"until", UNTIL, "ITERATION", 0,
     "stop after that iteration with a checkpoint, from which `gedi resume' goes on", 0},
    {0},
};

typedef struct call {
    bool from, previous; /* the divergence */
    int64_t until;       /* 0: the end */
} call;

static error_t parse(int key, char *arg, struct argp_state *state)
{
    gedi__arguments *a = state->input;
    call *d = a->own;
    if (key == FROM_DIVERGENCE)
        d->from = true;
    else if (key == PREVIOUS)
        d->previous = true;
    else if (key == UNTIL)
        d->until = gedi__argument_number(state, "--until", arg, 1, INT64_MAX);
    else if (key == ARGP_KEY_END && !d->from && (d->previous || a->out))
        argp_error(state, "%s goes with --from-divergence",
                   d->previous ? "--previous" : "--out");
    else
        return ARGP_ERR_UNKNOWN;
    return 0;
}

/* *out is where the run lies; free() it. */
static gedi_status go(const gedi__arguments *a, const gedi__observer *o, char **out,
                      gedi__mistakes *m, gedi_err *err)
{
    const gedi__target *t = &a->target;
    const call *d = a->own;
    const gedi__going going = {t->file, t->override, t->n, d->previous, a->out};
    if (d->from && gedi__ranks_of_run()->n > 1)
        return GEDI_FAIL(err, GEDI_STATE,
                         "--from-divergence: one process begins the new run: start it "
                         "without mpirun, stop it, and resume it with mpirun");
    if (d->from)
        return gedi__go_on(&going, o, out, m, err);
    *out = gedi__copy_text(t->file, err);
    if (*out && !gedi__ranks_place(out))
        return GEDI_FAIL(err, GEDI_IO, "a rank has no folder for what it writes");
    return *out ? gedi__resume(*out, t->override, t->n, o, m, err) : GEDI_NOMEM;
}

/* It has stopped where it was to. */
static int end_before(const call *c, const gedi__arguments *a)
{
    if (!a->quiet)
        gedi__say("stopped after iteration %" PRId64
                  ", as asked; go on with: gedi resume %s",
                  c->until, a->target.file);
    return GEDI__EXIT_DONE;
}

/* The iteration of the run's checkpoint; 0: there is none that can be read, which is said later. */
static int64_t reached(const char *run)
{
    gedi__tensors *t = NULL;
    char *path = gedi__store_path(run, GEDI__FILE_CHECKPOINT, NULL);
    const char *text =
        path && !gedi__tensors_read_head(path, GEDI__FILE_CHECKPOINT, &t, NULL)
            ? gedi__tensors_meta(t, "iteration")
            : NULL;
    int64_t n = text ? strtoll(text, NULL, 10) : 0;
    gedi__tensors_free(t);
    free(path);
    return n;
}

static int resume(const gedi__arguments *a)
{
    gedi__mistakes m = {0};
    gedi_err err = {0};
    char *out;
    const call *c = a->own;
    int64_t last = c->until && !c->from ? reached(a->target.file) : 0;
    if (c->until && last >= c->until) {
        if (!a->quiet)
            gedi__say("%s: at iteration %" PRId64 " already", a->target.file, last);
        return GEDI__EXIT_DONE;
    }
    gedi__watch w;
    gedi__watch_open(&w, a->quiet);
    gedi__watch_signals(&w);
    w.until = c->until;
    /* A sweep, which asks for quiet, has a page of its own. */
    bool paged = !a->quiet || gedi__store_has(a->target.file, GEDI__FILE_REPORT);
    w.page = paged && !c->from ? a->target.file : NULL;
    gedi_status s = go(a, &w.observer, &out, &m, &err);
    gedi__watch_close(&w);
    bool stopped = s == GEDI_INTERRUPTED && w.until_reached;
    if (paged && !m.n && out)
        gedi__session_page(&w, s, out);
    int code = GEDI__EXIT_MISTAKE;
    if (m.n > 0)
        gedi__say_mistakes(&m);
    else if (stopped)
        code = end_before(c, a);
    else
        code = gedi__session_end(&w, s, out ? out : a->target.file, &err);
    gedi__text_clear(&m.text);
    free(out);
    return code;
}

int gedi__resume_main(const gedi__call *c)
{
    static const gedi__usage usage = {
        .shared = "oqP",
        .place = "with --from-divergence: DIR-after-ITERATION",
        .missing = "name the folder of the run",
        .args_doc = "DIR [KEY=VALUE...]\n--from-divergence DIR KEY=VALUE...",
        .doc =
            "Goes on with the run in DIR from its last checkpoint, and ends in the "
            "same bytes as if it had never been stopped. A finished run is left "
            "alone, unless train.iterations=N or train.epochs=N makes it longer. Values on which training does not depend can be changed: where "
            "data lie (dataset.svhn.path=/data), threads, evaluate, figures and the "
            "intervals of the log and of checkpoints.\v"
            "A run that diverged ends the same way again. With --from-divergence, a new "
            "run goes on from its last good checkpoint with other values, such as "
            "optimizer.adam.lr=1e-4 or seed=7: those that leave the network and the data "
            "alone. DIR stays as it is. The new run says in its descriptor and its "
            "summary what changed, where and why (`gedi describe history'), and tables "
            "mark it.",
        .own = options,
        .parse = parse,
    };
    call own = {0};
    gedi__arguments a = {.own = &own};
    if (!gedi__arguments_read(&usage, c, &a))
        return GEDI__EXIT_FAILED;
    if (c->note && !a.quiet)
        gedi__say("%s", c->note);
    int code = resume(&a);
    gedi__arguments_clear(&a);
    return code;
}
