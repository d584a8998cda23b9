/* divergence.h - that a run has diverged: where, why, and which runs have gone on from it.
 *
 *   {"schema": 1, "iteration": 411, "why": "iteration 412: term 'gen' is nan: ...",
 *    "continued": ["/home/me/runs/moons-seed3-after-400"]}
 *
 * It lies beside the last good checkpoint. A run that gets beyond that iteration after all takes
 * it away.
 */
#ifndef GEDI_STORE_DIVERGENCE_H
#define GEDI_STORE_DIVERGENCE_H

#include "core/base/text.h"

#include <stdint.h>

/* `iteration` was the last that was whole. What has gone on from the run before stays.
 *   Errors: GEDI_IO, GEDI_NOMEM.  */
gedi_status gedi__divergence_write(const char *folder, int64_t iteration, const char *why,
                                   gedi_err *err);

/* *iteration is -1 where the run in that folder is not known to have diverged. Adds to `why`, and
 * to `continued` the folders that went on, "A, B"; each may be NULL.
 *   Errors: as gedi__json_read.  */
gedi_status gedi__divergence_read(const char *folder, int64_t *iteration, gedi__text *why,
                                  gedi__text *continued, gedi_err *err);

/* Adds a folder to those that went on.
 *   Errors: those of reading and writing.  */
gedi_status gedi__divergence_note(const char *folder, const char *continued,
                                  gedi_err *err);

void gedi__divergence_forget(const char *folder);

#endif
