/* terms.c - terms that add up to the loss: names, weights that may change, who is to blame. */
#include "core/network/network.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/graph/node.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { TERM_NAME = 63 /* letters of a term's name; metrics.h keeps as many */ };

/* With what stands before it in a list of objectives; the graph's, as the caller's may be
 * local. NULL after an error. */
static const char *full_name(gedi_terms *t, const char *name)
{
    gedi_graph *g = t->build->g;
    const char *prefix = t->of ? t->of->prefix : "";
    size_t n = strlen(prefix);
    char *kept = NULL;
    if (!gedi__is_plain_name(name) || n + strlen(name) > TERM_NAME)
        gedi_graph_fail(g, GEDI_USAGE,
                        "term '%s%.80s': a name is at most %d letters, digits and _",
                        prefix, name, TERM_NAME - (int)n);
    else if (!(kept = gedi__arena_alloc(&g->arena, n + strlen(name) + 1)))
        gedi_graph_fail(g, GEDI_NOMEM, GEDI__NO_MEMORY "term '%s'", name);
    if (!kept)
        return NULL;
    memcpy(kept, prefix, n);
    memcpy(kept + n, name, strlen(name) + 1);
    return kept;
}

static bool term_is_legal(const gedi_terms *t, const char *name, const gedi_node *value,
                          double weight, double optimum)
{
    gedi_graph *g = t->build->g;
    char s[64];
    if (!value)
        gedi_graph_fail(g, GEDI_USAGE, "term '%s' was not built", name);
    else if (gedi_shape_size(gedi_node_shape(value)) != 1)
        gedi_graph_fail(g, GEDI_SHAPE, "term '%s' must have one element, not %s", name,
                        gedi_shape_text(gedi_node_shape(value), s, sizeof s));
    else if (!isfinite((float)weight))
        gedi_graph_fail(g, GEDI_USAGE, "term '%s': its weight is %g, not a finite number",
                        name, isnan(weight) ? NAN : weight);
    else if (isinf(optimum))
        gedi_graph_fail(g, GEDI_USAGE,
                        "term '%s': its optimum is %g: give NAN where none is known",
                        name, optimum);
    else if (t->n == GEDI__MAX_TERMS)
        gedi_graph_fail(g, GEDI_USAGE, "term '%s': an objective has at most %d terms",
                        name, GEDI__MAX_TERMS);
    for (int i = 0; i < t->n; i++)
        if (!strcmp(t->value[i].name, name))
            gedi_graph_fail(g, GEDI_USAGE, "duplicate term '%s'", name);
    return gedi_graph_status(g, NULL) == GEDI_OK;
}

/* The first term that could not be built is named beside what went wrong. */
static void blame(gedi_terms *t, const char *name)
{
    char *msg = t->build->g->err.msg;
    size_t n = strlen(msg), room = sizeof t->build->g->err.msg - n;
    if (!t->blamed &&
        (t->build->g->err.code == GEDI_SHAPE || t->build->g->err.code == GEDI_NOGRAD))
        snprintf(msg + n, room, " (for term '%.63s')", name);
    t->blamed = true;
}

/* The weight of the objective in a list. */
static const gedi_schedule *of_all(const gedi__objective *o)
{
    static const gedi_schedule alone = {.from = 1};
    return o ? &o->weight : &alone;
}

static bool is_zero(const gedi_schedule *s)
{
    return gedi_schedule_is_constant(s) && s->from == 0.0;
}

static double weight_at(const gedi_terms *t, int i, int64_t iteration)
{
    double own = t->own[i];
    if (t->by[i])
        own = gedi_schedule_at(t->by[i], iteration, t->build->total);
    return own * gedi_schedule_at(of_all(t->owner[i]), iteration, t->build->total);
}

/* `by` is the weight where it changes; else it is `weight`. */
static void add_term(gedi_terms *t, const char *name, gedi_node *value, double weight,
                     const gedi_schedule *by, double optimum)
{
    if ((!by && weight == 0.0) || is_zero(of_all(t->of)))
        return;
    if (gedi_graph_status(t->build->g, NULL) != GEDI_OK) {
        if (!value)
            blame(t, name);
        return;
    }
    const char *kept = full_name(t, name);
    if (!kept || !term_is_legal(t, kept, value, weight, optimum))
        return;
    t->owner[t->n] = t->of;
    t->own[t->n] = weight;
    t->by[t->n] = by;
    t->value[t->n] = (gedi__term_value){
        .name = kept, .value = NAN, .optimum = optimum, .weight = weight_at(t, t->n, 0)};
    t->node[t->n++] = gedi_named(gedi_reshape(value, GEDI_DIMS(1)), kept);
}

void gedi_term(gedi_terms *t, const char *name, gedi_node *value, double weight,
               double optimum)
{
    if (gedi__given(t->build->g, name, "gedi_term", "name"))
        add_term(t, name, value, weight, NULL, optimum);
}

void gedi_term_by(gedi_terms *t, const char *name, gedi_node *value,
                  const gedi_schedule *weight, double optimum)
{
    if (!gedi__given(t->build->g, name, "gedi_term_by", "name") ||
        !gedi__given(t->build->g, weight, "gedi_term_by", "schedule"))
        return;
    bool constant = gedi_schedule_is_constant(weight);
    add_term(t, name, value, weight->from, constant ? NULL : weight, optimum);
}

gedi_node *gedi__term_weighted(const gedi_terms *t, int i)
{
    const gedi_schedule *all = of_all(t->owner[i]);
    gedi_node *y = t->node[i];
    if (!t->by[i] &&
        gedi_schedule_is_constant(all)) /* one number, not two one after the other */
        return gedi_scale(y, t->value[i].weight);
    y = t->by[i] ? gedi_scale_by(t->build, y, t->by[i]) : gedi_scale(y, t->own[i]);
    return gedi_scale_by(t->build, y, all);
}

bool gedi__term_trains(const gedi_terms *t, int i)
{
    const gedi_build *b = t->build;
    for (int k = 0; k < b->n; k++)
        if (gedi__param_learns(b->used[k].param) &&
            gedi__has_derivative(t->node[i], &b->used[k].node, 1))
            return true;
    return false;
}

void gedi__terms_advance(gedi_terms *t, int64_t iteration)
{
    for (int i = 0; i < t->n; i++)
        t->value[i].weight = weight_at(t, i, iteration);
}
