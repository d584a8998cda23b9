/* step.c - a training step as a program: a loss, its derivatives, states after the step. */
#include "core/nn/step.h"
#include "core/base/memory.h"

#include <stdlib.h>
#include <string.h>

static bool learns(const gedi__used *u)
{
    return gedi__param_learns(u->param);
}

/* State that training changes; what is held stays as it is. */
static bool is_updated(const gedi__used *u)
{
    return u->pending && !u->param->held;
}

/* What is differentiated with respect to the weights: `grad` [n]. */
static gedi_status differentiate(const gedi_build *b, gedi_node *loss, gedi_node **grad,
                                 gedi_err *err)
{
    gedi_node **wrt =
        gedi__alloc((size_t)b->n + 1, sizeof(gedi_node *), err, "%d parameters", b->n);
    int n = 0;
    if (!wrt)
        return GEDI_NOMEM;
    for (int i = 0; i < b->n; i++)
        if (learns(&b->used[i]))
            wrt[n++] = b->used[i].node;
    gedi_status s = gedi_grad(loss, wrt, n, NULL, 0, grad);
    free(wrt);
    return s == GEDI_OK ? s : gedi_graph_status(b->g, err);
}

gedi_status gedi__step_compile(gedi_build *b, gedi_node *loss, gedi_node *const *output,
                               int n, const gedi__binding *bind, int m, int threads,
                               gedi__step *out, gedi_err *err)
{
    int params = 0;
    gedi__binding *all = gedi__build_bindings(b, m, &params);
    gedi_node **to =
        gedi__alloc((size_t)(n + 2 * b->n), sizeof(gedi_node *), err, "a training step");
    gedi_status s = GEDI_OK;
    if (!all || !to)
        s = gedi_no_memory(err, "a training step");
    if (s == GEDI_OK && loss)
        s = differentiate(b, loss, to + n, err);
    if (s == GEDI_OK) {
        memcpy(to, output, (size_t)n * sizeof(gedi_node *));
        out->gradients = n;
        for (int i = 0; loss && i < b->n; i++)
            if (learns(&b->used[i])) {
                /* Two parameters may have the same derivative node: each needs its place. */
                to[n] = gedi_named(to[n], b->used[i].param->name);
                n++;
            }
        out->states = n;
        for (int i = 0; loss && i < b->n; i++)
            if (is_updated(&b->used[i]))
                to[n++] = b->used[i].pending;
        if (m)
            memcpy(all + params, bind, (size_t)m * sizeof *bind);
        s = gedi__program_new(b->g, to, n, all, params + m, threads, &out->program, err);
    }
    free(all);
    free(to);
    return s;
}

static void take(float *to, const gedi__step *s, int output, const gedi__param *q)
{
    memcpy(to + q->offset, gedi__program_output(s->program, output),
           (size_t)q->size * sizeof(float));
}

void gedi__step_take_gradients(const gedi__step *s, const gedi_build *b)
{
    int out = s->gradients;
    for (int i = 0; i < b->n; i++)
        if (learns(&b->used[i]))
            take(b->params->g, s, out++, b->used[i].param);
}

void gedi__step_add_gradients(const gedi__step *s, const gedi_build *b)
{
    int out = s->gradients;
    for (int i = 0; i < b->n; i++) {
        if (!learns(&b->used[i]))
            continue;
        const gedi__param *q = b->used[i].param;
        const float *g = gedi__program_output(s->program, out++);
        for (int64_t k = 0; k < q->size; k++)
            b->params->g[q->offset + k] += g[k];
    }
}

void gedi__step_take_states(const gedi__step *s, const gedi_build *b)
{
    int out = s->states;
    for (int i = 0; i < b->n; i++)
        if (is_updated(&b->used[i]))
            take(b->params->state, s, out++, b->used[i].param);
}
