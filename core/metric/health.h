/* health.h - the triad of failure modes, as numbers of one batch.
 *
 * Source:  Sansone & Manhaeve, Definitions 12 to 14, Theorem 15, Table 1.
 * Inputs:  the present batch and a second view of it, the network in evaluation mode
 * Output:  spread        sqrt(D) times the mean standard deviation of the D numbers of g / |g|
 *                        over the batch: 0 where g is constant, about 1 where it fills the sphere
 *          balance       entropy of the mean of p(y|x) over ln K: 0 where one cluster has all
 *          disagreement  probability that labels drawn for x and x' differ,
 *                        1 - mean of sum_y p(y|x) p(y|x'): 0 where L_INV is 0
 *          unsure        how much of it is there because labels are not sure, whatever the view:
 *                        1 - mean of sum_y (p(y|x)^2 + p(y|x')^2) / 2. The rest, the mean of
 *                        sum_y (p(y|x) - p(y|x'))^2 / 2, are views that contradict each other
 * Differs: the definitions speak of all x, these figures of one batch. One record has neither
 *          spread nor balance: they are not measured. Definition 14 counts labels that are not
 *          sure as inconsistent; here views must contradict each other, as p(y|x) = 1/K, where
 *          every run begins, has a disagreement of 1 - 1/K and views that agree.
 */
#ifndef GEDI_METRIC_HEALTH_H
#define GEDI_METRIC_HEALTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Representation collapse, cluster collapse, label inconsistency. */
enum { GEDI__SPREAD, GEDI__BALANCE, GEDI__LABELS, GEDI__FAILURES };

typedef struct gedi__health { /* NAN: not measured */
    double spread, balance, disagreement;
    double unsure; /* how much of disagreement */
} gedi__health;

/* Spread of g [n, D], whose rows have norm 1; `sum` is scratch of 2 D numbers. NAN for n < 2. */
double gedi__spread(const float *g, int64_t n, int64_t d, double *sum);
/* Balance of p [n, K]; `sum` is scratch of K numbers. NAN for n < 2 or K < 2. */
double gedi__balance(const float *p, int64_t n, int64_t k, double *sum);
/* Probability that a label drawn from p [n, K] and one drawn from q differ. */
double gedi__disagreement(const float *p, const float *q, int64_t n, int64_t k);

/* Which of the failure modes, GEDI__FAILURES of them, these figures show. */
bool gedi__health_fails(const gedi__health *h, int mode);

/* A figure is one of one batch, so a single one says little: a failure is told of where it has lasted
 * for a tenth of training, and for so many lines of the log in succession. */
enum { GEDI__FAILING_LINES = 3 };
typedef struct gedi__failing { /* begins as 0 */
    int64_t since, lines;      /* lines 0: it does not fail */
} gedi__failing;
/* Takes the figures of the next line of the log: does the failure last by now? Iteration 1 does not
 * count: nothing is learned. */
bool gedi__failure_lasts(gedi__failing *f, const gedi__health *h, int mode,
                         int64_t iteration, int64_t total);
/* "representation collapse", ... and the name and value of its figure. */
const char *gedi__failure_name(int mode);
const char *gedi__failure_figure(int mode);
double gedi__failure_value(const gedi__health *h, int mode);
/* "disagreement is 0.498, 0.31 of it because views differ", for people. */
const char *gedi__failure_text(const gedi__health *h, int mode, char *out, size_t n);

#endif
