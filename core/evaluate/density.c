/* density.c - records and any other points under two densities: the model's, and that of the
 * data where the dataset states it.
 */
#include "core/evaluate/trial.h"
#include "core/plugin/call.h"
#include "core/train/records.h"

#include <math.h>

static const gedi_dataset *dataset_of(const gedi_trial *t)
{
    return (const gedi_dataset *)gedi__source_of(gedi__trial_data(t)).dataset->plugin;
}

bool gedi_trial_has_density(const gedi_trial *t)
{
    return dataset_of(t)->density != NULL;
}

gedi_status gedi_trial_read(gedi_trial *t, gedi_split split, int64_t first, int64_t n,
                            float *x, gedi_err *err)
{
    int64_t all =
        split == GEDI_TRAIN || split == GEDI_TEST ? gedi_trial_count(t, split) : 0;
    if (first < 0 || n < 0 || n > all - first)
        return GEDI_FAIL(err, GEDI_USAGE,
                         "gedi_trial_read: %lld records from %lld on, of %lld",
                         (long long)n, (long long)first, (long long)all);
    if (n && !x)
        return GEDI_FAIL(err, GEDI_USAGE, "gedi_trial_read: no array is given, but NULL");
    return gedi__records_read(gedi__source_of(gedi__trial_data(t)), split, first, n, x,
                              NULL, err);
}

gedi_status gedi_trial_log_p(gedi_trial *t, const float *x, int64_t n, float *log_p,
                             gedi_err *err)
{
    int64_t record = gedi_trial_record(t);
    GEDI_TRY(gedi__trial_at(t, x, n, NULL, log_p, err));
    for (int64_t i = 0; i < n; i++)
        if (!isfinite(log_p[i]))
            return GEDI_FAIL(err, GEDI_NUMERIC,
                             "log p(x) of the model is %g at a point that begins with %g",
                             (double)log_p[i], record ? (double)x[i * record] : 0.0);
    return GEDI_OK;
}

/* A plugin may err. */
static gedi_status check(const char *name, int64_t n, const gedi_mixture *m,
                         const double *log_p, gedi_err *err)
{
    double sum = 0;
    if (m->components < 1 || m->components > GEDI_MAX_COMPONENTS)
        return GEDI_FAIL(err, GEDI_PLUGIN,
                         "dataset %s: its density has %lld components, not 1 to %d", name,
                         (long long)m->components, GEDI_MAX_COMPONENTS);
    for (int64_t k = 0; k < m->components; k++)
        sum += m->weight[k];
    if (!(fabs(sum - 1) <= 1e-9))
        return GEDI_FAIL(err, GEDI_PLUGIN,
                         "dataset %s: the weights of its density add up to %g, not to 1",
                         name, sum);
    for (int64_t i = 0; i < n * m->components; i++)
        if (isnan(log_p[i]) || log_p[i] == INFINITY)
            return GEDI_FAIL(err, GEDI_NUMERIC,
                             "dataset %s: the density of component %lld is %g at point "
                             "%lld",
                             name, (long long)(i % m->components), log_p[i],
                             (long long)(i / m->components));
    return GEDI_OK;
}

gedi_status gedi_trial_density(gedi_trial *t, const float *x, int64_t n, gedi_mixture *m,
                               double *log_p, gedi_err *err)
{
    const gedi_dataset *d = dataset_of(t);
    gedi_err own = {0};
    *m = (gedi_mixture){0};
    if (!d->density)
        return GEDI_FAIL(err, GEDI_STATE,
                         "dataset %s does not state the density of its "
                         "records",
                         d->name);
    gedi_status s = d->density(gedi__source_of(gedi__trial_data(t)).dataset->self, x, n,
                               m, log_p, &own);
    if (s != GEDI_OK)
        return gedi__blame(err, s, "dataset", d->name, &own);
    return check(d->name, n, m, log_p, err);
}
