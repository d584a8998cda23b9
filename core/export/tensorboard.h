/* tensorboard.h - a run's log as an event file, which TensorBoard shows.
 *
 * Source:  tensorflow/tensorflow, event.proto and summary.proto; TFRecord: the length (8 bytes,
 *          little endian), its masked CRC-32C, the bytes, theirs; tensorboard/plugins/hparams
 * Differs: a run's lines have no times: each event has that of the end.
 */
#ifndef GEDI_EXPORT_TENSORBOARD_H
#define GEDI_EXPORT_TENSORBOARD_H

#include "core/export/log.h"

/* Replaces the event file in FOLDER, which is made where it is missing. Written from the log
 * alone, so a resumed run gives the same numbers as one that was never stopped.
 *   Errors: GEDI_IO, GEDI_NOMEM; GEDI_DATA for a picture that is none.  */
gedi_status gedi__tensorboard_write(const gedi__run_log *l, const char *folder,
                                    gedi_err *err);

#endif
