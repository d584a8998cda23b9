/* network.c - encoder, projector and objective of an experiment, put together. */
#include "core/network/network.h"
#include "core/base/ranks.h"
#include "core/graph/node.h"
#include "core/graph/rowwise.h"
#include "core/op/ranks.h"
#include "core/plugin/check.h"
#include "core/base/memory.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    TERM_NAME = 63,         /* letters of a term's name; metrics.h keeps as many */
    MOST_RECORDS = 1 << 24, /* whose numbers a float holds exactly */
};

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

static bool term_is_legal(const gedi_terms *t, const char *name, const gedi_node *value)
{
    gedi_graph *g = t->build->g;
    char s[64];
    if (!value)
        gedi_graph_fail(g, GEDI_USAGE, "term '%s' was not built", name);
    else if (gedi_shape_size(gedi_node_shape(value)) != 1)
        gedi_graph_fail(g, GEDI_SHAPE, "term '%s' must have one element, not %s", name,
                        gedi_shape_text(gedi_node_shape(value), s, sizeof s));
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
    if (!kept || !term_is_legal(t, kept, value))
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
    add_term(t, name, value, weight, NULL, optimum);
}

void gedi_term_by(gedi_terms *t, const char *name, gedi_node *value,
                  const gedi_schedule *weight, double optimum)
{
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

void gedi__terms_advance(gedi_terms *t, int64_t iteration)
{
    for (int i = 0; i < t->n; i++)
        t->value[i].weight = weight_at(t, i, iteration);
}

/* ---- calling plugins ---- */

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

static const gedi_objective *plugin(const gedi__objective *o)
{
    return (const gedi_objective *)o->part.plugin;
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
            gedi_graph_fail(b->g, GEDI_DESCRIPTOR,
                            "%s: share: %s has no parameters to share: prototypes: free "
                            "or unit gives it some",
                            plugin(o)->name, plugin(bare)->name);
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
        enter(b, "objective", o->scope, plugin(o)->name);
        t->blamed = gedi_graph_status(b->g, NULL) != GEDI_OK; /* not by a term */
        int before = b->asked;
        const gedi_batch detached = plugin(o)->beside ? from_beside(v) : *v;
        plugin(o)->loss(o->part.self, b, &detached, t);
        asked[o - s->objective] = b->asked - before;
        leave(b);
    }
    check_share(b, s, asked);
    gedi__build_average_states(b);
}

gedi_node *gedi__network_logits(const gedi__network *net, gedi_build *b, gedi_node *z)
{
    const gedi__objective *o = net->labels_of;
    if (!o)
        return NULL;
    enter(b, "objective", o->scope, plugin(o)->name);
    gedi_node *y = plugin(o)->logits(o->part.self, b, z);
    leave(b);
    return !y ? NULL
              : check_rows(b, y, gedi_dim(z, 0), "K", "p(y|x) of objective",
                           plugin(o)->name);
}

gedi_node *gedi__network_energy(const gedi__network *net, gedi_build *b, gedi_node *x,
                                gedi_node *z, const gedi_batch *v)
{
    const gedi__objective *o = net->energy_of;
    if (!o)
        return NULL;
    enter(b, "objective", o->scope, plugin(o)->name);
    gedi_node *y = plugin(o)->energy(o->part.self, b, x, z, v);
    leave(b);
    return !y ? NULL
              : check_rows(b, y, gedi_dim(z, 0), "1", "the energy of objective",
                           plugin(o)->name);
}

/* ---- finding out what is used ---- */

/* Everything that training and evaluation build, once. */
typedef struct whole {
    gedi_batch v;
    gedi_terms t;
    int watches; /* of the loss */
    gedi_node *logits, *energy;
} whole;

/* p(y|x) is the first objective's that has it. Samples are drawn from the energy of the
 * first whose terms use them: another's would not be what they are to follow. */
