/* network.c - the network of a stage: its parameters, which of them it holds, how they begin. */
#include "core/network/probe.h"

#include <stdio.h>
#include <string.h>

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
    gedi__params_start_averages(p, fresh);
    for (int i = 0; i < p->n; i++)
        any = any || (p->param[i]->init.kind == GEDI__INIT_NODE && (!fresh || fresh[i]));
    if (!any)
        return GEDI_OK;
    GEDI_TRY(gedi__build_init(&b, p, true, err));
    gedi__network_build_all(net, &b);
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
    gedi_status s = gedi__network_probe(net, &b, err);
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
        s = gedi__network_check_evaluation(net, err);
    if (s != GEDI_OK)
        gedi__network_clear(net);
    return s;
}

void gedi__network_clear(gedi__network *net)
{
    gedi__params_clear(&net->params);
}
