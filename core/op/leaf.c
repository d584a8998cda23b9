/* leaf.c - nodes without inputs that are the same at every run: input, constant, eye, values.
 *
 * Attributes: of an input, i makes it unlike any other of its shape, j says that it stands, k that
 * a plugin made it while a network was built, so that nothing fills it; of a constant, a is the value; of values, i is where the graph keeps them.
 */
#include "core/base/memory.h"
#include "core/base/shape.h"
#include "core/op/op.h"

#include <stdio.h>
#include <string.h>

const gedi__op gedi__op_input = {
    .name = "input",
    .traits = GEDI__LEAF | GEDI__INPUT,
    .why = "it has no inputs",
};

gedi_node *gedi__input(gedi_graph *g, const char *name, gedi_shape s)
{
    if (!g)
        return NULL;
    gedi__attr at = {.i = g->count};
    gedi_node *y = gedi__node(g, &gedi__op_input, NULL, 0, &at, &s);
    return gedi_named(y, name ? name : "input");
}

gedi_node *gedi_input(gedi_graph *g, const char *name, gedi_shape s)
{
    char full[192];
    if (!g || !*g->who)
        return gedi__input(g, name, s);
    snprintf(full, sizeof full, "%.80s of %s", name ? name : "input", g->who);
    gedi_node *y = gedi__input(g, full, s);
    if (y)
        y->attr.k = 1;
    return y;
}

bool gedi__input_is_lost(const gedi_node *x)
{
    return x->op == &gedi__op_input && x->attr.k;
}

void gedi__input_stand(gedi_node *input)
{
    input->attr.j = 1;
}

bool gedi__input_stands(const gedi_node *x)
{
    return x->op == &gedi__op_input && x->attr.j;
}

static void constant_eval(const gedi__step *s)
{
    int64_t n = gedi_shape_size(s->node->shape);
    float v = (float)s->node->attr.a;
    for (int64_t i = 0; i < n; i++)
        s->out[i] = v;
}

const gedi__op gedi__op_constant = {
    .name = "constant",
    .traits = GEDI__LEAF | GEDI__UNIFORM,
    .eval = constant_eval,
    .why = "it has no inputs",
};

gedi_node *gedi_constant(gedi_graph *g, double value, gedi_shape s)
{
    gedi__attr at = {.a = value};
    return gedi__node(g, &gedi__op_constant, NULL, 0, &at, &s);
}

gedi_node *gedi_scalar(gedi_graph *g, double value)
{
    return gedi_constant(g, value, GEDI_DIMS(1));
}

static void eye_eval(const gedi__step *s)
{
    int64_t n = s->node->shape.dim[0];
    memset(s->out, 0, (size_t)(n * n) * sizeof *s->out);
    for (int64_t i = 0; i < n; i++)
        s->out[i * n + i] = 1.0f;
}

const gedi__op gedi__op_eye = {
    .name = "eye",
    .traits = GEDI__LEAF,
    .eval = eye_eval,
    .why = "it has no inputs",
};

gedi_node *gedi_eye(gedi_graph *g, int64_t n)
{
    gedi_shape s = GEDI_DIMS(n, n);
    return gedi__node(g, &gedi__op_eye, NULL, 0, NULL, &s);
}

const float *gedi__values_of(const gedi_node *x)
{
    return (const float *)(intptr_t)x->attr.i;
}

static void values_eval(const gedi__step *s)
{
    size_t n = (size_t)gedi_shape_size(s->node->shape);
    if (n)
        memcpy(s->out, gedi__values_of(s->node), n * sizeof *s->out);
}

const gedi__op gedi__op_values = {
    .name = "values",
    .traits = GEDI__LEAF,
    .eval = values_eval,
    .why = "it has no inputs",
};

gedi_node *gedi_values(gedi_graph *g, const float *x, gedi_shape s)
{
    if (!g)
        return NULL;
    gedi_err err = {0};
    if (gedi__shape_check(s, 0, &err))
        return gedi_graph_fail(g, err.code, "gedi_values: %s", err.msg);
    size_t n = (size_t)gedi_shape_size(s);
    if (n && !gedi__given(g, x, "gedi_values", "array"))
        return NULL;
    float *kept = gedi__arena_alloc(&g->arena, n * sizeof *kept);
    if (!kept)
        return gedi_graph_fail(g, GEDI_NOMEM, GEDI__NO_MEMORY "values of a node");
    if (n)
        memcpy(kept, x, n * sizeof *kept);
    gedi__attr at = {.i = (int64_t)(intptr_t)kept};
    return gedi__node(g, &gedi__op_values, NULL, 0, &at, &s);
}
