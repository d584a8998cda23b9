/* auroc.c - how well scores tell positives from negatives.
 *
 * Source:  Mann & Whitney 1947, "On a test of whether one of two random variables is
 *          stochastically larger than the other"; Hanley & McNeil 1982, "The meaning and use
 *          of the area under a receiver operating characteristic (ROC) curve"; Liang et al.
 *          2018, "Enhancing the reliability of out-of-distribution image detection in neural
 *          networks", section 4.2 (FPR at 95 % TPR); DeLong et al. 1988, "Comparing the areas
 *          under two or more correlated receiver operating characteristic curves" (variance),
 *          by ranks as in Sun & Xu 2014, "Fast implementation of DeLong's algorithm"; Qin &
 *          Hotilovac 2008, "Comparison of non-parametric confidence intervals for the area
 *          under the ROC curve of a continuous-scale diagnostic test" (logit); Birnbaum &
 *          Klose 1957, "Bounds for the variance of the Mann-Whitney statistic"
 * Inputs:  positive  [N], negative  [M]  scores
 * Output:  area   the share of pairs in which the positive's score is larger, equal ones by
 *                 half
 *          variance  S10 / N + S01 / M: S10 is the variance, over positives, of the share of
 *                 negatives that each wins against; S01 that over negatives
 *          low, high  ends of the 95 % interval: logit(area) -+ 1.96 sqrt(variance) / (area
 *                 (1 - area)), back from logits
 *          fpr95  the share of negatives that are not below the positive of rank
 *                 ceil(.95 N), counted from the largest
 * Differs: where there is 1 of either, or the variance is 0 though the area is neither 0 nor
 *          1 (all scores are equal), the variance is the largest possible, area (1 - area) /
 *          min(N, M). An interval reaches at least to where K = min(N, M) pairs without a
 *          common record end, all of which are won (for `high`: lost): an area of .025^(1/K)
 *          leads to that with a probability of at most .025. At 0 and 1, where a logit is
 *          infinite, this is all there is; near them, DeLong's alone is too narrow.
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

/* A score wins 2 points against each on the other side that is below it, and 1 against each
 * that is equal. */
typedef struct wins {
    double sum;     /* of the points of all p */
    double squares; /* of their distances to `about` */
} wins;

static wins count_wins(const float *p, int64_t n, const float *q, int64_t m, double about)
{
    wins w = {0};
    int64_t below = 0, not_above = 0; /* of q, of the present p[i] */
    for (int64_t i = 0; i < n; i++) {
        while (below < m && q[below] < p[i])
            below++;
        while (not_above < m && q[not_above] <= p[i])
            not_above++;
        double points = (double)(below + not_above);
        w.sum += points;
        w.squares += (points - about) * (points - about);
    }
    return w;
}

static double area_of(const scores *s, int64_t n, int64_t m)
{
    return count_wins(s->positive, n, s->negative, m, 0).sum /
           (2.0 * (double)n * (double)m);
}

/* The variance of the mean of n shares of the 2 m points that are to be won; that mean is
 * `area`. */
static double variance_of(const float *p, int64_t n, const float *q, int64_t m,
                          double area)
{
    double all = 2.0 * (double)m;
    return count_wins(p, n, q, m, all * area).squares / (all * all) /
           ((double)n * (double)(n - 1));
}

static double inverse_logit(double x)
{
    return 1 / (1 + exp(-x));
}

static void enclose(gedi_auroc_estimate *e, int64_t n, int64_t m)
{
    const double z = 1.959963984540054, a = e->area, spread = a * (1 - a);
    double least = (double)(n < m ? n : m), all_won = pow(0.025, 1 / least);
    e->low = fmin(a, all_won);
    e->high = fmax(a, 1 - all_won);
    if (!(spread > 0)) /* 0 or 1 */
        return;
    if (!(e->variance > 0))
        e->variance = spread / least;
    double logit = log(a / (1 - a)), half = z * sqrt(e->variance) / spread;
    e->low = fmin(e->low, inverse_logit(logit - half));
    e->high = fmax(e->high, inverse_logit(logit + half));
}

gedi_status gedi_auroc(const float *positive, int64_t n, const float *negative, int64_t m,
                       double *out, gedi_err *err)
{
    scores s;
    *out = NAN;
    GEDI_TRY(sort("AUROC", positive, n, negative, m, &s, err));
    *out = area_of(&s, n, m);
    clear(&s);
    return GEDI_OK;
}

gedi_status gedi_auroc_interval(const float *positive, int64_t n, const float *negative,
                                int64_t m, gedi_auroc_estimate *out, gedi_err *err)
{
    scores s;
    *out = (gedi_auroc_estimate){NAN, NAN, NAN, NAN};
    GEDI_TRY(sort("AUROC", positive, n, negative, m, &s, err));
    double area = area_of(&s, n, m);
    *out = (gedi_auroc_estimate){.area = area};
    if (n > 1 && m > 1)
        out->variance = variance_of(s.positive, n, s.negative, m, area) +
                        variance_of(s.negative, m, s.positive, n, 1 - area);
    enclose(out, n, m);
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
