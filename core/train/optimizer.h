/* optimizer.h - an optimizer at work on parameters: its state, and its steps. */
#ifndef GEDI_TRAIN_OPTIMIZER_H
#define GEDI_TRAIN_OPTIMIZER_H

#include "core/descriptor/experiment.h"
#include "core/nn/params.h"

/* Parameters that follow one another and have the same options. */
typedef struct gedi__span {
    const void *self;
    int first, segments;
    int64_t offset, size;
} gedi__span;

typedef struct gedi__optimizer {
    const gedi_component *by;
    float *slot[GEDI_MAX_SLOTS]; /* [P] each, zero at first */
    int slots;
    gedi_segment *segment; /* parameters that learn */
    int segments;
    gedi_segment *in_span; /* the same, with offsets in their spans */
    gedi__span *span;
    int spans;
} gedi__optimizer;

/* `group` [n], of which the first that has a parameter counts, may be NULL for none. All are
 * borrowed; the params must be frozen.
 *   Errors: GEDI_PLUGIN where it asks for more slots than there are; GEDI_NOMEM.  */
gedi_status gedi__optimizer_init(gedi__optimizer *o, const gedi_component *by,
                                 const gedi__group *group, int n, const gedi__params *p,
                                 gedi_err *err);
void gedi__optimizer_clear(gedi__optimizer *o);

/* One step along the gradient in the params; `iteration` of `total` it has done before. */
void gedi__optimizer_step(const gedi__optimizer *o, const gedi__params *p,
                          int64_t iteration, int64_t total);

#endif
