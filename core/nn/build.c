/* build.c - the place where a network is being built: scopes, parameters, state. */
#include "core/nn/build.h"
#include "core/op/op.h"
#include "core/op/ranks.h"
#include "core/base/memory.h"
#include "core/base/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

gedi_status gedi__build_init(gedi_build *b, const gedi__params *params, bool training,
                             gedi_err *err)
{
    *b = (gedi_build){.g = gedi_graph_new(), .params = params, .training = training};
    if (!b->g)
        return gedi_no_memory(err, "a graph");
    b->g->direct = params && params->direct;
    return GEDI_OK;
}

gedi_status gedi__build_first(gedi_build *b, gedi__params *params, bool training,
                              gedi_err *err)
{
    GEDI_TRY(gedi__build_init(b, params, training, err));
    b->growing = params;
    return GEDI_OK;
}

void gedi__build_clear(gedi_build *b)
{
    gedi_graph_free(b->g);
    free(b->used);
    memset(b, 0, sizeof *b);
}

int32_t gedi_build_classes(const gedi_build *b)
{
    return b->classes;
}

gedi_graph *gedi_build_graph(gedi_build *b)
{
    return b->g;
}

bool gedi_build_training(const gedi_build *b)
{
    return b->training;
}

static void refuse_name(gedi_build *b, const char *what, const char *name)
{
    char text[81];
    snprintf(text, sizeof text, "%s", name);
    gedi__text_tell(text);
    gedi_graph_fail(
        b->g, GEDI_USAGE,
        "%s %s'%s': a name is letters, digits and _, with a dot between words", what,
        b->scope, text);
}

/* A name may have dots of its own, so pop cannot find its beginning in the text. */
void gedi_scope_push(gedi_build *b, const char *name)
{
    size_t n = strlen(b->scope);
    if (!gedi__given(b->g, name, "gedi_scope_push", "name"))
        name = "";
    if (!gedi__is_dotted_name(name))
        refuse_name(b, "name scope", name);
    if (b->depth < GEDI__SCOPES) {
        b->outer[b->depth] = n;
        int w = snprintf(b->scope + n, sizeof b->scope - n, "%s.", name);
        if (w < 0 || (size_t)w >= sizeof b->scope - n)
            gedi_graph_fail(b->g, GEDI_USAGE,
                            "name scope %.*s%s. is longer than %d characters", (int)n,
                            b->scope, name, GEDI__SCOPE - 1);
    } else {
        gedi_graph_fail(b->g, GEDI_USAGE,
                        "name scope %s%s.: more than %d scopes in each other", b->scope,
                        name, GEDI__SCOPES);
    }
    b->depth++;
}

void gedi_scope_pop(gedi_build *b)
{
    if (b->depth <= b->floor) {
        gedi_graph_fail(b->g, GEDI_USAGE,
                        "gedi_scope_pop without a gedi_scope_push before it");
        return;
    }
    if (--b->depth < GEDI__SCOPES)
        b->scope[b->outer[b->depth]] = 0;
}

static bool init_is_legal(gedi_build *b, const char *full, gedi_init init)
{
    int kind = (int)init.kind;
    if (kind == (int)GEDI__INIT_NODE)
        return true;
    if (kind < GEDI_INIT_CONSTANT || kind > GEDI_INIT_XAVIER)
        gedi_graph_fail(
            b->g, GEDI_USAGE,
            "parameter %s: there is no init of kind %d: GEDI_INIT_CONSTANT to "
            "GEDI_INIT_XAVIER",
            full, kind);
    else if (!isfinite((float)init.value))
        gedi_graph_fail(b->g, GEDI_USAGE,
                        "parameter %s: the value of its init is %g, not a finite number",
                        full, isnan(init.value) ? NAN : init.value);
    else if (init.fan_in < 0 || init.fan_out < 0)
        gedi_graph_fail(
            b->g, GEDI_USAGE,
            "parameter %s: its init has a fan_in of %lld and a fan_out of %lld: "
            "0 for that of the shape, or more",
            full, (long long)init.fan_in, (long long)init.fan_out);
    return gedi_graph_status(b->g, NULL) == GEDI_OK;
}

