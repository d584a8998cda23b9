/* terms.h - loss terms and their known optima, in words. */
#ifndef GEDI_REPORT_TERMS_H
#define GEDI_REPORT_TERMS_H

#include <stddef.h>

/* "0", "ln 2 = 0.693", "1.5"; "" for NAN. 32 bytes are enough. Returns `out`. */
const char *gedi__optimum_text(double optimum, char *out, size_t size);

/* "gen -1.23  inv 0.0041 (0)  prior 0.6938 (ln 2)": each value with its optimum, if it
 * has one. Cut where `out` ends; allocates nothing. Returns `out`. */
const char *gedi__terms_text(int n, const char *const *name, const double *value,
                             const double *optimum, char *out, size_t size);

#endif
