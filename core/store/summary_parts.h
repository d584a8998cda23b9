/* summary_parts.h - what the files that write, read and print summary.json share. */
#ifndef GEDI_STORE_SUMMARY_PARTS_H
#define GEDI_STORE_SUMMARY_PARTS_H

#include <stdbool.h>
#include <stddef.h>

struct json_t;

/* Keys that are written and read. */
#define GEDI__SUMMARY_EVALUATION "evaluation"
#define GEDI__SUMMARY_DEFINITIONS "definitions"
#define GEDI__SUMMARY_DIRECTIONS "directions"
#define GEDI__SUMMARY_TERMS "terms"
#define GEDI__SUMMARY_VALUE "value"
#define GEDI__SUMMARY_OPTIMUM "optimum"
#define GEDI__SUMMARY_HEALTH "health"
#define GEDI__SUMMARY_FAILING_SINCE "failing_since"
#define GEDI__SUMMARY_FAILURE "failure"
#define GEDI__SUMMARY_UNSURE "unsure"
#define GEDI__SUMMARY_DATA "data"
#define GEDI__SUMMARY_HISTORY "history"
#define GEDI__SUMMARY_ITERATION "iteration"
#define GEDI__SUMMARY_CHANGED "changed"
#define GEDI__SUMMARY_DIVERGED "diverged"
#define GEDI__SUMMARY_DESCRIPTOR_SUM "descriptor_checksum"
#define GEDI__SUMMARY_UNEVALUATED "unevaluated"
#define GEDI__SUMMARY_UNDRAWN "undrawn"
#define GEDI__SUMMARY_MADE "made"
#define GEDI__SUMMARY_FAILED "failed"

/* The ends of an interval around the number whose path is the first n of `path`; false where it has
 * none. */
bool gedi__summary_interval(const struct json_t *o, const char *path, size_t n,
                            double *low, double *high);

/* The evaluator that an artefact's line is of, n letters long, by the name that its numbers have; "" of a
 * figure. */
void gedi__artefact_evaluator(const char *line, size_t n, char *out, size_t size);

#endif
