/* places.h - DIR or SWEEP on a command line: folders of runs, or the descriptor of a sweep. */
#ifndef GEDI_CLI_PLACES_H
#define GEDI_CLI_PLACES_H

#include "core/cli/cli.h"
#include "core/sweep/study.h"

/* Adds the runs of a directory, or those where `gedi sweep FILE` keeps them. *folder, where it is
 * asked for, is that directory: free() it. Says what is wrong; the exit code. */
int gedi__places_add(gedi__study *s, const char *place, char **folder);

/* Why runs have failed, of those that are wanted; NULL: of all. */
void gedi__places_say_failures(const gedi__study *s, const bool *wanted);

#endif