static void choose(gedi__network *net, const gedi_terms *t, const gedi_node *xs)
{
    const gedi__stage *s = net->stage;
    const gedi__objective *end = s->objective + s->objectives, *any = NULL;
    for (const gedi__objective *o = s->objective; o < end; o++) {
        if (!net->labels_of && plugin(o)->logits)
            net->labels_of = o;
        if (!any && plugin(o)->energy)
            any = o;
        for (int i = 0; plugin(o)->energy && !net->energy_of && i < t->n; i++)
            if (t->owner[i] == o && gedi_depends(t->node[i], xs))
                net->energy_of = o;
    }
    if (!net->energy_of)
        net->energy_of = any;
}

static void build_training(const gedi__network *net, gedi_build *b, whole *w)
{
    w->v = gedi__network_views(net, b);
    w->v.xs = gedi_input(b->g, "samples",
                         gedi__batch_shape(net->info.record, w->v.size * w->v.parts));
    gedi__network_pass_of(net, b, "samples and evaluation have", net->info.record,
                          w->v.xs, &w->v.hs, &w->v.zs);
    gedi__network_loss(net, b, &w->v, &w->t);
    w->watches = b->watches;
}

/* Once it is known whose energy and whose p(y|x) count. */
static void build_evaluation(const gedi__network *net, gedi_build *b, whole *w)
{
    gedi_batch v = w->v;
    v.label = v.index = NULL;
    w->logits = gedi__network_logits(net, b, w->v.z[0]);
    w->energy = gedi__network_energy(net, b, w->v.xs, w->v.zs, &v);
}

/* Is it needed by a term, by what is watched, or by what a state of the objective becomes? */
static bool any_depends(const gedi_build *b, const whole *w, const gedi_node *x)
{
    for (int i = 0; i < w->t.n; i++)
        if (gedi_depends(w->t.node[i], x))
            return true;
    for (int i = 0; i < w->watches; i++)
        if (gedi_depends(b->watch[i].node, x))
            return true;
    for (int i = 0; i < b->n; i++)
        if (gedi__name_is_under(b->used[i].param->name, "objective") &&
            gedi_depends(b->used[i].pending, x))
            return true;
    return false;
}

/* Is what the network becomes, but for those that stand beside it, due to x? */
static bool is_trained_on(const gedi__network *net, const gedi_build *b, const whole *w,
                          const gedi_node *x)
{
    const gedi__stage *s = net->stage;
    for (int i = 0; i < w->t.n; i++)
        if (!plugin(w->t.owner[i])->beside && gedi_depends(w->t.node[i], x))
            return true;
    for (int i = 0; i < b->n; i++) {
        const char *name = b->used[i].param->name;
        bool beside = false;
        for (int k = 0; k < s->objectives; k++)
            beside = beside || (plugin(&s->objective[k])->beside &&
                                gedi__name_is_under(name, s->objective[k].scope));
        if (!beside && gedi__name_is_under(name, "objective") &&
            gedi_depends(b->used[i].pending, x))
            return true;
    }
    return false;
}

/* Views of one batch are slices of what goes into the network, not its inputs: a derivative to
 * them would be 0. And a state that a view changes is to change once a view. */
static bool must_be_apart(const gedi__network *net, const gedi_build *b,
                          const gedi_batch *v)
{
    bool must = v->xs->asked || v->hs->asked;
    for (int i = 0; i < net->stage->views || i == 0; i++)
        must = must || v->x[i]->asked || v->h[i]->asked ||
               !gedi_shape_equal(net->view[i], net->info.record);
    for (int i = 0; i < b->n; i++)
        must = must || (b->used[i].pending &&
                        !gedi__name_is_under(b->used[i].param->name, "objective"));
    return must;
}

/* Has an objective the slot, whatever it returns? */
static bool states_energy(const gedi__stage *stage)
{
    for (int i = 0; i < stage->objectives; i++)
        if (((const gedi_objective *)stage->objective[i].part.plugin)->energy)
            return true;
    return false;
}

