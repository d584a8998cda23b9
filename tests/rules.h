/* rules.h - what the tests of rules share. */
#ifndef GEDI_TESTS_RULES_H
#define GEDI_TESTS_RULES_H

#include "plugins/rules/rules.h"

#include <check.h>
#include <stdlib.h>

/* rules_log_probabilities, with room of its own for the nodes. */
static inline void log_probabilities(const rules_diagram *d, const double *const *log_p,
                                     double *out)
{
    double *node = malloc((size_t)d->nodes * sizeof *node);
    ck_assert_ptr_nonnull(node);
    rules_log_probabilities(d, log_p, node, out);
    free(node);
}

#endif
