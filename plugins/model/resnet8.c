/* resnet8.c - residual network of eight 3x3 convolutions: encoder of images.
 *
 * Source:  Grathwohl et al. 2021, "No MCMC for me": ResNetDiscriminator of their code, which
 *          Sansone & Manhaeve use (Table 8)
 * Inputs:  x  [B, H, W, C]  images, H and W multiples of 4
 * Output:  [B, width], or [B, output] with a last linear layer
 * Initial: weights Xavier-uniform with gain sqrt(2), those of block1.conv1 with gain 1;
 *          biases 0
 * Differs: from Table 8 as printed in what that code does: every block adds its shortcut
 *          (printed for block 1 only), and the last block is followed by a leaky ReLU before
 *          the mean (not printed). There, the linear layer is always there.
 */
#include "gedi/plugin.h"

#include <math.h>
#include <stdio.h>

typedef struct resnet8 {
    int64_t width;
    double slope;
    int64_t output;
} resnet8;

static const gedi_option resnet8_options[] = {
    GEDI_INT(resnet8, width, 128, 1, 4096, "channels; a multiple of 16 is fastest"),
    GEDI_REAL(resnet8, slope, 0.2, 0.0, 1.0, "slope of the leaky ReLUs below 0"),
    GEDI_INT(resnet8, output, 0, 0, 65536, "units of a final linear layer; 0: none"),
    GEDI_END,
};

static gedi_node *resnet8_conv(const resnet8 *m, gedi_build *b, const char *name,
                               gedi_node *x, int64_t size, double gain)
{
    gedi_init init = {.kind = GEDI_INIT_XAVIER, .value = gain};
    return gedi_conv2d(b, name, x, m->width, size, 1, true, init);
}

/* The image has no activation before it, and a convolution in its shortcut. */
static gedi_node *resnet8_first(const resnet8 *m, gedi_build *b, gedi_node *x)
{
    gedi_node *h = gedi_leaky_relu(resnet8_conv(m, b, "conv1", x, 3, 1.0), m->slope);
    h = gedi_mean_pool(resnet8_conv(m, b, "conv2", h, 3, sqrt(2.0)));
    return gedi_add(h, resnet8_conv(m, b, "shortcut", gedi_mean_pool(x), 1, sqrt(2.0)));
}

static gedi_node *resnet8_block(const resnet8 *m, gedi_build *b, gedi_node *x, bool down)
{
    gedi_node *h = gedi_leaky_relu(x, m->slope);
    h = gedi_leaky_relu(resnet8_conv(m, b, "conv1", h, 3, sqrt(2.0)), m->slope);
    h = resnet8_conv(m, b, "conv2", h, 3, sqrt(2.0));
    return down ? gedi_add(gedi_mean_pool(h), gedi_mean_pool(x)) : gedi_add(h, x);
}

static gedi_node *resnet8_build(const void *self, gedi_build *b, gedi_node *x)
{
    const resnet8 *m = self;
    gedi_shape s = gedi_node_shape(x);
    char name[16], text[64];
    if (x && (s.rank != 4 || s.dim[1] % 4 || s.dim[2] % 4))
        return gedi_graph_fail(
            gedi_build_graph(b), GEDI_SHAPE,
            "resnet8: needs images [B, H, W, C], H and W multiples of 4, not %s",
            gedi_shape_text(s, text, sizeof text));
    for (int i = 1; i <= 4; i++) {
        snprintf(name, sizeof name, "block%d", i);
        gedi_scope_push(b, name);
        x = i == 1 ? resnet8_first(m, b, x) : resnet8_block(m, b, x, i == 2);
        gedi_scope_pop(b);
    }
    x = gedi_global_mean(gedi_leaky_relu(x, m->slope));
    gedi_init init = {.kind = GEDI_INIT_XAVIER, .value = sqrt(2.0)};
    return m->output ? gedi_linear(b, "linear", x, m->output, true, init) : x;
}

GEDI_DEFINE(model, resnet8) = {
    GEDI_HEAD(model, resnet8),
    .brief = "residual network of eight 3x3 convolutions, for images",
    .cite = "Grathwohl et al. 2021; Sansone & Manhaeve, Table 8",
    .self_size = sizeof(resnet8),
    .options = resnet8_options,
    .build = resnet8_build,
};
