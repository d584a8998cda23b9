/* chance.h - is a difference between runs beyond chance? */
#ifndef GEDI_SWEEP_CHANCE_H
#define GEDI_SWEEP_CHANCE_H

#include <stdbool.h>

/* Permutation tests: the two-sided p-value of a mean that is 0, if it were as likely with any of
 * its n differences turned round; and of two means that are equal, if the n + m numbers had been
 * dealt out by chance. Exact up to some 200,000 possibilities; of more, 20,000 are drawn, the
 * same ones each time. The least p that n pairs can give is 2 / 2^n. 1 for n < 1 or m < 1;
 * NAN without memory.
 * Source: Phipson & Smyth 2010, "Permutation P-values should never be zero". */
double gedi__chance_paired(const double *difference, int n);
double gedi__chance_apart(const double *a, int n, const double *b, int m);

/* Adjusts n p-values of one family, in place: each can then be held against one level. False
 * without memory.
 * Source: Holm 1979, "A simple sequentially rejective multiple test procedure". */
bool gedi__chance_holm(double *p, int n);

/* Where the probability of success lies, with 95 % confidence, after `successes` of n.
 * Source: Wilson 1927, "Probable inference". */
void gedi__chance_wilson(int successes, int n, double *low, double *high);

#endif
