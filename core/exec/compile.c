/* compile.c - a graph becomes a program.
 *
 * Which nodes are needed; which share memory (reshape, a slice of the first axis); which
 * elementwise nodes run as one group; in which order; where each result lies.
 */
#include "core/exec/compile_parts.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

typedef gedi__program_step step;
typedef gedi__place place;
typedef gedi__compiler compiler;

static gedi_status out_of_memory(gedi_err *err)
{
    return gedi_no_memory(err, "compiling a graph");
}

/* An alias has the memory of its input, from an offset on. */
static bool is_alias(const gedi_node *x, size_t *offset)
{
    *offset = 0;
    if (x->op->traits & GEDI__ALIAS)
        return true;
    return x->op->alias && x->op->alias(x, offset);
}

const gedi_node *gedi__alias_root(const gedi_node *x, size_t *offset)
{
    size_t step_offset;
    *offset = 0;
    while (is_alias(x, &step_offset)) {
        *offset += step_offset;
        x = x->in[0];
    }
    return x;
}

static float *bound(const compiler *c, const gedi_node *x)
{
    for (int i = 0; i < c->m; i++)
        if (c->bind[i].node == x)
            return c->bind[i].data;
    return NULL;
}

static bool is_input(const gedi_node *x)
{
    return (x->op->traits & GEDI__INPUT) != 0;
}

/* Computed once, when compiling. */
static bool is_persistent_leaf(const gedi_node *x)
{
    return (x->op->traits & GEDI__LEAF) && !(x->op->traits & GEDI__RANDOM) &&
           !is_input(x);
}

/* What depends on nothing but constants and inputs that stand. */
static void mark_standing(compiler *c)
{
    for (int id = 0; id < c->g->count; id++) {
        const gedi_node *x = c->g->node[id];
        bool all = is_persistent_leaf(x) || gedi__input_stands(x) || x->n_in;
        for (int i = 0; i < x->n_in; i++)
            all = all && c->stands[x->in[i]->id];
        c->stands[id] = all;
    }
}

static void mark_needed(compiler *c)
{
    for (int i = 0; i < c->n; i++)
        c->need[c->outputs[i]->id] = true;
    for (int id = c->g->count - 1; id >= 0; id--)
        for (int i = 0; c->need[id] && i < c->g->node[id]->n_in; i++)
            c->need[c->g->node[id]->in[i]->id] = true;
}

/* Its zeros would pass for numbers. */
static gedi_status check_filled(const compiler *c)
{
    char text[288];
    for (int id = 0; id < c->g->count; id++)
        if (c->need[id] && gedi__input_is_lost(c->g->node[id]))
            return GEDI_FAIL(c->err, GEDI_USAGE,
                             "nothing fills %s, which is made by gedi_input and computed "
                             "with: build of the nodes that are given, gedi_values or "
                             "gedi_state",
                             gedi__node_text(c->g->node[id], text, sizeof text));
    return GEDI_OK;
}

/* A result goes to memory if an output, or a user outside its group, reads it. */
static void mark_stored(compiler *c)
{
    size_t offset;
    for (int i = 0; i < c->n; i++)
        c->stored[gedi__alias_root(c->outputs[i], &offset)->id] = true;
    for (int id = 0; id < c->g->count; id++) {
        const gedi_node *x = c->g->node[id];
        for (int i = 0; c->need[id] && i < x->n_in; i++) {
            int from = x->in[i]->id;
            if (c->group[id] < 0 || c->group[from] != c->group[id])
                c->stored[gedi__alias_root(x->in[i], &offset)->id] = true;
        }
    }
}

