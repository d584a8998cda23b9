/* stat.c - what a few numbers say together.
 *
 * Source:  Abramowitz & Stegun 1964, "Handbook of Mathematical Functions", eq. 26.7.3 and
 *          26.7.4: Student's t, for whole degrees of freedom a finite sum.
 */
#include "core/sweep/stat.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

gedi__numbers gedi__numbers_of(double *x, int n)
{
    gedi__numbers v = {n, NAN, NAN, NAN, NAN, NAN};
    double sum = 0, squares = 0;
    if (n < 1)
        return v;
    qsort(x, (size_t)n, sizeof *x, by_size);
    for (int i = 0; i < n; i++)
        sum += x[i];
    v.min = x[0];
    v.max = x[n - 1];
    double mean = sum / n;
    if (!isfinite(sum)) { /* beyond the range of numbers, though their mean is not */
        mean = 0;
        for (int i = 0; i < n; i++)
            mean += x[i] / n;
    }
    v.mean = fmin(fmax(mean, v.min), v.max); /* of equal numbers exactly theirs */
    double unit = fmax(fabs(v.min), fabs(v.max)) > 1e150 ? 1e-160 : 1;
    for (int i = 0; i < n; i++) {
        double from = unit * x[i] - unit * v.mean;
        squares += from * from;
    }
    if (n > 1)
        v.deviation = sqrt(squares / (n - 1)) / unit;
    v.median = x[(n - 1) / 2] / 2 + x[n / 2] / 2;
    return v;
}

double gedi__numbers_explained(const double *x, const int *group, int n, int groups)
{
    double mean = 0, all = 0, within = 0;
    int used = 0;
    for (int i = 0; i < n; i++)
        mean += x[i] / n;
    for (int i = 0; i < n; i++)
        all += (x[i] - mean) * (x[i] - mean);
    for (int g = 0; g < groups; g++) {
        double own = 0;
        int m = 0;
        for (int i = 0; i < n; i++)
            if (group[i] == g && ++m)
                own += (x[i] - own) / m;
        for (int i = 0; i < n; i++)
            within += group[i] == g ? (x[i] - own) * (x[i] - own) : 0;
        used += m > 0;
    }
    if (!(all > 0) || n - used < 1)
        return NAN;
    double explained = (all - within - (used - 1) * within / (n - used)) / all;
    return explained > 0 ? explained : 0;
}

/* How many of the n rising numbers are below x. */
static int count_below(const double *rising, int n, double x)
{
    int low = 0, high = n;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (rising[middle] < x)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool gedi__numbers_cut(const double *x, int n, int parts, int *group)
{
    double *rising = malloc(((size_t)n + 1) * sizeof *rising);
    if (!rising)
        return false;
    for (int i = 0; i < n; i++)
        rising[i] = x[i];
    qsort(rising, (size_t)n, sizeof *rising, by_size);
    for (int i = 0; i < n; i++)
        group[i] = (int)((int64_t)count_below(rising, n, x[i]) * parts / n);
    free(rising);
    return true;
}

bool gedi__numbers_matter(const double *x, int n, const double *size, int groups,
                          int *group, double *share)
{
    enum {
        PARTS =
            4, /* a search draws densely where it is good: parts of equal length would be empty */
        LEAST = 8,
    };
    *share = NAN;
    if (n < LEAST)
        return true;
    if (size && !gedi__numbers_cut(size, n, PARTS, group))
        return false;
    *share = gedi__numbers_explained(x, group, n, size ? PARTS : groups);
    return true;
}

double gedi__numbers_stat(const gedi__numbers *v, gedi__stat stat)
{
    switch (stat) {
    case GEDI__MEDIAN:
        return v->median;
    case GEDI__MIN:
        return v->min;
    case GEDI__MAX:
        return v->max;
    case GEDI__COUNT:
        return v->n;
    default:
        return v->mean;
    }
}

/* P(|T| <= t), T of Student's distribution. */
static double within(double t, int freedom)
{
    double angle = atan2(t, sqrt(freedom));
    double c = cos(angle) * cos(angle), sum = 0, term = 1;
    bool odd = freedom % 2;
    if (odd)
        term = cos(angle);
    for (int k = odd ? 3 : 2; k <= freedom; k += 2) {
        sum += term;
        term *= c * (k - 1) / k;
    }
    if (odd) /* eq. 26.7.3 */
        return 2 / M_PI * (angle + sin(angle) * sum);
    return sin(angle) * sum; /* eq. 26.7.4 */
}

double gedi__student(int freedom, double level)
{
    double low = 0, high = 1;
    if (freedom < 1)
        return NAN;
    while (within(high, freedom) < level && high < 1e9)
        high *= 2;
    for (int i = 0; i < 100; i++) {
        double middle = (low + high) / 2;
        if (within(middle, freedom) < level)
            low = middle;
        else
            high = middle;
    }
    return high;
}
