/* auroc.c - how well scores tell positives from negatives.
 *
 * Source:  Mann & Whitney 1947, "On a test of whether one of two random variables is
 *          stochastically larger than the other"; Hanley & McNeil 1982, "The meaning and use
 *          of the area under a receiver operating characteristic (ROC) curve"; Liang et al.
 *          2018, "Enhancing the reliability of out-of-distribution image detection in neural
 *          networks", section 4.2 (FPR at 95 % TPR)
 * Inputs:  positive  [N], negative  [M]  scores
 * Output:  area   the share of pairs in which the positive's score is larger, equal ones by
 *                 half
 *          fpr95  the share of negatives that are not below the positive of rank
 *                 ceil(.95 N), counted from the largest
 * Differs: nothing
 */
#include "gedi/metric.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct scores {
    float *positive, *negative; /* sorted copies */
} scores;

static int by_size(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* A sorted copy, or NULL and why not. */
static float *sorted(const char *metric, const char *what, const float *x, int64_t n,
                     gedi_err *err)
{
    for (int64_t i = 0; i < n; i++)
        if (isnan(x[i])) {
            GEDI_FAIL(err, GEDI_NUMERIC, "%s: the score of %s %lld is not a number",
                      metric, what, (long long)i);
            return NULL;
        }
    float *out = malloc((size_t)n * sizeof *out);
    if (!out) {
        gedi_no_memory(err, "%s: %lld scores", metric, (long long)n);
        return NULL;
    }
    memcpy(out, x, (size_t)n * sizeof *out);
    qsort(out, (size_t)n, sizeof *out, by_size);
    return out;
}

static void clear(scores *s)
{
    free(s->positive);
    free(s->negative);
}

static gedi_status sort(const char *metric, const float *positive, int64_t n,
                        const float *negative, int64_t m, scores *out, gedi_err *err)
{
    gedi_err own = {0};
    *out = (scores){0};
    if (n < 1 || m < 1)
        return GEDI_FAIL(err, GEDI_USAGE,
                         "%s of %lld positives and %lld negatives: it needs 1 of each",
                         metric, (long long)n, (long long)m);
    out->positive = sorted(metric, "positive", positive, n, &own);
    if (out->positive)
        out->negative = sorted(metric, "negative", negative, m, &own);
    if (!own.code)
        return GEDI_OK;
    clear(out);
    if (err)
        *err = own;
    return own.code;
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
    scores s;
    *out = NAN;
    GEDI_TRY(sort("AUROC", positive, n, negative, m, &s, err));
    *out = won(s.positive, n, s.negative, m) / (2.0 * (double)n * (double)m);
    clear(&s);
    return GEDI_OK;
}

gedi_status gedi_fpr95(const float *positive, int64_t n, const float *negative, int64_t m,
                       double *out, gedi_err *err)
{
    scores s;
    int64_t below = 0;
    *out = NAN;
    GEDI_TRY(sort("FPR at 95 % TPR", positive, n, negative, m, &s, err));
    float threshold = s.positive[n / 20]; /* at most 5 %, 1 of 20, are below it */
    while (below < m && s.negative[below] < threshold)
        below++;
    *out = (double)(m - below) / (double)m;
    clear(&s);
    return GEDI_OK;
}
