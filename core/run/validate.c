/* validate.c - evaluation of a run while it trains. */
#include "core/run/validate.h"
#include "core/base/memory.h"
#include "core/base/ranks.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static gedi_status take(gedi__validated *v, gedi_err *err)
{
    const gedi__findings *found = gedi__trial_findings(v->trial);
    v->value = gedi__alloc((size_t)found->values + 1, sizeof *v->value, err,
                           "metrics of validation");
    if (!v->value)
        return GEDI_NOMEM;
    for (; v->n < found->values; v->n++) {
        const gedi__finding *f = &found->value[v->n];
        v->value[v->n] = (gedi__validation_value){f->evaluator, f->name, f->value};
    }
    return GEDI_OK;
}

static bool chooses(const gedi__trainer *t)
{
    return *t->e->validation.metric && t->stage == t->e->stage + t->e->stages - 1;
}

/* That of one evaluator: the training goes on, which is what it evaluates. */
static void tell(const gedi__trainer *t, int i, const gedi__observer *o, bool *told,
                 const gedi_err *why)
{
    char line[sizeof why->msg + 160];
    snprintf(line, sizeof line,
             "iteration %lld: validation: %s; the training goes on, and the log lacks "
             "this evaluator's numbers wherever it fails",
             (long long)t->iteration, why->msg);
    if (!told[i])
        gedi__observer_fault(o, line);
    told[i] = true;
}

static gedi_status ask_all(gedi__trainer *t, const gedi__observer *o, bool *told,
                           gedi__validated *out, gedi_err *err)
{
    const char *metric;
    const gedi__evaluation *by = chooses(t) ? gedi__validation_by(t->e, &metric) : NULL;
    for (int i = 0; i < t->e->evaluators; i++) {
        gedi_err why = {0};
        gedi_status s = gedi__trial_ask(out->trial, i, &why);
        if (s == GEDI_OK)
            continue;
        /* A rank that fails alone and goes on would meet the others elsewhere. */
        if (s == GEDI_NOMEM || gedi__ranks_of_run()->n > 1)
            return GEDI_FAIL(err, s, "%s", why.msg);
        if (by == &t->e->evaluator[i])
            out->chooses = why;
        else
            tell(t, i, o, told, &why);
    }
    return GEDI_OK;
}

gedi_status gedi__validate(gedi__trainer *t, const gedi__observer *o, bool *told,
                           gedi__validated *out, gedi_err *err)
{
    gedi_err own = {0};
    *out = (gedi__validated){0};
    gedi__batches_validate(&t->data, true);
    gedi_status s = gedi__trial_of(t, &out->trial, &own);
    if (s == GEDI_OK)
        s = ask_all(t, o, told, out, &own);
    gedi__batches_validate(&t->data, false);
    if (s == GEDI_OK)
        s = take(out, &own);
    if (s == GEDI_OK)
        return s;
    gedi__validated_clear(out);
    /* An evaluator that comes to no number is no training that diverges. */
    return GEDI_FAIL(err, s == GEDI_NUMERIC ? GEDI_STATE : s,
                     "iteration %lld: validation: %s", (long long)t->iteration, own.msg);
}

bool gedi__validation_over(const gedi__trainer *t)
{
    int64_t patience = t->e->validation.patience;
    return chooses(t) && patience && t->best.iteration && t->best.waited >= patience;
}

/* A value that is none is no better than any. */
static bool is_better(const gedi__chosen *best, double value, gedi_direction direction)
{
    if (!isfinite(value) || !best->iteration)
        return isfinite(value);
    return direction == GEDI_LESS ? value < best->value : value > best->value;
}

gedi_status gedi__validation_choose(gedi__trainer *t, const gedi__validated *v,
                                    bool *better, gedi_err *err)
{
    const gedi__findings *found = v->trial ? gedi__trial_findings(v->trial) : NULL;
    const char *metric;
    const gedi__evaluation *by = gedi__validation_by(t->e, &metric);
    int i = 0;
    *better = false;
    if (!chooses(t) || !found)
        return GEDI_OK;
    if (v->chooses.code)
        return GEDI_FAIL(err, GEDI_STATE,
                         "iteration %lld: validation: %s; validation.metric is %s, and "
                         "without it no weights can be chosen",
                         (long long)t->iteration, v->chooses.msg,
                         t->e->validation.metric);
    while (i < found->values && !(!strcmp(found->value[i].evaluator, by->name) &&
                                  !strcmp(found->value[i].name, metric)))
        i++;
    if (i == found->values)
        return GEDI_FAIL(
            err, GEDI_STATE,
            "iteration %lld: validation.metric: evaluator %s does not report "
            "'%s' of this run",
            (long long)t->iteration, by->name, metric);
    *better = is_better(&t->best, found->value[i].value, found->value[i].direction);
    if (*better)
        t->best =
            (gedi__chosen){.iteration = t->iteration, .value = found->value[i].value};
    else
        t->best.waited++;
    return GEDI_OK;
}

void gedi__validated_clear(gedi__validated *v)
{
    free(v->value);
    gedi__trial_free(v->trial);
    *v = (gedi__validated){0};
}
