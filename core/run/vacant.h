/* vacant.h - whether a folder is free for a new run. */
#ifndef GEDI_RUN_VACANT_H
#define GEDI_RUN_VACANT_H

#include "gedi/error.h"

/* Fails with GEDI_STATE where the folder holds a run, or what is left of one without its descriptor:
 * its results would be taken for those of the new run. What a killed attempt to go on from another run
 * leaves is a checkpoint and a beginning of the log `origin` of that run: the next attempt, which names
 * that log, takes their place. NULL: the run begins at the beginning. Nor may runs lie in folders of it. */
gedi_status gedi__vacant_check(const char *directory, const char *origin, gedi_err *err);

#endif
