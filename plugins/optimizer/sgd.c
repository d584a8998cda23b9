/* sgd.c - the optimizer SGD, with heavy-ball or Nesterov's momentum.
 *
 * Source:  Sutskever et al. 2013, "On the importance of initialization and momentum in
 *          deep learning", eq. (1)-(4), in the form of PyTorch's SGD.
 * Inputs:  w, g  [P]  parameters and gradient; b [P] momentum, zero at first
 * Output:  w     [P]  b = momentum * b + g;  w - lr * b, or with Nesterov's momentum
 *                     w - lr * (g + momentum * b)
 * Differs: lr multiplies the momentum when it is used, not when it is gathered (PyTorch);
 *          weight_decay * w is added to g first, or, decoupled, w loses lr * weight_decay * w
 *          before the step and the momentum knows nothing of it (Loshchilov & Hutter 2019,
 *          "Decoupled weight decay regularization", alg. 1, with lr as in PyTorch's AdamW).
 */
#include "gedi/plugin.h"

typedef struct sgd {
    gedi_schedule lr, momentum, weight_decay;
    bool nesterov, decoupled;
} sgd;

static const gedi_option sgd_options[] = {
    GEDI_SCHEDULED(sgd, lr, 0.1, 0.0, 1e6, "learning rate"),
    GEDI_SCHEDULED(sgd, momentum, 0.0, 0.0, 0.999999, "decay of the momentum; 0: none"),
    GEDI_BOOL(sgd, nesterov, false, "Nesterov's momentum (needs momentum > 0)"),
    GEDI_SCHEDULED(sgd, weight_decay, 0.0, 0.0, 1e3,
                   "this times the parameters is added to the gradient"),
    GEDI_BOOL(sgd, decoupled, false,
              "weight decay acts on the parameters alone, lr * weight_decay * w, not on "
              "gradient and momentum (needs weight_decay > 0)"),
    GEDI_END,
};

static int sgd_slots(const void *self)
{
    const sgd *o = self;
    return gedi_schedule_max(&o->momentum) > 0.0;
}

static gedi_status sgd_check(const void *self, gedi_err *err)
{
    const sgd *o = self;
    if (o->nesterov && !sgd_slots(self))
        return GEDI_FAIL(err, GEDI_OPTION,
                         "nesterov: true needs momentum > 0, but momentum is %g",
                         gedi_schedule_max(&o->momentum));
    if (o->decoupled && !(gedi_schedule_max(&o->weight_decay) > 0.0))
        return GEDI_FAIL(err, GEDI_OPTION,
                         "decoupled: true needs weight_decay > 0, but weight_decay is %g",
                         gedi_schedule_max(&o->weight_decay));
    return GEDI_OK;
}

/* By itself, so that without it the other loops compute what they always have. */
static void sgd_shrink(const gedi_update *u, float keep)
{
    float *restrict w = u->w;
    const int64_t n = u->size;
#pragma omp simd
    for (int64_t i = 0; i < n; i++)
        w[i] *= keep;
}

static void sgd_plain(const gedi_update *u, float lr, float decay)
{
    float *restrict w = u->w;
    const float *restrict g = u->g;
    const int64_t n = u->size;
#pragma omp simd
    for (int64_t i = 0; i < n; i++)
        w[i] -= lr * (g[i] + decay * w[i]);
}

/* The step is along `along_g` * gradient + `along_b` * momentum. */
static void sgd_momentum(const gedi_update *u, float lr, float decay, float momentum,
                         float along_g, float along_b)
{
    float *restrict w = u->w, *restrict b = u->slot[0];
    const float *restrict g = u->g;
    const int64_t n = u->size;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        float d = g[i] + decay * w[i];
        b[i] = momentum * b[i] + d;
        w[i] -= lr * (along_g * d + along_b * b[i]);
    }
}

static void sgd_step(const void *self, const gedi_update *u)
{
    const sgd *o = self;
    double rate = gedi_schedule_at(&o->lr, u->iteration, u->total);
    double shrink = gedi_schedule_at(&o->weight_decay, u->iteration, u->total);
    float lr = (float)rate, decay = o->decoupled ? 0.0f : (float)shrink;
    float momentum = (float)gedi_schedule_at(&o->momentum, u->iteration, u->total);
    if (o->decoupled)
        sgd_shrink(u, (float)(1.0 - rate * shrink));
    if (!sgd_slots(self))
        sgd_plain(u, lr, decay);
    else if (o->nesterov)
        sgd_momentum(u, lr, decay, momentum, 1.0f, momentum);
    else
        sgd_momentum(u, lr, decay, momentum, 0.0f, 1.0f);
}

GEDI_DEFINE(optimizer, sgd) = {
    GEDI_HEAD(optimizer, sgd),
    .brief = "stochastic gradient descent, with heavy-ball or Nesterov's momentum",
    .cite = "Sutskever et al. 2013, On the importance of initialization and momentum in "
            "deep learning, eq. (1)-(4)",
    .self_size = sizeof(sgd),
    .options = sgd_options,
    .check = sgd_check,
    .slots = sgd_slots,
    .step = sgd_step,
};
