/* summary.c - what a run's summary is made of, from what ran. */
#include "core/run/summary.h"

typedef gedi_status writer(const char *path, const gedi__summary *s, gedi_err *err);

static gedi_status write(const char *path, gedi__summary *s, const gedi__network *net,
                         const gedi_trial *trial, writer *to, gedi_err *err)
{
    const gedi__findings *found = gedi__trial_findings(trial);
    gedi__reported reported[GEDI__MAX_FINDINGS];
    for (int i = 0; i < found->values; i++) {
        const gedi__finding *f = &found->value[i];
        reported[i] = (gedi__reported){f->evaluator, f->name, f->definition, f->direction,
                                       f->value};
    }
    s->e = net->e;
    s->last = net->stage;
    s->labels_of = net->labels_of ? net->labels_of->part.plugin->name : NULL;
    s->energy_of = net->energy_of ? net->energy_of->part.plugin->name : NULL;
    s->parameters = net->params.trained + net->params.held;
    s->train = gedi_trial_count(trial, GEDI_TRAIN);
    s->test = gedi_trial_count(trial, GEDI_TEST);
    s->reported = reported;
    s->reports = found->values;
    return to(path, s, err);
}

gedi_status gedi__summarize(const char *path, const gedi__trainer *t,
                            const gedi_trial *trial, const gedi__metrics *log,
                            const gedi__times *times, const gedi__outcome *made,
                            gedi_err *err)
{
    const gedi__trained_facts trained = {
        .log = log,
        .term = t->terms.value,
        .terms = t->terms.n,
        .loss = t->loss,
        .seconds = times->training,
        .iterations = times->iterations,
    };
    gedi__summary s = {.iterations = t->iteration,
                       .evaluation_seconds = times->evaluation,
                       .trained = &trained,
                       .outcome = made};
    return write(path, &s, &t->net, trial, gedi__summary_write, err);
}

gedi_status gedi__summarize_later(const char *path, const gedi__network *net,
                                  const gedi_trial *trial, const gedi__outcome *made,
                                  gedi_err *err)
{
    gedi__summary s = {.outcome = made};
    return write(path, &s, net, trial, gedi__summary_renew, err);
}

gedi_status gedi__summarize_revisit(const char *path, const gedi__network *net,
                                    int64_t iteration, const gedi_trial *trial,
                                    const gedi__revisit *how, double seconds,
                                    gedi_err *err)
{
    gedi__summary s = {
        .iterations = iteration, .evaluation_seconds = seconds, .revisit = how};
    return write(path, &s, net, trial, gedi__summary_write, err);
}
