/* reduce.h - which axes a reduction goes over. */
#ifndef GEDI_OP_REDUCE_H
#define GEDI_OP_REDUCE_H

#include "core/op/op.h"

/* The reduced axes as one run: numbers lie as [outer, count, inner]. */
typedef struct gedi__run {
    int64_t outer, count, inner;
} gedi__run;

/* Shape of x with the reduced axes, attribute `mask`, kept as 1. */
gedi_status gedi__reduce_infer(const gedi_node *y, gedi_shape *out, gedi_err *err);

/* The axes of `axes` whose size is not 1, in `mask`. False after an error in the graph:
 * an axis that x has not. */
bool gedi__reduce_axes(gedi_node *x, unsigned axes, const char *what, uint64_t *mask);

/* The last axes of `mask` that only axes of size 1 separate, in `run`; true if these are
 * all. */
bool gedi__reduce_last(gedi_shape s, uint64_t mask, uint64_t *run);

gedi__run gedi__reduce_run(gedi_shape s, uint64_t mask);

/* Of a batch, unless the first axis is among those that are reduced. */
gedi__rows gedi__reduce_rows(const gedi_node *y, const gedi__rows *in);

#endif
