/* kmeans.c - clusters of points without a model of them.
 *
 * Source:  Lloyd 1982, "Least squares quantization in PCM"; Arthur & Vassilvitskii 2007,
 *          "k-means++: the advantages of careful seeding", in the greedy form, with as many
 *          tries, 2 + log K, as scikit-learn has
 * Inputs:  x  [N, D]
 * Output:  label  [N]
 * Differs: a cluster that loses all its points takes the point farthest from its centre.
 */
#include "gedi/kmeans.h"
#include "core/metric/points.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

typedef struct means {
    const float *x;
    int64_t n, d, k;
    float *centre;   /* [K, D] */
    double *sum;     /* [K, D] */
    int64_t *count;  /* [K] */
    float *distance; /* [N]: squared, to the nearest centre */
    float *with,
        *best; /* [N]: the same with a centre that is tried; with the best of these */
    int32_t *label; /* [N] */
} means;

static void centre_at(means *m, int64_t c, int64_t point)
{
    memcpy(m->centre + c * m->d, m->x + point * m->d, (size_t)m->d * sizeof(float));
}

/* What the squared distances would be with this point as one more centre, into `out` [N];
 * returns their sum. */
static double with_centre(const means *m, int64_t point, float *out)
{
    double sum = 0;
    for (int64_t i = 0; i < m->n; i++) {
        float q = gedi__points_square(m->x + i * m->d, m->x + point * m->d, m->d);
        out[i] = q < m->distance[i] ? q : m->distance[i];
        sum += out[i];
    }
    return sum;
}

/* A point, by its squared distance to the nearest centre; `total` is their sum. */
static int64_t draw(const means *m, double total, gedi_rng *rng)
{
    double at = gedi_rng_uniform(rng) * total, sum = m->distance[0];
    int64_t pick = 0;
    while (sum <= at && pick + 1 < m->n)
        sum += m->distance[++pick];
    return pick;
}

static void swap(float **a, float **b)
{
    float *c = *a;
    *a = *b;
    *b = c;
}

/* k-means++, greedy: of several points that are drawn, the one that leaves the smallest sum of
 * squared distances becomes the next centre. */
static void seed(means *m, gedi_rng *rng)
{
    int tries = 2 + (int)log((double)m->k);
    int64_t pick = (int64_t)gedi_rng_below(rng, (uint64_t)m->n);
    for (int64_t i = 0; i < m->n; i++)
        m->distance[i] = FLT_MAX;
    double total = with_centre(m, pick, m->distance);
    centre_at(m, 0, pick);
    for (int64_t c = 1; c < m->k; c++) {
        double least = INFINITY;
        for (int t = 0; t < tries; t++) {
            int64_t point = draw(m, total, rng);
            double sum = with_centre(m, point, m->with);
            if (sum < least) {
                least = sum;
                pick = point;
                swap(&m->with, &m->best);
            }
        }
        centre_at(m, c, pick);
        swap(&m->distance, &m->best);
        total = least;
    }
}

/* Every point to its nearest centre; true if a label changed. */
static bool assign(means *m, double *cost)
{
    bool changed = false;
    *cost = 0;
    for (int64_t i = 0; i < m->n; i++) {
        int32_t best = 0;
        m->distance[i] = FLT_MAX;
        for (int64_t c = 0; c < m->k; c++) {
            float q = gedi__points_square(m->x + i * m->d, m->centre + c * m->d, m->d);
            if (q < m->distance[i]) {
                m->distance[i] = q;
                best = (int32_t)c;
            }
        }
        changed = changed || m->label[i] != best;
        m->label[i] = best;
        *cost += m->distance[i];
    }
    return changed;
}

static void move(means *m)
{
    memset(m->sum, 0, (size_t)(m->k * m->d) * sizeof *m->sum);
    memset(m->count, 0, (size_t)m->k * sizeof *m->count);
    for (int64_t i = 0; i < m->n; i++) {
        double *to = m->sum + m->label[i] * m->d;
        m->count[m->label[i]]++;
        for (int64_t j = 0; j < m->d; j++)
            to[j] += (double)m->x[i * m->d + j];
    }
    for (int64_t c = 0; c < m->k; c++) {
        if (!m->count[c]) {
            int64_t far = 0;
            for (int64_t i = 1; i < m->n; i++)
                if (m->distance[i] > m->distance[far])
                    far = i;
            centre_at(m, c, far);
            m->distance[far] = 0; /* the next empty one takes another */
            continue;
        }
        for (int64_t j = 0; j < m->d; j++)
            m->centre[c * m->d + j] = (float)(m->sum[c * m->d + j] / (double)m->count[c]);
    }
}

static gedi_status run(means *m, int restarts, int steps, gedi_rng *rng, int32_t *label,
                       double *cost)
{
    double best = INFINITY;
    for (int r = 0; r < restarts; r++) {
        double now = 0;
        seed(m, rng);
        memset(m->label, -1, (size_t)m->n * sizeof *m->label);
        for (int s = 0; assign(m, &now) && s < steps; s++)
            move(m);
        if (now < best) {
            best = now;
            memcpy(label, m->label, (size_t)m->n * sizeof *label);
        }
    }
    if (cost)
        *cost = best;
    return GEDI_OK;
}

gedi_status gedi_kmeans(const float *x, int64_t n, int64_t d, int64_t k, int restarts,
                        int steps, gedi_rng *rng, int32_t *label, double *cost,
                        gedi_err *err)
{
    if (d < 1 || k < 1 || restarts < 1 || steps < 1 || n < k)
        return GEDI_FAIL(err, GEDI_USAGE,
                         "k-means of %lld points of %lld numbers into %lld clusters",
                         (long long)n, (long long)d, (long long)k);
    GEDI_TRY(gedi__points_finite("k-means", x, n, d, err));
    means m = {.x = x, .n = n, .d = d, .k = k};
    m.centre = malloc((size_t)(k * d) * sizeof *m.centre);
    m.sum = malloc((size_t)(k * d) * sizeof *m.sum);
    m.count = malloc((size_t)k * sizeof *m.count);
    m.distance = malloc((size_t)n * sizeof *m.distance);
    m.with = malloc((size_t)n * sizeof *m.with);
    m.best = malloc((size_t)n * sizeof *m.best);
    m.label = malloc((size_t)n * sizeof *m.label);
    gedi_status s = GEDI_OK;
    if (!m.centre || !m.sum || !m.count || !m.distance || !m.with || !m.best || !m.label)
        s = gedi_no_memory(err, "k-means of %lld points", (long long)n);
    else
        s = run(&m, restarts, steps, rng, label, cost);
    free(m.centre);
    free(m.sum);
    free(m.count);
    free(m.distance);
    free(m.with);
    free(m.best);
    free(m.label);
    return s;
}
