/* unshown.h - which numbers of an evaluation the tables of its runs leave out, and why. */
#ifndef GEDI_CLI_UNSHOWN_H
#define GEDI_CLI_UNSHOWN_H

#include <stdbool.h>

/* Says it of the newest evaluation of a run, with these values put in. False where there is nothing
 * to say. */
bool gedi__say_unshown(const char *run, const char *const *with, int n);

#endif
