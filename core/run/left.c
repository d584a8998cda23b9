/* left.c - what is left to make of a run that is trained. */
#include "core/run/left.h"
#include "core/store/identity.h"

#include <string.h>

typedef struct made { /* of an experiment */
    const gedi__experiment *e;
    const char *artefacts;
    const struct json_t *summary;
} made;

static bool has_artefact(const made *m, int i)
{
    const char *line = m->artefacts;
    while (i-- > 0)
        line += strcspn(line, "\n") + 1;
    return gedi__artefacts_have(m->summary, line, strcspn(line, "\n"));
}

/* Does the figure of that name show what evaluators find that are missing, or those that are there?
 */
static bool shows(const made *m, const char *figure, bool missing)
{
    for (int i = 0; i < m->e->evaluators; i++)
        if (!strcmp(m->e->evaluator[i].part.plugin->name, figure) &&
            has_artefact(m, i) != missing)
            return true;
    return false;
}

/* The map of clusters says the NMI that an evaluator has found. */
static bool names_metrics(const char *figure)
{
    return !strcmp(figure, "clusters");
}

void gedi__left_keep(gedi__experiment *e, const char *artefacts,
                     const struct json_t *summary, bool draws, gedi__left *out)
{
    const made m = {e, artefacts, summary};
    int undrawn = 0, missing = 0, evaluators = 0, figures = 0, all = e->evaluators;
    bool whole = false;
    for (int i = 0; i < e->figures; i++) {
        bool drawn = has_artefact(&m, all + i);
        undrawn += !drawn;
        if (draws && (!drawn || shows(&m, e->figure[i], true))) {
            whole =
                whole || names_metrics(e->figure[i]) || shows(&m, e->figure[i], false);
            e->print[figures] = e->print[i];
            e->figure[figures++] = e->figure[i];
        }
    }
    for (int i = 0; i < all; i++) {
        bool has = has_artefact(&m, i);
        missing += !has;
        if (whole || !has)
            e->evaluator[evaluators++] = e->evaluator[i];
    }
    e->evaluators = evaluators;
    e->figures = figures;
    *out = (gedi__left){.drawn = !undrawn,
                        .missing = !missing && !figures ? NULL
                                   : !figures           ? "evaluators are"
                                   : !missing           ? "figures are"
                                                        : "evaluators and figures are"};
}
