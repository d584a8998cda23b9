/* auroc.c - area under the curve of true positives over false positives.
 *
 * Source:  Mann & Whitney 1947, "On a test of whether one of two random variables is
 *          stochastically larger than the other"; Hanley & McNeil 1982, "The meaning and use
 *          of the area under a receiver operating characteristic (ROC) curve"
 * Inputs:  positive  [N], negative  [M]  scores
 * Output:  the share of pairs in which the positive's score is larger, equal ones by half
 * Differs: nothing
 */
#include "gedi/metric.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int by_size(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* A sorted copy, or NULL and why not. */
static float *sorted(const char *what, const float *x, int64_t n, gedi_err *err)
{
    for (int64_t i = 0; i < n; i++)
        if (isnan(x[i])) {
            GEDI_FAIL(err, GEDI_NUMERIC, "AUROC: the score of %s %lld is not a number",
                      what, (long long)i);
            return NULL;
        }
    float *out = malloc((size_t)n * sizeof *out);
    if (!out) {
        gedi_no_memory(err, "AUROC: %lld scores", (long long)n);
        return NULL;
    }
    memcpy(out, x, (size_t)n * sizeof *out);
    qsort(out, (size_t)n, sizeof *out, by_size);
    return out;
}

/* Twice the number of pairs that are won, and once that of those that are equal. */
static double won(const float *p, int64_t n, const float *q, int64_t m)
{
    double sum = 0;
    int64_t below = 0, not_above = 0; /* negatives that are, of the positive p[i] */
    for (int64_t i = 0; i < n; i++) {
        while (below < m && q[below] < p[i])
            below++;
        while (not_above < m && q[not_above] <= p[i])
            not_above++;
        sum += (double)(below + not_above);
    }
    return sum;
}

gedi_status gedi_auroc(const float *positive, int64_t n, const float *negative, int64_t m,
                       double *out, gedi_err *err)
{
    gedi_err own = {0};
    *out = NAN;
    if (n < 1 || m < 1)
        return GEDI_FAIL(err, GEDI_USAGE,
                         "AUROC of %lld positives and %lld negatives: it needs 1 of each",
                         (long long)n, (long long)m);
    float *p = sorted("positive", positive, n, &own);
    float *q = p ? sorted("negative", negative, m, &own) : NULL;
    if (q)
        *out = won(p, n, q, m) / (2.0 * (double)n * (double)m);
    free(p);
    free(q);
    if (err && own.code)
        *err = own;
    return own.code;
}
