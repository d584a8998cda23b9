/* resnet.c - residual networks of basic blocks with batch normalisation: ResNet-18, ResNet-34.
 *
 * Source:  He et al. 2016, "Deep residual learning for image recognition", Section 3.3 and Table 1;
 *          first layers for small images as Chen et al. 2020, "A simple framework for contrastive
 *          learning of visual representations", Appendix B.9, have them
 * Inputs:  x  [B, H, W, C]  images
 * Output:  [B, 8 width] with four stages: the mean over what is left of height and width
 * Initial: weights N(0, 2 / (kh kw out)) as torchvision's; normalisation's scale 1, shift 0
 * Differs: where a block changes the size, its shortcut is a convolution of 1x1 with that stride
 *          (option B of the paper).
 */
#include "gedi/plugin.h"

#include <math.h>
#include <stdio.h>

typedef struct resnet {
    gedi_ints blocks;
    int64_t width;
    bool batch_norm;
} resnet;

static const gedi_option resnet_options[] = {
    GEDI_INTS(
        resnet, blocks, "2, 2, 2, 2", 1, 64,
        "blocks of each stage; [2, 2, 2, 2] is ResNet-18, [3, 4, 6, 3] is ResNet-34"),
    GEDI_INT(
        resnet, width, 64, 1, 1024,
        "channels of the first stage; each next one has twice as many, at half the height and width"),
    GEDI_BOOL(resnet, batch_norm, true,
              "batch normalisation after each convolution, which has a bias without it"),
    GEDI_END,
};

static gedi_node *resnet_conv(const resnet *m, gedi_build *b, const char *name,
                              gedi_node *x, int64_t out, int64_t size, int64_t stride)
{
    char norm[32];
    const gedi_init he = {.kind = GEDI_INIT_NORMAL,
                          .value = sqrt(2.0 / (double)(size * size * out))};
    x = gedi_conv2d(b, name, x, out, size, stride, !m->batch_norm, he);
    snprintf(norm, sizeof norm, "%s.norm", name);
    return m->batch_norm ? gedi_batch_norm(b, norm, x, true) : x;
}

static gedi_node *resnet_block(const resnet *m, gedi_build *b, gedi_node *x, int64_t out,
                               int64_t stride)
{
    gedi_node *h = gedi_relu(resnet_conv(m, b, "conv1", x, out, 3, stride));
    h = resnet_conv(m, b, "conv2", h, out, 3, 1);
    if (stride > 1 || gedi_node_shape(x).dim[3] != out)
        x = resnet_conv(m, b, "shortcut", x, out, 1, stride);
    return gedi_relu(gedi_add(h, x));
}

static gedi_node *resnet_build(const void *self, gedi_build *b, gedi_node *x)
{
    const resnet *m = self;
    gedi_shape s = gedi_node_shape(x);
    char name[48], text[64];
    if (x && s.rank != 4)
        return gedi_graph_fail(gedi_build_graph(b), GEDI_SHAPE,
                               "resnet: needs images [B, H, W, C], not %s",
                               gedi_shape_text(s, text, sizeof text));
    x = gedi_relu(resnet_conv(m, b, "stem", x, m->width, 3, 1));
    for (int64_t stage = 0; stage < m->blocks.n; stage++)
        for (int64_t i = 0; i < m->blocks.v[stage]; i++) {
            snprintf(name, sizeof name, "stage%d.block%d", (int)stage + 1, (int)i + 1);
            gedi_scope_push(b, name);
            x = resnet_block(m, b, x, m->width << stage, stage > 0 && i == 0 ? 2 : 1);
            gedi_scope_pop(b);
        }
    return gedi_global_mean(x);
}

GEDI_DEFINE(model, resnet) = {
    GEDI_HEAD(model, resnet),
    .brief =
        "residual network with batch normalisation, ResNet-18 and its kin, for images",
    .cite = "He et al. 2016, Table 1; Chen et al. 2020, Appendix B.9",
    .self_size = sizeof(resnet),
    .options = resnet_options,
    .build = resnet_build,
};
