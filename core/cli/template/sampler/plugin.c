/* @NAME@.c - a sampler: Langevin steps of a fixed length.
 *
 * Source:  the paper and its algorithm
 * Inputs:  x [B, ...], energy [B, 1] of x
 * Output:  x - step_size * g / |g| + noise * N(0, I), g the gradient of the energy
 * Differs: nothing
 */
#include <gedi/gedi.h>

typedef struct {
    int64_t steps, buffer;
    double step_size, noise, reinit;
} @NAME@_self;

static const gedi_option @NAME@_options[] = {
    GEDI_INT(@NAME@_self, steps, 1, 1, 100000, "T, steps per iteration"),
    GEDI_REAL(@NAME@_self, step_size, 0.01, 0.0, 1e6, "length of a step, in units of x"),
    GEDI_REAL(@NAME@_self, noise, 0.01, 0.0, 1e6, "standard deviation of the noise"),
    GEDI_INT(@NAME@_self, buffer, 10000, 0, 100000000, "records of the replay buffer"),
    GEDI_REAL(@NAME@_self, reinit, 0.05, 0.0, 1.0, "share of chains that start afresh"),
    GEDI_END,
};

static void @NAME@_chain(const void *self, gedi_chain *c)
{
    const @NAME@_self *o = self;
    *c = (gedi_chain){.steps = o->steps, .buffer = o->buffer, .reinit = o->reinit};
    c->box = true; /* chains start uniformly in the box around the data */
    c->scale = 1.0;
}

static gedi_node *@NAME@_step(const void *self, gedi_build *b, gedi_node *x,
                              gedi_node *energy)
{
    const @NAME@_self *o = self;
    gedi_node *g = NULL;
    gedi_shape s = gedi_node_shape(x);
    if (gedi_grad(energy, &x, 1, NULL, 0, &g) != GEDI_OK)
        return NULL; /* the graph holds the error */
    g = gedi_reshape(g, GEDI_DIMS(s.dim[0], gedi_shape_size(s) / s.dim[0]));
    g = gedi_reshape(gedi_l2_normalize(g, 1e-12), s);
    gedi_node *noise = gedi_scale(gedi_random_normal(gedi_build_graph(b), s), o->noise);
    return gedi_add(gedi_sub(x, gedi_scale(g, o->step_size)), noise);
}

GEDI_DEFINE(sampler, @NAME@) = {
    GEDI_HEAD(sampler, @NAME@),
    .brief = "Langevin steps of a fixed length",
    .cite = "",
    .self_size = sizeof(@NAME@_self),
    .options = @NAME@_options,
    .chain = @NAME@_chain,
    .step = @NAME@_step,
};
