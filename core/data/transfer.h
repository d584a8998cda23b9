/* transfer.h - one file from a server, going on where an earlier transfer ended. */
#ifndef GEDI_DATA_TRANSFER_H
#define GEDI_DATA_TRANSFER_H

#include "core/data/fetch.h"

#include <stdio.h>

/* Appends to `f` (PATH, for messages), which holds what came before, until the file is complete; what
 * it holds is dropped where the server cannot go on from there. A connection that breaks is tried
 * again while something comes. `name` is for the ear.
 *   Errors: GEDI_IO, with what is kept.  */
gedi_status gedi__transfer(const char *url, FILE *f, const char *path, const char *name,
                           const gedi__fetch_ear *ear, gedi_err *err);

#endif
