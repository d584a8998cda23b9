/* cli.h - what the subcommands of the command `gedi` share.
 *
 * Results go to standard output, everything else to standard error. This folder is the
 * only one that prints results and ends the program.
 */
#ifndef GEDI_CLI_CLI_H
#define GEDI_CLI_CLI_H

#include "core/base/text.h"
#include "core/descriptor/experiment.h"
#include "core/plugin/registry.h"

#include <argp.h>

enum {
    GEDI__EXIT_DONE = 0,    /* all that was asked for was done */
    GEDI__EXIT_FAILED = 1,  /* something failed on the way */
    GEDI__EXIT_MISTAKE = 2, /* what the user wrote has a mistake: nothing was done */
};

/* One use of a subcommand. */
typedef struct gedi__call {
    int argc;
    char **argv;      /* argv[0] is "gedi run" */
    const char *note; /* about the BLAS library, for the user; or NULL */
    /* Not NULL: nothing is to be done but to show it what the command takes. */
    void (*look)(void *context, const struct argp *argp);
    void *context;
} gedi__call;

/* What --quiet does, in each command that has it. */
#define GEDI__QUIET "no progress and no notes, only results and errors"

/* argp_parse of the call, but for its `look`: not 0, then, and nothing more is to be done. */
error_t gedi__argp(const gedi__call *c, const struct argp *argp, void *input);

/* Each is in the file of its name and returns the exit code. */
int gedi__run_main(const gedi__call *c);
int gedi__resume_main(const gedi__call *c);
int gedi__evaluate_main(const gedi__call *c);
int gedi__sample_main(const gedi__call *c);
int gedi__sweep_main(const gedi__call *c);
int gedi__table_main(const gedi__call *c);
int gedi__report_main(const gedi__call *c);
int gedi__compare_main(const gedi__call *c);
int gedi__export_main(const gedi__call *c);
int gedi__check_main(const gedi__call *c);
int gedi__list_main(const gedi__call *c);
int gedi__describe_main(const gedi__call *c);
int gedi__schema_main(const gedi__call *c);
int gedi__new_main(const gedi__call *c);
int gedi__data_main(const gedi__call *c);
int gedi__info_main(const gedi__call *c);
int gedi__manual_main(const gedi__call *c);
int gedi__completion_main(const gedi__call *c);

/* `gedi --version`: version, commit, compiler, and the libraries that it was built with. Returns an exit
 * code. */
int gedi__print_version(void);

/* ---- messages ---- */

/* "gedi: ..." and a newline on standard error. */
void gedi__say(const char *fmt, ...) GEDI_PRINTF(1, 2);
/* The exit code that fits a status. */
int gedi__exit_of(gedi_status s);
/* 2, but 1 where none of them is of what the user wrote. */
int gedi__exit_of_mistakes(const gedi__mistakes *m);
/* Says what `err` holds; returns the exit code that fits its status. */
int gedi__say_err(const gedi_err *err);
/* Says that `word` is none of `words`, and the nearest: "objectve: not a kind of plugin;
 * did you mean 'objective'?" Returns GEDI__EXIT_MISTAKE. */
int gedi__say_unknown(const char *word, const char *what, const char *const *words,
                      int n);
/* The same for a word that should have been a kind of plugin. */
int gedi__say_unknown_kind(const char *word);
/* All mistakes and their number, on standard error. Returns their exit code. */
int gedi__say_mistakes(const gedi__mistakes *m);
/* Writes to standard output; a text that ran out of memory is an error. Clears it. */
int gedi__print_text(gedi__text *t);
/* The same for sentences and names with values: on a terminal broken between words, as messages are.
 * Not for tables and what others read. */
int gedi__print_lines(gedi__text *t);

/* "3 mistakes", "1 mistake". */
const char *gedi__count_text(int n, const char *one, char *out, size_t size);

/* ---- places ---- */

/* The folder of the running executable, absolute; free() it. NULL if unknown. */
char *gedi__program_folder(void);

/* True where a file of that kind and name lies in the folders, whether it loads or not.
 */
bool gedi__plugin_exists(gedi__registry *r, gedi_kind kind, const char *name);

#endif
