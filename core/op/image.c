/* image.c - the two layouts of an image in memory, and changing from one to the other.
 *
 * Vector code for convolutions wants 16 channels side by side; everything else is at home
 * in either layout. The layout is that of the node, seen in its shape, so nothing is
 * converted behind anybody's back.
 */
#include "core/op/image.h"

bool gedi__image_of(gedi_shape s, gedi__image *out)
{
    const int64_t *d = s.dim;
    if (s.rank == 4)
        *out = (gedi__image){d[0], d[1], d[2], d[3], false};
    else if (s.rank == 5 && d[4] == GEDI__BLOCK)
        *out = (gedi__image){d[0], d[2], d[3], d[1] * GEDI__BLOCK, true};
    else
        return false;
    return true;
}

gedi_shape gedi__image_shape(const gedi__image *m)
{
    if (m->blocked)
        return GEDI_DIMS(m->n, m->c / GEDI__BLOCK, m->h, m->w, GEDI__BLOCK);
    return GEDI_DIMS(m->n, m->h, m->w, m->c);
}

int64_t gedi__image_inner(const gedi__image *m)
{
    return m->blocked ? GEDI__BLOCK : m->c;
}

int64_t gedi__image_outer(const gedi__image *m)
{
    return m->blocked ? m->n * (m->c / GEDI__BLOCK) : m->n;
}

gedi_status gedi__image_required(gedi_shape s, gedi__image *out, gedi_err *err)
{
    char text[64];
    if (gedi__image_of(s, out))
        return GEDI_OK;
    return GEDI_FAIL(err, GEDI_SHAPE,
                     "%s is no image, [N, H, W, C] or [N, C/%d, H, W, %d]",
                     gedi_shape_text(s, text, sizeof text), GEDI__BLOCK, GEDI__BLOCK);
}

unsigned gedi__channel_axes(gedi_shape s)
{
    gedi__image m = {0};
    if (gedi__image_of(s, &m) && m.blocked)
        return 1u << 0 | 1u << 2 | 1u << 3;
    return (1u << (s.rank - 1)) - 1;
}

gedi_shape gedi__channel_shape(gedi_shape s)
{
    unsigned axes = gedi__channel_axes(s);
    for (int i = 0; i < s.rank; i++)
        if (axes >> i & 1)
            s.dim[i] = 1;
    return s;
}

/* x as an image, whose layout goes to `m`; false after an error in the graph. */
static bool image(gedi_node *x, const char *what, gedi__image *m)
{
    gedi_err err = {0};
    if (!x)
        return false;
    if (gedi__image_required(x->shape, m, &err) == GEDI_OK)
        return true;
    gedi_graph_fail(x->graph, err.code, "%s: %s", what, err.msg);
    return false;
}

gedi_node *gedi_blocked(gedi_node *x)
{
    gedi__image m = {0};
    char text[160];
    if (!image(x, "blocked", &m))
        return NULL;
    if (m.blocked)
        return x;
    if (m.c % GEDI__BLOCK)
        return gedi_graph_fail(x->graph, GEDI_SHAPE,
                               "blocked: the channels of %s are not a multiple of %d",
                               gedi__node_text(x, text, sizeof text), GEDI__BLOCK);
    gedi_shape s = GEDI_DIMS(m.n, m.h, m.w, m.c / GEDI__BLOCK, GEDI__BLOCK);
    return gedi_permute(gedi_reshape(x, s), (const int[]){0, 3, 1, 2, 4});
}

gedi_node *gedi_plain(gedi_node *x)
{
    gedi__image m = {0};
    if (!image(x, "plain", &m))
        return NULL;
    if (!m.blocked)
        return x;
    m.blocked = false;
    return gedi_reshape(gedi_permute(x, (const int[]){0, 2, 3, 1, 4}),
                        gedi__image_shape(&m));
}

gedi_node *gedi_global_mean(gedi_node *x)
{
    gedi__image m = {0};
    if (!image(x, "global_mean", &m))
        return NULL;
    gedi_node *mean = gedi_mean(x, m.blocked ? 1u << 2 | 1u << 3 : 1u << 1 | 1u << 2);
    return gedi_reshape(mean, GEDI_DIMS(m.n, m.c));
}
