/* chance.c - is a difference between runs beyond chance? */
#include "core/sweep/chance.h"
#include "gedi/rng.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    MOST =
        200000, /* possibilities that are all looked at; ten and ten runs have 184,756 */
    DRAWS = 20000,
};

/* Of numbers near the end of the range, sums would be infinite: this is what to multiply with. */
static double unit_of(const double *x, int n)
{
    double most = 0;
    for (int i = 0; i < n; i++)
        most = fmax(most, fabs(x[i]));
    return most > 1e150 ? 1e-150 : 1;
}

/* Sums of the same numbers in another order differ by rounding alone. */
static bool as_far(double x, double from, double size)
{
    return fabs(x) >= fabs(from) - 1e-12 * size;
}

static gedi_rng dice(void)
{
    return gedi_rng_at(0, GEDI_STREAM_EVAL, 0, 0);
}

double gedi__chance_paired(const double *difference, int n)
{
    double sum = 0, size = 0, unit = unit_of(difference, n);
    int64_t all = n < 18 ? (int64_t)1 << n : DRAWS, far = 0;
    bool exact = n < 18;
    gedi_rng rng = dice();
    for (int i = 0; i < n; i++) {
        sum += unit * difference[i];
        size += fabs(unit * difference[i]);
    }
    if (n < 1)
        return 1;
    for (int64_t k = 0; k < all; k++) {
        double turned = 0;
        for (int i = 0; i < n; i++) {
            bool turn = exact ? k >> i & 1 : gedi_rng_uniform(&rng) < 0.5;
            turned += unit * (turn ? -difference[i] : difference[i]);
        }
        far += as_far(turned, sum, size);
    }
    return exact ? (double)far / (double)all : (double)(far + 1) / (double)(all + 1);
}

/* C(n, k), or more than MOST. */
static double choices(int n, int k)
{
    double c = 1;
    for (int i = 1; i <= k && c <= MOST; i++)
        c = c * (n - k + i) / i;
    return c;
}

/* The next k of n indices in order; false behind the last. */
static bool next_choice(int *index, int k, int n)
{
    int i = k - 1;
    while (i >= 0 && index[i] == n - k + i)
        i--;
    if (i < 0)
        return false;
    index[i]++;
    for (int j = i + 1; j < k; j++)
        index[j] = index[j - 1] + 1;
    return true;
}

/* Of all ways to deal n of the numbers out, the part as far from an even share as `own`. */
static double of_all(const double *x, int n, int all, double own, double share,
                     double size)
{
    int64_t ways = 0, far = 0;
    int *index = malloc((size_t)n * sizeof *index);
    if (!index)
        return NAN;
    for (int i = 0; i < n; i++)
        index[i] = i;
    do {
        double sum = 0;
        for (int i = 0; i < n; i++)
            sum += x[index[i]];
        far += as_far(sum - share, own - share, size);
        ways++;
    } while (next_choice(index, n, all));
    free(index);
    return (double)far / (double)ways;
}

/* The same of DRAWS ways; the numbers are shuffled. */
static double of_some(double *x, int n, int all, double own, double share, double size)
{
    int64_t far = 0;
    gedi_rng rng = dice();
    for (int64_t k = 0; k < DRAWS; k++) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            int j = i + (int)gedi_rng_below(&rng, (uint64_t)(all - i));
            double taken = x[j];
            x[j] = x[i];
            x[i] = taken;
            sum += taken;
        }
        far += as_far(sum - share, own - share, size);
    }
    return (double)(far + 1) / (double)(DRAWS + 1);
}

double gedi__chance_apart(const double *a, int n, const double *b, int m)
{
    double own = 0, total = 0, size = 0;
    if (n < 1 || m < 1)
        return 1;
    double *x = malloc((size_t)(n + m) * sizeof *x);
    if (!x)
        return NAN;
    memcpy(x, a, (size_t)n * sizeof *x);
    memcpy(x + n, b, (size_t)m * sizeof *x);
    double unit = unit_of(x, n + m);
    for (int i = 0; i < n + m; i++)
        x[i] *= unit;
    for (int i = 0; i < n + m; i++) {
        own += i < n ? x[i] : 0;
        total += x[i];
        size += fabs(x[i]);
    }
    double share = total * n / (n + m);
    double p = choices(n + m, n) <= MOST ? of_all(x, n, n + m, own, share, size)
                                         : of_some(x, n, n + m, own, share, size);
    free(x);
    return p;
}

typedef struct place {
    double p;
    int of;
} place;

static int by_p(const void *a, const void *b)
{
    double x = ((const place *)a)->p, y = ((const place *)b)->p;
    return (x > y) - (x < y);
}

bool gedi__chance_holm(double *p, int n)
{
    place *sorted = malloc(((size_t)n + 1) * sizeof *sorted);
    double least = 0;
    if (!sorted)
        return false;
    for (int i = 0; i < n; i++)
        sorted[i] = (place){p[i], i};
    qsort(sorted, (size_t)n, sizeof *sorted, by_p);
    for (int i = 0; i < n; i++) {
        least = fmax(least, fmin(1, (n - i) * sorted[i].p));
        p[sorted[i].of] = least;
    }
    free(sorted);
    return true;
}

void gedi__chance_wilson(int successes, int n, double *low, double *high)
{
    const double z = 1.959963984540054;
    double p = (double)successes / n, square = z * z / n;
    double middle = (p + square / 2) / (1 + square);
    double half = z * sqrt(p * (1 - p) / n + square / (4 * n)) / (1 + square);
    *low = fmax(0, middle - half);
    *high = fmin(1, middle + half);
}
