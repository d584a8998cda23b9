/* network.c - what a network needs, found by building it once, and its parameters. */
#include "core/network/network.h"
#include "core/base/ranks.h"
#include "core/graph/node.h"
#include "core/graph/rowwise.h"

#include <stdio.h>
#include <string.h>

enum { MOST_RECORDS = 1 << 24 /* whose numbers a float holds exactly */ };

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
        if (!net->labels_of && gedi__objective_plugin(o)->logits)
            net->labels_of = o;
        if (!any && gedi__objective_plugin(o)->energy)
            any = o;
        for (int i = 0; gedi__objective_plugin(o)->energy && !net->energy_of && i < t->n;
             i++)
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

static bool is_in(const gedi__group *g, const char *weight)
{
    for (int n = 0; n < g->names; n++)
        if (gedi__name_is_under(weight, g->name[n]))
            return true;
    return false;
}

/* Has the group a weight that learns and that none before it has? */
static bool has_own(const gedi__network *net, int group)
{
    const gedi__params *p = &net->params;
    const gedi__group *g = net->stage->group;
    for (int k = 0; k < p->n; k++) {
        const char *name = p->param[k]->name;
        int i = 0;
        while (i < group && !is_in(&g[i], name))
            i++;
        if (i == group && gedi__param_learns(p->param[k]) && is_in(&g[group], name))
            return true;
    }
    return false;
}

/* Names of groups are those of weights. */
static gedi_status check_groups(const gedi__network *net, gedi_err *err)
{
    const gedi__params *p = &net->params;
    char key[32];
    for (int i = 0; i < net->stage->groups; i++) {
        snprintf(key, sizeof key, "groups.%d.match", i);
        for (int n = 0; n < net->stage->group[i].names; n++) {
            const char *name = net->stage->group[i].name[n];
            int k = 0;
            while (k < p->n && !(p->param[k]->trained &&
                                 gedi__name_is_under(p->param[k]->name, name)))
                k++;
            if (k == p->n)
                return gedi__network_no_such(net, key, true, name, err);
        }
        if (!has_own(net, i))
            return GEDI_FAIL(
                err, GEDI_DESCRIPTOR,
                "%s: no weight is left for it: all that it names belong to a "
                "group before it, or are frozen",
                key);
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

/* A trained run asks the energy of as many records as it likes, beside views of a batch. */
static gedi_status check_energy(const gedi__network *net, gedi_err *err)
{
    gedi_build b;
    gedi_err why = {0};
    gedi_node *h, *z;
    if (!net->has_energy)
        return GEDI_OK;
    GEDI_TRY(gedi__build_init(&b, &net->params, false, err));
    gedi_batch v = gedi__network_views(net, &b);
    v.label = v.index = NULL;
    gedi_node *x = gedi_input(b.g, "records",
                              gedi__batch_shape(net->info.record, 2 * v.size * v.parts));
    gedi__network_pass(net, &b, x, &h, &z);
    gedi__network_energy(net, &b, x, z, &v);
    gedi_status s = gedi_graph_status(b.g, &why);
    gedi__build_clear(&b);
    if (s == GEDI_NOMEM)
        return gedi_no_memory(err, "an energy");
    if (s != GEDI_SHAPE) /* the network itself is found to be odd elsewhere */
        return GEDI_OK;
    return GEDI_FAIL(
        err, s,
        "%.400s; an energy is asked of any number of records, also of more than "
        "the batch has",
        why.msg);
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
        if (gedi__objective_plugin(&stage->objective[i])->beside)
            gedi__params_set_apart(&net->params, stage->objective[i].scope);
    if (s == GEDI_OK)
        s = average_all(net, err);
    if (s == GEDI_OK)
        s = hold(net, err);
    if (s == GEDI_OK)
        s = gedi__params_freeze(&net->params, e->seed, err);
    if (s == GEDI_OK)
        s = gedi__network_start(net, NULL, err);
    if (s == GEDI_OK)
        s = check_energy(net, err);
    if (s != GEDI_OK)
        gedi__network_clear(net);
    return s;
}

void gedi__network_clear(gedi__network *net)
{
    gedi__params_clear(&net->params);
}
