/* inception_plan.c - the layers of the 2015 Inception network, one after the other.
 *
 * Source:  Szegedy et al. 2016, "Rethinking the Inception architecture for computer vision",
 *          as the network of 2015-12-05 on which FID is defined; names and shapes of the
 *          tensors are those of its PyTorch port pytorch-fid, with that port's differences
 *          from torchvision's network: mean pools do not count what lies outside the image,
 *          and the last block takes the largest in the place of the mean
 * Inputs:  images in [-1, 1]  [n, 299, 299, 3]
 * Output:  the map over which features are the mean  [n, 8, 8, 2048]
 * Differs: the layers after that, for classes, are left out.
 *
 * A block reads its input IN, works in A and B, and writes what it gives side by side, in
 * the order of its lines, into the channels of OUT, which is the next one's IN.
 */
#include "core/evaluate/inception_plan.h"
#include "gedi/error.h"

#include <stdio.h>

enum { IN, A, B, OUT };
enum { OWN = -1 /* channels: the number that its block states */ };

typedef struct line {
    int from, to;
    const char *name; /* behind the block's; "": it is the block; NULL: a pool */
    int64_t channels; /* that a convolution gives */
    gedi__window window;
    gedi__layer_kind kind;
} line;

#define SAME(h, w)                                                                       \
    {                                                                                    \
        h, w, 1, true                                                                    \
    }
#define INSIDE(k, stride)                                                                \
    {                                                                                    \
        k, k, stride, false                                                              \
    }
#define CONV(from, to, name, channels, ...)                                              \
    {                                                                                    \
        from, to, name, channels, __VA_ARGS__, GEDI__CONVOLVE                            \
    }
#define POOL(from, to, kind, ...)                                                        \
    {                                                                                    \
        from, to, NULL, 0, __VA_ARGS__, kind                                             \
    }
#define END                                                                              \
    {                                                                                    \
        .window = { 0 }                                                                  \
    }

static const line conv_1a[] = {CONV(IN, OUT, "", 32, INSIDE(3, 2)), END};
static const line conv_2a[] = {CONV(IN, OUT, "", 32, INSIDE(3, 1)), END};
static const line conv_2b[] = {CONV(IN, OUT, "", 64, SAME(3, 3)), END};
static const line conv_3b[] = {CONV(IN, OUT, "", 80, SAME(1, 1)), END};
static const line conv_4a[] = {CONV(IN, OUT, "", 192, INSIDE(3, 1)), END};
static const line largest[] = {POOL(IN, OUT, GEDI__POOL_LARGEST, INSIDE(3, 2)), END};

static const line mixed_a[] = {
    CONV(IN, OUT, "branch1x1", 64, SAME(1, 1)),
    CONV(IN, A, "branch5x5_1", 48, SAME(1, 1)),
    CONV(A, OUT, "branch5x5_2", 64, SAME(5, 5)),
    CONV(IN, A, "branch3x3dbl_1", 64, SAME(1, 1)),
    CONV(A, B, "branch3x3dbl_2", 96, SAME(3, 3)),
    CONV(B, OUT, "branch3x3dbl_3", 96, SAME(3, 3)),
    POOL(IN, A, GEDI__POOL_MEAN, SAME(3, 3)),
    CONV(A, OUT, "branch_pool", OWN, SAME(1, 1)),
    END,
};

static const line mixed_b[] = {
    CONV(IN, OUT, "branch3x3", 384, INSIDE(3, 2)),
    CONV(IN, A, "branch3x3dbl_1", 64, SAME(1, 1)),
    CONV(A, B, "branch3x3dbl_2", 96, SAME(3, 3)),
    CONV(B, OUT, "branch3x3dbl_3", 96, INSIDE(3, 2)),
    POOL(IN, OUT, GEDI__POOL_LARGEST, INSIDE(3, 2)),
    END,
};

static const line mixed_c[] = {
    CONV(IN, OUT, "branch1x1", 192, SAME(1, 1)),
    CONV(IN, A, "branch7x7_1", OWN, SAME(1, 1)),
    CONV(A, B, "branch7x7_2", OWN, SAME(1, 7)),
    CONV(B, OUT, "branch7x7_3", 192, SAME(7, 1)),
    CONV(IN, A, "branch7x7dbl_1", OWN, SAME(1, 1)),
    CONV(A, B, "branch7x7dbl_2", OWN, SAME(7, 1)),
    CONV(B, A, "branch7x7dbl_3", OWN, SAME(1, 7)),
    CONV(A, B, "branch7x7dbl_4", OWN, SAME(7, 1)),
    CONV(B, OUT, "branch7x7dbl_5", 192, SAME(1, 7)),
    POOL(IN, A, GEDI__POOL_MEAN, SAME(3, 3)),
    CONV(A, OUT, "branch_pool", 192, SAME(1, 1)),
    END,
};

