/* summary.c - what a run's summary is made of, from what ran. */
#include "core/run/summary.h"
#include "core/base/arena.h"

/* How a metric was made: also whether the weights have seen labels, which sets it apart from those
 * of methods that go without, and whether they are those of an end. NULL without memory. */
static const char *definition_of(const gedi__finding *f, bool labelled,
                                 const gedi__summary *s, gedi__arena *a)
{
    gedi__text t = {0};
    int64_t of = s->revisit ? s->revisit->of : 0;
    if (!labelled && !of)
        return f->definition;
    gedi__text_add(&t, "%s%s", f->definition, labelled ? "; trained with labels" : "");
    if (of)
        gedi__text_add(&t, "; " GEDI__INTERRUPTED "%lld of %lld",
                       (long long)s->iterations, (long long)of);
    const char *text = t.failed ? NULL : gedi__arena_text(a, t.s);
    gedi__text_clear(&t);
    return text;
}

typedef gedi_status writer(const char *path, const gedi__summary *s, gedi_err *err);

/* Kernels [height, width, in, out] are the only weights of four dimensions. */
static bool convolves(const gedi__params *p)
{
    for (int i = 0; i < p->n; i++)
        if (p->param[i]->trained && p->param[i]->shape.rank == 4)
            return true;
    return false;
}

static gedi_status summarize(const char *path, gedi__summary *s, const gedi__network *net,
                             const gedi_trial *trial, writer *to, gedi_err *err)
{
    const gedi__findings *found = gedi__trial_findings(trial);
    gedi__reported reported[GEDI__MAX_FINDINGS];
    gedi__arena arena = {0};
    bool ok = true;
    for (int i = 0; i < found->values; i++) {
        const gedi__finding *f = &found->value[i];
        const char *definition = definition_of(f, net->labelled, s, &arena);
        ok = ok && definition;
        reported[i] =
            (gedi__reported){f->evaluator, f->name, definition, f->direction, f->value};
    }
    s->e = net->e;
    s->last = net->stage;
    s->labels_of = net->labels_of ? net->labels_of->part.plugin->name : NULL;
    s->energy_of = net->energy_of ? net->energy_of->part.plugin->name : NULL;
    s->parameters = net->params.trained + net->params.held;
    s->convolves = convolves(&net->params);
    s->train = gedi_trial_count(trial, GEDI_TRAIN);
    s->test = gedi_trial_count(trial, GEDI_TEST);
    s->reported = reported;
    s->reports = found->values;
    gedi_status status =
        ok ? to(path, s, err) : GEDI_FAIL(err, GEDI_NOMEM, "out of memory for %s", path);
    gedi__arena_clear(&arena);
    return status;
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
        .best = t->best.iteration,
        .best_value = t->best.value,
    };
    gedi__summary s = {.iterations = t->iteration,
                       .evaluation_seconds = times->evaluation,
                       .trained = &trained,
                       .outcome = made,
                       .data = t->data.digest};
    return summarize(path, &s, &t->net, trial, gedi__summary_write, err);
}

gedi_status gedi__summarize_later(const char *path, const gedi__network *net,
                                  const gedi_trial *trial, const gedi__outcome *made,
                                  gedi_err *err)
{
    gedi__summary s = {.outcome = made};
    return summarize(path, &s, net, trial, gedi__summary_renew, err);
}

gedi_status gedi__summarize_revisit(const char *path, const gedi__network *net,
                                    int64_t iteration, const char *data,
                                    const gedi_trial *trial, const gedi__revisit *how,
                                    double seconds, gedi_err *err)
{
    gedi__summary s = {.iterations = iteration,
                       .evaluation_seconds = seconds,
                       .revisit = how,
                       .data = data};
    return summarize(path, &s, net, trial, gedi__summary_write, err);
}