/* Constants that only elementwise groups read need no memory. */
static bool needs_memory(const compiler *c, const gedi_node *x)
{
    if (!(x->op->traits & GEDI__UNIFORM))
        return c->need[x->id];
    for (int i = 0; i < c->n; i++)
        if (c->outputs[i] == x)
            return true;
    for (int id = x->id + 1; id < c->g->count; id++)
        if (c->need[id] && c->group[id] < 0)
            for (int i = 0; i < c->g->node[id]->n_in; i++)
                if (c->g->node[id]->in[i] == x)
                    return true;
    return false;
}

static gedi_status place_persistent(compiler *c)
{
    gedi__program *p = c->p;
    size_t total = 0;
    for (int pass = 0; pass < 2; pass++) {
        size_t at = 0;
        for (int id = 0; id < c->g->count; id++) {
            const gedi_node *x = c->g->node[id];
            bool input = is_input(x) && c->need[id];
            if (!input && !(is_persistent_leaf(x) && needs_memory(c, x)))
                continue;
            /* A constant is copied to bound memory by every run (add_copies). */
            float *data = input ? bound(c, x) : NULL;
            if (pass == 0) {
                p->inputs += input;
                total += data ? 0 : (size_t)(gedi_shape_size(x->shape) + 15) / 16 * 16;
                continue;
            }
            if (!data) {
                data = p->persistent + at;
                at += (size_t)(gedi_shape_size(x->shape) + 15) / 16 * 16;
            }
            c->place[id].fixed = data;
            if (input) {
                p->input[p->inputs] = x;
                p->input_data[p->inputs++] = data;
            } else {
                gedi__step s = {.node = x, .out = data, .threads = 1};
                x->op->eval(&s);
            }
        }
        if (pass == 1)
            break;
        p->persistent = aligned_alloc(64, (total + 16) * sizeof(float));
        p->input = calloc((size_t)p->inputs + 1, sizeof *p->input);
        p->input_data = calloc((size_t)p->inputs + 1, sizeof *p->input_data);
        if (!p->persistent || !p->input || !p->input_data)
            return out_of_memory(c->err);
        memset(p->persistent, 0, (total + 16) * sizeof(float));
        p->inputs = 0;
    }
    return GEDI_OK;
}

static int new_buffer(compiler *c, int64_t size, int at)
{
    c->buffer[c->buffers] = (gedi__buffer){.size = size, .first = at, .last = at};
    return c->buffers++;
}

/* The result of step `at` goes to bound memory or to a buffer. */
static void place_result(compiler *c, const gedi_node *x, int at)
{
    place *pl = &c->place[x->id];
    pl->fixed = bound(c, x);
    if (!pl->fixed)
        pl->buffer = new_buffer(c, gedi_shape_size(x->shape), at);
}

enum { FOR_EVER = INT_MAX };

/* What a step that stands has stored is there for later runs: nothing is written over it. */
static void keep_result(compiler *c, const gedi_node *x)
{
    const place *pl = &c->place[x->id];
    if (pl->buffer >= 0)
        c->buffer[pl->buffer].last = FOR_EVER;
}

/* Nor has anything before it, which in a later run comes after. */
static void keep_from_the_start(compiler *c)
{
    for (int i = 0; i < c->buffers; i++)
        if (c->buffer[i].last == FOR_EVER)
            c->buffer[i].first = 0;
}

/* Extends the life of what step `at` reads. */
static void read_at(compiler *c, const gedi_node *x, int at)
{
    size_t offset;
    const place *pl = &c->place[gedi__alias_root(x, &offset)->id];
    if (pl->buffer >= 0 && c->buffer[pl->buffer].last < at)
        c->buffer[pl->buffer].last = at;
}

static float *address(const compiler *c, const gedi_node *x)
{
    size_t offset;
    const place *pl = &c->place[gedi__alias_root(x, &offset)->id];
    float *base = pl->fixed;
    if (!base && pl->buffer >= 0)
        base = c->p->memory + c->buffer[pl->buffer].offset;
    return base ? base + offset : NULL;
}

