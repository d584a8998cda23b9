/* main.c - the command `gedi`: finds the subcommand and hands over to it. */
#include "config.h"

#include "core/cli/cli.h"
#include "core/cli/process.h"
#include "core/exec/blas.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct command {
    const char *name;
    int (*main)(const gedi__call *c);
    bool computes; /* matrix products are worth a look at the BLAS library */
    const char *brief;
} command;

static const command commands[] = {
    {"run", gedi__run_main, true, "run the experiment that a descriptor states"},
    {"resume", gedi__resume_main, true, "go on with a run that was stopped"},
    {"evaluate", gedi__evaluate_main, true, "evaluate a run or a sweep once more"},
    {"sample", gedi__sample_main, true, "draw samples of a finished run's energy"},
    {"sweep", gedi__sweep_main, true, "run many experiments that one descriptor states"},
    {"table", gedi__table_main, false, "make a table of finished runs"},
    {"compare", gedi__compare_main, false, "tell two runs, or two groups of runs, apart"},
    {"export", gedi__export_main, true,
     "write features, models and logs for other programs"},
    {"check", gedi__check_main, false, "find the mistakes in a descriptor"},
    {"list", gedi__list_main, false, "list the plugins"},
    {"describe", gedi__describe_main, false, "tell what a plugin does and its options"},
    {"schema", gedi__schema_main, false, "print a JSON Schema of descriptors"},
    {"data", gedi__data_main, false, "fetch published datasets"},
    {"new", gedi__new_main, false, "start a plugin of your own"},
    {"info", gedi__info_main, true, "version, machine, libraries and their speed"},
};
enum { COMMANDS = sizeof commands / sizeof *commands };

static const command *find(const char *name)
{
    for (int i = 0; i < COMMANDS; i++)
        if (!strcmp(commands[i].name, name))
            return &commands[i];
    return NULL;
}

static int unknown(const char *name)
{
    const char *words[COMMANDS];
    for (int i = 0; i < COMMANDS; i++)
        words[i] = commands[i].name;
    return gedi__say_unknown(name, "command", words, COMMANDS);
}

static void help(FILE *f)
{
    fputs("Usage: gedi COMMAND [ARGUMENT...]\n"
          "Experiments in self-supervised learning and energy-based models.\n\n",
          f);
    for (int i = 0; i < COMMANDS; i++)
        fprintf(f, "  %-10s%s\n", commands[i].name, commands[i].brief);
    fputs("\n`gedi COMMAND --help' tells more about one of them.\n"
          "Exit status: 0 all was done, 2 a mistake in what you wrote, 1 a failure.\n",
          f);
}

static int run(const command *cmd, int argc, char **argv)
{
    gedi_err err = {0};
    if (cmd->computes && gedi__blas_check_room(&err))
        return gedi__say_err(&err);
    gedi__text name = {0};
    /* argp names the program by argv[0] in its messages. */
    gedi__text_add(&name, "gedi %s", cmd->name);
    if (name.failed) {
        gedi__say("%s", gedi_status_text(GEDI_NOMEM));
        return GEDI__EXIT_FAILED;
    }
    char note[256];
    bool noted = cmd->computes && gedi__start_well(argv, note, sizeof note);
    gedi__call call = {argc - 1, argv + 1, noted ? note : NULL};
    call.argv[0] = name.s;
    int code = cmd->main(&call);
    gedi__text_clear(&name);
    return code;
}

/* A full disk shows only when the last bytes are written. A reader that has left has had enough,
 * and all else was done. */
static int finish(int code)
{
    if ((fflush(stdout) == 0 && !ferror(stdout)) || gedi__reader_left(STDOUT_FILENO))
        return code;
    gedi__say("standard output cannot be written");
    return code ? code : GEDI__EXIT_FAILED;
}

int main(int argc, char **argv)
{
    gedi__process_start();
    gedi__blas_without_pool(argv);
    argp_err_exit_status = GEDI__EXIT_MISTAKE;
    const char *first = argc > 1 ? argv[1] : NULL;
    if (!first) {
        help(stderr);
        return GEDI__EXIT_MISTAKE;
    }
    if (!strcmp(first, "--version") || !strcmp(first, "-V")) {
        puts("gedi " PACKAGE_VERSION);
        return finish(GEDI__EXIT_DONE);
    }
    bool asks =
        !strcmp(first, "--help") || !strcmp(first, "-?") || !strcmp(first, "help");
    if (asks && argc == 2) {
        help(stdout);
        return finish(GEDI__EXIT_DONE);
    }
    if (!asks) {
        const command *cmd = find(first);
        return cmd ? finish(run(cmd, argc, argv)) : unknown(first);
    }
    const command *cmd = find(argv[2]);
    if (!cmd)
        return unknown(argv[2]);
    char *ask[] = {argv[0], argv[2], "--help", NULL};
    return finish(run(cmd, 3, ask));
}
