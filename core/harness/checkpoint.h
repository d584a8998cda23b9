/* checkpoint.h - everything a run needs to go on, in one safetensors file.
 *
 *   <parameter>               weights and state, by name
 *   optimizer.<n>.<parameter> the optimizer's n-th vector
 *   sampler.buffer            the replay buffer [N, record]
 *   metadata                  iteration, gedi (version), descriptor (its text)
 */
#ifndef GEDI_HARNESS_CHECKPOINT_H
#define GEDI_HARNESS_CHECKPOINT_H

#include "core/harness/trainer.h"

/* Replaces `path` atomically. Weights that are not finite are never written:
 * GEDI_NUMERIC. */
gedi_status gedi__checkpoint_write(const gedi__trainer *t, const char *path,
                                   const char *descriptor, gedi_err *err);

/* Into a trainer that was made from the same descriptor.
 *   Errors: GEDI_DATA (damaged file, or another network), GEDI_STATE (another
 * descriptor).  */
gedi_status gedi__checkpoint_read(gedi__trainer *t, const char *path,
                                  const char *descriptor, gedi_err *err);

#endif
