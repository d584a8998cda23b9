/* average.c - running averages of weights: teachers, and weights for evaluation.
 *
 * Source:  Polyak & Juditsky 1992; He et al. 2020, "Momentum contrast", eq. (2); Grill et al.
 *          2020, "Bootstrap your own latent", eq. (1)
 * Inputs:  w, a weight after a step of the optimizer; t, its average
 * Output:  t <- decay t + (1 - decay) w
 * Differs: nothing
 */
#include "core/base/loop.h"
#include "core/base/memory.h"
#include "core/graph/node.h"
#include "core/nn/build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- in the flat vectors ---- */

const gedi__param *gedi__params_average_of(const gedi__params *p, const gedi__param *of)
{
    for (int i = 0; i < p->n; i++)
        if (p->param[i]->of == of)
            return p->param[i];
    return NULL;
}

void gedi__params_start_averages(const gedi__params *p, const bool *fresh)
{
    for (int i = 0; i < p->n; i++) {
        const gedi__param *q = p->param[i];
        if (q->of && (!fresh || fresh[i]))
            memcpy(gedi__param_data(p, q), gedi__param_data(p, q->of),
                   (size_t)q->size * sizeof(float));
    }
}

GEDI__CLONES static void approach(float *t, const float *w, float part, int64_t n)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++)
        t[i] += part * (w[i] - t[i]);
}

void gedi__params_step_averages(const gedi__params *p, int64_t iteration, int64_t total)
{
    for (int i = 0; i < p->n; i++) {
        const gedi__param *q = p->param[i];
        if (q->of && q->decay && !q->held)
            approach(gedi__param_data(p, q), gedi__param_data(p, q->of),
                     (float)(1.0 - gedi_schedule_at(q->decay, iteration, total)),
                     q->size);
    }
}

/* ---- in a graph ---- */

/* The leaf of the average of an entry: made while the network is first built, then looked up. */
static gedi_node *leaf_of(gedi_build *b, const gedi__param *of,
                          const gedi_schedule *decay)
{
    char name[2 * GEDI__SCOPE + sizeof GEDI__AVERAGE];
    gedi_err err = {0};
    if (b->growing && !gedi__params_average(b->growing, of, decay, &err))
        return gedi_graph_fail(b->g, err.code, "gedi_average: %s", err.msg);
    snprintf(name, sizeof name, GEDI__AVERAGE "%s", of->name);
    gedi__used *u = gedi__build_use_named(b, name, of->shape, (gedi_init){0}, false);
    return u ? u->node : NULL;
}

/* Is the state one that computing y updates, such as statistics of its layers? Then what it
 * becomes follows from what y computes, and from no weight, or average, beside. `of` are the
 * sources of y. */
static bool is_statistic(const gedi_build *b, const gedi__used *u, const gedi_node *y,
                         const bool *of)
{
    bool *is = u->pending && !u->param->of ? gedi__sources(u->pending) : NULL;
    if (!is)
        return false;
    bool shared = false, own = true;
    for (int id = 0; id <= y->id && id <= u->pending->id; id++)
        shared = shared || (of[id] && is[id] && b->g->node[id]->n_in);
    for (int i = 0; i < b->n; i++) {
        const gedi__used *w = &b->used[i];
        int id = w->node->id;
        if ((w->param->of || w->param->trained) && id <= u->pending->id && is[id])
            own = own && !w->param->of && id <= y->id && of[id];
    }
    free(is);
    return shared && own;
}

/* What y has an average of. Of states that is decided once, when the network is first built. */
static bool is_averaged(const gedi_build *b, const gedi__used *u, const gedi_node *y,
                        const bool *of)
{
    if (u->param->trained)
        return u->node->id <= y->id && of[u->node->id];
    if (b->growing)
        return is_statistic(b, u, y, of);
    return gedi__params_average_of(b->params, u->param) != NULL;
}

/* Pairs of nodes and what stands for them. */
typedef struct pairs {
    int n;
    gedi_node **from, **to;
} pairs;

static bool pairs_init(pairs *p, gedi_build *b)
{
    gedi_err err = {0};
    *p = (pairs){.from = gedi__alloc(2 * (size_t)b->n, sizeof(gedi_node *), &err,
                                     "running averages")};
    if (!p->from)
        gedi_graph_fail(b->g, err.code, "%s", err.msg);
    else
        p->to = p->from + b->n;
    return p->from != NULL;
}

/* Does y depend on a view that is not there? Then what is wrong is not that it has no weights. */
static bool lacks_view(const gedi_node *y, const bool *of)
{
    for (int id = 0; id <= y->id; id++) {
        const char *name = y->graph->node[id]->name;
        if (of[id] && name && !strcmp(name, GEDI__NO_VIEW))
            return true;
    }
    return false;
}

gedi_node *gedi_average(gedi_build *b, gedi_node *y, const gedi_schedule *decay)
{
    int n = b->n, weights = 0; /* entries of averages come behind n */
    pairs p;
    if (!y || !gedi__given(b->g, decay, "gedi_average", "decay"))
        return NULL;
    if (!(gedi_schedule_min(decay) >= 0.0 && gedi_schedule_max(decay) <= 1.0))
        return gedi_graph_fail(b->g, GEDI_USAGE,
                               "gedi_average: the decay is not in [0, 1] throughout");
    bool *of = gedi__sources(y);
    if (!of)
        return NULL;
    bool ok = pairs_init(&p, b);
    for (int i = 0; ok && i < n; i++)
        if (is_averaged(b, &b->used[i], y, of)) {
            bool weight = b->used[i].param->trained;
            p.from[p.n] = b->used[i].node;
            p.to[p.n] = leaf_of(b, b->used[i].param, weight ? decay : NULL);
            ok = p.to[p.n++] != NULL;
            weights += weight;
        }
    bool lacks = ok && !weights && lacks_view(y, of);
    if (ok && !weights && !lacks)
        gedi_graph_fail(b->g, GEDI_USAGE,
                        "gedi_average: what it is to average depends on no weight");
    gedi_node *out = lacks           ? y
                     : ok && weights ? gedi__substitute(y, p.from, p.to, p.n)
                                     : NULL;
    free(p.from);
    free(of);
    return out;
}

void gedi__build_average_states(gedi_build *b)
{
    pairs p;
    if (!b->training || gedi_graph_status(b->g, NULL) || !pairs_init(&p, b))
        return;
    for (int i = 0; i < b->n; i++)
        for (int j = 0; b->used[i].param->of && j < b->n; j++)
            if (b->used[j].param == b->used[i].param->of) {
                p.from[p.n] = b->used[j].node;
                p.to[p.n++] = b->used[i].node;
            }
    for (int i = 0; i < b->n; i++)
        for (int j = 0; !b->used[i].param->decay && b->used[i].param->of && j < b->n; j++)
            if (b->used[j].param == b->used[i].param->of && b->used[j].pending)
                b->used[i].pending =
                    gedi__substitute(b->used[j].pending, p.from, p.to, p.n);
    free(p.from);
}
