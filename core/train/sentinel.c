/* sentinel.c - watches for the triad of failure modes while a run trains. */
#include "core/train/sentinel.h"
#include "core/base/memory.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* View i: in the memory that training fills, else in its own. */
static gedi_status make_view(gedi__sentinel *s, int i, float *part, gedi_err *err)
{
    gedi__wanted w = {.outputs = 1u << GEDI__LABELS_P,
                      .rows = s->batch,
                      .x = part,
                      .record = s->net->view[i]};
    if (i == 0)
        w.outputs |= 1u << GEDI__DIRECTIONS;
    GEDI_TRY(gedi__inference_new(s->net, &w, &s->view[i], err));
    if (!part)
        s->own[i] = gedi__inference_records(s->view[i]);
    return GEDI_OK;
}

gedi_status gedi__sentinel_init(gedi__sentinel *s, const gedi__network *net,
                                gedi__batches *data, float *const *part, gedi_err *err)
{
    *s = (gedi__sentinel){
        .net = net, .data = data, .batch = net->stage->train.batch * data->parts};
    gedi_status st = make_view(s, 0, part[0], err);
    if (st == GEDI_OK && net->stage->views > 1 && net->clusters)
        st = make_view(s, 1, part[1], err);
    if (st == GEDI_OK) {
        int64_t d = gedi__inference_width(s->view[0], GEDI__DIRECTIONS);
        int64_t most = d > net->clusters ? d : net->clusters;
        s->sum = gedi__alloc((size_t)(2 * most), sizeof *s->sum, err, "the sentinels");
        st = s->sum ? GEDI_OK : GEDI_NOMEM;
    }
    if (st != GEDI_OK)
        gedi__sentinel_clear(s);
    return st;
}

void gedi__sentinel_clear(gedi__sentinel *s)
{
    gedi__inference_free(s->view[0]);
    gedi__inference_free(s->view[1]);
    free(s->sum);
    memset(s, 0, sizeof *s);
}

gedi_status gedi__sentinel_look(gedi__sentinel *s, int64_t iteration, gedi__health *out,
                                gedi_err *err)
{
    int64_t n = s->batch, k = s->net->clusters, pieces = s->net->stage->train.accumulate;
    const float *p = NULL, *q = NULL;
    *out = (gedi__health){NAN, NAN, NAN, NAN};
    for (int i = 0; i < 2 && s->view[i]; i++) {
        if (s->own[i])
            GEDI_TRY(gedi__batches_fill(s->data, (iteration + 1) * pieces - 1, i,
                                        s->own[i], NULL, err));
        gedi__inference_advance(s->view[i], iteration - s->net->stage->first);
        gedi__inference_run(s->view[i], false);
    }
    out->spread =
        gedi__spread(gedi__inference_output(s->view[0], GEDI__DIRECTIONS), n,
                     gedi__inference_width(s->view[0], GEDI__DIRECTIONS), s->sum);
    p = gedi__inference_output(s->view[0], GEDI__LABELS_P);
    if (p)
        out->balance = gedi__balance(p, n, k, s->sum);
    if (!p || !s->view[1])
        return GEDI_OK;
    q = gedi__inference_output(s->view[1], GEDI__LABELS_P);
    out->disagreement = gedi__disagreement(p, q, n, k);
    out->unsure = (gedi__disagreement(p, p, n, k) + gedi__disagreement(q, q, n, k)) / 2;
    return GEDI_OK;
}
