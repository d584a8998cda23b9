/* scores.c - what a trained model says of single records: log p(x), its slope, max p(y|x).
 *
 * Source:  Grathwohl et al. 2020, "Your classifier is secretly an energy based model",
 *          section 5.3 (log p(x), max p(y|x), and the norm of the derivative)
 * Inputs:  records  [N, ...], without views; the network in evaluation mode
 * Output:  log_p  [N]  log p(x) up to a constant; slope  [N]  |d log p(x) / dx|_2;
 *          max_p  [N]  max p(y|x)
 * Differs: nothing
 *
 * A program of its own: the derivative goes to the records, none to the weights.
 */
#include "core/evaluate/scores.h"
#include "core/base/loop.h"

#include <math.h>
#include <stdlib.h>

enum { CHUNK = 64 }; /* records at a time */

struct gedi__scorer {
    gedi_build build;
    gedi__program *program;
    float *x; /* [CHUNK, record] */
    int64_t record, clusters;
    int out_log, out_gradient, out_p; /* -1 without */
};

static gedi_status compile(gedi__scorer *s, const gedi__network *net, gedi__batches *data,
                           gedi_err *err)
{
    gedi_build *b = &s->build;
    gedi_node *h, *z, *output[3];
    int n = 0, m = 0;
    GEDI_TRY(gedi__build_init(b, (gedi__params *)&net->params, false, err));
    gedi_batch v = gedi__network_views(net, b);
    gedi_node *x = gedi_input(b->g, "records", gedi__batch_shape(net->record, CHUNK));
    gedi__network_pass(net, b, x, &h, &z);
    s->out_log = s->out_gradient = s->out_p = -1;
    if (net->has_energy) {
        gedi_node *log_p = gedi_neg(gedi__network_energy(net, b, z, &v)), *gradient;
        GEDI_TRY(gedi_grad(log_p, &x, 1, NULL, 0, &gradient));
        output[s->out_log = n++] = log_p;
        output[s->out_gradient = n++] = gradient;
    }
    if (net->clusters)
        output[s->out_p = n++] = gedi_softmax(gedi__network_logits(net, b, z));
    GEDI_TRY(gedi_graph_status(b->g, err));
    gedi__binding *bind = gedi__build_bindings(b, 1, &m);
    if (!bind)
        return GEDI_FAIL(err, GEDI_NOMEM, "out of memory for scores");
    bind[m++] = (gedi__binding){x, s->x};
    gedi_status st = gedi__program_new(b->g, output, n, bind, m, (int)net->e->threads,
                                       &s->program, err);
    free(bind);
    return st == GEDI_OK ? gedi__batches_stand_in(data, s->program, &v, err) : st;
}

gedi_status gedi__scorer_new(const gedi__network *net, gedi__batches *data,
                             gedi__scorer **out, gedi_err *err)
{
    *out = NULL;
    if (!net->has_energy && !net->clusters)
        return GEDI_FAIL(
            err, GEDI_STATE,
            "objective %s has neither an energy nor p(y|x): there is nothing "
            "to score records by",
            net->stage->method);
    gedi__scorer *s = calloc(1, sizeof *s);
    if (s)
        s->x = calloc((size_t)(CHUNK * data->record), sizeof *s->x);
    if (!s || !s->x) {
        free(s);
        return GEDI_FAIL(err, GEDI_NOMEM, "out of memory for scores");
    }
    s->record = data->record;
    s->clusters = net->clusters;
    gedi_status st = compile(s, net, data, err);
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
    gedi__program_free(s->program);
    gedi__build_clear(&s->build);
    free(s->x);
    free(s);
}

static void take_log_p(const gedi__scorer *s, int64_t n, float *log_p, float *slope)
{
    const float *value = gedi__program_output(s->program, s->out_log);
    const float *gradient = gedi__program_output(s->program, s->out_gradient);
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
    const float *p = gedi__program_output(s->program, s->out_p);
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
        GEDI_TRY(gedi__records_read(from, split, at, m, s->x, NULL, err));
        gedi__program_repeat(s->program, at > 0);
        if (s->out_log >= 0)
            take_log_p(s, m, log_p + at, slope + at);
        if (s->out_p >= 0)
            take_max_p(s, m, max_p + at);
    }
    return GEDI_OK;
}
