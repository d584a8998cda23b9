/* idle.c - terms by which nothing learns, although they have derivatives.
 *
 * Inputs:  the graph of the training step, its weights and its last batch
 * Output:  of each term, sum over weights w of max |d term / d w|
 */
#include "core/train/idle.h"
#include "core/base/memory.h"
#include "core/base/ranks.h"
#include "core/graph/node.h"

#include <stdlib.h>

static const size_t MOST_BYTES = (size_t)64 << 20; /* of a step that is looked at */

/* NULL: there is nothing to look at. */
static gedi_node *size_of_derivative(const gedi_build *b, gedi_node *term,
                                     gedi_node **wrt, gedi_node **grad)
{
    int n = 0;
    gedi_node *sum = NULL;
    for (int i = 0; i < b->n; i++)
        if (gedi__param_learns(b->used[i].param) &&
            gedi__has_derivative(term, &b->used[i].node, 1))
            wrt[n++] = b->used[i].node;
    if (!n || gedi_grad(term, wrt, n, NULL, 0, grad) != GEDI_OK)
        return NULL;
    for (int i = 0; i < n; i++) {
        gedi_node *most =
            gedi_max(gedi_maximum(grad[i], gedi_neg(grad[i])), GEDI_ALL_AXES);
        most = gedi_reshape(most, GEDI_DIMS(1));
        sum = sum ? gedi_add(sum, most) : most;
    }
    return sum;
}

/* All that the step reads lies where it lies for the step. */
static gedi__binding *bindings(const gedi__trainer *t, int *m, gedi_err *err)
{
    const gedi_graph *g = t->build.g;
    gedi__binding *all =
        gedi__alloc((size_t)g->count + 1, sizeof *all, err, "the inputs of a step");
    *m = 0;
    for (int i = 0; all && i < g->count; i++) {
        float *data = gedi__program_input(t->step.program, g->node[i]);
        if (data)
            all[(*m)++] = (gedi__binding){g->node[i], data};
    }
    return all;
}

static bool is_looked_at(const gedi__trainer *t)
{
    size_t all;
    return t->terms.n > 1 && gedi__ranks_of_run()->n == 1 &&
           gedi__program_bytes(t->step.program, &all) <= MOST_BYTES;
}

static gedi_status look(const gedi__trainer *t, uint64_t draws, gedi_node **scratch,
                        bool *idle, gedi_err *err)
{
    gedi_node *size[GEDI__MAX_TERMS];
    int of[GEDI__MAX_TERMS], n = 0, m;
    gedi__program *p;
    for (int i = 0; i < t->terms.n; i++) {
        const gedi__term_value *v = &t->terms.value[i];
        if (v->weight == 0 || v->value == v->optimum)
            continue;
        of[n] = i;
        size[n] = size_of_derivative(&t->build, t->terms.node[i], scratch,
                                     scratch + t->build.n);
        n += size[n] != NULL;
    }
    GEDI_TRY(gedi_graph_status(t->build.g, err));
    gedi__binding *bind = bindings(t, &m, err);
    if (!bind)
        return GEDI_NOMEM;
    gedi_status s =
        n ? gedi__program_new(t->build.g, size, n, bind, m, (int)t->e->threads, &p, err)
          : GEDI_OK;
    free(bind);
    if (s != GEDI_OK || !n)
        return s;
    gedi__program_seed(p, t->e->seed, GEDI_STREAM_VIEW, draws);
    gedi__program_run(p);
    for (int i = 0; i < n; i++)
        idle[of[i]] = gedi__program_output(p, i)[0] == 0;
    gedi__program_free(p);
    return GEDI_OK;
}

gedi_status gedi__idle_terms(const gedi__trainer *t, uint64_t draws, bool *idle,
                             gedi_err *err)
{
    for (int i = 0; i < GEDI__MAX_TERMS; i++)
        idle[i] = false;
    if (!is_looked_at(t))
        return GEDI_OK;
    gedi_node **scratch = gedi__alloc(2 * (size_t)t->build.n + 1, sizeof(gedi_node *),
                                      err, "derivatives of terms");
    gedi_status s = scratch ? look(t, draws, scratch, idle, err) : GEDI_NOMEM;
    free(scratch);
    return s;
}
