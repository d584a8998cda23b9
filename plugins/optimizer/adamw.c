/* adamw.c - the optimizer AdamW: Adam, with weight decay beside the gradient.
 *
 * Source:  Loshchilov & Hutter 2019, "Decoupled weight decay regularization", alg. 2.
 * Inputs:  w, g  [P]  parameters and gradient; m, v [P] moments, zero at first
 * Output:  w     [P]  (1 - lr * weight_decay) * w
 *                     - lr * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + eps)
 * Differs: lr multiplies the decay, as in PyTorch's AdamW, where the paper has only the schedule's
 *          factor; a beta1 that changes is corrected by its present power, as in PyTorch.
 */
#include "gedi/plugin.h"

#include <math.h>

typedef struct adamw {
    gedi_schedule lr, beta1, weight_decay;
    double beta2, eps;
} adamw;

static const gedi_option adamw_options[] = {
    GEDI_SCHEDULED(adamw, lr, 1e-3, 0.0, 1e3, "learning rate"),
    GEDI_SCHEDULED(adamw, beta1, 0.9, 0.0, 0.999999,
                   "decay of the running mean of gradients"),
    GEDI_REAL(adamw, beta2, 0.999, 0.0, 0.999999999,
              "decay of the running mean of squared gradients"),
    GEDI_REAL(adamw, eps, 1e-8, 1e-30, 1.0,
              "added to the denominator to keep it above 0"),
    GEDI_SCHEDULED(adamw, weight_decay, 0.01, 0.0, 1e3,
                   "lr times this is the share of itself that a weight loses in a step"),
    GEDI_END,
};

enum { ADAMW_M, ADAMW_V, ADAMW_SLOTS };

static int adamw_slots(const void *self)
{
    (void)self;
    return ADAMW_SLOTS;
}

static void adamw_step(const void *self, const gedi_update *u)
{
    const adamw *o = self;
    double lr = gedi_schedule_at(&o->lr, u->iteration, u->total);
    double mean = gedi_schedule_at(&o->beta1, u->iteration, u->total);
    double decay = gedi_schedule_at(&o->weight_decay, u->iteration, u->total);
    /* In double: 1 - beta2^t loses half of float's digits in the first steps. */
    double correct1 = 1.0 - pow(mean, (double)u->step);
    double correct2 = 1.0 - pow(o->beta2, (double)u->step);
    const float rate = (float)(lr / correct1), keep = (float)(1.0 - lr * decay);
    const float root = (float)(1.0 / sqrt(correct2));
    const float beta1 = (float)mean, rest1 = (float)(1.0 - mean);
    const float beta2 = (float)o->beta2, rest2 = (float)(1.0 - o->beta2);
    const float eps = (float)o->eps;
    float *restrict w = u->w, *restrict m = u->slot[ADAMW_M],
                    *restrict v = u->slot[ADAMW_V];
    const float *restrict g = u->g;
    const int64_t n = u->size;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        m[i] = beta1 * m[i] + rest1 * g[i];
        v[i] = beta2 * v[i] + rest2 * g[i] * g[i];
        w[i] = keep * w[i] - rate * m[i] / (sqrtf(v[i]) * root + eps);
    }
}

GEDI_DEFINE(optimizer, adamw) = {
    GEDI_HEAD(optimizer, adamw),
    .brief = "AdamW: Adam with decoupled weight decay",
    .cite = "Loshchilov & Hutter 2019, Decoupled weight decay regularization, alg. 2",
    .self_size = sizeof(adamw),
    .options = adamw_options,
    .slots = adamw_slots,
    .step = adamw_step,
};
