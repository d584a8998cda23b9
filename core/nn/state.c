/* state.c - what is kept with the parameters but not trained: how it begins and what it
 * becomes after a step. */
#include "core/base/memory.h"
#include "core/nn/build.h"
#include "core/op/op.h"
#include "gedi/plugin.h"

#include <stdlib.h>
#include <string.h>

/* A state asked for again after an update has the updated value: several passes of one
 * step follow each other, as several calls of a layer do. */
static gedi_node *now(const gedi__used *u)
{
    return !u ? NULL : u->pending ? u->pending : u->node;
}

gedi_node *gedi_state(gedi_build *b, const char *name, gedi_shape s, double fill)
{
    return gedi_state_init(b, name, s,
                           (gedi_init){.kind = GEDI_INIT_CONSTANT, .value = fill});
}

gedi_node *gedi_state_init(gedi_build *b, const char *name, gedi_shape s, gedi_init init)
{
    return now(gedi__build_use(b, name, s, init, false));
}

gedi_node *gedi_state_from(gedi_build *b, const char *name, gedi_node *start)
{
    if (!gedi__given(b->g, name, "gedi_state_from", "name") ||
        !gedi__given(b->g, start, "gedi_state_from", "node to begin as"))
        return NULL;
    gedi_init init = {.kind = GEDI__INIT_NODE};
    gedi__used *u = gedi__build_use(b, name, gedi_node_shape(start), init, false);
    if (u && !u->start) {
        u->start = start;
        u->who = gedi__arena_text(&b->g->arena, b->g->who);
    }
    return now(u);
}

void gedi_state_update(gedi_build *b, gedi_node *state, gedi_node *value)
{
    char is[160], to[64];
    if (!b->training || !gedi__given(b->g, state, "gedi_state_update", "state") ||
        !gedi__given(b->g, value, "gedi_state_update", "value"))
        return;
    for (int i = 0; i < b->n; i++)
        if (b->used[i].node == state || b->used[i].pending == state) {
            if (b->used[i].param->trained) {
                gedi_graph_fail(b->g, GEDI_USAGE,
                                "gedi_state_update: %s is a weight, which the optimizer "
                                "changes: keep what you change yourself in a gedi_state",
                                b->used[i].param->name);
                return;
            }
            if (b->used[i].pending && b->used[i].pending != state)
                gedi_graph_fail(
                    b->g, GEDI_USAGE,
                    "gedi_state_update: %s is updated already in this step: "
                    "ask for the state again, which then has the updated value",
                    b->used[i].param->name);
            if (!gedi_shape_equal(gedi_node_shape(state), gedi_node_shape(value)))
                gedi_graph_fail(b->g, GEDI_SHAPE,
                                "state %s has shape %s and cannot become %s",
                                b->used[i].param->name,
                                gedi_shape_text(gedi_node_shape(state), is, sizeof is),
                                gedi_shape_text(gedi_node_shape(value), to, sizeof to));
            b->used[i].pending = gedi_stop_gradient(value);
            return;
        }
    gedi_graph_fail(b->g, GEDI_USAGE, "gedi_state_update: %s is not a state",
                    gedi__node_text(state, is, sizeof is));
}

gedi_node *gedi_queue(gedi_build *b, const char *name, int64_t rows, gedi_node *z)
{
    gedi_shape s = gedi_node_shape(z);
    if (!z || !gedi__given(b->g, name, "gedi_queue", "name"))
        return NULL;
    if (s.rank != 2 || rows < 1)
        return gedi_graph_fail(b->g, s.rank == 2 ? GEDI_USAGE : GEDI_SHAPE,
                               "queue %s: needs z [B, D] and at least 1 row, not %d "
                               "dimensions and %lld rows",
                               name, s.rank, (long long)rows);
    gedi_init normal = {.kind = GEDI_INIT_NORMAL, .value = 1.0};
    gedi_node *past = gedi_state_init(b, name, GEDI_DIMS(rows, s.dim[1]), normal);
    gedi_node *next = gedi_slice(z, 0, 0, s.dim[0] < rows ? s.dim[0] : rows);
    if (s.dim[0] < rows) {
        gedi_node *both[] = {z, gedi_slice(past, 0, 0, rows - s.dim[0])};
        next = gedi_concat(both, 2, 0);
    }
    gedi_state_update(b, past, next);
    return past;
}

gedi_node *gedi_table(gedi_build *b, const char *name, int64_t columns, gedi_init init)
{
    if (!gedi__given(b->g, name, "gedi_table", "name"))
        return NULL;
    if (b->records < 1 || columns < 1)
        return gedi_graph_fail(b->g, GEDI_USAGE,
                               "table %s: %lld records and %lld columns, at least 1 each",
                               name, (long long)b->records, (long long)columns);
    gedi__used *u = gedi__build_use(b, name, GEDI_DIMS(b->records, columns), init, false);
    if (u && b->growing)
        b->growing->param[gedi__params_index(b->growing, u->param)]->table = true;
    return now(u);
}

/* ---- states that begin as a node's value ---- */

/* It is computed before there is a batch: of parameters, constants and random numbers. */
static bool can_start(const gedi_build *b, const gedi__used *u)
{
    char text[160];
    for (int id = 0; id <= u->start->id; id++) {
        gedi_node *x = b->g->node[id];
        const gedi__param *of = NULL;
        if (x->op != &gedi__op_input || !gedi_depends(u->start, x))
            continue;
        for (int i = 0; i < b->n && !of; i++)
            of = b->used[i].node == x ? b->used[i].param : NULL;
        if (of && of->init.kind != GEDI__INIT_NODE)
            continue;
        gedi_graph_fail(b->g, GEDI_USAGE,
                        "%s: state %s cannot begin as what depends on %s: only on "
                        "parameters and on states that begin as a number",
                        u->who && *u->who ? u->who : "gedi_state_from", u->param->name,
                        gedi__node_text(x, text, sizeof text));
        return false;
    }
    return true;
}

gedi_status gedi__build_start(const gedi_build *b, uint64_t seed, const bool *fresh,
                              gedi_err *err)
{
    const gedi__params *p = b->params;
    gedi__program *program = NULL;
    int n = 0, m;
    gedi_node **start = gedi__alloc((size_t)b->n, sizeof *start, err, "states");
    gedi__binding *bind = start ? gedi__build_bindings(b, 0, &m) : NULL;
    gedi_status s = start ? GEDI_OK : GEDI_NOMEM;
    if (s == GEDI_OK && !bind)
        s = gedi_no_memory(err, "states");
    for (int i = 0; s == GEDI_OK && i < b->n; i++)
        if (b->used[i].start && can_start(b, &b->used[i]))
            start[n++] = b->used[i].start;
    if (s == GEDI_OK)
        s = gedi_graph_status(b->g, err);
    if (s == GEDI_OK && n)
        s = gedi__program_new(b->g, start, n, bind, m, 1, &program, err);
    if (program) {
        gedi__program_seed(program, seed, GEDI_STREAM_INIT, UINT64_C(1) << 63);
        gedi__program_run(program);
        for (int i = 0, k = 0; i < b->n; i++)
            if (b->used[i].start) {
                const gedi__param *q = b->used[i].param;
                if (!fresh || fresh[gedi__params_index(p, q)])
                    memcpy(gedi__param_data(p, q), gedi__program_output(program, k),
                           (size_t)q->size * sizeof(float));
                k++;
            }
    }
    gedi__program_free(program);
    free(start);
    free(bind);
    return s;
}
