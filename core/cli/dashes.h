/* dashes.h - values of a descriptor that were given with dashes, as options of a command have. */
#ifndef GEDI_CLI_DASHES_H
#define GEDI_CLI_DASHES_H

#include "core/cli/cli.h"

/* Says of each word that is no option in `rows` how its value is put in: of "--lr 0.1",
 * optimizer.adam.lr=0.1. What no descriptor has is argp's to refuse. */
void gedi__say_dashes(const struct argp_option *rows, const gedi__call *c);

#endif
