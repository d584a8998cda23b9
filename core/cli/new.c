/* new.c - `gedi new`: a folder with a plugin that builds, tests itself and runs. */
#include "core/cli/cli.h"
#include "core/cli/template.h"

#include "core/base/file.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_NAME = 40 };

typedef struct arguments {
    const char *kind, *name, *parent;
    bool force;
} arguments;

static const struct argp_option options[] = {
    {"dir", 'd', "DIR", 0, "make the folder in DIR instead of here", 0},
    {"force", 'f', NULL, 0, "even if gedi has a plugin of this kind and name", 0},
    {0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    arguments *a = state->input;
    switch (key) {
    case 'd':
        a->parent = arg;
        return 0;
    case 'f':
        a->force = true;
        return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num == 0)
            a->kind = arg;
        else if (state->arg_num == 1)
            a->name = arg;
        else
            argp_error(state, "%s: only KIND and NAME are expected", arg);
        return 0;
    case ARGP_KEY_END:
        if (!a->name)
            argp_error(state, "name the kind and the new plugin: objective my_loss");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* The name becomes part of C names, a file's name and a YAML key. */
static bool is_name(const char *s)
{
    size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return *s >= 'a' && *s <= 'z' && !s[n] && n <= LONGEST_NAME;
}

/* Refuses what can be seen to be wrong before anything is written. */
static int refuse(const arguments *a, gedi_kind *kind)
{
    if (!gedi__kind_parse(a->kind, kind))
        return gedi__say_unknown_kind(a->kind);
    if (!is_name(a->name)) {
        gedi__say("%s: not a name for a plugin: small letters, digits and _, a letter "
                  "first, at most %d",
                  a->name, LONGEST_NAME);
        return GEDI__EXIT_MISTAKE;
    }
    gedi__registry *r = NULL;
    gedi_err err = {0};
    if (gedi__registry_new(&r, &err))
        return gedi__say_err(&err);
    bool taken = gedi__plugin_exists(r, *kind, a->name);
    gedi__registry_free(r);
    if (!taken || a->force)
        return GEDI__EXIT_DONE;
    gedi__say("%s/%s: exists already; take another name, or --force to hide that one "
              "from descriptors that name your folder",
              a->kind, a->name);
    return GEDI__EXIT_MISTAKE;
}

static const char *article(const char *word)
{
    return strchr("aeiou", *word) ? "an" : "a";
}

int gedi__new_main(const gedi__call *c)
{
    static const struct argp argp = {
        options,
        parse,
        "KIND NAME",
        "Makes the folder NAME with a plugin of your own: NAME.c, a Makefile, a "
        "descriptor that runs, and a test.\v"
        "The kinds are dataset, view, model, objective, sampler, optimizer, evaluator.",
        NULL,
        NULL,
        NULL,
    };
    arguments a = {0};
    if (gedi__argp(c, &argp, &a))
        return GEDI__EXIT_FAILED;
    gedi_kind kind = 0;
    int code = refuse(&a, &kind);
    if (code)
        return code;
    char *out = gedi__path_join(a.parent, a.name);
    gedi_err err = {0};
    gedi_status s = out ? gedi__template_write(kind, a.name, out, &err)
                        : gedi_no_memory(&err, "%s", a.name);
    if (s) {
        code = gedi__say_err(&err);
    } else {
        printf("%s: %s %s that works. Next:\n"
               "  cd %s && make && make check\n"
               "then change %s.c, and\n"
               "  gedi run descriptor.yaml\n",
               out, article(a.kind), a.kind, out, a.name);
    }
    free(out);
    return code;
}
