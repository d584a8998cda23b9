/* lars.c - the optimizer LARS: SGD whose rate in each parameter follows the parameter's norm.
 *
 * Source:  You, Gitman & Ginsburg 2017, "Large batch training of convolutional networks",
 *          eq. (6) and alg. 1.
 * Inputs:  w, g  [P]  parameters and gradient; b [P] momentum, zero at first
 * Output:  w     [P]  b = momentum * b + r * (g + weight_decay * w);  w - lr * b, with
 *                     r = trust * |w| / (|g| + weight_decay * |w|) of each parameter
 * Differs: lr multiplies the momentum when it is used, not when it is gathered (PyTorch's SGD);
 *          r is 1 where |w| or |g| is 0, or a parameter that begins as 0 would stay so;
 *          biases and the scales of norms, which have one dimension, are left out by default:
 *          r = 1 and no decay (Grill et al. 2020, BYOL, and others since).
 */
#include "gedi/plugin.h"

#include <math.h>

typedef struct lars {
    gedi_schedule lr, momentum, weight_decay;
    double trust;
    bool exclude;
} lars;

static const gedi_option lars_options[] = {
    GEDI_SCHEDULED(lars, lr, 0.1, 0.0, 1e6, "learning rate"),
    GEDI_SCHEDULED(lars, momentum, 0.9, 0.0, 0.999999, "decay of the momentum; 0: none"),
    GEDI_SCHEDULED(lars, weight_decay, 0.0, 0.0, 1e3,
                   "this times the parameters is added to the gradient"),
    GEDI_REAL(lars, trust, 1e-3, 1e-12, 1e3,
              "how far a step goes, relative to the norm of the parameter"),
    GEDI_BOOL(lars, exclude, true,
              "biases and norms, parameters of one dimension, have neither weight decay "
              "nor a rate of their own"),
    GEDI_END,
};

static int lars_slots(const void *self)
{
    const lars *o = self;
    return gedi_schedule_max(&o->momentum) > 0.0;
}

/* In double and one after the other: the same for any number of threads. */
static double lars_norm(const float *x, int64_t n)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++)
        sum += (double)x[i] * x[i];
    return sqrt(sum);
}

static double lars_ratio(const float *w, const float *g, int64_t n, double trust,
                         double decay)
{
    double of_w = lars_norm(w, n), of_g = lars_norm(g, n);
    return of_w > 0 && of_g > 0 ? trust * of_w / (of_g + decay * of_w) : 1.0;
}

static void lars_parameter(const gedi_update *u, const gedi_segment *s, float lr,
                           float ratio, float decay, float momentum, bool slot)
{
    float *restrict w = u->w + s->offset, *restrict b =
                                              slot ? u->slot[0] + s->offset : NULL;
    const float *restrict g = u->g + s->offset;
    const int64_t n = s->size;
    if (!b) {
#pragma omp simd
        for (int64_t i = 0; i < n; i++)
            w[i] -= lr * (ratio * (g[i] + decay * w[i]));
        return;
    }
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        b[i] = momentum * b[i] + ratio * (g[i] + decay * w[i]);
        w[i] -= lr * b[i];
    }
}

static void lars_step(const void *self, const gedi_update *u)
{
    const lars *o = self;
    double lr = gedi_schedule_at(&o->lr, u->iteration, u->total);
    double decay = gedi_schedule_at(&o->weight_decay, u->iteration, u->total);
    double momentum = gedi_schedule_at(&o->momentum, u->iteration, u->total);
    for (int i = 0; i < u->segments; i++) {
        const gedi_segment *s = &u->segment[i];
        bool out = o->exclude && s->shape.rank < 2;
        double ratio = out ? 1.0
                           : lars_ratio(u->w + s->offset, u->g + s->offset, s->size,
                                        o->trust, decay);
        lars_parameter(u, s, (float)lr, (float)ratio, out ? 0.0f : (float)decay,
                       (float)momentum, lars_slots(self));
    }
}

GEDI_DEFINE(optimizer, lars) = {
    GEDI_HEAD(optimizer, lars),
    .brief = "LARS: SGD with a rate for each parameter by its norm",
    .cite =
        "You, Gitman & Ginsburg 2017, Large batch training of convolutional networks, "
        "eq. (6), alg. 1",
    .self_size = sizeof(lars),
    .options = lars_options,
    .slots = lars_slots,
    .step = lars_step,
};
