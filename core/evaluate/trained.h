/* trained.h - the network of a run that was trained, with its weights, from its folder. */
#ifndef GEDI_EVALUATE_TRAINED_H
#define GEDI_EVALUATE_TRAINED_H

#include "core/train/batches.h"
#include "core/network/network.h"

typedef struct gedi__trained {
    gedi__experiment *e;
    gedi__batches data;
    gedi__network net;
    int64_t iteration; /* of its checkpoint */
    int64_t
        unfinished; /* iterations that it is to have, where it has not come to its end; else 0 */
    char changed
        [GEDI__CHANGED]; /* since training, of the data; "": nothing, or they are meant to be others */
    float *chains; /* [chain_count, record]: its replay buffer, or NULL */
    int64_t chain_count;
} gedi__trained;

/* Reads the run's descriptor with these values put in, and the weights of its last checkpoint;
 * the network must be the one that was trained, all else may be another; a value that only training reads is a
 * mistake (unread.h has more of them).
 *   Errors: GEDI_STATE where there is no run with a checkpoint; GEDI_DESCRIPTOR with mistakes in `m`;
 *   GEDI_DATA where the weights do not fit or the file is damaged; what opening the data
 *   and building the network raise.  */
gedi_status gedi__trained_open(gedi__trained *t, const char *run,
                               const char *const *override, int n, gedi__mistakes *m,
                               gedi_err *err);
/* For what makes sense at the end alone.
 *   Errors: GEDI_STATE where the run has not come to its end.  */
gedi_status gedi__trained_require_end(const gedi__trained *t, const char *run,
                                      gedi_err *err);
void gedi__trained_close(gedi__trained *t); /* legal for one that was not opened */

#endif
