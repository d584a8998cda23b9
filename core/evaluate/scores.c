/* scores.c - what a trained model says of single records: log p(x), its slope, max p(y|x).
 *
 * Source:  Grathwohl et al. 2020, "Your classifier is secretly an energy based model",
 *          section 5.3 (log p(x), max p(y|x), and the norm of the derivative)
 * Inputs:  records  [N, ...], without views; the network in evaluation mode
 * Output:  log_p  [N]  log p(x) up to a constant; slope  [N]  |d log p(x) / dx|_2;
 *          max_p  [N]  max p(y|x)
 * Differs: nothing
 */
#include "core/evaluate/scores.h"
#include "core/base/loop.h"
#include "core/base/memory.h"
#include "core/network/inference.h"

#include <math.h>
#include <stdlib.h>

enum { CHUNK = 64 }; /* records at a time */

struct gedi__scorer {
    gedi__inference *inference;
    int64_t record, clusters;
};

gedi_status gedi__scorer_new(const gedi__network *net, gedi__batches *data,
                             gedi__scorer **out, gedi_err *err)
{
    *out = NULL;
    if (!net->has_energy && !net->clusters)
        return GEDI_FAIL(
            err, GEDI_STATE,
            "objective %s has neither an energy nor p(y|x): there is nothing to score "
            "records by",
            net->stage->method);
    gedi__scorer *s = GEDI__NEW(s, err, "scores");
    if (!s)
        return GEDI_NOMEM;
    gedi__wanted w = {.outputs =
                          1u << GEDI__LOG_P | 1u << GEDI__SLOPE | 1u << GEDI__LABELS_P,
                      .rows = CHUNK,
                      .averaged = net->averaged};
    s->record = data->record;
    s->clusters = net->clusters;
    gedi_status st = gedi__inference_new(net, &w, &s->inference, err);
    if (st == GEDI_OK)
        st = gedi__batches_stand_in(data, s->inference, err);
    if (st == GEDI_OK)
        *out = s;
    else
        gedi__scorer_free(s);
    return st;
}

void gedi__scorer_free(gedi__scorer *s)
{
    if (!s)
        return;
    gedi__inference_free(s->inference);
    free(s);
}

static void take_log_p(const gedi__scorer *s, int64_t n, float *log_p, float *slope)
{
    const float *value = gedi__inference_output(s->inference, GEDI__LOG_P);
    const float *gradient = gedi__inference_output(s->inference, GEDI__SLOPE);
    if (!value)
        return;
    for (int64_t i = 0; i < n; i++) {
        double square = 0;
        for (int64_t j = 0; j < s->record; j++)
            square += (double)gradient[i * s->record + j] * gradient[i * s->record + j];
        log_p[i] = value[i];
        slope[i] = (float)sqrt(square);
    }
}

static void take_max_p(const gedi__scorer *s, int64_t n, float *max_p)
{
    const float *p = gedi__inference_output(s->inference, GEDI__LABELS_P);
    if (!p)
        return;
    for (int64_t i = 0; i < n; i++) {
        max_p[i] = p[i * s->clusters];
        for (int64_t k = 1; k < s->clusters; k++)
            if (!(p[i * s->clusters + k] <= max_p[i])) /* keeps a NaN */
                max_p[i] = p[i * s->clusters + k];
    }
}

gedi_status gedi__scorer_run(gedi__scorer *s, gedi__source from, gedi_split split,
                             int64_t n, float *log_p, float *slope, float *max_p,
                             gedi_err *err)
{
    for (int64_t at = 0; at < n; at += CHUNK) {
        int64_t m = gedi__min64(n - at, CHUNK);
        GEDI_TRY(gedi__records_read(from, split, at, m,
                                    gedi__inference_records(s->inference), NULL, err));
        gedi__inference_run(s->inference, at > 0);
        take_log_p(s, m, log_p ? log_p + at : NULL, slope ? slope + at : NULL);
        take_max_p(s, m, max_p ? max_p + at : NULL);
    }
    return GEDI_OK;
}
