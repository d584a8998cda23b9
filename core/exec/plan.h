/* plan.h - one piece of memory for all buffers of a program, reused by liveness. */
#ifndef GEDI_EXEC_PLAN_H
#define GEDI_EXEC_PLAN_H

#include "gedi/error.h"
#include <stddef.h>
#include <stdint.h>

typedef struct gedi__buffer {
    int64_t size;    /* floats */
    int first, last; /* steps between which it is in use, inclusive */
    size_t offset;   /* found by the plan: floats from the start */
} gedi__buffer;

/* Finds offsets so that buffers in use at the same step do not overlap, aligned to 64
 * bytes; largest first, lowest free place. `total`: floats needed. Errors: GEDI_NOMEM. */
gedi_status gedi__plan(gedi__buffer *buffer, int n, size_t *total, gedi_err *err);

#endif
