/* arguments.h - the command line of a subcommand: options that several share stand in one table,
 * with one text and one parser each.
 */
#ifndef GEDI_CLI_ARGUMENTS_H
#define GEDI_CLI_ARGUMENTS_H

#include "core/cli/cli.h"

/* FILE [KEY=VALUE...]: the descriptor, or the folder of a run, and what is put in. */
typedef struct gedi__target {
    const char *file;
    const char **override; /* argc entries are enough */
    int n;
} gedi__target;

/* What was read. */
typedef struct gedi__arguments {
    gedi__target target;
    const char *out; /* NULL: the default */
    bool quiet;
    void *own; /* of the command's own parser */
    const struct gedi__usage *usage;
} gedi__arguments;

/* What a command takes. */
typedef struct gedi__usage {
    const char *shared;  /* letters of the shared options: "oq" */
    const char *place;   /* of `-o`: where it writes by default */
    const char *missing; /* what to say where there is no FILE */
    bool single;         /* FILE alone, without KEY=VALUE */
    bool piped;          /* FILE may be `-`, or what a shell makes of <(COMMAND) */
    const char *args_doc, *doc;
    const struct argp_option *own; /* further options, or NULL; and their parser */
    error_t (*parse)(int key, char *arg, struct argp_state *state);
} gedi__usage;

/* Reads the command line of `c`; argp ends the program after a mistake. The parser of `u` finds
 * `a` in state->input. False: without memory. Clear it. */
bool gedi__arguments_read(const gedi__usage *u, const gedi__call *c, gedi__arguments *a);
void gedi__arguments_clear(gedi__arguments *a);

/* A whole number in [low, high], or the place of a word in "a|b|c"; else a mistake. */
int64_t gedi__argument_number(struct argp_state *state, const char *option,
                              const char *text, int64_t low, int64_t high);
int gedi__argument_word(struct argp_state *state, const char *option, const char *words,
                        const char *text);

/* Does --out name a folder to put a file into: one that is there, or ends with a slash? */
bool gedi__out_is_folder(const char *out);

/* Says that results need a place, since the descriptor has no file to be named after; the exit code. */
int gedi__say_unnamed(const gedi__target *t);

/* Where a folder is named in place of a descriptor, says what kind of folder it is. */
bool gedi__target_is_folder(const gedi__target *t);
/* Says so where it is another file in such a folder: the log, the summary. */
bool gedi__target_is_part(const char *file);

/* Reads and checks the experiment. When it has mistakes they are in `m` and the exit code
 * is returned; other errors are said. The caller clears m->text. */
int gedi__target_read(const gedi__target *t, gedi__experiment **e, gedi__mistakes *m);

#endif
