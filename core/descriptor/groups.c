/* groups.c - weights that the optimizer treats by options of their own.
 *
 * groups: [{match: [objective], lr: 0.01}]. What a group does not state is as the optimizer has
 * it; so it is read once that is known, wherever in the file it stands.
 */
#include "core/descriptor/groups.h"
#include "core/descriptor/reading.h"
#include "core/plugin/call.h"
#include "core/plugin/option.h"

#include <stdio.h>
#include <string.h>

/* As they are written: the length of an epoch may be known of one of them alone. */
static bool same_schedule(const gedi_schedule *a, const gedi_schedule *b)
{
    bool same = a->form == b->form && a->from == b->from && a->to == b->to &&
                a->warmup == b->warmup && a->over == b->over && a->unit == b->unit &&
                a->n == b->n;
    for (int64_t k = 0; same && k < a->n; k++)
        same = a->at[k] == b->at[k] && a->value[k] == b->value[k];
    return same;
}

/* Asked in every iteration, so that it allocates nothing. */
static bool same_value(const gedi_option *o, const void *a, const void *b)
{
    const gedi_ints *m = a, *n = b;
    switch (o->type) {
    case GEDI_TYPE_REAL:
        return *(const double *)a == *(const double *)b;
    case GEDI_TYPE_INT:
    case GEDI_TYPE_ENUM:
        return *(const int64_t *)a == *(const int64_t *)b;
    case GEDI_TYPE_BOOL:
        return *(const bool *)a == *(const bool *)b;
    case GEDI_TYPE_TEXT:
        return !strcmp(*(const char *const *)a, *(const char *const *)b);
    case GEDI_TYPE_INTS:
    case GEDI_TYPE_REALS: /* which have the same shape, of numbers of the same size */
        return m->n == n->n && !memcmp(m->v, n->v, (size_t)m->n * sizeof *m->v);
    case GEDI_TYPE_SCHEDULE:
        return same_schedule(a, b);
    default:
        return !memcmp(a, b, sizeof(gedi_components));
    }
}

bool gedi__group_differs(const gedi__stage *s, const gedi__group *g, const gedi_option *o)
{
    return !same_value(o, (const char *)g->self + o->offset,
                       (const char *)s->optimizer.self + o->offset);
}

static gedi_status read_match(gedi__reading *r, const char *what, const gedi__tree *t,
                              gedi__group *g)
{
    char key[48];
    const gedi__tree *match = gedi__tree_get(t, GEDI__MATCH);
    snprintf(key, sizeof key, "%s." GEDI__MATCH, what);
    if (!match) {
        gedi__mistake(r->m, t->at,
                      "%s: 'match' is missing: which weights, such as match: "
                      "[objective]",
                      what);
        return GEDI_OK;
    }
    if (match->kind == GEDI__LIST && !match->child)
        gedi__mistake(r->m, match->at, "%s: the list is empty: name some weights", key);
    return gedi__read_names(r, key, match, &g->name, &g->names);
}

static gedi_status read_group(gedi__reading *r, const char *what, const gedi__tree *t,
                              gedi__group *g)
{
    const gedi__component *of = &r->stage->optimizer;
    const gedi_plugin *p = of->plugin;
    gedi_err why = {0};
    int before = r->m->n;
    if (t->kind != GEDI__MAP) {
        gedi__mistake(r->m, t->at,
                      "%s: %s is given, but it must be a mapping: {match: [objective], "
                      "lr: 0.01}",
                      what, gedi__tree_what(t));
        return GEDI_OK;
    }
    GEDI_TRY(read_match(r, what, t, g));
    g->self = p ? gedi__arena_alloc(&r->e->arena, p->self_size ? p->self_size : 1) : NULL;
    gedi__tree *options = gedi__tree_without(t, GEDI__MATCH, r->scratch);
    if (!options || (p && !g->self))
        return GEDI_NOMEM;
    if (!p) /* a mistake, or missing, and said */
        return GEDI_OK;
    memcpy(g->self, of->self, p->self_size);
    GEDI_TRY(gedi__place_keep(r, g->self, t->at));
    GEDI_TRY(gedi__options_fill(&r->fill, p->name, p->options, g->self, options));
    gedi_status s = r->m->n == before && p->check ? p->check(g->self, &why) : GEDI_OK;
    if (s != GEDI_OK) {
        gedi_err own = {0};
        gedi__blame(&own, s, "optimizer", p->name, &why);
        gedi__mistake(r->m, t->at, "%s: %s", what, own.msg);
    }
    return GEDI_OK;
}

gedi_status gedi__read_groups(gedi__reading *r, const gedi__key *k, const gedi__tree *t)
{
    gedi__stage *s = r->stage;
    char what[32];
    if (!gedi__need_list(r, k->key, "[{match: [objective], lr: 0.01}]", t))
        return GEDI_OK;
    int n = gedi__tree_count(t);
    if (n > GEDI__MAX_GROUPS) {
        gedi__mistake(r->m, t->at, "%s: %d are listed, but there are at most %d", k->key,
                      n, GEDI__MAX_GROUPS);
        return GEDI_OK;
    }
    s->group = gedi__arena_alloc(&r->e->arena, (size_t)n * sizeof *s->group);
    if (!s->group)
        return GEDI_NOMEM;
    for (const gedi__tree *c = t->child; c; c = c->next) {
        snprintf(what, sizeof what, "%s.%d", k->key, s->groups);
        GEDI_TRY(read_group(r, what, c, &s->group[s->groups++]));
    }
    return GEDI_OK;
}
