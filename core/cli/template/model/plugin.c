/* @NAME@.c - a model: one hidden layer.
 *
 * Source:  the paper and its section
 * Inputs:  x  [B, ...]  flattened to [B, D]
 * Output:  tanh(x W1 + b1) W2 + b2  [B, output]
 * Differs: nothing
 */
#include <gedi/gedi.h>

typedef struct {
    int64_t hidden, output;
} @NAME@_self;

static const gedi_option @NAME@_options[] = {
    GEDI_INT(@NAME@_self, hidden, 64, 1, 65536, "width of the hidden layer"),
    GEDI_INT(@NAME@_self, output, 2, 1, 65536, "dimension D of the embedding"),
    GEDI_END,
};

static gedi_node *@NAME@_build(const void *self, gedi_build *b, gedi_node *x)
{
    const @NAME@_self *o = self;
    gedi_init init = {.kind = GEDI_INIT_XAVIER, .value = 1.0};
    int64_t n = gedi_rows(x);
    if (n > 0) /* 0: x is an error already, and stays one */
        x = gedi_reshape(x, GEDI_DIMS(n, gedi_shape_size(gedi_node_shape(x)) / n));
    gedi_node *h = gedi_tanh(gedi_linear(b, "hidden", x, o->hidden, true, init));
    return gedi_linear(b, "output", h, o->output, true, init);
}

GEDI_DEFINE(model, @NAME@) = {
    GEDI_HEAD(model, @NAME@),
    .brief = "one hidden layer with tanh",
    .cite = "",
    .self_size = sizeof(@NAME@_self),
    .options = @NAME@_options,
    .build = @NAME@_build,
};