/* Who only watches needs whom to watch. */
static gedi_status check_beside(const gedi__stage *s, gedi_err *err)
{
    const char *name = plugin(&s->objective[0])->name;
    for (int i = 0; i < s->objectives; i++)
        if (!plugin(&s->objective[i])->beside)
            return GEDI_OK;
    return GEDI_FAIL(
        err, GEDI_DESCRIPTOR,
        "objective %s trains nothing but itself: list it beside another, such as "
        "[swav: {}, %s: {}]",
        name, name);
}

static gedi_status usage_errors(const gedi__network *net, gedi_err *err)
{
    const gedi__stage *stage = net->stage;
    const char *name = stage->method;
    GEDI_TRY(check_beside(stage, err));
    for (int i = stage->views; i < GEDI_MAX_VIEWS; i++)
        if (net->uses_view[i])
            return GEDI_FAIL(
                err, GEDI_DESCRIPTOR,
                "objective %s uses view %d, but views: has %d pipeline%s: add one (`- "
                "[]` for no transformation)",
                name, i + 1, stage->views, stage->views == 1 ? "" : "s");
    if (net->uses_index && net->info.count[GEDI_TRAIN] > MOST_RECORDS)
        return GEDI_FAIL(
            err, GEDI_DESCRIPTOR,
            "objective %s uses the numbers of the records, which are exact up to "
            "%lld, but dataset %s has %lld training records",
            name, (long long)MOST_RECORDS, net->e->dataset.plugin->name,
            (long long)net->info.count[GEDI_TRAIN]);
    if (net->uses_samples && !stage->sampler.plugin)
        return GEDI_FAIL(err, GEDI_DESCRIPTOR,
                         "objective %s uses negative samples: add a sampler, for example "
                         "`sampler: {sgld: {}}`",
                         name);
    if (net->uses_samples && !net->has_energy && states_energy(stage))
        return GEDI_FAIL(err, GEDI_USAGE,
                         "objective %s: its energy is NULL; an energy is asked of any "
                         "records, which have no v->label and no v->index",
                         name);
    if (net->uses_samples && !net->has_energy)
        return GEDI_FAIL(
            err, GEDI_DESCRIPTOR,
            "objective %s uses negative samples but states no energy to draw them "
            "from",
            name);
    return GEDI_OK;
}

/* Can encoder and projector be split over the ranks of the run? */
static gedi_status check_ranks(const gedi__network *net, const gedi_batch *v,
                               gedi_err *err)
{
    long long batch = net->stage->train.batch;
    int ranks = gedi__ranks_of_run()->n;
    if (ranks == 1)
        return GEDI_OK;
    if (batch % ranks || batch < 2 * ranks)
        return GEDI_FAIL(
            err, GEDI_DESCRIPTOR,
            "train.batch is %lld, but %d ranks share it: let it be a multiple "
            "of that, two records each at least",
            batch, ranks);
    if (gedi__rowwise(v->z[0], v->x[0]))
        return GEDI_OK;
    return GEDI_FAIL(err, GEDI_DESCRIPTOR,
                     "model %s: it mixes the records of a batch in a way that cannot be "
                     "split over ranks, as gedi_batch_norm can: run it without mpirun",
                     net->e->model.plugin->name);
}

