/* evaluations.c - the list of evaluators, each under a name of its own.
 *
 * An evaluator's metrics are evaluation.NAME.*: NAME is the plugin's, unless the entry gives
 * one, so that one plugin can evaluate with several sets of options.
 */
#include "core/descriptor/evaluations.h"
#include "core/base/text.h"
#include "core/descriptor/entry.h"

#include <string.h>

enum { LONGEST = 63 }; /* letters of a name, as of a plugin's */

const gedi_option gedi__evaluation_options[] = {
    GEDI_TEXT(
        gedi__evaluation, name, "",
        "what its metrics go by, evaluation.NAME; by default the evaluator's own name"),
    GEDI_END,
};

bool gedi__evaluation_is_named(const gedi__evaluation *v)
{
    return strcmp(v->name, v->part.plugin->name) != 0;
}

static gedi_status read_evaluation(gedi__reading *r, const gedi__key *k,
                                   const gedi__tree *entry, gedi__evaluation *v)
{
    GEDI_TRY(gedi__entry_read(r, k, entry, &v->part, v));
    const gedi__tree *given =
        entry->kind == GEDI__MAP ? gedi__tree_get(entry, "name") : NULL;
    if (!v->part.plugin)
        return GEDI_OK;
    if (!*v->name)
        v->name = v->part.plugin->name;
    else if (!gedi__is_plain_name(v->name) || strlen(v->name) > LONGEST)
        gedi__mistake(
            r->m, given ? given->at : entry->at,
            "%s: name: '%.80s' is not 1 to %d letters, digits and _, such as my_knn",
            k->key, v->name, LONGEST);
    return GEDI_OK;
}

/* What was read before it must have other names. */
static void check_name(gedi__reading *r, const gedi__key *k, const gedi__tree *entry,
                       const gedi__evaluation *v)
{
    for (const gedi__evaluation *o = r->e->evaluator; v->part.plugin && o < v; o++)
        if (o->part.plugin && !strcmp(o->name, v->name)) {
            gedi__mistake(
                r->m, entry->at,
                "%s: duplicate '%s': its metrics would have the same names: name "
                "one of them, {%s: {OPTION: VALUE}, name: NAME}",
                k->key, v->name, v->part.plugin->name);
            return;
        }
}

gedi_status gedi__read_evaluations(gedi__reading *r, const gedi__key *k,
                                   const gedi__tree *t)
{
    gedi__experiment *e = r->e;
    if (!gedi__need_list(r, k->key, "[NAME: {OPTION: VALUE}]", t))
        return GEDI_OK;
    e->evaluator =
        gedi__arena_alloc(&e->arena, (size_t)gedi__tree_count(t) * sizeof *e->evaluator);
    if (!e->evaluator)
        return GEDI_NOMEM;
    for (const gedi__tree *c = t->child; c; c = c->next) {
        gedi__evaluation *v = &e->evaluator[e->evaluators++];
        GEDI_TRY(read_evaluation(r, k, c, v));
        check_name(r, k, c, v);
    }
    return GEDI_OK;
}
