/* moment.c - what a run would generate while it trains. */
#include "core/run/moment.h"
#include "core/evaluate/trial.h"

/* Not in a stage that has no energy or no sampler. */
static bool is_due(const gedi__trainer *t)
{
    int64_t every = gedi__samples_every(t->e);
    return every && t->iteration % every == 0 && t->net.has_energy &&
           t->stage->sampler.plugin;
}

gedi_status gedi__moment(gedi__trainer *t, const gedi__observer *o, const char *directory,
                         gedi_err *err)
{
    gedi_trial *trial;
    if (!o || !o->moment || !is_due(t))
        return GEDI_OK;
    GEDI_TRY(gedi__trial_of(t, &trial, err));
    if (o->say)
        gedi__trial_listen(trial, GEDI__PATIENCE, o->say, o->context);
    gedi_status s = o->moment(o->context, trial, t->e, directory, t->iteration, err);
    gedi__trial_free(trial);
    return s;
}
