/* in_place.c - results that take the memory of what they are made of. */
#include "core/exec/compile_parts.h"

/* The last instruction of a group that reads a buffer; -1 where an operand sees the buffer
 * otherwise than number by number, such as a row of it that is broadcast. */
static int last_reader(const gedi__compiler *c, const gedi__group *g, int buffer)
{
    size_t offset;
    int last = -1;
    for (int o = 0; o < g->operands; o++) {
        const gedi__operand *from = &g->operand[o];
        if (c->place[gedi__alias_root(from->node, &offset)->id].buffer != buffer)
            continue;
        if (from->spread != GEDI__FULL)
            return -1;
        for (int i = last + 1; i < g->instructions; i++)
            if (g->instruction[i].a == ~o ||
                (g->instruction[i].node->n_in == 2 && g->instruction[i].b == ~o))
                last = i;
    }
    return last;
}

/* A group may write its result over an operand of the same size that nobody reads later:
 * the buffers become one. The operand must not be read after the result is stored, under
 * whatever name it has in the group. */
static void group_in_place(gedi__compiler *c, const gedi__program_step *s, int at)
{
    const gedi__group *g = s->group;
    size_t offset;
    for (int o = 0; o < g->operands; o++) {
        int buffer = c->place[gedi__alias_root(g->operand[o].node, &offset)->id].buffer;
        if (buffer < 0 || c->buffer[buffer].last != at ||
            c->buffer[buffer].size != g->size)
            continue;
        int last = last_reader(c, g, buffer);
        for (int i = last; last >= 0 && i < g->instructions; i++) {
            gedi__place *to = &c->place[g->instruction[i].node->id];
            if (!g->instruction[i].stored || to->buffer < 0 ||
                c->buffer[to->buffer].first != at)
                continue;
            c->buffer[buffer].last = c->buffer[to->buffer].last;
            c->buffer[to->buffer].size = 0; /* no longer needs a place of its own */
            to->buffer = buffer;
            break;
        }
    }
}

/* So may an operation that says so: over the memory of one input, which no other input and
 * nobody later reads. */
static void step_in_place(gedi__compiler *c, const gedi__program_step *s, int at)
{
    const gedi_node *y = s->op.node;
    int over = y->op->over ? y->op->over(y) : -1;
    size_t offset;
    if (over < 0)
        return;
    int buffer = c->place[gedi__alias_root(y->in[over], &offset)->id].buffer;
    gedi__place *to = &c->place[y->id];
    if (buffer < 0 || to->buffer < 0 || c->buffer[buffer].last != at ||
        c->buffer[buffer].size != gedi_shape_size(y->shape))
        return;
    for (int i = 0; i < y->n_in; i++)
        if (i != over &&
            c->place[gedi__alias_root(y->in[i], &offset)->id].buffer == buffer)
            return;
    c->buffer[buffer].last = c->buffer[to->buffer].last;
    c->buffer[to->buffer].size = 0;
    to->buffer = buffer;
}

void gedi__work_in_place(gedi__compiler *c)
{
    gedi__program *p = c->p;
    for (int k = 0; k < p->steps; k++)
        if (p->step[k].stands)
            continue; /* what it reads may be computed again, in its place */
        else if (p->step[k].group)
            group_in_place(c, &p->step[k], k);
        else
            step_in_place(c, &p->step[k], k);
}
