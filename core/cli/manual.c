/* manual.c - `gedi manual`: manual pages, from the tables that commands read their arguments by. */
#include "config.h"

#include "core/cli/commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct page {
    const gedi__command *cmd;
    gedi__text *out;
} page;

/* Text of troff: `quoted' words in bold, as argp's texts have them; a line of its own must not begin with
 * a control character. */
static void add(gedi__text *out, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (s[i] == '\\')
            gedi__text_add(out, "\\e");
        else if (s[i] == '-')
            gedi__text_add(out, "\\-");
        else if (s[i] == '`')
            gedi__text_add(out, "\\fB");
        else if (s[i] == '\'' && i && memchr(s, '`', i) &&
                 (i + 1 == n || !strchr("abcdefghijklmnopqrstuvwxyz", s[i + 1])))
            gedi__text_add(out, "\\fR");
        else if (s[i] == '\'')
            gedi__text_add(out, "\\(aq");
        else
            gedi__text_add(out, s[i] == '.' && (!i || s[i - 1] == '\n') ? "\\&%c" : "%c",
                           s[i]);
    }
}

static void add_all(gedi__text *out, const char *s)
{
    add(out, s, strlen(s));
}

static void add_head(gedi__text *out, const char *name, const char *title,
                     const char *brief)
{
    gedi__text_add(out, ".TH \"%s\" 1 \"\" \"gedi %s\" \"User Commands\"\n.SH NAME\n",
                   title, PACKAGE_VERSION);
    add_all(out, name);
    gedi__text_add(out, " \\- ");
    add_all(out, brief);
    gedi__text_add(out, "\n.SH SYNOPSIS\n");
}

static void add_exits(gedi__text *out)
{
    gedi__text_add(out, ".SH EXIT STATUS\n"
                        ".TP\n0\nall that was asked for was done\n"
                        ".TP\n1\na failure\n"
                        ".TP\n2\na mistake in what was written: nothing was done\n");
}

static void add_options(gedi__text *out, const struct argp_option *o)
{
    gedi__text_add(out, ".SH OPTIONS\n");
    for (; o && o->name; o++) {
        gedi__text_add(out, ".TP\n");
        if (o->key > ' ' && o->key < 0x7f)
            gedi__text_add(out, "\\fB\\-%c\\fR, ", o->key);
        gedi__text_add(out, "\\fB\\-\\-");
        add_all(out, o->name);
        gedi__text_add(out, "\\fR");
        if (o->arg) {
            gedi__text_add(out, "=\\fI");
            add_all(out, o->arg);
            gedi__text_add(out, "\\fR");
        }
        gedi__text_add(out, "\n");
        add_all(out, o->doc ? o->doc : "");
        gedi__text_add(out, "\n");
    }
    gedi__text_add(out, ".TP\n\\fB\\-?\\fR, \\fB\\-\\-help\\fR\nsay all this in short\n");
}

/* What stands behind \v in argp's text comes after the options there, and before them here. */
static void add_page(void *context, const struct argp *argp)
{
    const page *p = context;
    gedi__text *out = p->out;
    const char *doc = argp->doc ? argp->doc : "", *more = strchr(doc, '\v');
    char name[64], title[64];
    snprintf(name, sizeof name, "gedi-%s", p->cmd->name);
    snprintf(title, sizeof title, "GEDI-%s", p->cmd->name);
    for (char *c = title; *c; c++)
        *c = *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
    add_head(out, name, title, p->cmd->brief);
    for (const char *line = argp->args_doc ? argp->args_doc : ""; line;) {
        size_t n = strcspn(line, "\n");
        gedi__text_add(out, "\\fBgedi %s\\fR [\\fIOPTION\\fR]... ", p->cmd->name);
        add(out, line, n);
        line = line[n] ? line + n + 1 : NULL;
        gedi__text_add(out, line ? "\n.br\n" : "\n");
    }
    gedi__text_add(out, ".SH DESCRIPTION\n");
    add(out, doc, more ? (size_t)(more - doc) : strlen(doc));
    if (more) {
        gedi__text_add(out, "\n.PP\n");
        add_all(out, more + 1);
    }
    gedi__text_add(out, "\n");
    add_options(out, argp->options);
    add_exits(out);
    gedi__text_add(out, ".SH SEE ALSO\n.BR gedi (1)\n");
}

static void add_overview(gedi__text *out)
{
    static const struct {
        const char *name, *meaning;
    } environment[] = {
        {"GEDI_PLUGIN_PATH", "folders with plugins, with colons between"},
        {"GEDI_NO_PLUGINS", "refuses descriptors that name plugins, if it is set"},
        {"GEDI_DATA", "the folder of fetched datasets"},
        {"OMP_NUM_THREADS", "threads, unless the descriptor sets them"},
    };
    add_head(out, "gedi", "GEDI",
             "experiments in self-supervised learning and energy-based models");
    gedi__text_add(
        out, "\\fBgedi\\fR \\fICOMMAND\\fR [\\fIARGUMENT\\fR]...\n"
             ".SH DESCRIPTION\n"
             "A descriptor, a file in YAML, states an experiment: data, views, encoder, "
             "objective, optimizer, and what is evaluated. gedi trains it, keeps what it "
             "needs to go on, and makes tables and figures.\n"
             ".SH COMMANDS\nEach has a page of its own.\n");
    for (int i = 0; i < gedi__command_count; i++) {
        gedi__text_add(out, ".TP\n\\fBgedi\\-%s\\fR(1)\n", gedi__commands[i].name);
        add_all(out, gedi__commands[i].brief);
        gedi__text_add(out, "\n");
    }
    gedi__text_add(out, ".SH ENVIRONMENT\n");
    for (size_t i = 0; i < sizeof environment / sizeof *environment; i++)
        gedi__text_add(out, ".TP\n%s\n%s\n", environment[i].name, environment[i].meaning);
    add_exits(out);
}

/* To people through `man`, where they have it; to files and other programs as it is. */
static int show(gedi__text *out)
{
    FILE *man = NULL;
    if (!out->failed && isatty(STDOUT_FILENO) &&
        !system("command -v man >/dev/null 2>&1"))
        man = popen("man -l -", "w");
    if (!man)
        return gedi__print_text(out);
    fputs(out->s, man);
    pclose(man);
    gedi__text_clear(out);
    return GEDI__EXIT_DONE;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    const char **name = state->input;
    if (key != ARGP_KEY_ARG || *name)
        return ARGP_ERR_UNKNOWN;
    *name = arg;
    return 0;
}

int gedi__manual_main(const gedi__call *c)
{
    static const struct argp argp = {
        .parser = parse,
        .args_doc = "[COMMAND]",
        .doc =
            "Shows the manual page of a command, or that of gedi, by man. Where the output is no "
            "terminal, or man is not installed, prints it as man reads it.\v"
            "The same pages are installed.",
    };
    const char *name = NULL;
    gedi__text out = {0};
    if (gedi__argp(c, &argp, &name))
        return GEDI__EXIT_FAILED;
    page p = {name ? gedi__command_find(name) : NULL, &out};
    if (name && !p.cmd)
        return gedi__command_unknown(name);
    if (p.cmd)
        gedi__command_look(p.cmd, add_page, &p);
    else
        add_overview(&out);
    return show(&out);
}
