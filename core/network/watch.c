/* watch.c - numbers that are logged and not trained on. */
#include "core/base/text.h"
#include "core/nn/build.h"
#include "core/graph/node.h"
#include "gedi/plugin.h"

#include <string.h>

static bool is_legal(gedi_build *b, const char *name, const gedi_node *value)
{
    char s[64];
    if (!b->watching)
        gedi_graph_fail(
            b->g, GEDI_USAGE,
            "gedi_watch: '%.80s': only `.loss` of an objective and `.step` of a "
            "sampler can watch: what models, `.energy` and `.logits` build is "
            "built several times, for several purposes",
            name);
    else if (!value)
        gedi_graph_fail(b->g, GEDI_USAGE, "gedi_watch: '%s' was not built", name);
    else if (!gedi__is_plain_name(name) || strlen(name) >= GEDI__WATCH_NAME)
        gedi_graph_fail(b->g, GEDI_USAGE,
                        "gedi_watch: '%.80s': a name is at most %d letters, digits and _",
                        name, GEDI__WATCH_NAME - 1);
    else if (gedi_shape_size(gedi_node_shape(value)) != 1)
        gedi_graph_fail(b->g, GEDI_SHAPE,
                        "gedi_watch: '%s' must have one element, not %s", name,
                        gedi_shape_text(gedi_node_shape(value), s, sizeof s));
    else if (b->watches == GEDI__WATCHES)
        gedi_graph_fail(b->g, GEDI_USAGE,
                        "gedi_watch: '%s': at most %d numbers are watched", name,
                        GEDI__WATCHES);
    for (int i = 0; i < b->watches; i++)
        if (!strcmp(b->watch[i].name, name))
            gedi_graph_fail(b->g, GEDI_USAGE,
                            "gedi_watch: '%s' is watched twice: give "
                            "each a name of its own",
                            name);
    return gedi_graph_status(b->g, NULL) == GEDI_OK;
}

void gedi_watch(gedi_build *b, const char *name, gedi_node *value)
{
    if (!gedi__given(gedi_node_graph(value), b, "gedi_watch", "build") ||
        !gedi__given(b->g, name, "gedi_watch", "name"))
        return;
    if (gedi_graph_status(b->g, NULL) != GEDI_OK || !is_legal(b, name, value))
        return;
    gedi__watched *w = &b->watch[b->watches++];
    memcpy(w->name, name, strlen(name) + 1);
    w->node = gedi_reshape(value, GEDI_DIMS(1));
}
