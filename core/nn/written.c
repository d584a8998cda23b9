/* written.c - what a build computes, as lines: two that are equal compute the same numbers of the
 * same weights and records. */
#include "core/nn/written.h"
#include "core/base/memory.h"
#include "core/graph/node.h"
#include "core/op/op.h"

#include <inttypes.h>
#include <stdlib.h>

/* Where an attribute only tells nodes or memory apart, what stands for it is the number of the line. */
static void add_attributes(const gedi_node *x, gedi__text *out)
{
    const gedi__attr *a = &x->attr;
    bool values = x->op == &gedi__op_values, place = values || x->op == &gedi__op_input;
    gedi__text_add(out, " %a %a %" PRId64 " %" PRId64 " %" PRId64 " %" PRIx64, a->a, a->b,
                   place ? 0 : a->i, a->j, a->k, a->mask);
    for (int i = 0; i < GEDI_MAX_RANK; i++)
        gedi__text_add(out, ",%" PRId32, a->axes[i]);
    for (int64_t i = 0; values && i < gedi_shape_size(x->shape); i++)
        gedi__text_add(out, " %a", (double)gedi__values_of(x)[i]);
}

static void add_node(const gedi_build *b, const gedi_node *x, const int *line,
                     gedi__text *out)
{
    gedi__text_add(out, "%s", x->op->name);
    for (int i = 0; i < x->shape.rank; i++)
        gedi__text_add(out, "%c%" PRId64, i ? 'x' : ' ', x->shape.dim[i]);
    add_attributes(x, out);
    if (x->op == &gedi__op_input)
        gedi__text_add(out, " %s", x->name);
    for (const gedi__scheduled *s = b->scheduled; s; s = s->next)
        if (s->node == x)
            gedi__text_add(out, " %a", (double)s->value);
    for (int i = 0; i < x->n_in; i++)
        gedi__text_add(out, " %d", line[x->in[i]->id]);
    gedi__text_add(out, "\n");
}

static gedi_status mark(const gedi_node *y, bool *on, gedi_err *err)
{
    bool *is = gedi__sources(y);
    if (!is)
        return gedi_graph_status(y->graph, err);
    for (int id = 0; id <= y->id; id++)
        on[id] |= is[id];
    free(is);
    return GEDI_OK;
}

gedi_status gedi__build_write(const gedi_build *b, gedi_node *const *y, int n,
                              gedi__text *out, gedi_err *err)
{
    size_t count = (size_t)b->g->count;
    int *line = gedi__alloc(count, sizeof *line, err, "nodes");
    bool *on = gedi__alloc(count, sizeof *on, err, "nodes");
    gedi_status s = line && on ? GEDI_OK : GEDI_NOMEM;
    int lines = 0;
    for (int i = 0; i < n && !s; i++)
        if (y[i])
            s = mark(y[i], on, err);
    for (int id = 0; id < b->g->count && !s; id++)
        if (on[id]) {
            line[id] = lines++;
            add_node(b, b->g->node[id], line, out);
        }
    for (int i = 0; i < n && !s; i++)
        gedi__text_add(out, "= %d\n", y[i] ? line[y[i]->id] : -1);
    free(line);
    free(on);
    return s ? s : out->failed ? gedi_no_memory(err, "nodes") : GEDI_OK;
}
