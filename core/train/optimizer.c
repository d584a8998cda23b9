/* optimizer.c - an optimizer at work on parameters: its state, and its steps. */
#include "core/train/optimizer.h"
#include "core/base/memory.h"

#include <stdlib.h>
#include <string.h>

static const gedi_optimizer *plugin_of(const gedi__optimizer *o)
{
    return (const gedi_optimizer *)o->by->plugin;
}

gedi_status gedi__optimizer_init(gedi__optimizer *o, const gedi_component *by,
                                 const gedi__params *p, gedi_err *err)
{
    *o = (gedi__optimizer){.by = by};
    const char *name = by->plugin->name;
    int slots = plugin_of(o)->slots(by->self);
    if (slots < 0 || slots > GEDI_MAX_SLOTS)
        return GEDI_FAIL(err, GEDI_PLUGIN, "optimizer %s asks for %d slots, not 0 to %d",
                         name, slots, GEDI_MAX_SLOTS);
    for (; o->slots < slots; o->slots++) {
        o->slot[o->slots] = gedi__alloc((size_t)p->trained + 1, sizeof(float), err,
                                        "the state of optimizer %s", name);
        if (!o->slot[o->slots])
            return GEDI_NOMEM;
    }
    o->segment =
        gedi__alloc((size_t)p->n + 1, sizeof *o->segment, err, "optimizer %s", name);
    if (!o->segment)
        return GEDI_NOMEM;
    for (int i = 0; i < p->n; i++)
        if (gedi__param_learns(p->param[i]))
            o->segment[o->segments++] = (gedi_segment){
                .name = p->param[i]->name,
                .shape = p->param[i]->shape,
                .offset = p->param[i]->offset,
                .size = p->param[i]->size,
            };
    return GEDI_OK;
}

void gedi__optimizer_clear(gedi__optimizer *o)
{
    for (int i = 0; i < o->slots; i++)
        free(o->slot[i]);
    free(o->segment);
    memset(o, 0, sizeof *o);
}

void gedi__optimizer_step(const gedi__optimizer *o, const gedi__params *p,
                          int64_t iteration, int64_t total)
{
    const gedi_update u = {
        .step = iteration + 1,
        .size = p->trained,
        .w = p->w,
        .g = p->g,
        .slot = o->slot,
        .segment = o->segment,
        .segments = o->segments,
        .iteration = iteration,
        .total = total,
    };
    plugin_of(o)->step(o->by->self, &u);
}