static gedi_status probe(gedi__network *net, gedi_build *b, gedi_err *err)
{
    const gedi__stage *stage = net->stage;
    whole w;
    net->features_asked = true; /* until it is known */
    build_training(net, b, &w);
    choose(net, &w.t, w.v.xs);
    build_evaluation(net, b, &w);
    gedi_status st = gedi_graph_status(b->g, err);
    if (st != GEDI_OK)
        return GEDI_FAIL(err, st, "the network cannot be built: %s", err ? err->msg : "");
    if (w.t.n == 0)
        return GEDI_FAIL(err, GEDI_DESCRIPTOR,
                         "objective %s has no term with a weight other than 0",
                         stage->method);
    bool any = false;
    for (int i = 0; i < GEDI_MAX_VIEWS; i++) {
        net->uses_view[i] = any_depends(b, &w, w.v.x[i]) ||
                            (i >= stage->views && (any_depends(b, &w, w.v.h[i]) ||
                                                   any_depends(b, &w, w.v.z[i])));
        any = any || net->uses_view[i];
    }
    net->uses_label = any_depends(b, &w, w.v.label);
    net->labelled = is_trained_on(net, b, &w, w.v.label);
    net->uses_index = any_depends(b, &w, w.v.index);
    if (!any && net->uses_label) /* labels come with the records */
        net->uses_view[0] = true;
    net->uses_samples = any_depends(b, &w, w.v.xs);
    net->features_asked = w.v.hs->asked;
    for (int i = 0; i < stage->views || i == 0; i++)
        net->features_asked = net->features_asked || w.v.h[i]->asked;
    GEDI_TRY(check_ranks(net, &w.v, err));
    net->one_batch = !must_be_apart(net, b, &w.v) && gedi__rowwise(w.v.z[0], w.v.x[0]);
    net->has_energy = w.energy != NULL;
    net->clusters = w.logits ? gedi_cols(w.logits) : 0;
    net->features = gedi_cols(w.v.h[0]);
    /* What depends on what may not have been found out. */
    GEDI_TRY(gedi_graph_status(b->g, err));
    return usage_errors(net, err);
}

/* ---- what a stage holds, and what it starts anew ---- */

/* "model.layer0.weight, model.layer0.bias, ...", as far as there is room; without states where
 * only weights count. */
static const char *all_names(const gedi__params *p, bool weights, char *out, size_t size)
{
    size_t at = 0;
    *out = 0;
    for (int i = 0; i < p->n && at < size; i++)
        if (p->param[i]->trained || !weights)
            at += (size_t)snprintf(out + at, size - at, "%s%s", at ? ", " : "",
                                   p->param[i]->name);
    if (at >= size)
        memcpy(out + size - 4, "...", 4);
    return out;
}

gedi_status gedi__network_no_such(const gedi__network *net, const char *key, bool weights,
                                  const char *name, gedi_err *err)
{
    char all[360];
    return GEDI_FAIL(err, GEDI_DESCRIPTOR,
                     "%s: '%.64s' is no %s, and none begins with '%.64s.'; there "
                     "are: %s",
                     key, name, weights ? "weight" : "parameter", name,
                     all_names(&net->params, weights, all, sizeof all));
}

/* Names of groups are those of weights. */
static gedi_status check_groups(const gedi__network *net, gedi_err *err)
{
    const gedi__params *p = &net->params;
    char key[32];
    for (int i = 0; i < net->stage->groups; i++)
        for (int n = 0; n < net->stage->group[i].names; n++) {
            const char *name = net->stage->group[i].name[n];
            int k = 0;
            while (k < p->n && !(p->param[k]->trained &&
                                 gedi__name_is_under(p->param[k]->name, name)))
                k++;
            snprintf(key, sizeof key, "groups.%d.match", i);
            if (k == p->n)
                return gedi__network_no_such(net, key, true, name, err);
        }
    return GEDI_OK;
}

static gedi_status hold(gedi__network *net, gedi_err *err)
{
    gedi__params *p = &net->params;
    const gedi__stage *s = net->stage;
    int64_t all = p->trained;
    for (int i = 0; i < s->freezes; i++)
        if (!gedi__params_hold(p, s->freeze[i]))
            return gedi__network_no_such(net, "freeze", false, s->freeze[i], err);
    GEDI_TRY(check_groups(net, err));
    if (all && !p->trained)
        return GEDI_FAIL(
            err, GEDI_DESCRIPTOR,
            "freeze: it holds all parameters of the network, so that nothing is left "
            "to train");
    for (int i = 0; i < s->restarts; i++) {
        int k = 0;
        while (k < p->n && !gedi__name_is_under(p->param[k]->name, s->restart[i]))
            k++;
        if (k == p->n)
            return gedi__network_no_such(net, "restart", false, s->restart[i], err);
    }
    return GEDI_OK;
}

