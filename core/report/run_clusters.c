/* run_clusters.c - the clusters of records that figures show: the most probable, or those of k-means. */
#include "core/base/memory.h"
#include "core/report/run_sheet.h"
#include "gedi/kmeans.h"

#include <stdlib.h>

void gedi__run_argmax(const float *p, int64_t n, int64_t k, int32_t *out)
{
    for (int64_t i = 0; i < n; i++) {
        out[i] = 0;
        for (int64_t j = 1; j < k; j++)
            if (p[i * k + j] > p[i * k + out[i]])
                out[i] = (int32_t)j;
    }
}

gedi_status gedi__run_kmeans(gedi_trial *t, gedi_split split, int32_t *out, int64_t *k,
                             gedi_err *err)
{
    enum { RESTARTS = 10, STEPS = 100 };
    const float *h;
    int64_t d;
    gedi_rng rng = gedi_trial_rng(t, 0);
    *k = gedi_trial_classes(t);
    if (*k < 1)
        return GEDI_FAIL(err, GEDI_STATE,
                         "the objective has no p(y|x), and the data have no classes, of "
                         "which k-means would take the number");
    GEDI_TRY(gedi_trial_features(t, split, &h, &d, err));
    return gedi_kmeans(h, gedi_trial_count(t, split), d, *k, RESTARTS, STEPS, &rng, out,
                       NULL, err);
}

gedi_status gedi__run_assigned(gedi_trial *t, gedi_split split, int32_t **out, int64_t *k,
                               bool *own, gedi_err *err)
{
    int64_t n = gedi_trial_count(t, split);
    const float *p;
    *own = gedi__trial_clusters(t) > 0;
    *out = gedi__alloc((size_t)n, sizeof **out, err, "clusters of %lld records",
                       (long long)n);
    if (!*out)
        return GEDI_NOMEM;
    gedi_status s = *own ? gedi_trial_assignments(t, split, &p, k, err)
                         : gedi__run_kmeans(t, split, *out, k, err);
    if (s == GEDI_OK && *own)
        gedi__run_argmax(p, n, *k, *out);
    if (s != GEDI_OK) {
        free(*out);
        *out = NULL;
    }
    return s;
}
