/* sela.c - SeLa: every few epochs all records are dealt to K classes, all of them equally large.
 *
 * Source:  Asano et al. 2020, "Self-labelling via simultaneous clustering and representation
 *          learning", eqs. (3) to (8), section 3.2
 * Inputs:  z of all views  [B, K]  embeddings, which are the logits; numbers of the records
 * Output:  class  [1]  CE(class of the record, p(y|x)), p = softmax(z), mean over batch and views.
 *          A class is the y for which q is largest: q_iy ~ a_i b_y p(y|x_i)^lambda, a and b such
 *          that each record has 1 and each class N / K
 * Differs: one head; records are dealt without views, every so many epochs; a number of steps of
 *          Sinkhorn in place of a threshold
 */
#include "gedi/plugin.h"

#include <math.h>
#include <stdlib.h>

typedef struct sela {
    int64_t every, iterations;
    double lambda;
    gedi_schedule class; /* weight */
} sela;

static const gedi_option sela_options[] = {
    GEDI_INT(sela, every, 1, 1, 1000000, "epochs from one dealing to the next"),
    GEDI_INT(sela, iterations, 100, 1, 100000, "iterations of Sinkhorn"),
    GEDI_REAL(sela, lambda, 25.0, 1e-3, 1e4, "sharpness of the assignments"),
    GEDI_SCHEDULED(sela, class, 1.0, 0.0, 1e6, "weight of the cross entropy"),
    GEDI_END,
};

static gedi_node *sela_logits(const void *self, gedi_build *b, gedi_node *z)
{
    (void)self, (void)b;
    return z;
}

static void sela_loss(const void *self, gedi_build *b, const gedi_batch *v, gedi_terms *t)
{
    const sela *o = self;
    gedi_init zero = {.kind = GEDI_INIT_CONSTANT};
    gedi_node *all = gedi_table(b, "classes", 1, zero), *sum = NULL;
    gedi_node *q = gedi_one_hot(gedi_gather(all, v->index), gedi_cols(v->z[0]));
    for (int i = 0; i < v->views; i++) {
        gedi_node *ce = gedi_loss_cross_entropy(q, v->z[i]);
        sum = sum ? gedi_add(sum, ce) : ce;
    }
    gedi_term_by(t, "class", gedi_scale(sum, 1.0 / v->views), &o->class, 0.0);
}

/* q [K] of one record with log b; returns its class. */
static int64_t sela_assign(double lambda, const float *z, const double *log_b, int64_t k,
                           double *q)
{
    int64_t best = 0;
    double sum = 0;
    for (int64_t y = 0; y < k; y++) {
        q[y] = lambda * (double)z[y] + log_b[y];
        best = q[y] > q[best] ? y : best;
    }
    double most = q[best];
    for (int64_t y = 0; y < k; y++)
        sum += q[y] = exp(q[y] - most);
    for (int64_t y = 0; y < k; y++)
        q[y] /= sum;
    return best;
}

static gedi_status sela_pass(const void *self, gedi_pass *p, gedi_err *err)
{
    const sela *o = self;
    int64_t n = gedi_pass_count(p), k = gedi_pass_embedding(p);
    float *class = gedi_pass_state(p, "classes", NULL);
    float *z = calloc((size_t)(n * k), sizeof *z);
    double *log_b = calloc((size_t)(3 * k), sizeof *log_b); /* and q, and its sums */
    gedi_status s = z && log_b ? gedi_pass_read(p, 0, n, NULL, z, err)
                               : GEDI_FAIL(err, GEDI_NOMEM, "out of memory for classes");
    for (int64_t step = 0; s == GEDI_OK && step <= o->iterations; step++) {
        double *q = log_b + k, *sum = q + k;
        for (int64_t y = 0; y < k; y++)
            sum[y] = 0;
        for (int64_t i = 0; i < n; i++) {
            class[i] = (float)sela_assign(o->lambda, z + i * k, log_b, k, q);
            for (int64_t y = 0; y < k; y++)
                sum[y] += q[y];
        }
        for (int64_t y = 0; y < k; y++) /* eq. (8); an empty class is not 0 */
            log_b[y] += log((double)n / (double)k / (sum[y] + 1e-300));
    }
    free(z);
    free(log_b);
    return s;
}

static int64_t sela_every(const void *self)
{
    const sela *o = self;
    return o->every;
}

GEDI_DEFINE(objective, sela) = {
    GEDI_HEAD(objective, sela),
    .brief =
        "SeLa: all records are put into equally large classes, as many as the embedding is "
        "wide, which every view predicts",
    .cite = "Asano et al. 2020, eqs. (3)-(8), section 3.2",
    .self_size = sizeof(sela),
    .options = sela_options,
    .loss = sela_loss,
    .logits = sela_logits,
    .pass_every = sela_every,
    .pass = sela_pass,
};
