/* unshown.h - which numbers of evaluations the tables of their runs leave out, and why. */
#ifndef GEDI_CLI_UNSHOWN_H
#define GEDI_CLI_UNSHOWN_H

#include <stdbool.h>

/* Says it of the newest evaluation of a run, with these values put in, and of older ones that it replaces.
 * True where tables leave numbers of the newest out. */
bool gedi__say_unshown(const char *run, const char *const *with, int n);

#endif
