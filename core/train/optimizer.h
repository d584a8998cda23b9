/* optimizer.h - an optimizer at work on parameters: its state, and its steps. */
#ifndef GEDI_TRAIN_OPTIMIZER_H
#define GEDI_TRAIN_OPTIMIZER_H

#include "core/nn/params.h"
#include "gedi/plugin.h"

typedef struct gedi__optimizer {
    const gedi_component *by;
    float *slot[GEDI_MAX_SLOTS]; /* [P] each, zero at first */
    int slots;
    gedi_segment *segment; /* parameters that learn */
    int segments;
} gedi__optimizer;

/* Both are borrowed; the params must be frozen.
 *   Errors: GEDI_PLUGIN where it asks for more slots than there are; GEDI_NOMEM.  */
gedi_status gedi__optimizer_init(gedi__optimizer *o, const gedi_component *by,
                                 const gedi__params *p, gedi_err *err);
void gedi__optimizer_clear(gedi__optimizer *o);

/* One step along the gradient in the params; `iteration` of `total` it has done before. */
void gedi__optimizer_step(const gedi__optimizer *o, const gedi__params *p,
                          int64_t iteration, int64_t total);

#endif
