/* two_sample.c - are two sets of points of one distribution? Energy distance and MMD.
 *
 * Source:  Szekely & Rizzo 2013, "Energy statistics", eq. (6.1) without its factor; Gretton et al.
 *          2012, "A kernel two-sample test", lemma 6 (unbiased) and the permutation test of its
 *          section 8
 * Inputs:  x  [N, D], y  [M, D]
 * Output:  gedi_two_sample_result
 * Differs: nothing. Distances are computed once; a permutation is a sum over pairs of the smaller
 *          set: the other sums follow from those of the rows, as all pairs stay the same.
 */
#include "core/base/loop.h"
#include "core/base/memory.h"
#include "core/metric/points.h"
#include "gedi/metric.h"

#include <math.h>
#include <omp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { DISTANCE, KERNEL, STATISTICS };
enum { AT_ONCE = 128 /* permutations, for each row that is in cache */ };

typedef struct pairs {
    int64_t n, small, large; /* points, of the smaller set and of the other */
    float *value;            /* [n, n, STATISTICS]; below the diagonal */
    double *row;             /* [n, STATISTICS]: sums of whole rows */
    double total[STATISTICS];
} pairs;

/* One way to choose the smaller set. */
typedef struct choice {
    int32_t *at;  /* [small]: its points, ascending */
    int64_t seen; /* so many of them are in the sums */
    double inside[STATISTICS], row[STATISTICS];
} choice;

/* ---- distances ---- */

/* The k-th smallest of x [n], which is mixed, is put in place: what is before is no larger and
 * what is behind no smaller (Hoare 1961). */
static void select_kth(float *x, int64_t n, int64_t k)
{
    for (int64_t low = 0, high = n - 1; low < high;) {
        float middle = x[low + (high - low) / 2];
        int64_t i = low, j = high;
        while (i <= j) {
            while (x[i] < middle)
                i++;
            while (x[j] > middle)
                j--;
            if (i > j)
                break;
            float t = x[i];
            x[i++] = x[j];
            x[j--] = t;
        }
        if (k <= j)
            high = j;
        else if (k >= i)
            low = i;
        else
            return;
    }
}

gedi_status gedi_median_distance(const float *x, int64_t n, int64_t d, double *out,
                                 gedi_err *err)
{
    *out = NAN;
    if (n < 2 || d < 1)
        return GEDI_FAIL(err, GEDI_USAGE,
                         "median distance of %lld points of %lld numbers: it needs 2",
                         (long long)n, (long long)d);
    GEDI_TRY(gedi__points_finite("median distance", x, n, d, err));
    int64_t all = n * (n - 1) / 2, half = all / 2;
    float *q = gedi__alloc((size_t)all, sizeof *q, err, "distances of %lld points",
                           (long long)n);
    if (!q)
        return GEDI_NOMEM;
    GEDI__PARALLEL_FOR(all * d < GEDI__PARALLEL_MIN ? 1 : omp_get_max_threads(), i, n, {
        for (int64_t j = 0; j < i; j++)
            q[i * (i - 1) / 2 + j] = sqrtf(gedi__points_square(x + i * d, x + j * d, d));
    });
    select_kth(q, all, half);
    *out = q[half];
    if (all % 2 == 0) { /* the mean of the two in the middle */
        float below = q[0];
        for (int64_t i = 1; i < half; i++)
            below = q[i] > below ? q[i] : below;
        *out = 0.5 * ((double)below + *out);
    }
    free(q);
    return GEDI_OK;
}

/* Point i of both sets, the smaller first. */
static const float *point(const pairs *t, const float *const set[2], int64_t i, int64_t d)
{
    return i < t->small ? set[0] + i * d : set[1] + (i - t->small) * d;
}