/* A node that is computed by itself becomes step `at`. */
static gedi_status make_step(compiler *c, const gedi_node *x, step *s, int at)
{
    s->op.node = x;
    s->op.threads = c->p->threads;
    s->scratch = -1;
    s->stands = c->stands[x->id];
    for (int i = 0; i < x->n_in; i++)
        s->op.stands[i] = c->stands[x->in[i]->id];
    if (x->op->prepare)
        GEDI_TRY(x->op->prepare(&s->op, c->err));
    if (s->op.scratch_size)
        s->scratch = new_buffer(c, s->op.scratch_size, at);
    place_result(c, x, at);
    for (int i = 0; i < x->n_in; i++)
        read_at(c, x->in[i], at);
    if (s->stands)
        keep_result(c, x);
    return GEDI_OK;
}

/* Does a step read it? Outputs are copied after all steps. */
static bool is_read(const compiler *c, const gedi_node *x)
{
    size_t offset;
    for (int id = x->id + 1; id < c->g->count; id++) {
        const gedi_node *y = c->g->node[id];
        for (int i = 0; c->need[id] && !is_alias(y, &offset) && i < y->n_in; i++)
            if (gedi__alias_root(y->in[i], &offset) == x)
                return true;
    }
    return false;
}

/* What a group stores gets a place at step `at`. */
static void place_group(compiler *c, step *s, int at)
{
    const gedi__group *g = s->group;
    s->stands = true;
    for (int i = 0; i < g->instructions; i++)
        s->stands = s->stands && c->stands[g->instruction[i].node->id];
    for (int i = 0; i < g->instructions; i++)
        if (g->instruction[i].stored)
            place_result(c, g->instruction[i].node, at);
    for (int i = 0; i < g->operands; i++)
        read_at(c, g->operand[i].node, at);
    for (int i = 0; i < g->instructions && s->stands; i++)
        if (g->instruction[i].stored)
            keep_result(c, g->instruction[i].node);
}

static gedi_status make_steps(compiler *c)
{
    gedi__program *p = c->p;
    size_t offset;
    p->step = calloc((size_t)c->g->count + (size_t)c->n + 1, sizeof *p->step);
    if (!p->step)
        return out_of_memory(c->err);
    for (int id = 0; id < c->g->count; id++) {
        const gedi_node *x = c->g->node[id];
        if (!c->need[id] || is_input(x) || is_persistent_leaf(x) || is_alias(x, &offset))
            continue;
        if (c->group[id] >= 0 && c->group[id] != id)
            continue; /* runs with its group */
        step *s = &p->step[p->steps];
        if (c->group[id] == id) {
            s->group = malloc(sizeof *s->group);
            if (!s->group)
                return out_of_memory(c->err);
            gedi__group_make(s->group, c->g, c->group, c->stored, id);
            place_group(c, s, p->steps);
        } else {
            GEDI_TRY(make_step(c, x, s, p->steps));
            s->later = x->op->begin && !s->stands && !is_read(c, x);
            p->later = p->later || s->later;
        }
        p->steps++;
    }
    for (int k = 0; k < p->steps; k++) /* what is finished at the end is read till then */
        for (int i = 0; p->step[k].later && i < p->step[k].op.node->n_in; i++)
            read_at(c, p->step[k].op.node->in[i], p->steps);
    for (int i = 0; i < c->n; i++) /* outputs live to the end */
        read_at(c, c->outputs[i], p->steps + c->n);
    return GEDI_OK;
}

static void final_addresses(compiler *c)
{
    gedi__program *p = c->p;
    for (int k = 0; k < p->steps; k++) {
        step *s = &p->step[k];
        if (!s->group) {
            s->op.out = address(c, s->op.node);
            if (s->scratch >= 0)
                s->op.scratch = p->memory + c->buffer[s->scratch].offset;
            for (int i = 0; i < s->op.node->n_in; i++)
                s->op.in[i] = address(c, s->op.node->in[i]);
            continue;
        }
        for (int i = 0; i < s->group->instructions; i++)
            if (s->group->instruction[i].stored)
                s->group->instruction[i].out = address(c, s->group->instruction[i].node);
        for (int i = 0; i < s->group->operands; i++)
            s->group->operand[i].data = address(c, s->group->operand[i].node);
    }
}

