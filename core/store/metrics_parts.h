/* metrics_parts.h - what writing and reading metrics.jsonl share. */
#ifndef GEDI_STORE_METRICS_PARTS_H
#define GEDI_STORE_METRICS_PARTS_H

#include <stdbool.h>
#include <stddef.h>

/* Keys that are written and read. */
#define GEDI__LOG_ITERATION "iteration"
#define GEDI__LOG_RATE "learning_rate"
#define GEDI__LOG_NORM "gradient_norm"
#define GEDI__LOG_SCHEMA "schema"
#define GEDI__LOG_SUM ", \"checksum\": \"" /* of all that stands before it in the line */

/* Is the line, of n letters, what was written? */
bool gedi__log_is_whole(const char *line, size_t n);

#endif
