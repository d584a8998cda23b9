/* commands.h - the table of commands, and what each of them takes. */
#ifndef GEDI_CLI_COMMANDS_H
#define GEDI_CLI_COMMANDS_H

#include "core/cli/cli.h"
#include "core/cli/ranks.h"

typedef struct gedi__command {
    const char *name;
    int (*main)(const gedi__call *c);
    bool computes; /* matrix products are worth a look at the BLAS library */
    gedi__mpirun mpirun;
    const char *brief;
} gedi__command;

extern const gedi__command gedi__commands[];
extern const int gedi__command_count;

/* NULL where there is none of that name. */
const gedi__command *gedi__command_find(const char *name);
/* Says that `name` is none. Returns GEDI__EXIT_MISTAKE. */
int gedi__command_unknown(const char *name);

/* Shows the options and texts of a command, the same that it reads its arguments by. */
void gedi__command_look(const gedi__command *cmd,
                        void (*look)(void *context, const struct argp *argp),
                        void *context);

#endif