static const line mixed_d[] = {
    CONV(IN, A, "branch3x3_1", 192, SAME(1, 1)),
    CONV(A, OUT, "branch3x3_2", 320, INSIDE(3, 2)),
    CONV(IN, A, "branch7x7x3_1", 192, SAME(1, 1)),
    CONV(A, B, "branch7x7x3_2", 192, SAME(1, 7)),
    CONV(B, A, "branch7x7x3_3", 192, SAME(7, 1)),
    CONV(A, OUT, "branch7x7x3_4", 192, INSIDE(3, 2)),
    POOL(IN, OUT, GEDI__POOL_LARGEST, INSIDE(3, 2)),
    END,
};

#define MIXED_E(pool)                                                                    \
    CONV(IN, OUT, "branch1x1", 320, SAME(1, 1)),                                         \
        CONV(IN, A, "branch3x3_1", 384, SAME(1, 1)),                                     \
        CONV(A, OUT, "branch3x3_2a", 384, SAME(1, 3)),                                   \
        CONV(A, OUT, "branch3x3_2b", 384, SAME(3, 1)),                                   \
        CONV(IN, A, "branch3x3dbl_1", 448, SAME(1, 1)),                                  \
        CONV(A, B, "branch3x3dbl_2", 384, SAME(3, 3)),                                   \
        CONV(B, OUT, "branch3x3dbl_3a", 384, SAME(1, 3)),                                \
        CONV(B, OUT, "branch3x3dbl_3b", 384, SAME(3, 1)), POOL(IN, A, pool, SAME(3, 3)), \
        CONV(A, OUT, "branch_pool", 192, SAME(1, 1)), END
static const line mixed_e1[] = {MIXED_E(GEDI__POOL_MEAN)};
static const line mixed_e2[] = {MIXED_E(GEDI__POOL_LARGEST)};

static const struct block {
    const char *name;
    const line *line;
    int64_t own;
} blocks[] = {
    {"Conv2d_1a_3x3", conv_1a, 0},
    {"Conv2d_2a_3x3", conv_2a, 0},
    {"Conv2d_2b_3x3", conv_2b, 0},
    {"", largest, 0},
    {"Conv2d_3b_1x1", conv_3b, 0},
    {"Conv2d_4a_3x3", conv_4a, 0},
    {"", largest, 0},
    {"Mixed_5b", mixed_a, 32},
    {"Mixed_5c", mixed_a, 64},
    {"Mixed_5d", mixed_a, 64},
    {"Mixed_6a", mixed_b, 0},
    {"Mixed_6b", mixed_c, 128},
    {"Mixed_6c", mixed_c, 160},
    {"Mixed_6d", mixed_c, 160},
    {"Mixed_6e", mixed_c, 192},
    {"Mixed_7a", mixed_d, 0},
    {"Mixed_7b", mixed_e1, 0},
    {"Mixed_7c", mixed_e2, 0},
};
enum { BLOCKS = sizeof blocks / sizeof *blocks };

/* The layers of one block; place[IN] is what it reads, and then what it has given. */
static int plan_block(const struct block *b, gedi__maps place[], gedi__layer *layer)
{
    int n = 0;
    int64_t width = 0;
    for (const line *l = b->line; l->window.kh; l++, n++) {
        const gedi__maps in = place[l->from];
        gedi__maps *out = &place[l->to];
        int64_t count = l->kind != GEDI__CONVOLVE ? in.channels
                        : l->channels == OWN      ? b->own
                                                  : l->channels;
        gedi__window_size(&l->window, &in, out);
        out->channels = count;
        layer[n] = (gedi__layer){.kind = l->kind,
                                 .window = l->window,
                                 .from = l->from,
                                 .to = l->to,
                                 .in = in,
                                 .out = *out,
                                 .count = count};
        if (l->name)
            snprintf(layer[n].name, sizeof layer->name, "%s%s%s", b->name,
                     *l->name ? "." : "", l->name);
        if (l->to == OUT) {
            layer[n].first = width;
            width += count;
        }
    }
    for (int i = 0; i < n; i++)
        if (layer[i].to == OUT)
            layer[i].out.channels = width;
    place[IN] = place[OUT];
    place[IN].channels = width;
    return n;
}

int gedi__inception_plan(gedi__layer layer[GEDI__INCEPTION_MOST], int *last)
{
    enum { ROOM = 16 /* lines of a block */ };
    gedi__maps place[GEDI__INCEPTION_PLACES] = {
        {GEDI__INCEPTION_SIDE, GEDI__INCEPTION_SIDE, 3, NULL}};
    int n = 0;
    for (int k = 0; k < BLOCKS; k++) {
        GEDI_ASSERT(n + ROOM <= GEDI__INCEPTION_MOST);
        int m = plan_block(&blocks[k], place, layer + n);
        /* What one block gives the next one takes, where it lies: every second block has IN
         * and OUT exchanged. */
        for (int i = n; k % 2 && i < n + m; i++) {
            layer[i].from = layer[i].from == IN ? OUT : layer[i].from;
            layer[i].to = layer[i].to == OUT ? IN : layer[i].to;
        }
        n += m;
    }
    *last = BLOCKS % 2 ? OUT : IN;
    return n;
}
