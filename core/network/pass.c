/* pass.c - models and objectives build: each in its scope, with what it must give checked. */
#include "core/network/network.h"
#include "core/base/ranks.h"
#include "core/graph/node.h"
#include "core/op/ranks.h"
#include "core/plugin/option.h"

#include <string.h>

/* Opens the scope of a component, which it cannot leave, and names it in errors. */
static void enter(gedi_build *b, const char *kind, const char *scope, const char *name)
{
    gedi__graph_enter(b->g, kind, name);
    gedi_scope_push(b, scope);
    b->floor = b->depth;
}

/* Back in the scope that the call began in. Scopes left open would give the parameters of
 * the next view other names, and so other weights. */
static void leave(gedi_build *b)
{
    if (b->depth != b->floor)
        gedi_graph_fail(b->g, GEDI_USAGE,
                        "it leaves %d scope%s open: call gedi_scope_pop once for each "
                        "gedi_scope_push",
                        b->depth - b->floor, b->depth - b->floor == 1 ? "" : "s");
    gedi__graph_leave(b->g);
    b->depth = b->floor;
    b->floor = 0;
    gedi_scope_pop(b);
}

/* Then nodes are NULL, and shapes are empty, which no plugin must reckon with. */
static bool is_broken(const gedi_build *b)
{
    return gedi_graph_status(b->g, NULL) != GEDI_OK;
}

/* What a plugin built from x [B, ...] must be [B, columns]: "D" and "K" are any number. */
static gedi_node *check_rows(gedi_build *b, gedi_node *y, int64_t rows,
                             const char *columns, const char *kind, const char *name)
{
    gedi_shape s = gedi_node_shape(y);
    char is[64];
    if (gedi_graph_status(b->g, NULL) != GEDI_OK)
        return NULL;
    if (!y)
        return gedi_graph_fail(b->g, GEDI_USAGE, "%s %s builds nothing", kind, name);
    if (s.rank == 2 && s.dim[0] == rows && (*columns != '1' || s.dim[1] == 1))
        return y;
    return gedi_graph_fail(b->g, GEDI_SHAPE, "%s %s gives %s instead of [%lld, %s]", kind,
                           name, gedi_shape_text(s, is, sizeof is), (long long)rows,
                           columns);
}

static gedi_node *component_pass(const gedi__component *c, gedi_build *b,
                                 const char *scope, gedi_node *x)
{
    const gedi_model *m = (const gedi_model *)c->plugin;
    if (is_broken(b))
        return NULL;
    enter(b, scope, scope, m->name);
    gedi_node *y = m->build(c->self, b, x);
    leave(b);
    return check_rows(b, y, gedi_dim(x, 0), "D", scope, m->name);
}

gedi_node *gedi__network_encode(const gedi__network *net, gedi_build *b, gedi_node *x)
{
    return component_pass(&net->e->model, b, "model", x);
}

/* Each rank passes its rows; what comes out has all of them, on every rank. */
static void pass_split(const gedi__network *net, gedi_build *b, gedi_node *x,
                       gedi_node **h, gedi_node **z)
{
    b->split = true;
    gedi_node *own = component_pass(&net->e->model, b, "model", gedi__rank_rows(x));
    *h = gedi__all_rows(own);
    *z = *h;
    if (net->features_asked) /* the derivative to h must come past it */
        own = gedi__rank_rows(*h);
    if (net->e->projector.plugin)
        *z = gedi__all_rows(component_pass(&net->e->projector, b, "projector", own));
    b->split = false;
}

void gedi__network_pass(const gedi__network *net, gedi_build *b, gedi_node *x,
                        gedi_node **h, gedi_node **z)
{
    int64_t rows = gedi_dim(x, 0), ranks = gedi__ranks_of_run()->n;
    if (ranks > 1 && rows % ranks == 0 && rows >= 2 * ranks) {
        pass_split(net, b, x, h, z);
        return;
    }
    *h = gedi__network_encode(net, b, x);
    *z = *h;
    if (net->e->projector.plugin)
        *z = component_pass(&net->e->projector, b, "projector", *h);
}

