/* rows.h - numbers that a script of tests/fixture has written, found by name and compared. */
#ifndef GEDI_TESTS_ROWS_H
#define GEDI_TESTS_ROWS_H

#include "tests/testing.h"

#include <check.h>
#include <stdio.h>

typedef struct row {
    const char *name;
    int64_t n;
    const double *v;
} row;

/* The row "name.what"; `row_list` ends with a row without a name. */
static inline const row *row_of(const row *row_list, const char *name, const char *what)
{
    char full[128];
    snprintf(full, sizeof full, "%s.%s", name, what);
    for (const row *r = row_list; r->name; r++)
        if (!strcmp(r->name, full))
            return r;
    ck_abort_msg("there is no row %s", full);
    return NULL;
}

/* The error of `got`, relative to the largest number of the row, or to 1. */
static inline void row_expect(const row *r, const float *got, int64_t n, double tolerance)
{
    ck_assert_msg(r->n == n, "%s has %d numbers, not %d", r->name, (int)r->n, (int)n);
    double error = testing_error(got, r->v, n, 1.0);
    if (!(error <= tolerance))
        ck_abort_msg("%s: error %g is not within %g", r->name, error, tolerance);
}

#endif
