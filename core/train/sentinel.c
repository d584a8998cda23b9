/* sentinel.c - watches for the triad of failure modes while a run trains. */
#include "core/train/sentinel.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- compiling ---- */

static gedi_status compile(gedi__sentinel *s, gedi_err *err)
{
    const gedi__network *net = s->net;
    const gedi__experiment *e = net->e;
    gedi_build *b = &s->build;
    gedi_node *x[2], *h, *z[2], *output[3];
    int n = 0, m = 0, views = s->view[1] ? 2 : 1;
    for (int i = 0; i < views; i++) {
        x[i] = gedi_input(b->g, "x",
                          gedi__batch_shape(net->record, net->stage->train.batch));
        gedi__network_pass(net, b, x[i], &h, &z[i]);
    }
    s->out_p = s->out_q = -1;
    output[n++] = gedi_l2_normalize(z[0], 1e-12);
    if (net->clusters)
        output[s->out_p = n++] = gedi_softmax(gedi__network_logits(net, b, z[0]));
    if (net->clusters && views == 2)
        output[s->out_q = n++] = gedi_softmax(gedi__network_logits(net, b, z[1]));
    GEDI_TRY(gedi_graph_status(b->g, err));
    s->width = gedi_cols(z[0]);
    int64_t most = s->width > net->clusters ? s->width : net->clusters;
    s->sum = calloc((size_t)(2 * most), sizeof *s->sum);
    gedi__binding *bind = gedi__build_bindings(b, 2, &m);
    if (!s->sum || !bind) {
        free(bind);
        return GEDI_FAIL(err, GEDI_NOMEM, "out of memory for the sentinels");
    }
    for (int i = 0; i < views; i++)
        bind[m++] = (gedi__binding){x[i], s->view[i]};
    gedi_status st =
        gedi__program_new(b->g, output, n, bind, m, (int)e->threads, &s->program, err);
    free(bind);
    return st;
}

gedi_status gedi__sentinel_init(gedi__sentinel *s, const gedi__network *net,
                                gedi__batches *data, float *const *part, gedi_err *err)
{
    memset(s, 0, sizeof *s);
    s->net = net;
    s->data = data;
    size_t bytes = (size_t)(net->stage->train.batch * data->record) * sizeof(float);
    gedi_status st =
        gedi__build_init(&s->build, (gedi__params *)&net->params, false, err);
    for (int i = 0; st == GEDI_OK && i < 2 && i < net->stage->views; i++) {
        s->view[i] = part[i];
        if (!part[i])
            s->view[i] = s->own[i] = malloc(bytes);
        if (!s->view[i])
            st = GEDI_FAIL(err, GEDI_NOMEM, "out of memory for the sentinels");
    }
    if (st == GEDI_OK)
        st = compile(s, err);
    if (st != GEDI_OK)
        gedi__sentinel_clear(s);
    return st;
}

void gedi__sentinel_clear(gedi__sentinel *s)
{
    gedi__program_free(s->program);
    gedi__build_clear(&s->build);
    free(s->own[0]);
    free(s->own[1]);
    free(s->sum);
    memset(s, 0, sizeof *s);
}

/* ---- looking ---- */

gedi_status gedi__sentinel_look(gedi__sentinel *s, int64_t iteration, gedi__health *out,
                                gedi_err *err)
{
    int64_t n = s->net->stage->train.batch, k = s->net->clusters;
    *out = (gedi__health){NAN, NAN, NAN, NAN};
    for (int i = 0; i < 2; i++)
        if (s->own[i])
            GEDI_TRY(gedi__batches_fill(s->data, iteration, i, s->own[i], err));
    gedi__build_advance(&s->build, iteration - s->net->stage->first);
    gedi__program_run(s->program);
    out->spread = gedi__spread(gedi__program_output(s->program, 0), n, s->width, s->sum);
    if (s->out_p < 0)
        return GEDI_OK;
    const float *p = gedi__program_output(s->program, s->out_p), *q;
    out->balance = gedi__balance(p, n, k, s->sum);
    if (s->out_q < 0)
        return GEDI_OK;
    q = gedi__program_output(s->program, s->out_q);
    out->disagreement = gedi__disagreement(p, q, n, k);
    out->unsure = (gedi__disagreement(p, p, n, k) + gedi__disagreement(q, q, n, k)) / 2;
    return GEDI_OK;
}