/* ---- running averages, and states that begin as something else ---- */

/* A weight, or statistics of a layer; not what an objective keeps, such as a queue. */
static bool is_of_a_layer(const gedi__param *q)
{
    return !q->of && (q->trained || gedi__name_is_under(q->name, "model") ||
                      gedi__name_is_under(q->name, "projector"));
}

/* train.average: of all that has none yet. */
static gedi_status average_all(gedi__network *net, gedi_err *err)
{
    gedi__params *p = &net->params;
    const gedi_schedule *decay = &net->stage->train.average;
    int n = p->n;
    for (int i = 0; gedi_schedule_max(decay) > 0 && i < n; i++)
        if (is_of_a_layer(p->param[i]) && !gedi__params_average_of(p, p->param[i]) &&
            !gedi__params_average(p, p->param[i], decay, err))
            return GEDI_NOMEM;
    bool any = false;
    for (int i = 0; i < p->n; i++)
        any = any || p->param[i]->of;
    bool last = net->stage == &net->e->stage[net->e->stages - 1];
    if (net->averaged && last && !any)
        return GEDI_FAIL(
            err, GEDI_DESCRIPTOR,
            "train.weights: averaged, but the run keeps no running averages: "
            "set train.average, for example to 0.999");
    return GEDI_OK;
}

gedi_status gedi__network_start(const gedi__network *net, const bool *fresh,
                                gedi_err *err)
{
    const gedi__params *p = &net->params;
    bool any = false;
    gedi_build b;
    whole w;
    gedi__params_start_averages(p, fresh);
    for (int i = 0; i < p->n; i++)
        any = any || (p->param[i]->init.kind == GEDI__INIT_NODE && (!fresh || fresh[i]));
    if (!any)
        return GEDI_OK;
    GEDI_TRY(gedi__build_init(&b, p, true, err));
    build_training(net, &b, &w);
    build_evaluation(net, &b, &w);
    gedi_status s = gedi_graph_status(b.g, err);
    if (s == GEDI_OK)
        s = gedi__build_start(&b, net->e->seed, fresh, err);
    gedi__build_clear(&b);
    return s;
}

gedi_status gedi__network_init(gedi__network *net, const gedi__experiment *e,
                               const gedi__stage *stage, const gedi_data_info *info,
                               gedi_err *err)
{
    gedi_build b;
    int64_t most;
    memset(net, 0, sizeof *net);
    net->e = e;
    net->stage = stage;
    net->averaged = stage->train.weights == 1;
    net->info = *info;
    net->params.direct = e->convolution != 0;
    net->view[0] = info->record;
    GEDI_TRY(gedi__record_check(e->dataset.plugin->name, info, err));
    for (int i = 0; i < stage->views; i++)
        GEDI_TRY(gedi__pipeline_shape(&stage->view[i], info->record, &net->view[i], &most,
                                      err));
    GEDI_TRY(gedi__build_first(&b, &net->params, true, err));
    gedi_status s = probe(net, &b, err);
    gedi__build_clear(&b);
    for (int i = 0; s == GEDI_OK && i < stage->objectives; i++)
        if (plugin(&stage->objective[i])->beside)
            gedi__params_set_apart(&net->params, stage->objective[i].scope);
    if (s == GEDI_OK)
        s = average_all(net, err);
    if (s == GEDI_OK)
        s = hold(net, err);
    if (s == GEDI_OK)
        s = gedi__params_freeze(&net->params, e->seed, err);
    if (s == GEDI_OK)
        s = gedi__network_start(net, NULL, err);
    if (s != GEDI_OK)
        gedi__network_clear(net);
    return s;
}

void gedi__network_clear(gedi__network *net)
{
    gedi__params_clear(&net->params);
}
