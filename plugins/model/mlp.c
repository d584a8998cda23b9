/* mlp.c - multi-layer perceptron: encoder of the synthetic data, projector of everything.
 *
 * Source:  Sansone & Manhaeve, Appendix K (enc 2-100-100-2, proj 2-4-2, ReLU; batch
 *          normalisation in all layers for Barlow Twins and SwAV).
 * Inputs:  x  [B, ...]  flattened to [B, D]
 * Output:  [B, output]; no activation after the last layer
 * Differs: initial weights are PyTorch's, U(+-1/sqrt(fan in)), as the paper states none.
 */
#include "gedi/plugin.h"

#include <stdio.h>

typedef struct mlp {
    gedi_ints hidden;
    int64_t output;
    int64_t activation;
    double slope;
    bool batch_norm;
    bool normalize;
    int64_t init;
    double gain;
} mlp;

static const gedi_option mlp_options[] = {
    GEDI_INTS(mlp, hidden, "100, 100", 1, 65536, "units of each hidden layer"),
    GEDI_INT(mlp, output, 2, 1, 65536, "units of the last layer, D"),
    GEDI_ENUM(mlp, activation, 0, GEDI_ACTIVATIONS, "after each hidden layer"),
    GEDI_REAL(mlp, slope, 0.01, 0.0, 1.0, "slope of leaky_relu below 0"),
    GEDI_BOOL(mlp, batch_norm, false, "batch normalisation after every linear layer"),
    GEDI_BOOL(mlp, normalize, false, "put the output on the unit sphere"),
    GEDI_ENUM(mlp, init, 0, "fan_in|xavier", "U(+-1/sqrt(fan in)), or Glorot's uniform"),
    GEDI_REAL(mlp, gain, 1.0, 0.0, 100.0, "multiplies the bound of the initial weights"),
    GEDI_END,
};

static gedi_node *mlp_layer(const mlp *m, gedi_build *b, int64_t i, gedi_node *x,
                            int64_t out)
{
    char name[32];
    gedi_init init = {.kind = m->init == 0 ? GEDI_INIT_FAN_IN : GEDI_INIT_XAVIER,
                      .value = m->gain};
    snprintf(name, sizeof name, "layer%lld", (long long)i);
    x = gedi_linear(b, name, x, out, true, init);
    if (m->batch_norm) {
        snprintf(name, sizeof name, "norm%lld", (long long)i);
        x = gedi_batch_norm(b, name, x, true);
    }
    return x;
}

static gedi_node *mlp_build(const void *self, gedi_build *b, gedi_node *x)
{
    const mlp *m = self;
    gedi_shape s = gedi_node_shape(x);
    if (s.rank != 2 && s.rank > 0 && s.dim[0] > 0)
        x = gedi_reshape(x, GEDI_DIMS(s.dim[0], gedi_shape_size(s) / s.dim[0]));
    for (int64_t i = 0; i < m->hidden.n; i++) {
        x = mlp_layer(m, b, i, x, m->hidden.v[i]);
        x = gedi_activate(x, m->activation, m->slope);
    }
    x = mlp_layer(m, b, m->hidden.n, x, m->output);
    return m->normalize ? gedi_l2_normalize(x, 1e-12) : x;
}

GEDI_DEFINE(model, mlp) = {
    GEDI_HEAD(model, mlp),
    .brief = "multi-layer perceptron",
    .cite = "Sansone & Manhaeve, Appendix K",
    .self_size = sizeof(mlp),
    .options = mlp_options,
    .build = mlp_build,
};
