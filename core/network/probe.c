/* probe.c - what a network uses of a batch, found by building it once, and what it may not. */
#include "core/network/probe.h"
#include "core/base/ranks.h"
#include "core/graph/node.h"
#include "core/graph/rowwise.h"

#include <stdio.h>
#include <string.h>

enum { MOST_RECORDS = 1 << 24 /* whose numbers a float holds exactly */ };

/* Everything that training and evaluation build, once. */
typedef struct whole {
    gedi_batch v;
    gedi_terms t;
    int watches; /* of the loss */
    gedi_node *logits, *energy;
} whole;

/* Do terms of the objective use samples? */
static bool is_drawn_from(const gedi__objective *o, const gedi_terms *t,
                          const gedi_node *xs)
{
    for (int i = 0; i < t->n; i++)
        if (t->owner[i] == o && gedi_depends(t->node[i], xs))
            return true;
    return false;
}

/* p(y|x) is the first objective's that has it. Samples are drawn from the energy of the
 * first whose terms use them: another's would not be what they are to follow. What a function gives with these
 * options is not known yet. */
static void choose(gedi__network *net, const gedi_terms *t, const gedi_node *xs)
{
    const gedi__stage *s = net->stage;
    const gedi__objective *end = s->objective + s->objectives, *any = NULL;
    for (const gedi__objective *o = s->objective; o < end; o++) {
        if (!net->labels_of && gedi__objective_plugin(o)->logits)
            net->labels_of = o;
        if (!any && gedi__objective_plugin(o)->energy)
            any = o;
        if (!net->energy_of && gedi__objective_plugin(o)->energy &&
            is_drawn_from(o, t, xs))
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

/* The next objective behind `o` that has the function; NULL: none. */
static const gedi__objective *next_with(const gedi__stage *s, const gedi__objective *o,
                                        bool energy)
{
    const gedi__objective *end = s->objective + s->objectives;
    for (o++; o < end; o++) {
        const gedi_objective *p = gedi__objective_plugin(o);
        if (energy ? p->energy != NULL : p->logits != NULL)
            return o;
    }
    return NULL;
}

/* A function that gives NULL says that the objective has none with these options: then one behind it counts, if that
 * has. */
static void choose_others(gedi__network *net, gedi_build *b, whole *w)
{
    const gedi__objective *labels = net->labels_of, *energy = net->energy_of;
    gedi_batch v = w->v;
    v.label = v.index = NULL;
    while (!w->logits && net->labels_of &&
           (net->labels_of = next_with(net->stage, net->labels_of, false)))
        w->logits = gedi__network_logits(net, b, w->v.z[0]);
    bool bound = energy && is_drawn_from(energy, &w->t, w->v.xs); /* samples follow it */
    while (!w->energy && !bound && net->energy_of &&
           (net->energy_of = next_with(net->stage, net->energy_of, true)))
        w->energy = gedi__network_energy(net, b, w->v.xs, w->v.zs, &v);
    net->labels_of = net->labels_of ? net->labels_of : labels;
    net->energy_of = net->energy_of ? net->energy_of : energy;
}

void gedi__network_build_all(const gedi__network *net, gedi_build *b)
{
    whole w;
    build_training(net, b, &w);
    build_evaluation(net, b, &w);
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
        if (!gedi__objective_plugin(w->t.owner[i])->beside &&
            gedi_depends(w->t.node[i], x))
            return true;
    for (int i = 0; i < b->n; i++) {
        const char *name = b->used[i].param->name;
        bool beside = false;
        for (int k = 0; k < s->objectives; k++)
            beside = beside || (gedi__objective_plugin(&s->objective[k])->beside &&
                                gedi__name_is_under(name, s->objective[k].scope));
        if (!beside && gedi__name_is_under(name, "objective") &&
            gedi_depends(b->used[i].pending, x))
            return true;
    }
    return false;
}

/* An index that no batch has: v->z[16] must not read what lies behind the views. */
static gedi_status check_indices(const gedi__network *net, const gedi_build *b,
                                 const whole *w, gedi_err *err)
{
    gedi_node *const none[] = {w->v.x[GEDI_MAX_VIEWS], w->v.h[GEDI_MAX_VIEWS],
                               w->v.z[GEDI_MAX_VIEWS]};
    for (int i = 0; i < 3; i++)
        if (any_depends(b, w, none[i]) || gedi_depends(w->energy, none[i]) ||
            gedi_depends(w->logits, none[i]))
            return GEDI_FAIL(
                err, GEDI_USAGE,
                "objective %s reads v->%c[%d], or one beyond it: a batch has "
                "at most %d views, the last is v->%c[%d]",
                net->stage->method, "xhz"[i], GEDI_MAX_VIEWS, GEDI_MAX_VIEWS, "xhz"[i],
                GEDI_MAX_VIEWS - 1);
    return GEDI_OK;
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

/* Who only watches needs whom to watch. */
static gedi_status check_beside(const gedi__stage *s, gedi_err *err)
{
    const char *name = gedi__objective_plugin(&s->objective[0])->name;
    for (int i = 0; i < s->objectives; i++)
        if (!gedi__objective_plugin(&s->objective[i])->beside)
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
    if (net->uses_samples && !net->has_energy && gedi__stage_states_energy(stage))
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

gedi_status gedi__network_probe(gedi__network *net, gedi_build *b, gedi_err *err)
{
    const gedi__stage *stage = net->stage;
    whole w;
    net->features_asked = true; /* until it is known */
    build_training(net, b, &w);
    choose(net, &w.t, w.v.xs);
    build_evaluation(net, b, &w);
    choose_others(net, b, &w);
    gedi_status st = gedi_graph_status(b->g, err);
    if (st != GEDI_OK)
        return GEDI_FAIL(err, st, "the network cannot be built: %s", err ? err->msg : "");
    if (w.t.n == 0)
        return GEDI_FAIL(err, GEDI_DESCRIPTOR,
                         "objective %s has no term with a weight other than 0",
                         stage->method);
    GEDI_TRY(check_indices(net, b, &w, err));
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

/* Where evaluation puts records together as it likes, each has to be computed on its own. */
static const char *mixed_by(const gedi__network *net, gedi_build *b, gedi_node *x,
                            gedi_node *h, gedi_node *z)
{
    if (!x || !h || !z) /* said by the graph */
        return NULL;
    if (!gedi__rowwise(h, x))
        return "model";
    if (!gedi__rowwise(z, x))
        return "projector";
    gedi_node *logits = net->clusters ? gedi__network_logits(net, b, z) : NULL;
    return logits && !gedi__rowwise(logits, x) ? "objective" : NULL;
}

/* A trained run asks the energy of as many records as it likes, beside views of a batch. */
gedi_status gedi__network_check_evaluation(gedi__network *net, gedi_err *err)
{
    gedi_build b;
    gedi_err why = {0};
    gedi_node *h, *z;
    GEDI_TRY(gedi__build_init(&b, &net->params, false, err));
    gedi_batch v = gedi__network_views(net, &b);
    v.label = v.index = NULL;
    gedi_node *x = gedi_input(b.g, "records",
                              gedi__batch_shape(net->info.record, 2 * v.size * v.parts));
    gedi__network_pass(net, &b, x, &h, &z);
    const char *mixes = mixed_by(net, &b, x, h, z);
    if (net->has_energy)
        gedi__network_energy(net, &b, x, z, &v);
    gedi_status s = gedi_graph_status(b.g, &why);
    gedi__build_clear(&b);
    net->mixes = s == GEDI_OK ? mixes : NULL;
    if (s == GEDI_NOMEM)
        return gedi_no_memory(err, "an energy");
    if (s != GEDI_SHAPE ||
        !net->has_energy) /* what is odd otherwise is found elsewhere */
        return GEDI_OK;
    return GEDI_FAIL(
        err, s,
        "%.400s; an energy is asked of any number of records, also of more than "
        "the batch has",
        why.msg);
}
