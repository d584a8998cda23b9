/* check.c - `gedi check`: all mistakes of a descriptor, or what it states. */
#include "core/cli/cli.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct arguments {
    gedi__target target;
    bool resolved;
} arguments;

static const struct argp_option options[] = {
    {"resolved", 'r', NULL, 0, "print the descriptor with every option and its value", 0},
    {0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    arguments *a = state->input;
    switch (key) {
    case 'r':
        a->resolved = true;
        return 0;
    case ARGP_KEY_ARG:
        gedi__target_add(&a->target, state, arg);
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "name the descriptor to check");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const char *name_of(const gedi__component *c)
{
    return c->plugin ? c->plugin->name : "none";
}

static void add_views(const gedi__experiment *e, gedi__text *out)
{
    for (int v = 0; v < e->views; v++) {
        gedi__text_add(out, v ? " | " : "");
        for (int i = 0; i < e->view[v].n; i++)
            gedi__text_add(out, "%s%s", i ? " " : "", name_of(&e->view[v].view[i]));
        if (!e->view[v].n)
            gedi__text_add(out, "as it is");
    }
}

/* Three lines: the data, the method, the training. */
static void add_summary(const gedi__experiment *e, gedi__text *out)
{
    gedi__text_add(out, "  data    %s; views: ", name_of(&e->dataset));
    add_views(e, out);
    gedi__text_add(out, "\n  method  %s on %s", name_of(&e->objective),
                   name_of(&e->model));
    if (e->projector.plugin)
        gedi__text_add(out, ", projector %s", name_of(&e->projector));
    if (e->sampler.plugin)
        gedi__text_add(out, ", sampler %s", name_of(&e->sampler));
    gedi__text_add(out,
                   "\n  train   %s, %" PRId64 " iterations of batch %" PRId64
                   ", seed %" PRIu64 "; evaluate: ",
                   name_of(&e->optimizer), e->train.iterations, e->train.batch, e->seed);
    for (int i = 0; i < e->evaluators; i++)
        gedi__text_add(out, "%s%s", i ? " " : "", name_of(&e->evaluator[i]));
    gedi__text_add(out, e->evaluators ? "\n" : "nothing\n");
}

int gedi__check_main(const gedi__call *c)
{
    static const struct argp argp = {
        options,
        parse,
        "FILE [KEY=VALUE...]",
        "Finds all mistakes in a descriptor, with the given values put in.\v"
        "Prints file:line:column: message for each and ends with 2, or what the "
        "descriptor states and ends with 0. Nothing is trained and no data are read.",
        NULL,
        NULL,
        NULL,
    };
    arguments a = {0};
    if (argp_parse(&argp, c->argc, c->argv, 0, NULL, &a))
        return GEDI__EXIT_FAILED;
    gedi__experiment *e = NULL;
    gedi__mistakes m = {0};
    gedi__text out = {0};
    int code = gedi__target_read(&a.target, &e, &m);
    if (m.n > 0) {
        char count[32];
        gedi__text_add(&out, "%s%s\n", m.text.s ? m.text.s : "",
                       gedi__count_text(m.n, "mistake", count, sizeof count));
        gedi__print_text(&out);
    } else if (code == GEDI__EXIT_DONE) {
        if (a.resolved) {
            gedi__experiment_emit(e, &out);
        } else {
            gedi__text_add(&out, "%s: ok\n", a.target.file);
            add_summary(e, &out);
        }
        code = gedi__print_text(&out);
    }
    gedi__text_clear(&m.text);
    gedi__experiment_free(e);
    free(a.target.override);
    return code;
}
