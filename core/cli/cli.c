/* cli.c - what the subcommands share: messages, arguments, places. */
#include "core/cli/cli.h"
#include "core/plugin/call.h"
#include "core/report/terminal.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void gedi__say(const char *fmt, ...)
{
    char *text = NULL, *line = NULL;
    va_list ap;
    va_start(ap, fmt);
    if (vasprintf(&text, fmt, ap) < 0)
        text = NULL;
    va_end(ap);
    if (text)
        gedi__text_show(text, true);
    fflush(stdout);
    /* In one piece: several ranks may write at once. */
    if (!text || asprintf(&line, "gedi: %s\n", text) < 0)
        line = NULL;
    gedi__terminal_write(stderr, "", line ? line : "gedi: out of memory\n");
    free(text);
    free(line);
}

error_t gedi__argp(const gedi__call *c, const struct argp *argp, void *input)
{
    if (!c->look)
        return argp_parse(argp, c->argc, c->argv, 0, NULL, input);
    c->look(c->context, argp);
    return ECANCELED;
}

int gedi__exit_of(gedi_status s)
{
    return s && !gedi__is_fault(s) ? GEDI__EXIT_MISTAKE : GEDI__EXIT_FAILED;
}

int gedi__exit_of_mistakes(const gedi__mistakes *m)
{
    return m->n && m->faults == m->n ? GEDI__EXIT_FAILED : GEDI__EXIT_MISTAKE;
}

int gedi__say_err(const gedi_err *err)
{
    gedi__say("%s", err->msg[0] ? err->msg : gedi_status_text(err->code));
    return gedi__exit_of(err->code);
}

int gedi__say_unknown(const char *word, const char *what, const char *const *words, int n)
{
    const char *near = gedi__text_nearest(word, words, n);
    gedi__text all = {0};
    for (int i = 0; i < n; i++)
        gedi__text_add(&all, "%s%s", i ? ", " : "", words[i]);
    if (near)
        gedi__say("%s: not a %s; did you mean '%s'? There are: %s", word, what, near,
                  all.s ? all.s : "none");
    else
        gedi__say("%s: not a %s; there are: %s", word, what, all.s ? all.s : "none");
    gedi__text_clear(&all);
    return GEDI__EXIT_MISTAKE;
}

int gedi__say_unknown_kind(const char *word)
{
    const char *words[GEDI_KINDS];
    for (int k = 0; k < GEDI_KINDS; k++)
        words[k] = gedi__kind_name((gedi_kind)k);
    return gedi__say_unknown(word, "kind of plugin", words, GEDI_KINDS);
}

int gedi__say_mistakes(const gedi__mistakes *m)
{
    char count[32];
    fflush(stdout);
    gedi__terminal_write(stderr, "", m->text.s ? m->text.s : "");
    gedi__say("%s%s", gedi__count_text(m->n, "mistake", count, sizeof count),
              m->text.len > GEDI__MISTAKES_TEXT ? ", of which the first are shown" : "");
    return gedi__exit_of_mistakes(m);
}

static int print(gedi__text *t, bool broken)
{
    bool ok = !t->failed;
    if (ok && t->s) {
        gedi__text_show(t->s, true);
        if (broken)
            gedi__terminal_write(stdout, "", t->s);
        else
            fputs(t->s, stdout);
    }
    gedi__text_clear(t);
    if (ok)
        return GEDI__EXIT_DONE;
    gedi__say("%s", gedi_status_text(GEDI_NOMEM));
    return GEDI__EXIT_FAILED;
}

int gedi__print_text(gedi__text *t)
{
    return print(t, false);
}

int gedi__print_lines(gedi__text *t)
{
    return print(t, true);
}

const char *gedi__count_text(int n, const char *one, char *out, size_t size)
{
    snprintf(out, size, "%d %s%s", n, one, n == 1 ? "" : "s");
    return out;
}

char *gedi__program_folder(void)
{
    char path[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    if (n <= 0)
        return NULL;
    path[n] = 0;
    char *slash = strrchr(path, '/');
    if (!slash)
        return NULL;
    slash[slash == path] = 0;
    return strdup(path);
}

bool gedi__plugin_exists(gedi__registry *r, gedi_kind kind, const char *name)
{
    const char *const *names;
    int n;
    if (gedi__registry_names(r, kind, &names, &n, NULL))
        return false;
    for (int i = 0; i < n; i++)
        if (!strcmp(names[i], name))
            return true;
    return false;
}
