/* main.c - the command `gedi`: finds the subcommand and hands over to it. */
#include "config.h"

#include "core/cli/commands.h"
#include "core/cli/process.h"
#include "core/cli/ranks.h"
#include "core/exec/blas.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void help(FILE *f)
{
    fputs("Usage: gedi COMMAND [ARGUMENT...]\n"
          "Experiments in self-supervised learning and energy-based models.\n\n",
          f);
    for (int i = 0; i < gedi__command_count; i++)
        fprintf(f, "  %-12s%s\n", gedi__commands[i].name, gedi__commands[i].brief);
    fputs("\n`gedi COMMAND --help' tells more about one of them.\n"
          "Exit status: 0 all was done, 2 a mistake in what you wrote, 1 a failure.\n",
          f);
}

static int run(const gedi__command *cmd, int argc, char **argv)
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
    if (!gedi__ranks_begin(cmd->name, cmd->mpirun)) {
        gedi__text_clear(&name);
        return GEDI__EXIT_MISTAKE;
    }
    gedi__call call = {argc - 1, argv + 1, noted ? note : NULL, NULL, NULL};
    call.argv[0] = name.s;
    int code = cmd->main(&call);
    gedi__ranks_end(code);
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
        return finish(gedi__print_version());
    }
    bool asks =
        !strcmp(first, "--help") || !strcmp(first, "-?") || !strcmp(first, "help");
    if (asks && argc == 2) {
        help(stdout);
        return finish(GEDI__EXIT_DONE);
    }
    if (!asks) {
        const gedi__command *cmd = gedi__command_find(first);
        return cmd ? finish(run(cmd, argc, argv)) : gedi__command_unknown(first);
    }
    const gedi__command *cmd = gedi__command_find(argv[2]);
    if (!cmd)
        return gedi__command_unknown(argv[2]);
    char *ask[] = {argv[0], argv[2], "--help", NULL};
    return finish(run(cmd, 3, ask));
}
