/* @NAME@.c - an optimizer: gradient descent with momentum.
 *
 * Source:  the paper and its algorithm
 * Inputs:  w, g [P]  parameters and gradient; m [P] momentum, zero at first
 * Output:  m = momentum * m + g,  w = w - lr * m
 * Differs: nothing
 */
#include <gedi/gedi.h>

typedef struct {
    gedi_schedule lr; /* may change over training */
    double momentum;
} @NAME@_self;

static const gedi_option @NAME@_options[] = {
    GEDI_SCHEDULED(@NAME@_self, lr, 0.005, 0.0, 1e6, "learning rate"),
    GEDI_REAL(@NAME@_self, momentum, 0.9, 0.0, 0.9999, "share of the last step kept"),
    GEDI_END,
};

static int @NAME@_slots(const void *self)
{
    (void)self;
    return 1; /* m: saved and restored with the run */
}

static void @NAME@_step(const void *self, const gedi_update *u)
{
    const @NAME@_self *o = self;
    float lr = (float)gedi_schedule_at(&o->lr, u->iteration, u->total);
    float momentum = (float)o->momentum, *m = u->slot[0];
    for (int64_t i = 0; i < u->size; i++) {
        m[i] = momentum * m[i] + u->g[i];
        u->w[i] -= lr * m[i];
    }
}

GEDI_DEFINE(optimizer, @NAME@) = {
    GEDI_HEAD(optimizer, @NAME@),
    .brief = "gradient descent with momentum",
    .cite = "",
    .self_size = sizeof(@NAME@_self),
    .options = @NAME@_options,
    .slots = @NAME@_slots,
    .step = @NAME@_step,
};