static void measure(pairs *t, const float *const set[2], int64_t d, double bandwidth)
{
    double scale = -0.5 / (bandwidth * bandwidth);
    int64_t n = t->n;
    GEDI__PARALLEL_FOR(n * n * d < GEDI__PARALLEL_MIN ? 1 : omp_get_max_threads(), i, n, {
        float *to = t->value + i * n * STATISTICS;
        for (int64_t j = 0; j < i; j++, to += STATISTICS) {
            double q = gedi__points_square(point(t, set, i, d), point(t, set, j, d), d);
            to[DISTANCE] = (float)sqrt(q);
            to[KERNEL] = (float)exp(scale * q);
        }
    });
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < i; j++)
            for (int s = 0; s < STATISTICS; s++) {
                double v = t->value[(i * n + j) * STATISTICS + s];
                t->row[i * STATISTICS + s] += v;
                t->row[j * STATISTICS + s] += v;
                t->total[s] += v;
            }
}

/* ---- permutations ---- */

/* The sums of each of `count` choices; rows in turn, so that each is read from memory once. */
static void add_up(const pairs *t, choice *c, int64_t count)
{
    for (int64_t i = 0; i < t->n; i++) {
        const float *value = t->value + i * t->n * STATISTICS;
        for (choice *o = c; o < c + count; o++) {
            if (o->seen == t->small || o->at[o->seen] != i)
                continue;
            double distance = 0, kernel = 0;
            for (int64_t k = 0; k < o->seen; k++) {
                const float *pair = value + (int64_t)o->at[k] * STATISTICS;
                distance += pair[DISTANCE];
                kernel += pair[KERNEL];
            }
            o->inside[DISTANCE] += distance;
            o->inside[KERNEL] += kernel;
            for (int s = 0; s < STATISTICS; s++)
                o->row[s] += t->row[i * STATISTICS + s];
            o->seen++;
        }
    }
}

/* Both statistics of a choice that is added up: neither cares which set is the smaller. */
static void statistics(const pairs *t, const choice *c, double out[STATISTICS])
{
    double n = (double)t->small, m = (double)t->large;
    double across[STATISTICS], outside[STATISTICS];
    for (int s = 0; s < STATISTICS; s++) {
        across[s] = c->row[s] - 2 * c->inside[s];
        outside[s] = t->total[s] - c->inside[s] - across[s];
    }
    out[DISTANCE] = 2 * (across[DISTANCE] / (n * m) - c->inside[DISTANCE] / (n * n) -
                         outside[DISTANCE] / (m * m));
    out[KERNEL] = 2 * (c->inside[KERNEL] / (n * (n - 1)) +
                       outside[KERNEL] / (m * (m - 1)) - across[KERNEL] / (n * m));
}

/* The first `small` of a random permutation, ascending. */
static void choose(const pairs *t, gedi_rng *rng, int64_t *order, bool *taken, choice *c)
{
    int64_t k = 0;
    gedi_rng_permutation(rng, order, t->n);
    memset(taken, 0, (size_t)t->n * sizeof *taken);
    for (int64_t i = 0; i < t->small; i++)
        taken[order[i]] = true;
    for (int64_t i = 0; i < t->n; i++)
        if (taken[i])
            c->at[k++] = (int32_t)i;
}

/* Memory of the permutations that are worked on at once. */
typedef struct permuted {
    int32_t *at; /* [AT_ONCE, small] */
    int64_t *order;
    bool *taken; /* [n] */
    choice choice[AT_ONCE];
} permuted;

static void begin(const pairs *t, permuted *p, int64_t count)
{
    for (int64_t k = 0; k < count; k++)
        p->choice[k] = (choice){.at = p->at + k * t->small};
}

/* How many of the permutations have statistics that are no less than these. */
static void permute(const pairs *t, permuted *p, int64_t permutations, gedi_rng *rng,
                    const double seen[STATISTICS], int64_t more[STATISTICS])
{
    enum { TOGETHER = 8 };
    double now[STATISTICS];
    for (int64_t first = 0; first < permutations; first += AT_ONCE) {
        int64_t count = gedi__min64(AT_ONCE, permutations - first);
        begin(t, p, count);
        for (int64_t k = 0; k < count; k++)
            choose(t, rng, p->order, p->taken, &p->choice[k]);
        GEDI__PARALLEL_FOR(omp_get_max_threads(), k, (count + TOGETHER - 1) / TOGETHER, {
            add_up(t, p->choice + k * TOGETHER,
                   gedi__min64(TOGETHER, count - k * TOGETHER));
        });
        for (int64_t k = 0; k < count; k++) {
            statistics(t, &p->choice[k], now);
            for (int s = 0; s < STATISTICS; s++)
                more[s] += now[s] >= seen[s];
        }
    }
}

