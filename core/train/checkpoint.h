/* checkpoint.h - everything a run needs to go on, in one safetensors file.
 *
 *   <parameter>               weights and state, by name
 *   optimizer.<n>.<parameter> the optimizer's n-th vector, of what it trains
 *   sampler.buffer            the replay buffer [N, record]
 *   metadata                  the best evaluation so far, where one chooses; iteration, stage, lines of the log, labels (where they were trained on), identity (core/store/identity.h), version, checksums
 *
 * A stage begins with what the one before it has left in its last checkpoint, whether the run
 * was stopped there or not:
 *   weights and state are taken over by name, but for what the stage restarts; what was not there
 *   starts as the seed says; the optimizer's vectors, where the stage keeps its optimizer, by
 *   name, too, or zero; the replay buffer, if both stages have one, as far as both have room.
 */
#ifndef GEDI_TRAIN_CHECKPOINT_H
#define GEDI_TRAIN_CHECKPOINT_H

#include "core/store/safetensors.h"
#include "core/train/trainer.h"

#define GEDI__IDENTITY "identity" /* its key in the metadata */

#define GEDI__BUFFER "sampler.buffer" /* a tensor, where chains are kept */

#define GEDI__DATA "data"       /* the same, of which data: core/data/digest.h */
#define GEDI__LABELLED "labels" /* the same, where weights have seen labels */

/* How many lines the log had when the file was written, or should have had; -1 where it does not
 * say. */
int64_t gedi__checkpoint_lines(const gedi__tensors *f);

/* Has validation chosen other weights than those of `f`, the last of a finished run, and is their file
 * missing in its folder? */
bool gedi__checkpoint_lacks_chosen(const gedi__tensors *f, const char *run);

/* Was the file written for this experiment, or for a shorter or longer one of which no value on the
 * way depends on that?
 *   Errors: GEDI_STATE with what differs; GEDI_DATA where it does not say.  */
gedi_status gedi__checkpoint_check(const gedi__tensors *f, const gedi__experiment *e,
                                   const char *path, const char *identity, gedi_err *err);

/* Replaces `path` atomically; the file that was there is kept as `previous`, unless that is
 * NULL. Weights that are not finite are never written: GEDI_NUMERIC. */
gedi_status gedi__checkpoint_write(const gedi__trainer *t, const char *path,
                                   const char *previous, const char *identity,
                                   gedi_err *err);

/* The stage that a run goes on with: that of the file, or the next one where that is over; and
 * where it stands, unless `iteration` is NULL.
 *   Errors: as gedi__checkpoint_read.  */
gedi_status gedi__checkpoint_stage(const gedi__experiment *e, const char *path,
                                   const char *identity, const gedi__stage **out,
                                   int64_t *iteration, gedi_err *err);

/* Into a trainer that was made for the same experiment, for the stage of the file or, at its
 * end, the next one.
 *   Errors: GEDI_DATA (damaged file, or another network), GEDI_STATE (another
 * experiment, or a plugin was rebuilt).  */
gedi_status gedi__checkpoint_read(gedi__trainer *t, const char *path,
                                  const char *identity, gedi_err *err);

/* The same into a trainer whose options may be others than those of the file's experiment.
 *   Errors: GEDI_DESCRIPTOR where a tensor has no longer its place, with its name.  */
gedi_status gedi__checkpoint_adopt(gedi__trainer *t, const char *path,
                                   const char *identity, gedi_err *err);

/* Can stage `s`, with parameters `to`, begin with what the stage before it, with `from`, leaves?
 *   Errors: GEDI_DESCRIPTOR where a parameter has another shape and does not restart.  */
gedi_status gedi__checkpoint_fits(const gedi__stage *s, const gedi__params *from,
                                  const gedi__params *to, gedi_err *err);

#endif
