/* sgd.c - the optimizer SGD, with heavy-ball or Nesterov's momentum.
 *
 * Source:  Sutskever et al. 2013, "On the importance of initialization and momentum in
 *          deep learning", eq. (1)-(4), in the form of PyTorch's SGD.
 * Inputs:  w, g  [P]  parameters and gradient; b [P] momentum, zero at first
 * Output:  w     [P]  b = momentum * b + g;  w - lr * b, or with Nesterov's momentum
 *                     w - lr * (g + momentum * b)
 * Differs: lr multiplies the momentum when it is used, not when it is gathered (PyTorch);
 *          weight_decay * w is added to g first; lr rises linearly over the first
 *          `warmup` steps: lr * t / warmup.
 */
#include "gedi/plugin.h"

typedef struct sgd {
    double lr, momentum, weight_decay;
    bool nesterov;
    int64_t warmup;
} sgd;

static const gedi_option sgd_options[] = {
    GEDI_REAL(sgd, lr, 0.1, 0.0, 1e6, "learning rate"),
    GEDI_REAL(sgd, momentum, 0.0, 0.0, 0.999999, "decay of the momentum; 0: none"),
    GEDI_BOOL(sgd, nesterov, false, "Nesterov's momentum (needs momentum > 0)"),
    GEDI_REAL(sgd, weight_decay, 0.0, 0.0, 1e3,
              "times the parameters, added to the gradient"),
    GEDI_INT(sgd, warmup, 0, 0, 1000000000,
             "steps over which the learning rate rises linearly to lr; 0: none"),
    GEDI_END,
};

static gedi_status sgd_check(const void *self, gedi_err *err)
{
    const sgd *o = self;
    if (o->nesterov && !(o->momentum > 0.0))
        return GEDI_FAIL(err, GEDI_OPTION,
                         "nesterov: true needs momentum > 0, but momentum is %g",
                         o->momentum);
    return GEDI_OK;
}

static int sgd_slots(const void *self)
{
    const sgd *o = self;
    return o->momentum > 0.0;
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
    double lr = o->lr;
    if (u->step < o->warmup)
        lr *= (double)u->step / (double)o->warmup;
    float decay = (float)o->weight_decay, momentum = (float)o->momentum;
    if (!(o->momentum > 0.0))
        sgd_plain(u, (float)lr, decay);
    else if (o->nesterov)
        sgd_momentum(u, (float)lr, decay, momentum, 1.0f, momentum);
    else
        sgd_momentum(u, (float)lr, decay, momentum, 0.0f, 1.0f);
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
