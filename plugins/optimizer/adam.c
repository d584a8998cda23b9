/* adam.c - the optimizer Adam.
 *
 * Source:  Kingma & Ba 2015, "Adam: a method for stochastic optimization", alg. 1.
 * Inputs:  w, g  [P]  parameters and gradient; m, v [P] moments, zero at first
 * Output:  w     [P]  w - lr * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + eps)
 * Differs: weight_decay * w is added to g first (L2, as PyTorch's Adam; not decoupled);
 *          a beta1 that changes is corrected by its present power, as in PyTorch.
 */
#include "gedi/plugin.h"

#include <math.h>

typedef struct adam {
    gedi_schedule lr, beta1, weight_decay;
    double beta2, eps;
} adam;

static const gedi_option adam_options[] = {
    GEDI_SCHEDULED(adam, lr, 1e-3, 0.0, 1e3, "learning rate"),
    GEDI_SCHEDULED(adam, beta1, 0.9, 0.0, 0.999999,
                   "decay of the running mean of gradients"),
    GEDI_REAL(adam, beta2, 0.999, 0.0, 0.999999999,
              "decay of the running mean of squared gradients"),
    GEDI_REAL(adam, eps, 1e-8, 1e-30, 1.0, "added to the denominator to keep it above 0"),
    GEDI_SCHEDULED(adam, weight_decay, 0.0, 0.0, 1e3,
                   "this times the parameters is added to the gradient"),
    GEDI_END,
};

enum { ADAM_M, ADAM_V, ADAM_SLOTS };

static int adam_slots(const void *self)
{
    (void)self;
    return ADAM_SLOTS;
}

static void adam_step(const void *self, const gedi_update *u)
{
    const adam *o = self;
    double lr = gedi_schedule_at(&o->lr, u->iteration, u->total);
    double mean = gedi_schedule_at(&o->beta1, u->iteration, u->total);
    /* In double: 1 - beta2^t loses half of float's digits in the first steps. */
    double correct1 = 1.0 - pow(mean, (double)u->step);
    double correct2 = 1.0 - pow(o->beta2, (double)u->step);
    const float rate = (float)(lr / correct1);
    const float root = (float)(1.0 / sqrt(correct2));
    const float beta1 = (float)mean, rest1 = (float)(1.0 - mean);
    const float beta2 = (float)o->beta2, rest2 = (float)(1.0 - o->beta2);
    const float eps = (float)o->eps;
    const float decay = (float)gedi_schedule_at(&o->weight_decay, u->iteration, u->total);
    float *restrict w = u->w, *restrict m = u->slot[ADAM_M],
                    *restrict v = u->slot[ADAM_V];
    const float *restrict g = u->g;
    const int64_t n = u->size;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        float d = g[i] + decay * w[i];
        m[i] = beta1 * m[i] + rest1 * d;
        v[i] = beta2 * v[i] + rest2 * d * d;
        w[i] -= rate * m[i] / (sqrtf(v[i]) * root + eps);
    }
}

GEDI_DEFINE(optimizer, adam) = {
    GEDI_HEAD(optimizer, adam),
    .brief = "Adam: steps scaled by running moments of the gradient",
    .cite = "Kingma & Ba 2015, Adam: a method for stochastic optimization, alg. 1",
    .self_size = sizeof(adam),
    .options = adam_options,
    .slots = adam_slots,
    .step = adam_step,
};
