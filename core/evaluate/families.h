/* families.h - metrics whose names have a `*`, as far as an evaluator says what it stands for. */
#ifndef GEDI_EVALUATE_FAMILIES_H
#define GEDI_EVALUATE_FAMILIES_H

#include "core/base/text.h"
#include "core/descriptor/experiment.h"

/* What `*` stands for: "moons, circles". False, and nothing is added, where the evaluator does not say:
 * then it is any text. */
bool gedi__families_names(const gedi__evaluation *v, gedi__text *out);

/* The row for a metric that the evaluator may report with its options; NULL where there is none. */
const gedi_metric *gedi__families_find(const gedi__evaluation *v, const char *name);

/* Calls `add` with each row, those of a family by the names of their members, until it fails. */
gedi_status gedi__families_each(const gedi__evaluation *v,
                                gedi_status (*add)(void *context, const char *name),
                                void *context);

#endif
