/* plan_asked.c - the evaluators of a sweep's points, and what they may report. */
#include "core/evaluate/families.h"
#include "core/sweep/plan_parts.h"

#include <string.h>

/* A metric that some point may report, once. */
static gedi_status add_metric(void *planner, const char *name)
{
    gedi__planner *q = planner;
    gedi__asked *own = q->asked;
    for (int i = 0; i < own->metrics; i++)
        if (!strcmp(own->metric[i].name, name))
            return GEDI_OK;
    if (own->metrics + 1 >= own->room) { /* the last has no name */
        int room = own->room ? 2 * own->room : 16;
        gedi_metric *more = gedi__arena_alloc(&q->p->arena, (size_t)room * sizeof *more);
        if (!more)
            return GEDI_NOMEM;
        for (int i = 0; i < own->metrics; i++)
            more[i] = own->metric[i];
        own->metric = more;
        own->room = room;
    }
    const char *kept = gedi__arena_text(&q->p->arena, name);
    own->metric[own->metrics++].name = kept;
    return kept ? GEDI_OK : GEDI_NOMEM;
}

/* Of the list "moons, circles", those that are not in `all`, at its end. */
static void unite(gedi__text *all, const char *list)
{
    while (*list) {
        int n = (int)strcspn(list, ",");
        bool has = false;
        for (const char *at = all->s; at && !has; at = strchr(at, ','), at += at ? 2 : 0)
            has = !strncmp(at, list, (size_t)n) && strchr(",", at[n]);
        if (!has)
            gedi__text_add(all, "%s%.*s", all->len ? ", " : "", n, list);
        list += n + (list[n] ? 2 : 0);
    }
}

/* Other points may name other datasets. */
static gedi_status add_names(gedi__planner *q, const gedi__evaluation *v)
{
    gedi__text now = {0}, all = {0};
    gedi__asked *own = q->asked;
    bool said = gedi__families_names(v, &now);
    gedi__text_add(&all, "%s", own->names ? own->names : "");
    unite(&all, now.s ? now.s : "");
    if (said)
        own->names = gedi__arena_text(&q->p->arena, all.s ? all.s : "");
    bool failed = now.failed || all.failed || (said && !own->names);
    gedi__text_clear(&now);
    gedi__text_clear(&all);
    return failed ? GEDI_NOMEM : GEDI_OK;
}

gedi_status gedi__plan_add_evaluator(gedi__planner *q, const gedi__evaluation *v)
{
    int i = 0;
    while (i < q->evaluators && (strcmp(q->evaluator[i].name, v->name) ||
                                 strcmp(q->evaluator[i].plugin, v->part.plugin->name)))
        i++;
    if (i == GEDI__MOST_EVALUATORS)
        return GEDI_OK;
    gedi__asked *own = q->asked = &q->evaluator[i];
    if (i == q->evaluators) {
        own->name = gedi__arena_text(&q->p->arena, v->name);
        own->plugin = gedi__arena_text(&q->p->arena, v->part.plugin->name);
        if (!own->name || !own->plugin)
            return GEDI_NOMEM;
        q->evaluators++;
    }
    GEDI_TRY(add_names(q, v));
    return gedi__families_each(v, add_metric, q);
}