static gedi_status test(pairs *t, int64_t permutations, gedi_rng *rng,
                        gedi_two_sample_result *out, gedi_err *err)
{
    size_t n = (size_t)t->n;
    permuted *p = GEDI__NEW(p, err, "permutations");
    double seen[STATISTICS];
    int64_t more[STATISTICS] = {0};
    if (!p)
        return GEDI_NOMEM;
    p->at = malloc((size_t)(AT_ONCE * t->small) * sizeof *p->at);
    p->order = malloc(n * sizeof *p->order);
    p->taken = malloc(n * sizeof *p->taken);
    gedi_status s = GEDI_OK;
    if (!p->at || !p->order || !p->taken) {
        s = gedi_no_memory(err, "permutations of %zu points", n);
    } else {
        begin(t, p, 1);
        for (int64_t i = 0; i < t->small; i++)
            p->at[i] = (int32_t)i;
        add_up(t, p->choice, 1);
        statistics(t, p->choice, seen);
        permute(t, p, permutations, rng, seen, more);
        out->energy = seen[DISTANCE];
        out->mmd2 = seen[KERNEL];
        out->energy_p = (1.0 + (double)more[DISTANCE]) / (1.0 + (double)permutations);
        out->mmd2_p = (1.0 + (double)more[KERNEL]) / (1.0 + (double)permutations);
    }
    free(p->at);
    free(p->order);
    free(p->taken);
    free(p);
    return s;
}

static gedi_status check(const float *x, int64_t n, const float *y, int64_t m, int64_t d,
                         double bandwidth, int64_t permutations, gedi_err *err)
{
    if (n < 2 || m < 2 || d < 1 || n > INT32_MAX - m)
        return GEDI_FAIL(
            err, GEDI_USAGE,
            "two-sample test of %lld points and %lld points of %lld numbers: "
            "it needs 2 of each, and fewer than 2^31",
            (long long)n, (long long)m, (long long)d);
    if (!(bandwidth > 0) || permutations < 0)
        return GEDI_FAIL(err, GEDI_USAGE,
                         "two-sample test: a bandwidth of %g, which must be above 0, and "
                         "%lld permutations",
                         bandwidth, (long long)permutations);
    GEDI_TRY(gedi__points_finite("two-sample test", x, n, d, err));
    return gedi__points_finite("two-sample test, second set", y, m, d, err);
}

gedi_status gedi_two_sample(const float *x, int64_t n, const float *y, int64_t m,
                            int64_t d, double bandwidth, int64_t permutations,
                            gedi_rng *rng, gedi_two_sample_result *out, gedi_err *err)
{
    *out = (gedi_two_sample_result){NAN, NAN, NAN, NAN};
    GEDI_TRY(check(x, n, y, m, d, bandwidth, permutations, err));
    const float *const set[] = {n <= m ? x : y, n <= m ? y : x};
    pairs t = {.n = n + m, .small = n <= m ? n : m, .large = n <= m ? m : n};
    size_t all = (size_t)t.n;
    t.value = malloc(all * all * STATISTICS * sizeof *t.value);
    t.row = calloc(all * STATISTICS, sizeof *t.row);
    gedi_status s = GEDI_OK;
    if (!t.value || !t.row)
        s = gedi_no_memory(err, "distances of %zu points", all);
    if (s == GEDI_OK) {
        measure(&t, set, d, bandwidth);
        s = test(&t, permutations, rng, out, err);
    }
    free(t.value);
    free(t.row);
    return s;
}
