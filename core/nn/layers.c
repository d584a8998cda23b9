/* layers.c - layers that models are built from. */
#include "core/base/ranks.h"
#include "core/graph/node.h"
#include "core/nn/build.h"
#include "core/nn/loss.h"
#include "core/op/image.h"
#include "core/op/ranks.h"
#include "gedi/nn.h"

#include <stdio.h>

/* PyTorch draws a layer's bias from the bound of its weights; others start at 0. */
static gedi_node *bias_of(gedi_build *b, int64_t out, int64_t fan_in, gedi_init init)
{
    gedi_init zero = {.kind = GEDI_INIT_CONSTANT};
    gedi_init same = {.kind = GEDI_INIT_FAN_IN, .value = init.value, .fan_in = fan_in};
    return gedi_param(b, "bias", GEDI_DIMS(out),
                      init.kind == GEDI_INIT_FAN_IN ? same : zero);
}

gedi_node *gedi_linear(gedi_build *b, const char *name, gedi_node *x, int64_t out,
                       bool bias, gedi_init init)
{
    if (!x || !gedi__given(b->g, name, "gedi_linear", "name"))
        return NULL;
    if (gedi_node_shape(x).rank != 2)
        return gedi_graph_fail(gedi_build_graph(b), GEDI_SHAPE,
                               "linear %s: needs [B, D], not %d dimensions", name,
                               gedi_node_shape(x).rank);
    gedi_scope_push(b, name);
    int64_t in = gedi_cols(x);
    gedi_node *w = gedi_param(b, "weight", GEDI_DIMS(in, out), init);
    gedi_node *y = bias ? gedi_dense(x, w, bias_of(b, out, in, init)) : gedi_matmul(x, w);
    gedi_scope_pop(b);
    return y;
}

gedi_node *gedi_conv2d(gedi_build *b, const char *name, gedi_node *x, int64_t out,
                       int64_t size, int64_t stride, bool bias, gedi_init init)
{
    gedi__image m;
    char text[64];
    if (!x || !gedi__given(b->g, name, "gedi_conv2d", "name"))
        return NULL;
    if (!gedi__image_of(gedi_node_shape(x), &m))
        return gedi_graph_fail(gedi_build_graph(b), GEDI_SHAPE,
                               "conv2d %s: needs an image, [N, H, W, C], not %s", name,
                               gedi_shape_text(gedi_node_shape(x), text, sizeof text));
    if (size < 1 || size % 2 == 0)
        return gedi_graph_fail(gedi_build_graph(b), GEDI_SHAPE,
                               "conv2d %s: kernel size %lld is not odd", name,
                               (long long)size);
    gedi_scope_push(b, name);
    init.fan_out = init.fan_out ? init.fan_out : size * size * out;
    gedi_node *w = gedi_param(b, "weight", GEDI_DIMS(size, size, m.c, out), init);
    gedi_node *c = bias ? bias_of(b, out, size * size * m.c, init) : NULL;
    gedi_node *y = bias && !c ? NULL : gedi_convolve(x, w, c, size / 2, stride);
    gedi_scope_pop(b);
    return y;
}

/* The mean over these axes, of the records of all ranks. */
static gedi_node *mean_of_all(const gedi_build *b, gedi_node *x, unsigned axes)
{
    return b->split ? gedi_scale(gedi__rank_copy(gedi__rank_sum(gedi_mean(x, axes))),
                                 1.0 / gedi__ranks_of_run()->n)
                    : gedi_mean(x, axes);
}

/* Source:  Ioffe & Szegedy 2015, "Batch normalization", alg. 1; momentum as PyTorch's. */
gedi_node *gedi_batch_norm(gedi_build *b, const char *name, gedi_node *x, bool affine)
{
    const double eps = 1e-5, momentum = 0.1;
    if (!x || !gedi__given(b->g, name, "gedi_batch_norm", "name"))
        return NULL;
    gedi_shape s = gedi_node_shape(x);
    if (s.rank < 2)
        return gedi_graph_fail(gedi_build_graph(b), GEDI_SHAPE,
                               "batch norm %s: needs [B, ...], not %d dimension%s", name,
                               s.rank, s.rank == 1 ? "" : "s");
    const unsigned axes = (1u << (s.rank - 1)) - 1; /* all but the channels */
    gedi_shape wide = s, c = GEDI_DIMS(s.dim[s.rank - 1]);
    for (int i = 0; i < s.rank - 1; i++)
        wide.dim[i] = 1;
    double n = (double)(gedi_shape_size(s) / (c.dim[0] ? c.dim[0] : 1));
    char what[96];
    snprintf(what, sizeof what, "batch norm %s", name);
    if (gedi_build_training(b) && n < 2 && /* an image has a spread of its own */
        !gedi__enough_records(gedi_build_graph(b), what, 1, 2,
                              "one record has no spread"))
        return NULL;
    gedi_scope_push(b, name);
    gedi_node *mean = gedi_state(b, "running_mean", c, 0.0);
    gedi_node *var = gedi_state(b, "running_var", c, 1.0);
    gedi_node *y, *spread; /* y / spread is normalised */
    if (gedi_build_training(b)) {
        n *= b->split ? gedi__ranks_of_run()->n : 1;
        gedi_node *m = mean_of_all(b, x, axes);
        y = gedi_sub(x, m);
        gedi_node *v = mean_of_all(b, gedi_square(y), axes);
        spread = gedi_sqrt(gedi_affine(v, 1.0, eps));
        gedi_state_update(b, mean,
                          gedi_add(gedi_scale(mean, 1.0 - momentum),
                                   gedi_scale(gedi_reshape(m, c), momentum)));
        gedi_state_update(
            b, var,
            gedi_add(gedi_scale(var, 1.0 - momentum),
                     gedi_scale(gedi_reshape(v, c), momentum * n / (n - 1.0))));
    } else {
        y = gedi_sub(x, gedi_reshape(mean, wide));
        spread = gedi_sqrt(gedi_affine(gedi_reshape(var, wide), 1.0, eps));
    }
    /* One factor a channel, so that all numbers are passed once. */
    gedi_node *factor = gedi_div(gedi_constant(gedi_build_graph(b), 1.0, wide), spread);
    if (affine) {
        gedi_init one = {.kind = GEDI_INIT_CONSTANT, .value = 1.0};
        gedi_init zero = {.kind = GEDI_INIT_CONSTANT};
        /* One after the other: C leaves the order of arguments to the compiler, and the
         * order of parameters is that of the flat vectors. */
        gedi_node *weight = gedi_param(b, "weight", c, one);
        gedi_node *bias = gedi_param(b, "bias", c, zero);
        factor = gedi_mul(factor, gedi_reshape(weight, wide));
        y = gedi_add(gedi_mul(y, factor), gedi_reshape(bias, wide));
    } else {
        y = gedi_mul(y, factor);
    }
    gedi_scope_pop(b);
    return y;
}

gedi_node *gedi_activate(gedi_node *x, int64_t activation, double slope)
{
    switch (activation) { /* the order of GEDI_ACTIVATIONS */
    case 0:
        return gedi_relu(x);
    case 1:
        return gedi_leaky_relu(x, slope);
    case 2:
        return gedi_tanh(x);
    case 3:
        return gedi_softplus(x);
    case 4:
        return gedi_mul(x, gedi_sigmoid(x));
    }
    return gedi_graph_fail(gedi_node_graph(x), GEDI_USAGE,
                           "activation %lld does not exist", (long long)activation);
}
