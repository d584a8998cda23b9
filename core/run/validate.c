/* validate.c - evaluation of a run while it trains. */
#include "core/run/validate.h"
#include "core/base/memory.h"

#include <stdlib.h>

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

gedi_status gedi__validate(gedi__trainer *t, gedi__validated *out, gedi_err *err)
{
    gedi_err own = {0};
    *out = (gedi__validated){0};
    gedi__batches_validate(&t->data, true);
    gedi_status s = gedi__trial_of(t, &out->trial, &own);
    if (s == GEDI_OK)
        s = gedi__trial_evaluate(out->trial, &own);
    gedi__batches_validate(&t->data, false);
    if (s == GEDI_OK)
        s = take(out, &own);
    if (s == GEDI_OK)
        return s;
    gedi__validated_clear(out);
    return GEDI_FAIL(err, s, "iteration %lld: validation: %s", (long long)t->iteration,
                     own.msg);
}

void gedi__validated_clear(gedi__validated *v)
{
    free(v->value);
    gedi__trial_free(v->trial);
    *v = (gedi__validated){0};
}
