/* image.c - images, [N, H, W, C]: vectors of channels lie side by side. */
#include "core/op/image.h"

bool gedi__image_of(gedi_shape s, gedi__image *out)
{
    if (s.rank != 4)
        return false;
    *out = (gedi__image){s.dim[0], s.dim[1], s.dim[2], s.dim[3]};
    return true;
}

gedi_shape gedi__image_shape(const gedi__image *m)
{
    return GEDI_DIMS(m->n, m->h, m->w, m->c);
}

gedi_status gedi__image_required(gedi_shape s, gedi__image *out, gedi_err *err)
{
    char text[64];
    if (gedi__image_of(s, out))
        return GEDI_OK;
    return GEDI_FAIL(err, GEDI_SHAPE, "%s is no image, [N, H, W, C]",
                     gedi_shape_text(s, text, sizeof text));
}

gedi_node *gedi_global_mean(gedi_node *x)
{
    gedi__image m = {0};
    gedi_err err = {0};
    if (!x)
        return NULL;
    if (gedi__image_required(x->shape, &m, &err) != GEDI_OK)
        return gedi_graph_fail(x->graph, err.code, "global_mean: %s", err.msg);
    return gedi_reshape(gedi_mean(x, 1u << 1 | 1u << 2), GEDI_DIMS(m.n, m.c));
}