/* One that has no parameters has none to share. */
static void check_share(gedi_build *b, const gedi__stage *s, const int *asked)
{
    for (int i = 0; i < s->objectives; i++) {
        const gedi__objective *o = &s->objective[i], *bare = asked[i] ? NULL : o;
        for (int j = 0; *o->share && !bare && j < s->objectives; j++)
            if (j != i && !strcmp(s->objective[j].scope, o->scope) && !asked[j])
                bare = &s->objective[j];
        if (*o->share && bare)
            gedi_graph_fail(
                b->g, GEDI_DESCRIPTOR, "%s: share: %s has no parameters to share%s",
                gedi__objective_plugin(o)->name, gedi__objective_plugin(bare)->name,
                gedi__option_find(bare->part.plugin->options, "prototypes")
                    ? ": prototypes: free or unit gives it some"
                    : "");
    }
}

/* What comes without a derivative to what it was made by. */
static gedi_batch from_beside(const gedi_batch *v)
{
    gedi_batch w = *v;
    gedi_node **part[] = {&w.xs, &w.hs, &w.zs};
    for (int i = 0; i < GEDI_MAX_VIEWS; i++) {
        w.x[i] = v->x[i] ? gedi_stop_gradient(v->x[i]) : NULL;
        w.h[i] = v->h[i] ? gedi_stop_gradient(v->h[i]) : NULL;
        w.z[i] = v->z[i] ? gedi_stop_gradient(v->z[i]) : NULL;
    }
    for (size_t i = 0; i < sizeof part / sizeof *part; i++)
        *part[i] = *part[i] ? gedi_stop_gradient(*part[i]) : NULL;
    return w;
}

void gedi__network_loss(const gedi__network *net, gedi_build *b, const gedi_batch *v,
                        gedi_terms *t)
{
    const gedi__stage *s = net->stage;
    int asked[GEDI__MAX_OBJECTIVES];
    memset(t, 0, sizeof *t);
    t->build = b;
    for (const gedi__objective *o = s->objective; o < s->objective + s->objectives; o++) {
        t->of = o;
        enter(b, "objective", o->scope, gedi__objective_plugin(o)->name);
        t->blamed = gedi_graph_status(b->g, NULL) != GEDI_OK; /* not by a term */
        int before = b->asked;
        const gedi_batch detached =
            gedi__objective_plugin(o)->beside ? from_beside(v) : *v;
        b->watching = true;
        if (!is_broken(b))
            gedi__objective_plugin(o)->loss(o->part.self, b, &detached, t);
        b->watching = false;
        asked[o - s->objective] = b->asked - before;
        leave(b);
    }
    check_share(b, s, asked);
    gedi__build_average_states(b);
}

/* An objective may have none; but one that had it when the network was first built has it always. */
static gedi_node *missing(gedi_build *b, const gedi__objective *o, bool had,
                          const char *what)
{
    return !had || is_broken(b)
               ? NULL
               : gedi_graph_fail(
                     b->g, GEDI_USAGE,
                     "objective %s: its %s is NULL here, but was not before: it is "
                     "asked of any records, in training and in evaluation, "
                     "without v->label and v->index",
                     gedi__objective_plugin(o)->name, what);
}

gedi_node *gedi__network_logits(const gedi__network *net, gedi_build *b, gedi_node *z)
{
    const gedi__objective *o = net->labels_of;
    if (!o || is_broken(b))
        return NULL;
    enter(b, "objective", o->scope, gedi__objective_plugin(o)->name);
    gedi_node *y = gedi__objective_plugin(o)->logits(o->part.self, b, z);
    leave(b);
    return !y ? missing(b, o, net->clusters > 0, "p(y|x)")
              : check_rows(b, y, gedi_dim(z, 0), "K", "p(y|x) of objective",
                           gedi__objective_plugin(o)->name);
}

gedi_node *gedi__network_energy(const gedi__network *net, gedi_build *b, gedi_node *x,
                                gedi_node *z, const gedi_batch *v)
{
    const gedi__objective *o = net->energy_of;
    if (!o || is_broken(b))
        return NULL;
    enter(b, "objective", o->scope, gedi__objective_plugin(o)->name);
    gedi_node *y = gedi__objective_plugin(o)->energy(o->part.self, b, x, z, v);
    leave(b);
    return !y ? missing(b, o, net->has_energy, "energy")
              : check_rows(b, y, gedi_dim(z, 0), "1", "the energy of objective",
                           gedi__objective_plugin(o)->name);
}
