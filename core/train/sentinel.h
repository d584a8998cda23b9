/* sentinel.h - watches for the triad of failure modes while a run trains.
 *
 * The numbers it watches are those of core/metric/health.h.
 */
#ifndef GEDI_TRAIN_SENTINEL_H
#define GEDI_TRAIN_SENTINEL_H

#include "core/metric/health.h"
#include "core/train/batches.h"
#include "core/network/network.h"

typedef struct gedi__sentinel {
    const gedi__network *net;
    gedi__batches *data;
    int64_t batch;
    gedi__inference
        *view[2];  /* of x and x'; the second NULL with one view or no p(y|x) */
    float *own[2]; /* memory of views that training does not fill, or NULL */
    double *sum;   /* [2 max(D, K)] */
} gedi__sentinel;

/* `part[i]`: memory of view i of the current batch, NULL where training does not fill it. */
gedi_status gedi__sentinel_init(gedi__sentinel *s, const gedi__network *net,
                                gedi__batches *data, float *const *part, gedi_err *err);
void gedi__sentinel_clear(gedi__sentinel *s);

/* Looks at the batch of an iteration (from 0), which training has filled. Allocates nothing.
 * Figures that the experiment does not have (no p(y|x), one view) are NAN. */
gedi_status gedi__sentinel_look(gedi__sentinel *s, int64_t iteration, gedi__health *out,
                                gedi_err *err);

#endif
