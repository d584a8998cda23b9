/* nn.h - parameters and layers: what models and objectives are built from.
 *
 * A gedi_build is the place where a network is being built: a graph, a phase (training or
 * not) and a name scope. The same name asked for twice is the same parameter: views share
 * weights.
 */
#ifndef GEDI_NN_H
#define GEDI_NN_H

#include "gedi/graph.h"

typedef struct gedi_schedule gedi_schedule; /* gedi/schedule.h */

typedef struct gedi_build gedi_build;

typedef enum gedi_init_kind {
    GEDI_INIT_CONSTANT, /* value */
    GEDI_INIT_UNIFORM,  /* U(-value, value) */
    GEDI_INIT_NORMAL,   /* N(0, value^2) */
    GEDI_INIT_FAN_IN, /* U(-value / sqrt(fan_in), value / sqrt(fan_in)): PyTorch's linear
                       */
    GEDI_INIT_XAVIER, /* U(-a, a), a = value sqrt(6 / (fan_in + fan_out)) */
} gedi_init_kind;

typedef struct gedi_init {
    gedi_init_kind kind;
    double value;
    int64_t fan_in;  /* 0: the product of all but the last dimension */
    int64_t fan_out; /* 0: the last dimension */
} gedi_init;

GEDI_EXPORT gedi_graph *gedi_build_graph(gedi_build *b);
/* Classes of the data that the network is built for; 0 without labels. */
GEDI_EXPORT int32_t gedi_build_classes(const gedi_build *b);
/* True where batch statistics are used and state is updated. */
GEDI_EXPORT bool gedi_build_training(const gedi_build *b);

/* Names of parameters asked for between push and pop begin with "name.". Names are letters, digits and
 * _, with a dot between words. */
GEDI_EXPORT void gedi_scope_push(gedi_build *b, const char *name);
GEDI_EXPORT void gedi_scope_pop(gedi_build *b);

/* A trained parameter, e.g. "weight". Its first numbers depend on the seed and its full
 * name. Errors: GEDI_SHAPE if the name exists with another shape.  */
GEDI_EXPORT gedi_node *gedi_param(gedi_build *b, const char *name, gedi_shape s,
                                  gedi_init init);

/* Kept with the parameters but not trained, such as running means; `fill` at first. */
GEDI_EXPORT gedi_node *gedi_state(gedi_build *b, const char *name, gedi_shape s,
                                  double fill);
/* The same, with other first numbers: those of an init, by seed and full name, or the value of
 * a node that depends on parameters and constants alone, such as a weight. Where a later stage is
 * the first to have it, it begins with the weights of then. */
GEDI_EXPORT gedi_node *gedi_state_init(gedi_build *b, const char *name, gedi_shape s,
                                       gedi_init init);
GEDI_EXPORT gedi_node *gedi_state_from(gedi_build *b, const char *name, gedi_node *start);
/* After each training step `state` becomes `value`. No effect outside training. */
GEDI_EXPORT void gedi_state_update(gedi_build *b, gedi_node *state, gedi_node *value);

/* y computed with a running average of every weight it depends on, held fixed: the teacher of
 * BYOL, MoCo or DINO. Averages begin as the weights; after each step of the optimizer
 * t <- decay t + (1 - decay) w. They are state, "average.<parameter>", in checkpoints; statistics
 * of batch normalisation, and other state that a model updates, the teacher keeps for itself.
 * `decay`, an option that is scheduled (gedi/schedule.h), must outlive b.
 *   y -> the same shape; constant in the weights, differentiable in all else.
 *   Errors: GEDI_USAGE where y depends on no weight, or a weight is averaged with another decay
 *   already.  */
GEDI_EXPORT gedi_node *gedi_average(gedi_build *b, gedi_node *y,
                                    const gedi_schedule *decay);

/* The `rows` last rows of z that earlier iterations had, newest first; standard normal numbers
 * until there are so many.
 *   z [B, D] -> [rows, D], a state; constant.
 *   Errors: GEDI_SHAPE, GEDI_USAGE.  */
GEDI_EXPORT gedi_node *gedi_queue(gedi_build *b, const char *name, int64_t rows,
                                  gedi_node *z);

/* x W + bias: [B, D] -> [B, out]; parameters name.weight [D, out] and name.bias [out]. */
GEDI_EXPORT gedi_node *gedi_linear(gedi_build *b, const char *name, gedi_node *x,
                                   int64_t out, bool bias, gedi_init init);

/* Convolution of an image with zeros around it, so that height and width stay; of every `stride`-th pixel both ways,
 * the first among them.
 *   x an image of C channels, `size` odd, stride at least 1 -> an image of `out` channels, H / stride high and
 *   W / stride wide, rounded up; parameters
 *   name.weight [size, size, C, out] and name.bias [out].
 *   Errors: GEDI_SHAPE.  */
GEDI_EXPORT gedi_node *gedi_conv2d(gedi_build *b, const char *name, gedi_node *x,
                                   int64_t out, int64_t size, int64_t stride, bool bias,
                                   gedi_init init);

/* Normalises each column (of an image: each channel) over all other axes: batch statistics in training, running ones
 * (momentum 0.1, unbiased variance, as PyTorch) otherwise; then scale and shift if
 * `affine`. */
GEDI_EXPORT gedi_node *gedi_batch_norm(gedi_build *b, const char *name, gedi_node *x,
                                       bool affine);

/* For an option `activation`, GEDI_ENUM(self, activation, 0, GEDI_ACTIVATIONS, ...). */
#define GEDI_ACTIVATIONS "relu|leaky_relu|tanh|softplus|swish"
GEDI_EXPORT gedi_node *gedi_activate(gedi_node *x, int64_t activation, double slope);

#endif
