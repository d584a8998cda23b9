/* compare.h - two runs, or two groups of runs, told apart. */
#ifndef GEDI_SWEEP_COMPARE_H
#define GEDI_SWEEP_COMPARE_H

#include "core/sweep/stat.h"
#include "core/sweep/study.h"

typedef struct gedi__contrast { /* of one number of the summaries */
    const char *path;
    double a, b;      /* means of the pairs */
    gedi__numbers of; /* the differences b - a */
    double low, high; /* 95 % confidence interval of their mean; NAN for n < 2 */
    double p, holm;   /* of a paired permutation test; adjusted over all; NAN for n < 2 */
    /* How the numbers of each side are made, where it is not in the same way; else NULL. */
    const char *a_made, *b_made;
} gedi__contrast;

typedef struct gedi__comparison {
    int pairs;
    const char *seed[2]; /* of a pair that is none by seed: two runs; the studies' text */
    int unpaired;        /* runs of one side only, of those that have numbers */
    int underway; /* runs of pairs that were evaluated before the end of training */
    int unfinished;
    int contrasts;
    gedi__contrast *contrast;
    const char *
        lacking; /* paths of numbers that no pair, or not every one, has on both sides, a line each; "" */
    const char *changes; /* "objective.gedi.inv: 10 -> 50", a line each; "" for none */
    gedi__arena arena;
} gedi__comparison;

/* Pairs the runs of `a` and `b` by seed; a single run on each side is compared in any case.
 * Student's t for the interval, a permutation test for p; what the evaluators report, and the terms, as far as both
 * sides of some pair have them.
 *   Errors: GEDI_USAGE where a side has two runs of one seed, or no pair is left;
 *   GEDI_NOMEM.  */
gedi_status gedi__compare(gedi__study *a, gedi__study *b, gedi__comparison *out,
                          gedi_err *err);
void gedi__comparison_clear(gedi__comparison *c);

#endif
