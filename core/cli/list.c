/* list.c - `gedi list`: the plugins that are found, and those that do not load. */
#include "core/cli/cli.h"
#include "core/cli/columns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static error_t parse(int key, char *arg, struct argp_state *state)
{
    const char **kind = state->input;
    if (key != ARGP_KEY_ARG)
        return ARGP_ERR_UNKNOWN;
    if (*kind)
        argp_error(state, "%s: only one kind can be named", arg);
    *kind = arg;
    return 0;
}

/* Adds the plugins of one kind; those that do not load count as broken. */
static gedi_status list_kind(gedi__registry *r, gedi_kind kind, gedi__columns *t,
                             int *broken, gedi_err *err)
{
    const char *const *names;
    int n;
    GEDI_TRY(gedi__registry_names(r, kind, &names, &n, err));
    for (int i = 0; i < n; i++) {
        const gedi_plugin *p;
        gedi_err why = {0};
        const char *cells[] = {gedi__kind_name(kind), names[i], NULL};
        gedi__text what = {0};
        if (gedi__registry_find(r, kind, names[i], &p, &why)) {
            gedi__text_add(&what, "BROKEN: %s", why.msg);
            ++*broken;
        } else {
            gedi__text_add(&what, "%s", p->brief);
            if (!gedi__registry_is_own(r, p))
                gedi__text_add(&what, " (%s)", gedi__registry_file(r, p));
        }
        cells[2] = what.s;
        gedi__columns_row(t, cells);
        t->failed |= what.failed;
        gedi__text_clear(&what);
    }
    return GEDI_OK;
}

int gedi__list_main(const gedi__call *c)
{
    static const struct argp argp = {
        NULL,
        parse,
        "[KIND]",
        "Lists the plugins: kind, name, what it is, and the file of those that do not "
        "come with gedi.\v"
        "Plugins are searched in the folders of GEDI_PLUGIN_PATH, then in gedi's own. "
        "The kinds are dataset, view, model, objective, sampler, optimizer, evaluator. "
        "Ends with 1 if a plugin is broken.",
        NULL,
        NULL,
        NULL,
    };
    const char *only = NULL;
    if (gedi__argp(c, &argp, &only))
        return GEDI__EXIT_FAILED;
    gedi_kind one = 0;
    if (only && !gedi__kind_parse(only, &one))
        return gedi__say_unknown_kind(only);
    gedi__registry *r = NULL;
    gedi_err err = {0};
    gedi__columns t = {.columns = 3};
    int broken = 0;
    gedi_status s = gedi__registry_new(&r, &err);
    for (int k = 0; s == GEDI_OK && k < GEDI_KINDS; k++)
        if (!only || k == (int)one)
            s = list_kind(r, (gedi_kind)k, &t, &broken, &err);
    int code = gedi__columns_print(&t, 0);
    gedi__registry_free(r);
    if (s)
        return gedi__say_err(&err);
    if (broken) {
        char count[32];
        gedi__say("%s broken", gedi__count_text(broken, "plugin", count, sizeof count));
    }
    return broken ? GEDI__EXIT_FAILED : code;
}