gedi__used *gedi__build_use_named(gedi_build *b, const char *full, gedi_shape s,
                                  gedi_init init, bool trained)
{
    gedi_err err = {0};
    if (gedi_graph_status(b->g, NULL) != GEDI_OK)
        return NULL;
    b->asked++;
    if (!init_is_legal(b, full, init))
        return NULL;
    const gedi__param *q =
        b->growing ? gedi__params_get(b->growing, full, s, init, trained, &err)
                   : gedi__params_find(b->params, full, s, trained, &err);
    if (!q) {
        gedi_graph_fail(b->g, err.code, "%s", err.msg);
        return NULL;
    }
    for (int i = 0; i < b->n; i++)
        if (b->used[i].param == q)
            return &b->used[i];
    if (b->n == b->room) {
        int room = b->room ? 2 * b->room : 32;
        gedi__used *u = realloc(b->used, (size_t)room * sizeof *u);
        if (!u) {
            gedi_graph_fail(b->g, GEDI_NOMEM, GEDI__NO_MEMORY "parameter %s", full);
            return NULL;
        }
        b->used = u;
        b->room = room;
    }
    gedi_node *node = gedi__input(b->g, full, s);
    if (!node)
        return NULL;
    if (!b->training)
        gedi__input_stand(node); /* over a chain, or a pass over the data */
    b->used[b->n] = (gedi__used){.param = q, .node = node};
    return &b->used[b->n++];
}

gedi__used *gedi__build_use(gedi_build *b, const char *name, gedi_shape s, gedi_init init,
                            bool trained)
{
    char full[2 * GEDI__SCOPE];
    if (!gedi__given(b->g, name, trained ? "gedi_param" : "gedi_state", "name"))
        return NULL;
    if (b->bare) {
        gedi_graph_fail(b->g, GEDI_USAGE,
                        "%s: it asks for '%.80s', but a sampler has no parameters and no "
                        "state: what it needs is an option",
                        trained ? "gedi_param" : "gedi_state", name);
        return NULL;
    }
    if (!gedi__is_dotted_name(name)) {
        refuse_name(b, "parameter", name);
        return NULL;
    }
    int w = snprintf(full, sizeof full, "%s%s", b->scope, name);
    if (w >= 0 && (size_t)w < sizeof full)
        return gedi__build_use_named(b, full, s, init, trained);
    gedi_graph_fail(b->g, GEDI_USAGE,
                    "parameter %s%.32s... has a name of more than %d characters",
                    b->scope, name, (int)sizeof full - 1);
    return NULL;
}

gedi_node *gedi_param(gedi_build *b, const char *name, gedi_shape s, gedi_init init)
{
    gedi__used *u = gedi__build_use(b, name, s, init, true);
    if (!u)
        return NULL;
    /* Each rank has a part of the derivative. Where none is taken, a weight that stands still is seen to. */
    return b->split && b->training ? gedi__rank_copy(u->node) : u->node;
}

gedi__binding *gedi__build_bindings(const gedi_build *b, int extra, int *n)
{
    GEDI_ASSERT(b->params->frozen);
    int scheduled = 0;
    for (const gedi__scheduled *u = b->scheduled; u; u = u->next)
        scheduled++;
    gedi__binding *bind = calloc((size_t)(b->n + scheduled + extra) + 1, sizeof *bind);
    if (!bind)
        return NULL;
    for (int i = 0; i < b->n; i++) {
        const gedi__param *q = b->used[i].param;
        const gedi__param *average =
            b->averaged ? gedi__params_average_of(b->params, q) : NULL;
        bind[i] = (gedi__binding){b->used[i].node,
                                  gedi__param_data(b->params, average ? average : q)};
    }
    *n = b->n;
    for (gedi__scheduled *u = b->scheduled; u; u = u->next)
        bind[(*n)++] = (gedi__binding){u->node, &u->value};
    return bind;
}

static bool is_filled(const gedi_build *b, const gedi_node *x, gedi_node *const *in,
                      int n)
{
    for (int i = 0; i < n; i++)
        if (x == in[i])
            return true;
    for (int i = 0; i < b->n; i++)
        if (x == b->used[i].node)
            return true;
    for (const gedi__scheduled *u = b->scheduled; u; u = u->next)
        if (x == u->node)
            return true;
    return false;
}

const gedi_node *gedi__build_unfilled(const gedi_build *b, const gedi_node *y,
                                      gedi_node *const *in, int n)
{
    const gedi_node *found = NULL;
    bool *of = y ? gedi__sources(y) : NULL;
    for (int id = 0; of && !found && id <= y->id; id++) {
        const gedi_node *x = b->g->node[id];
        if (of[id] && (x->op->traits & GEDI__INPUT) && !is_filled(b, x, in, n))
            found = x;
    }
    free(of);
    return found;
}
