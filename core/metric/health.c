/* health.c - the triad of failure modes, as numbers of one batch. */
#include "core/metric/health.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Beyond these a figure is a failure. Healthy runs stay far away: spread near 1, balance near 1
 * with a prior, and views that differ by a few hundredths at most. */
static const struct {
    const char *name, *figure;
    double limit;
} failure[GEDI__FAILURES] = {
    {"representation collapse", "spread", 0.01}, /* Definition 12 */
    {"cluster collapse", "balance", 0.1},        /* Definition 13 */
    /* Definition 14, of what views contradict: 0.1 is as much as one record in ten whose two
     * views are surely in different clusters, for any number of clusters. */
    {"label inconsistency", "disagreement", 0.1},
};

const char *gedi__failure_name(int mode)
{
    return failure[mode].name;
}

const char *gedi__failure_figure(int mode)
{
    return failure[mode].figure;
}

double gedi__failure_value(const gedi__health *h, int mode)
{
    const double value[] = {h->spread, h->balance, h->disagreement};
    return value[mode];
}

const char *gedi__failure_text(const gedi__health *h, int mode, char *out, size_t n)
{
    int at = snprintf(out, n, "%s is %.3g", failure[mode].figure,
                      gedi__failure_value(h, mode));
    if (mode == GEDI__LABELS && at > 0 && (size_t)at < n && !isnan(h->unsure))
        snprintf(out + at, n - (size_t)at, ", %.3g of it because views differ",
                 h->disagreement - h->unsure);
    return out;
}

bool gedi__health_fails(const gedi__health *h, int mode)
{
    double limit = failure[mode].limit; /* NAN: not measured, so no failure */
    if (mode == GEDI__LABELS)
        return h->disagreement - h->unsure > limit;
    return gedi__failure_value(h, mode) < limit;
}

bool gedi__failure_lasts(gedi__failing *f, const gedi__health *h, int mode,
                         int64_t iteration, int64_t total)
{
    if (!gedi__health_fails(h, mode) || iteration <= 1) {
        *f = (gedi__failing){0};
        return false;
    }
    if (!f->lines++)
        f->since = iteration;
    return f->lines >= GEDI__FAILING_LINES && iteration - f->since >= total / 10;
}

double gedi__spread(const float *g, int64_t n, int64_t d, double *sum)
{
    double *square = sum + d, total = 0;
    if (n < 2)
        return NAN;
    memset(sum, 0, (size_t)(2 * d) * sizeof *sum);
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < d; j++) {
            double v = g[i * d + j];
            sum[j] += v;
            square[j] += v * v;
        }
    for (int64_t j = 0; j < d; j++) {
        double mean = sum[j] / (double)n, var = square[j] / (double)n - mean * mean;
        total += var > 0 ? sqrt(var) : 0;
    }
    return total / (double)d * sqrt((double)d);
}

double gedi__balance(const float *p, int64_t n, int64_t k, double *sum)
{
    double entropy = 0, total = 0; /* n, but for the rounding of the probabilities */
    if (n < 2 || k < 2)
        return NAN;
    memset(sum, 0, (size_t)k * sizeof *sum);
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < k; j++)
            sum[j] += p[i * k + j];
    for (int64_t j = 0; j < k; j++)
        total += sum[j];
    for (int64_t j = 0; j < k; j++) {
        double q = sum[j] / total;
        entropy -= q > 0 ? q * log(q) : 0;
    }
    return entropy / log((double)k);
}

double gedi__disagreement(const float *p, const float *q, int64_t n, int64_t k)
{
    double differ = 0;
    for (int64_t i = 0; i < n; i++, p += k, q += k) {
        double sum_p = 0, sum_q = 0, apart = 0;
        for (int64_t j = 0; j < k; j++) {
            sum_p += p[j];
            sum_q += q[j];
        }
        for (int64_t j = 0; j < k;
             j++) /* not 1 - p.q, which cancels where both are sure */
            apart += p[j] * (sum_q - q[j]);
        differ += apart / (sum_p * sum_q);
    }
    return differ / (double)n;
}
