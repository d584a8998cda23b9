/* scores.c - what a trained model says of single records: log p(x), its slope, max p(y|x).
 *
 * Source:  Grathwohl et al. 2020, "Your classifier is secretly an energy based model",
 *          section 5.3 (log p(x), max p(y|x), and the norm of the derivative)
 * Inputs:  records  [N, ...], without views; the network in evaluation mode
 * Output:  log_p  [N]  log p(x) up to a constant; slope  [N]  |d log p(x) / dx|_2;
 *          max_p  [N]  max p(y|x); log_odds  [N]  log(max p / (1 - max p))
 * Differs: nothing. The log odds come from the logits: a p(y|x) in float32 rounds to 1 where
 *          a network is sure, so that records which differ would be ties.
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
                          1u << GEDI__LOG_P | 1u << GEDI__SLOPE | 1u << GEDI__LOGITS,
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

static void take_log_p(const gedi__scorer *s, int64_t at, int64_t n,
                       const gedi__scored *to)
{
    const float *value = gedi__inference_output(s->inference, GEDI__LOG_P);
    const float *gradient = gedi__inference_output(s->inference, GEDI__SLOPE);
    if (!value)
        return;
    for (int64_t i = 0; i < n; i++) {
        double square = 0;
        for (int64_t j = 0; j < s->record; j++)
            square += (double)gradient[i * s->record + j] * gradient[i * s->record + j];
        to->log_p[at + i] = value[i];
        to->slope[at + i] = (float)sqrt(square);
    }
}

/* The largest of k logits, less the logsumexp of the others; NaN where one is NaN. */
static double log_odds_of(const float *logit, int64_t k)
{
    int64_t best = 0;
    double second = -INFINITY, sum = 0;
    for (int64_t j = 1; j < k; j++)
        if (logit[j] > logit[best])
            best = j;
    for (int64_t j = 0; j < k; j++)
        if (j != best)
            second = fmax(second, logit[j]);
    for (int64_t j = 0; j < k; j++)
        if (j != best)
            sum += exp(logit[j] - second);
    if (sum == 0) /* it is the only one */
        return isnan(logit[best]) ? NAN : INFINITY;
    return logit[best] - second - log(sum);
}

static void take_labels(const gedi__scorer *s, int64_t at, int64_t n,
                        const gedi__scored *to)
{
    const float *logit = gedi__inference_output(s->inference, GEDI__LOGITS);
    for (int64_t i = 0; logit && i < n; i++) {
        double odds = log_odds_of(logit + i * s->clusters, s->clusters);
        to->max_p[at + i] = (float)(1 / (1 + exp(-odds)));
        to->log_odds[at + i] = (float)odds;
    }
}

gedi_status gedi__scorer_run(gedi__scorer *s, gedi__source from, gedi_split split,
                             int64_t n, const gedi__scored *to, gedi__tell *tell,
                             void *context, gedi_err *err)
{
    for (int64_t at = 0; at < n; at += CHUNK) {
        int64_t m = gedi__min64(n - at, CHUNK);
        GEDI_TRY(gedi__records_read(from, split, at, m,
                                    gedi__inference_records(s->inference), NULL, err));
        gedi__inference_run(s->inference, at > 0);
        take_log_p(s, at, m, to);
        take_labels(s, at, m, to);
        if (tell)
            GEDI_TRY(tell(context, at + m, n, err));
    }
    return GEDI_OK;
}
