/* validation.c - records that no training sees, and what is asked of them on the way. */
#include "core/descriptor/validation.h"

#include <string.h>

const gedi_option gedi__validation_options[] = {
    GEDI_REAL(gedi__validation, fraction, 0, 0, 0.9,
              "share of the training records that no training sees; 0: none"),
    GEDI_INT(
        gedi__validation, every, 0, 0, 1e9,
        "iterations between two evaluations on these records, or on the test records "
        "where there are none; 0: only after training"),
    GEDI_TEXT(
        gedi__validation, metric, "",
        "keep the weights that are best by it, such as clustering.nmi, and evaluate "
        "them after training; the last by default"),
    GEDI_INT(gedi__validation, patience, 0, 0, 1e9,
             "evaluations without a better metric after which training ends; 0: never"),
    GEDI_END,
};

bool gedi__validation_is_given(const gedi__validation *v)
{
    return v->fraction > 0 || v->every || *v->metric || v->patience;
}

const gedi__evaluation *gedi__validation_by(const gedi__experiment *e,
                                            const char **metric)
{
    const char *name = e->validation.metric;
    size_t n = strcspn(name, ".");
    *metric = name + n + (name[n] == '.');
    for (int i = 0; i < e->evaluators; i++)
        if (strlen(e->evaluator[i].name) == n && !strncmp(e->evaluator[i].name, name, n))
            return &e->evaluator[i];
    return NULL;
}

bool gedi__validation_due(const gedi__experiment *e, int64_t iteration)
{
    return e->validation.every && iteration % e->validation.every == 0;
}

void gedi__validation_check(gedi__reading *r)
{
    const gedi__experiment *e = r->e;
    const gedi__validation *v = &e->validation;
    if (v->fraction > 0 && !v->every)
        gedi__mistake(r->m, gedi__experiment_place(e, &v->fraction),
                      "validation.fraction: nobody looks at these records: set "
                      "validation.every, to evaluate them every so many iterations");
    if (*v->metric && !(v->fraction > 0))
        gedi__mistake(r->m, gedi__experiment_place(e, &v->metric),
                      "validation.metric: weights that are chosen by test records have "
                      "seen them: hold records out with validation.fraction");
    if (v->patience && !*v->metric)
        gedi__mistake(r->m, gedi__experiment_place(e, &v->patience),
                      "validation.patience: it needs a metric to wait for: set "
                      "validation.metric, such as clustering.nmi");
}