/* Outputs that are bound but computed elsewhere (an alias, an input, a constant). */
static void add_copies(compiler *c)
{
    gedi__program *p = c->p;
    for (int i = 0; i < c->n; i++) {
        float *wanted = bound(c, c->outputs[i]), *is = address(c, c->outputs[i]);
        p->output[i] = wanted ? wanted : is;
        p->output_node[i] = c->outputs[i];
        if (wanted && wanted != is) {
            step *s = &p->step[p->steps++];
            s->op.node = c->outputs[i];
            s->op.out = wanted;
            s->copy = is;
            p->copies++;
        }
    }
}

static gedi_status compile(compiler *c)
{
    gedi__program *p = c->p;
    mark_needed(c);
    GEDI_TRY(check_filled(c));
    mark_standing(c);
    GEDI_TRY(gedi__group_assign(c->g, c->need, c->group, c->err));
    mark_stored(c);
    GEDI_TRY(place_persistent(c));
    GEDI_TRY(make_steps(c));
    for (int i = 0; i < c->buffers; i++)
        p->unplanned_floats += (size_t)c->buffer[i].size;
    gedi__work_in_place(c);
    keep_from_the_start(c);
    GEDI_TRY(gedi__plan(c->buffer, c->buffers, &p->memory_floats, c->err));
    p->memory = aligned_alloc(64, (p->memory_floats + 16) * sizeof(float));
    p->scratch =
        aligned_alloc(64, gedi__group_scratch() * (size_t)p->threads * sizeof(float));
    p->output = calloc((size_t)c->n + 1, sizeof *p->output);
    p->output_node = calloc((size_t)c->n + 1, sizeof *p->output_node);
    if (!p->memory || !p->scratch || !p->output || !p->output_node)
        return out_of_memory(c->err);
    final_addresses(c);
    add_copies(c);
    return GEDI_OK;
}

gedi_status gedi__program_new(gedi_graph *g, gedi_node *const *outputs, int n,
                              const gedi__binding *bind, int m, int threads,
                              gedi__program **out, gedi_err *err)
{
    *out = NULL;
    GEDI_TRY(gedi_graph_status(g, err));
    for (int i = 0; i < n; i++)
        if (!outputs[i])
            return GEDI_FAIL(err, GEDI_USAGE, "output %d of a program was not built", i);
    size_t count = (size_t)g->count + 1;
    gedi__program *p = calloc(1, sizeof *p);
    compiler c = {
        .g = g, .p = p, .outputs = outputs, .n = n, .bind = bind, .m = m, .err = err};
    c.need = calloc(count, sizeof *c.need);
    c.stored = calloc(count, sizeof *c.stored);
    c.stands = calloc(count, sizeof *c.stands);
    c.group = malloc(count * sizeof *c.group);
    c.place = calloc(count, sizeof *c.place);
    c.buffer = calloc(2 * count, sizeof *c.buffer); /* a result and scratch of each */
    gedi_status s;
    if (!p || !c.need || !c.stored || !c.stands || !c.group || !c.place || !c.buffer) {
        s = out_of_memory(err);
    } else {
        for (size_t i = 0; i < count; i++)
            c.place[i].buffer = -1;
        p->threads = threads < 1 ? 1 : threads;
        p->outputs = n;
        s = compile(&c);
    }
    free(c.need);
    free(c.stored);
    free(c.stands);
    free(c.group);
    free(c.place);
    free(c.buffer);
    if (s != GEDI_OK) {
        gedi__program_free(p);
        return s;
    }
    *out = p;
    return GEDI_OK;
}
