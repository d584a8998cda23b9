/* optimizer.c - an optimizer at work on parameters: its state, and its steps. */
#include "core/train/optimizer.h"
#include "core/base/memory.h"

#include <stdlib.h>
#include <string.h>

static const gedi_optimizer *plugin_of(const gedi__optimizer *o)
{
    return (const gedi_optimizer *)o->by->plugin;
}

/* Vectors for whichever options need most. */
static gedi_status make_slots(gedi__optimizer *o, const gedi__group *group, int n,
                              const gedi__params *p, gedi_err *err)
{
    const char *name = o->by->plugin->name;
    int slots = 0;
    for (int i = -1; i < n; i++) {
        int its = plugin_of(o)->slots(i < 0 ? o->by->self : group[i].self);
        if (its < 0 || its > GEDI_MAX_SLOTS)
            return GEDI_FAIL(err, GEDI_PLUGIN,
                             "optimizer %s asks for %d slots, not 0 to %d", name, its,
                             GEDI_MAX_SLOTS);
        slots = its > slots ? its : slots;
    }
    for (; o->slots < slots; o->slots++) {
        o->slot[o->slots] = gedi__alloc((size_t)p->trained + 1, sizeof(float), err,
                                        "the state of optimizer %s", name);
        if (!o->slot[o->slots])
            return GEDI_NOMEM;
    }
    return GEDI_OK;
}

static const void *options_of(const gedi__optimizer *o, const gedi__group *group, int n,
                              const char *parameter)
{
    for (int i = 0; i < n; i++)
        for (int k = 0; k < group[i].names; k++)
            if (gedi__name_is_under(parameter, group[i].name[k]))
                return group[i].self;
    return o->by->self;
}

/* The next parameter, in the last span or in a new one. */
static void add_segment(gedi__optimizer *o, const void *self, const gedi__param *q)
{
    gedi_segment *s = &o->segment[o->segments];
    *s = (gedi_segment){q->name, q->shape, q->offset, q->size};
    gedi__span *last = o->spans ? &o->span[o->spans - 1] : NULL;
    if (!last || last->self != self || last->offset + last->size != s->offset) {
        last = &o->span[o->spans++];
        *last = (gedi__span){.self = self, .first = o->segments, .offset = s->offset};
    }
    o->in_span[o->segments] = *s;
    o->in_span[o->segments++].offset -= last->offset;
    last->segments++;
    last->size += s->size;
}

gedi_status gedi__optimizer_init(gedi__optimizer *o, const gedi_component *by,
                                 const gedi__group *group, int n, const gedi__params *p,
                                 gedi_err *err)
{
    *o = (gedi__optimizer){.by = by};
    const char *name = by->plugin->name;
    size_t room = (size_t)p->n + 1;
    GEDI_TRY(make_slots(o, group, n, p, err));
    o->segment = gedi__alloc(room, sizeof *o->segment, err, "optimizer %s", name);
    o->in_span = gedi__alloc(room, sizeof *o->in_span, err, "optimizer %s", name);
    o->span = gedi__alloc(room, sizeof *o->span, err, "optimizer %s", name);
    if (!o->segment || !o->in_span || !o->span)
        return GEDI_NOMEM;
    for (int i = 0; i < p->n; i++)
        if (gedi__param_learns(p->param[i]))
            add_segment(o, options_of(o, group, n, p->param[i]->name), p->param[i]);
    return GEDI_OK;
}

void gedi__optimizer_clear(gedi__optimizer *o)
{
    for (int i = 0; i < o->slots; i++)
        free(o->slot[i]);
    free(o->segment);
    free(o->in_span);
    free(o->span);
    memset(o, 0, sizeof *o);
}

void gedi__optimizer_step(const gedi__optimizer *o, const gedi__params *p,
                          int64_t iteration, int64_t total)
{
    for (int i = 0; i < o->spans; i++) {
        const gedi__span *s = &o->span[i];
        float *slot[GEDI_MAX_SLOTS];
        for (int k = 0; k < o->slots; k++)
            slot[k] = o->slot[k] + s->offset;
        const gedi_update u = {
            .step = iteration + 1,
            .size = s->size,
            .w = p->w + s->offset,
            .g = p->g + s->offset,
            .slot = slot,
            .segment = o->in_span + s->first,
            .segments = s->segments,
            .iteration = iteration,
            .total = total,
        };
        plugin_of(o)->step(s->self, &u);
    }
}
