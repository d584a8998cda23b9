/* session.c - what `run` and `resume` share: a run watched from the command line. */
#include "core/cli/session.h"

#include "core/base/file.h"
#include "core/cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static volatile sig_atomic_t stop_asked;

static void on_signal(int number)
{
    (void)number;
    stop_asked = 1;
}

static void listen_to_signals(void)
{
    static const int ask[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction a;
    memset(&a, 0, sizeof a);
    a.sa_handler = on_signal;
    a.sa_flags = SA_RESETHAND | SA_RESTART;
    for (size_t i = 0; i < sizeof ask / sizeof *ask; i++) {
        struct sigaction old;
        /* What was ignored from outside (nohup) stays so. */
        if (!sigaction(ask[i], NULL, &old) && old.sa_handler != SIG_IGN)
            sigaction(ask[i], &a, NULL);
    }
}

static void say_line(void *context, const char *line)
{
    const gedi__watch *w = context;
    if (!w->quiet)
        gedi__say("%s", line);
}

void gedi__watch_open(gedi__watch *w, bool quiet)
{
    memset(w, 0, sizeof *w);
    w->quiet = quiet;
    w->observer.context = w;
    w->observer.say = say_line;
    w->observer.stop = &stop_asked;
    listen_to_signals();
}

void gedi__watch_close(gedi__watch *w)
{
    (void)w;
}

/* The final figures, and where the rest lies. */
static int print_results(const char *directory)
{
    gedi__text out = {0};
    gedi_err err = {0};
    if (gedi__summary_text(directory, &out, &err)) {
        gedi__text_clear(&out);
        return gedi__say_err(&err);
    }
    char *figures = gedi__path_join(directory, "figures");
    bool drawn = figures && gedi__file_exists(figures);
    gedi__text_add(&out, "results  %s\n", directory);
    if (drawn)
        gedi__text_add(&out, "figures  %s\n", figures);
    free(figures);
    return gedi__print_text(&out);
}

int gedi__session_end(gedi_status s, const char *directory, const gedi_err *err)
{
    if (s == GEDI_OK)
        return print_results(directory);
    int code = gedi__say_err(err);
    if (s == GEDI_INTERRUPTED)
        gedi__say("go on with: gedi resume %s", directory);
    return s == GEDI_STATE ? GEDI__EXIT_MISTAKE : code;
}
