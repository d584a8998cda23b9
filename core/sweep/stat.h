/* stat.h - what a few numbers say together. */
#ifndef GEDI_SWEEP_STAT_H
#define GEDI_SWEEP_STAT_H

#include "core/descriptor/sweep.h"

typedef struct gedi__numbers {
    int n;
    double mean, deviation; /* of the sample, divided by n - 1; NAN for n < 2 */
    double median, min, max;
} gedi__numbers;

/* Sorts x. All but n are NAN for n = 0. */
gedi__numbers gedi__numbers_of(double *x, int n);

double gedi__numbers_stat(const gedi__numbers *v, gedi__stat stat);

/* The part of the variance of x[n] that its groups (0 .. groups-1) explain, beyond what they explain by chance of
 * numbers that have nothing to do with them: epsilon squared, 0 at least. NAN where all x are equal, or no group has
 * two.
 *   Source:  Kelley 1935, "An Unbiased Correlation Ratio Measure".  */
double gedi__numbers_explained(const double *x, const int *group, int n, int groups);

/* Cuts x[n] by size into `parts` of as many numbers each, as far as equal ones, which stay together, let it. False
 * without memory. */
bool gedi__numbers_cut(const double *x, int n, int parts, int *group);

/* How much a quantity matters that x[n] is known for: the part of the variance that it explains. Values of a list are
 * groups, `group` of `groups`; numbers, where `size` is not NULL, are cut by their size into four groups of as many
 * each, and `group` is room for them. *share is NAN of fewer than eight, and as above; false without memory. */
bool gedi__numbers_matter(const double *x, int n, const double *size, int groups,
                          int *group, double *share);

/* The t that a Student variable of `freedom` degrees exceeds in absolute value with
 * probability 1 - level: 2.776 for 4 and 0.95. NAN for freedom < 1. */
double gedi__student(int freedom, double level);

#endif
