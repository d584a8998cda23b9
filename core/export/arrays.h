/* arrays.h - what a trained model says of every record of a split, as files that others read. */
#ifndef GEDI_EXPORT_ARRAYS_H
#define GEDI_EXPORT_ARRAYS_H

#include "core/evaluate/trained.h"
#include "gedi/plugin.h"

/* The array that is exported, beside
 *   record [N]  its number in the dataset's split, label [N] (-1: none), where there are labels, and
 *   part [N]    where a record has several.
 */
typedef enum gedi__said {
    GEDI__SAID_FEATURES, /* features [N, D] of the encoder */
    GEDI__SAID_ASSIGNMENTS, /* p [N, K], which is p(y|x), and cluster [N], the largest of each row */
    GEDI__SAID_RECORDS, /* records [N, ...] themselves, as the network sees them */
    GEDI__SAID_SCORES, /* log_p [N] up to a constant, and slope [N] of an energy; max_p and log_odds
                          [N] of p(y|x) */
} gedi__said;

typedef enum gedi__array_format {
    GEDI__NPY, /* NumPy's: an array a file, STEM.npy and STEM-label.npy */
    GEDI__CSV, /* a row a record */
    GEDI__SAFETENSORS,
} gedi__array_format;

/* Writes STEM.npy, STEM.csv or STEM.safetensors; each replaces what has its name. Their paths
 * are added to `wrote`, a line each.
 *   Errors: GEDI_STATE where the objective has no p(y|x), or neither that nor an energy; those of
 *   the dataset; GEDI_IO, GEDI_NOMEM.  */
gedi_status gedi__arrays_write(gedi__trained *t, const char *run, gedi__said what,
                               gedi_split split, gedi__array_format format,
                               const char *stem, gedi__text *wrote, gedi_err *err);

#endif
