/* probe.c - a linear layer trained on frozen features.
 *
 * Source:  Sansone & Manhaeve, "Unifying Self-Supervised Clustering and Energy-Based
 *          Models", table 10: stochastic gradient descent with momentum.
 * Inputs:  x  [N, D]  features; label  [N]
 * Output:  weight  [D, K], bias  [K]
 * Differs: momentum is gathered as PyTorch does, v = momentum v + g; w -= lr v; initial
 *          weights are those of its linear layer; what is left of an epoch after whole batches
 *          waits for the next, in another order.
 */
#include "gedi/probe.h"
#include "core/exec/program.h"
#include "core/metric/points.h"
#include "gedi/loss.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WEIGHT, BIAS, PARTS };

typedef struct probe {
    const gedi_probe *how;
    int64_t batch, size[PARTS];
    float *x,
        *q; /* [B, D], [B, K]: the batch, and its classes as ones in rows of zeros */
    float *w[PARTS], *v[PARTS]; /* parameters and their momentum */
    int64_t *order;
    gedi_graph *graph;
    gedi__program *program; /* outputs: gradients to weight and bias */
} probe;

static gedi_status compile(probe *p, int64_t d, int64_t k, gedi_err *err)
{
    gedi_graph *g = p->graph = gedi_graph_new();
    if (!g)
        return gedi_no_memory(err, "a linear probe");
    gedi_node *x = gedi_input(g, "x", GEDI_DIMS(p->batch, d));
    gedi_node *q = gedi_input(g, "classes", GEDI_DIMS(p->batch, k));
    gedi_node *w[PARTS] = {gedi_input(g, "weight", GEDI_DIMS(d, k)),
                           gedi_input(g, "bias", GEDI_DIMS(k))};
    gedi_node *logits = gedi_dense(x, w[WEIGHT], w[BIAS]), *gradient[PARTS];
    GEDI_TRY(gedi_grad(gedi_loss_cross_entropy(q, logits), w, PARTS, NULL, 0, gradient));
    GEDI_TRY(gedi_graph_status(g, err));
    const gedi__binding bind[] = {
        {x, p->x}, {q, p->q}, {w[WEIGHT], p->w[WEIGHT]}, {w[BIAS], p->w[BIAS]}};
    return gedi__program_new(g, gradient, PARTS, bind, sizeof bind / sizeof *bind, 1,
                             &p->program, err);
}

static gedi_status probe_init(probe *p, int64_t n, int64_t d, int64_t k, gedi_err *err)
{
    p->size[WEIGHT] = d * k;
    p->size[BIAS] = k;
    p->x = malloc((size_t)(p->batch * d) * sizeof *p->x);
    p->q = malloc((size_t)(p->batch * k) * sizeof *p->q);
    p->order = malloc((size_t)n * sizeof *p->order);
    bool ok = p->x && p->q && p->order;
    for (int i = 0; i < PARTS; i++)
        ok = (p->v[i] = calloc((size_t)p->size[i], sizeof(float))) && ok;
    if (!ok)
        return gedi_no_memory(err, "a linear probe");
    return compile(p, d, k, err);
}

static void probe_clear(probe *p)
{
    gedi__program_free(p->program);
    gedi_graph_free(p->graph);
    free(p->x);
    free(p->q);
    free(p->order);
    for (int i = 0; i < PARTS; i++)
        free(p->v[i]);
}

static void step(probe *p)
{
    const gedi_probe *h = p->how;
    float lr = (float)h->lr, mu = (float)h->momentum, decay = (float)h->weight_decay;
    gedi__program_run(p->program);
    for (int i = 0; i < PARTS; i++) {
        const float *g = gedi__program_output(p->program, i);
        float *w = p->w[i], *v = p->v[i];
        for (int64_t j = 0; j < p->size[i]; j++) {
            v[j] = mu * v[j] + g[j] + decay * w[j];
            w[j] -= lr * v[j];
        }
    }
}

static gedi_status train(probe *p, const float *x, const int32_t *label, int64_t n,
                         int64_t d, int64_t k, gedi_rng *rng, gedi_err *err)
{
    size_t record = (size_t)d * sizeof *x;
    for (int64_t e = 0; e < p->how->epochs; e++) {
        gedi_rng_permutation(rng, p->order, n);
        for (int64_t at = 0; at + p->batch <= n; at += p->batch) {
            memset(p->q, 0, (size_t)(p->batch * k) * sizeof *p->q);
            for (int64_t i = 0; i < p->batch; i++) {
                int64_t r = p->order[at + i];
                memcpy(p->x + i * d, x + r * d, record);
                p->q[i * k + label[r]] = 1;
            }
            step(p);
        }
        for (int i = 0; i < PARTS; i++)
            for (int64_t j = 0; j < p->size[i]; j++)
                if (!isfinite(p->w[i][j]))
                    return GEDI_FAIL(err, GEDI_NUMERIC,
                                     "the linear probe diverges in epoch %lld: lr %g is "
                                     "too large for these features",
                                     (long long)e + 1, p->how->lr);
    }
    return GEDI_OK;
}

static gedi_status check(const gedi_probe *how, const float *x, const int32_t *label,
                         int64_t n, int64_t d, int32_t k, gedi_err *err)
{
    if (n < 1 || d < 1 || k < 1 || how->epochs < 1 || how->batch < 1)
        return GEDI_FAIL(
            err, GEDI_USAGE,
            "linear probe of %lld records of %lld numbers in %d classes, %lld epochs "
            "of batch %lld",
            (long long)n, (long long)d, (int)k, (long long)how->epochs,
            (long long)how->batch);
    for (int64_t i = 0; i < n; i++)
        if (label[i] < 0 || label[i] >= k)
            return GEDI_FAIL(err, GEDI_USAGE,
                             "linear probe: label %d of record %lld is not in [0, %d)",
                             (int)label[i], (long long)i, (int)k);
    return gedi__points_finite("linear probe", x, n, d, err);
}

gedi_status gedi_probe_train(const gedi_probe *how, const float *x, const int32_t *label,
                             int64_t n, int64_t d, int32_t k, gedi_rng *rng,
                             float *weight, float *bias, gedi_err *err)
{
    GEDI_TRY(check(how, x, label, n, d, k, err));
    probe p = {.how = how, .batch = how->batch < n ? how->batch : n, .w = {weight, bias}};
    float bound = (float)(1.0 / sqrt((double)d));
    gedi_status s = probe_init(&p, n, d, k, err);
    for (int i = 0; s == GEDI_OK && i < PARTS; i++) {
        gedi_rng_fill_uniform(rng, p.w[i], p.size[i]);
        for (int64_t j = 0; j < p.size[i]; j++)
            p.w[i][j] = bound * (2 * p.w[i][j] - 1);
    }
    if (s == GEDI_OK)
        s = train(&p, x, label, n, d, k, rng, err);
    probe_clear(&p);
    return s;
}

void gedi_probe_classify(const float *x, int64_t n, int64_t d, const float *weight,
                         const float *bias, int32_t k, int32_t *out)
{
    for (int64_t i = 0; i < n; i++) {
        double largest = 0;
        for (int32_t c = 0; c < k; c++) {
            double logit = bias[c];
            for (int64_t j = 0; j < d; j++)
                logit += (double)x[i * d + j] * weight[j * k + c];
            if (c == 0 || logit > largest) {
                largest = logit;
                out[i] = c;
            }
        }
    }
}
