/* nearest.c - nearest neighbours by cosine, all of them: no index, no approximation.
 *
 * Inputs:  x  [N, D], query  [M, D]
 * Output:  index, cosine  [M, k]
 *
 * Products of blocks of both, in one program; so the threads share them, and the bytes do
 * not depend on how many there are.
 */
#include "core/base/loop.h"
#include "core/exec/program.h"
#include "core/metric/points.h"
#include "gedi/probe.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

enum { QUERIES = 256, POINTS = 4096 }; /* in a block: a product of 4 MiB */

typedef struct nearest {
    int64_t d, k, queries, points; /* the last two: rows of a block */
    float *x, *q;                  /* [POINTS, D], [QUERIES, D]: on the unit sphere */
    gedi_graph *graph;
    gedi__program *program; /* output: [queries, points] */
} nearest;

static gedi_status nearest_init(nearest *s, gedi_err *err)
{
    s->x = calloc((size_t)(s->points * s->d), sizeof *s->x);
    s->q = calloc((size_t)(s->queries * s->d), sizeof *s->q);
    gedi_graph *g = s->graph = gedi_graph_new();
    if (!s->x || !s->q || !g)
        return gedi_no_memory(err, "nearest neighbours");
    gedi_node *x = gedi_input(g, "points", GEDI_DIMS(s->points, s->d));
    gedi_node *q = gedi_input(g, "queries", GEDI_DIMS(s->queries, s->d));
    gedi_node *cosine = gedi_matmul(q, gedi_transpose(x));
    const gedi__binding bind[] = {{x, s->x}, {q, s->q}};
    return gedi__program_new(g, &cosine, 1, bind, 2, omp_get_max_threads(), &s->program,
                             err);
}

static void nearest_clear(nearest *s)
{
    gedi__program_free(s->program);
    gedi_graph_free(s->graph);
    free(s->x);
    free(s->q);
}

/* Rows on the unit sphere; zeros stay. */
static void normalise(const float *x, int64_t n, int64_t d, float *out)
{
    for (int64_t i = 0; i < n; i++) {
        double square = 0;
        for (int64_t j = 0; j < d; j++)
            square += (double)x[i * d + j] * x[i * d + j];
        double scale = square > 0 ? 1 / sqrt(square) : 0;
        for (int64_t j = 0; j < d; j++)
            out[i * d + j] = (float)(scale * x[i * d + j]);
    }
}

/* Points first .. first + n - 1, whose cosines are c, against the best so far, which are
 * sorted and `have` <= k in number. */
static void offer(const float *c, int64_t first, int64_t n, int64_t k, int64_t have,
                  int64_t *index, float *cosine)
{
    for (int64_t i = 0; i < n; i++) {
        if (have == k && !(c[i] > cosine[k - 1]))
            continue;
        int64_t at = have < k ? have++ : k - 1;
        for (; at > 0 && c[i] > cosine[at - 1]; at--) {
            cosine[at] = cosine[at - 1];
            index[at] = index[at - 1];
        }
        cosine[at] = c[i];
        index[at] = first + i;
    }
}

static void search(nearest *s, const float *x, int64_t n, const float *query, int64_t m,
                   int64_t *index, float *cosine)
{
    for (int64_t p = 0; p < n; p += s->points) {
        int64_t points = gedi__min64(s->points, n - p);
        normalise(x + p * s->d, points, s->d, s->x);
        for (int64_t q = 0; q < m; q += s->queries) {
            int64_t queries = gedi__min64(s->queries, m - q);
            normalise(query + q * s->d, queries, s->d, s->q);
            gedi__program_run(s->program);
            const float *c = gedi__program_output(s->program, 0);
            for (int64_t i = 0; i < queries; i++)
                offer(c + i * s->points, p, points, s->k, gedi__min64(p, s->k),
                      index + (q + i) * s->k, cosine + (q + i) * s->k);
        }
    }
}

gedi_status gedi_nearest(const float *x, int64_t n, const float *query, int64_t m,
                         int64_t d, int64_t k, int64_t *index, float *cosine,
                         gedi_err *err)
{
    if (m < 1 || d < 1 || k < 1 || k > n)
        return GEDI_FAIL(
            err, GEDI_USAGE,
            "the %lld nearest of %lld points to %lld points, of %lld numbers each",
            (long long)k, (long long)n, (long long)m, (long long)d);
    GEDI_TRY(gedi__points_finite("nearest neighbours", x, n, d, err));
    GEDI_TRY(gedi__points_finite("nearest neighbours, queries", query, m, d, err));
    nearest s = {.d = d,
                 .k = k,
                 .queries = gedi__min64(QUERIES, m),
                 .points = gedi__min64(POINTS, n)};
    gedi_status status = nearest_init(&s, err);
    if (status == GEDI_OK)
        search(&s, x, n, query, m, index, cosine);
    nearest_clear(&s);
    return status;
}
