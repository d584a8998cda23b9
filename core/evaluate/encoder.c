/* encoder.c - a trained encoder as a map from records to features. */
#include "core/evaluate/encoder.h"
#include "core/base/loop.h"
#include "core/base/memory.h"
#include "core/exec/blas.h"
#include "core/network/inference.h"
#include "core/train/records.h"
#include "core/evaluate/trained.h"

#include <stdlib.h>
#include <string.h>

enum { CHUNK = 64 }; /* records at a time */

struct gedi__encoder {
    gedi__trained run; /* of another run, or empty */
    const gedi__network *net;
    gedi__inference *inference;
    int64_t record;
    gedi__rescaling rescaling; /* of records, to what the encoder was trained on */
};

static gedi_status check_records(const char *run, const gedi__encoder *c,
                                 const gedi_data_info *records, gedi_err *err)
{
    char is[64], ours[64];
    if (gedi_shape_equal(records->record, c->net->info.record))
        return GEDI_OK;
    return GEDI_FAIL(err, GEDI_SHAPE,
                     "the encoder of %s takes records of shape %s, but those of this run "
                     "have %s",
                     run, gedi_shape_text(c->net->info.record, is, sizeof is),
                     gedi_shape_text(records->record, ours, sizeof ours));
}

/* Everything but the network, which is there. */
static gedi_status compile(gedi__encoder *c, int threads, gedi_err *err)
{
    gedi__wanted w = {.outputs = 1u << GEDI__FEATURES,
                      .rows = CHUNK,
                      .threads = threads,
                      .averaged = c->net->averaged};
    c->record = gedi_shape_size(c->net->info.record);
    return gedi__inference_new(c->net, &w, &c->inference, err);
}

static gedi__encoder *encoder_new(gedi_err *err)
{
    gedi__encoder *c = GEDI__NEW(c, err, "an encoder");
    if (c)
        c->rescaling = (gedi__rescaling){1, 0};
    return c;
}

static gedi_status give(gedi__encoder *c, gedi_status s, gedi__encoder **out)
{
    *out = s == GEDI_OK ? c : NULL;
    if (s != GEDI_OK)
        gedi__encoder_free(c);
    return s;
}

gedi_status gedi__encoder_of(const gedi__network *net, gedi__encoder **out, gedi_err *err)
{
    gedi__encoder *c = encoder_new(err);
    if (!c)
        return GEDI_NOMEM;
    c->net = net;
    return give(c, compile(c, (int)net->e->threads, err), out);
}

static gedi_status open_run(gedi__encoder *c, const char *run, const gedi__batches *data,
                            gedi_err *err)
{
    gedi__mistakes m = {0};
    int threads = (int)data->e->threads;
    gedi_status s = gedi__trained_open(&c->run, run, NULL, 0, &m, err);
    gedi__threads_set(threads); /* not what that run had */
    gedi__text_clear(&m.text);
    GEDI_TRY(s);
    GEDI_TRY(gedi__trained_require_end(&c->run, run, err));
    c->net = &c->run.net;
    GEDI_TRY(check_records(run, c, &data->info, err));
    c->rescaling = gedi__rescaling_of(&data->info, &c->run.data.info);
    return compile(c, threads, err);
}

gedi_status gedi__encoder_of_run(const char *run, const gedi__batches *data,
                                 gedi__encoder **out, gedi_err *err)
{
    gedi__encoder *c = encoder_new(err);
    return c ? give(c, open_run(c, run, data, err), out) : GEDI_NOMEM;
}

void gedi__encoder_free(gedi__encoder *c)
{
    if (!c)
        return;
    gedi__inference_free(c->inference);
    gedi__trained_close(&c->run);
    free(c);
}

int64_t gedi__encoder_features(const gedi__encoder *c)
{
    return c->net->features;
}

void gedi__encoder_run(gedi__encoder *c, const float *x, int64_t n, float *h)
{
    int64_t d = gedi__encoder_features(c);
    for (int64_t at = 0; at < n; at += CHUNK) {
        int64_t m = gedi__min64(n - at, CHUNK);
        gedi__rescale(c->rescaling, x + at * c->record, m * c->record,
                      gedi__inference_records(c->inference));
        gedi__inference_run(c->inference, at > 0);
        memcpy(h + at * d, gedi__inference_output(c->inference, GEDI__FEATURES),
               (size_t)(m * d) * sizeof *h);
    }
}
