/* arguments.c - the command line of a subcommand, and the options that several share. */
#include "core/cli/arguments.h"
#include "core/base/file.h"
#include "core/cli/dashes.h"
#include "core/descriptor/source.h"
#include "core/store/folder.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 16 };

static const struct argp_option shared[] = {
    {"out", 'o', "PATH", 0, "write to PATH", 0},
    {"quiet", 'q', NULL, 0, GEDI__QUIET, 0},
    {"no-plugins", 'P', NULL, 0,
     "refuse a descriptor that names plugins, whose code would run", 0},
};
enum { SHARED = sizeof shared / sizeof *shared };

/* FILE, then what is put in. */
static error_t add(gedi__arguments *a, struct argp_state *state, const char *arg)
{
    gedi__target *t = &a->target;
    if (!t->file)
        t->file = arg;
    else if (a->usage->single)
        argp_error(state,
                   "%s: only one run can be named; its descriptor holds all its settings",
                   arg);
    else if (!strchr(arg, '=') || *arg == '=')
        argp_error(state, "%s: not KEY=VALUE, such as seed=3 or objective.gedi.inv=10",
                   arg);
    else if (!t->override &&
             !(t->override = calloc((size_t)state->argc, sizeof *t->override)))
        return ENOMEM;
    else
        t->override[t->n++] = arg;
    return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    gedi__arguments *a = state->input;
    error_t own = a->usage->parse ? a->usage->parse(key, arg, state) : ARGP_ERR_UNKNOWN;
    if (own != ARGP_ERR_UNKNOWN)
        return own;
    switch (key) {
    case 'o':
        if (!*arg)
            argp_error(state, "--out: '' names no file or folder");
        if (gedi__text_control(arg))
            argp_error(state, "--out: the path has a control character");
        a->out = arg;
        return 0;
    case 'q':
        a->quiet = true;
        return 0;
    case 'P':
        return setenv("GEDI_NO_PLUGINS", "1", 1) ? ENOMEM : 0;
    case ARGP_KEY_ARG:
        return add(a, state, arg);
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "%s", a->usage->missing);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

bool gedi__arguments_read(const gedi__usage *u, const gedi__call *c, gedi__arguments *a)
{
    struct argp_option rows[MOST + SHARED + 1] = {{0}};
    char out[160];
    int n = 0;
    a->usage = u;
    for (; u->own && u->own[n].name; n++) {
        GEDI_ASSERT(n < MOST);
        rows[n] = u->own[n];
    }
    for (int i = 0; i < SHARED; i++)
        if (strchr(u->shared, shared[i].key))
            rows[n++] = shared[i];
    for (int i = 0; u->place && i < n; i++)
        if (rows[i].key == 'o') {
            snprintf(out, sizeof out, "%s (default: %s)", rows[i].doc, u->place);
            rows[i].doc = out;
        }
    const struct argp argp = {rows, parse, u->args_doc, u->doc, NULL, NULL, NULL};
    if (c->look) {
        (void)gedi__argp(c, &argp, a);
        return false;
    }
    gedi__say_dashes(rows, c);
    gedi_err err = {.code = GEDI_NOMEM};
    if (!gedi__argp(c, &argp, a) &&
        !(u->piped && gedi__source_hold(a->target.file, &err)))
        return true;
    gedi__say_err(&err);
    gedi__arguments_clear(a);
    return false;
}

void gedi__arguments_clear(gedi__arguments *a)
{
    free(a->target.override);
    a->target.override = NULL;
}

int64_t gedi__argument_number(struct argp_state *state, const char *option,
                              const char *text, int64_t low, int64_t high)
{
    char *end;
    errno = 0;
    long long v = strtoll(text, &end, 10);
    if (end == text || *end || errno || v < low || v > high)
        argp_error(state, "%s: '%s' is not a whole number in [%" PRId64 ", %" PRId64 "]",
                   option, text, low, high);
    return v;
}

int gedi__argument_word(struct argp_state *state, const char *option, const char *words,
                        const char *text)
{
    size_t n = strlen(text);
    int i = 0;
    for (const char *w = words;; w += strcspn(w, "|") + 1, i++) {
        if (strcspn(w, "|") == n && !strncmp(w, text, n))
            return i;
        if (!w[strcspn(w, "|")])
            break;
    }
    argp_error(state, "%s: '%s' is none of %s", option, text, words);
    return -1;
}

bool gedi__out_is_folder(const char *out)
{
    size_t n = strlen(out);
    return (n && out[n - 1] == '/') || gedi__folder_exists(out);
}

int gedi__say_unnamed(const gedi__target *t)
{
    gedi__say(
        "%s: the descriptor comes through a pipe and has no name, so its results have "
        "no place: give --out PATH, or name=NAME",
        t->file);
    return GEDI__EXIT_MISTAKE;
}

bool gedi__target_is_folder(const gedi__target *t)
{
    gedi__folder_kind kind = GEDI__FOLDER_OTHER;
    if (!gedi__folder_exists(t->file))
        return false;
    (void)gedi__store_kind(t->file, &kind, NULL);
    if (kind == GEDI__FOLDER_RUN)
        gedi__say("%s is the folder of a run: `gedi resume %s' goes on with it; name its "
                  "descriptor, %s/%s, for another",
                  t->file, t->file, t->file, gedi__store_name(GEDI__FILE_DESCRIPTOR));
    else if (kind == GEDI__FOLDER_SWEEP)
        gedi__say(
            "%s is the folder of a sweep: `gedi sweep' with its descriptor goes on with it",
            t->file);
    else if (kind == GEDI__FOLDER_EVALUATION)
        gedi__say("%s is the folder of an evaluation: name a descriptor, such as that of "
                  "its run, the folder it lies in",
                  t->file);
    else
        gedi__say("%s is a folder, and none of gedi's: name a descriptor, a file",
                  t->file);
    return true;
}

bool gedi__target_is_part(const char *file)
{
    const char *slash = strrchr(file, '/'), *name = slash ? slash + 1 : file;
    bool part = false;
    for (int f = 0; f < GEDI__FILES && !part; f++)
        part = f != GEDI__FILE_DESCRIPTOR &&
               !strcmp(name, gedi__store_name((gedi__store_file)f));
    char *folder = !part   ? NULL
                   : slash ? strndup(file, (size_t)(slash - file))
                           : strdup(".");
    part = folder && gedi__store_has(folder, GEDI__FILE_MARK);
    if (part)
        gedi__say("%s is a file that gedi has written: name its folder, %s", file,
                  folder);
    free(folder);
    return part;
}

int gedi__target_read(const gedi__target *t, gedi__experiment **e, gedi__mistakes *m)
{
    gedi_err err = {0};
    *e = NULL;
    if (gedi__target_is_folder(t) || gedi__target_is_part(t->file))
        return GEDI__EXIT_MISTAKE;
    gedi_status s = gedi__experiment_read(t->file, t->override, t->n, e, m, &err);
    if (s == GEDI_OK)
        return GEDI__EXIT_DONE;
    if (m->n > 0)
        return gedi__exit_of_mistakes(m);
    /* A file that is not there was named by the user. */
    int code = gedi__say_err(&err);
    return s == GEDI_IO ? GEDI__EXIT_MISTAKE : code;
}
