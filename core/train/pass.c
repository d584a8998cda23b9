/* pass.c - what objectives do with all training records between two iterations. */
#include "core/train/pass.h"
#include "core/base/loop.h"
#include "core/plugin/call.h"
#include "core/train/records.h"

#include <stdio.h>
#include <string.h>

struct gedi_pass {
    const gedi__passes *in;
    const gedi__objective *of;
    int64_t iteration;
    bool began; /* the weights stand */
};

static const gedi_objective *plugin(const gedi__objective *o)
{
    return (const gedi_objective *)o->part.plugin;
}

static gedi_status set_interval(gedi__passes *p, int i, gedi_err *err)
{
    const gedi__objective *o = &p->net->stage->objective[i];
    const gedi_objective *f = plugin(o);
    if (!f->pass && !f->pass_every)
        return GEDI_OK;
    if (!f->pass || !f->pass_every)
        return GEDI_FAIL(
            err, GEDI_PLUGIN, "objective %s has `%s` without `%s`: a pass needs both",
            f->name, f->pass ? "pass" : "pass_every", f->pass ? "pass_every" : "pass");
    int64_t epochs = f->pass_every(o->part.self);
    if (epochs < 1 || epochs > INT32_MAX)
        return GEDI_FAIL(err, GEDI_USAGE,
                         "objective %s: pass_every gives %lld epochs, not 1 to %d",
                         f->name, (long long)epochs, INT32_MAX);
    p->every[i] = epochs * gedi__batches_epoch(p->data);
    return GEDI_OK;
}

gedi_status gedi__passes_init(gedi__passes *p, const gedi__network *net,
                              gedi__batches *data, gedi_err *err)
{
    bool any = false;
    *p = (gedi__passes){.net = net, .data = data};
    for (int i = 0; i < net->stage->objectives; i++) {
        GEDI_TRY(set_interval(p, i, err));
        any = any || p->every[i];
    }
    p->rows = gedi__records_at_once(data);
    const gedi__wanted w = {.outputs = 1u << GEDI__FEATURES | 1u << GEDI__EMBEDDING,
                            .rows = p->rows};
    return any ? gedi__inference_new(net, &w, &p->inference, err) : GEDI_OK;
}

void gedi__passes_clear(gedi__passes *p)
{
    gedi__inference_free(p->inference);
    memset(p, 0, sizeof *p);
}

gedi_status gedi__passes_run(gedi__passes *p, int64_t iteration, gedi_err *err)
{
    const gedi__stage *s = p->net->stage;
    gedi_err own = {0};
    for (int i = 0; p->inference && i < s->objectives; i++) {
        if (!p->every[i] || (iteration - s->first) % p->every[i])
            continue;
        gedi_pass pass = {.in = p, .of = &s->objective[i], .iteration = iteration};
        gedi__inference_advance(p->inference, iteration - s->first);
        gedi_status st = plugin(pass.of)->pass(pass.of->part.self, &pass, &own);
        if (st != GEDI_OK)
            return GEDI_FAIL(err, st, "iteration %lld: the pass of objective %s: %s",
                             (long long)iteration + 1, plugin(pass.of)->name,
                             gedi__why(st, &own));
    }
    return GEDI_OK;
}

/* ---- what an objective asks ---- */

int64_t gedi_pass_count(const gedi_pass *p)
{
    return p->in->data->info.count[GEDI_TRAIN];
}

int64_t gedi_pass_features(const gedi_pass *p)
{
    return p->in->data->parts * gedi__inference_width(p->in->inference, GEDI__FEATURES);
}

int64_t gedi_pass_embedding(const gedi_pass *p)
{
    return p->in->data->parts * gedi__inference_width(p->in->inference, GEDI__EMBEDDING);
}

static void take(const gedi__inference *f, gedi__output which, int64_t at, int64_t n,
                 float *to)
{
    int64_t width = gedi__inference_width(f, which);
    if (to)
        memcpy(to + at * width, gedi__inference_output(f, which),
               (size_t)(n * width) * sizeof *to);
}

gedi_status gedi_pass_read(gedi_pass *p, int64_t first, int64_t n, float *h, float *z,
                           gedi_err *err)
{
    gedi__inference *f = p->in->inference;
    int64_t parts = p->in->data->parts, all = gedi_pass_count(p);
    if (first < 0 || n < 0 || n > all - first)
        return GEDI_FAIL(err, GEDI_USAGE, "gedi_pass_read: records %lld to %lld of %lld",
                         (long long)first, (long long)(first + n - 1), (long long)all);
    for (int64_t at = 0; at < n * parts; at += p->in->rows) {
        int64_t m = gedi__min64(n * parts - at, p->in->rows);
        GEDI_TRY(gedi__records_read(gedi__source_of(p->in->data), GEDI_TRAIN,
                                    first * parts + at, m, gedi__inference_records(f),
                                    NULL, err));
        gedi__inference_run(f, p->began);
        p->began = true;
        take(f, GEDI__FEATURES, at, m, h);
        take(f, GEDI__EMBEDDING, at, m, z);
    }
    return GEDI_OK;
}

float *gedi_pass_state(gedi_pass *p, const char *name, gedi_shape *shape)
{
    const gedi__params *all = &p->in->net->params;
    char full[256];
    snprintf(full, sizeof full, "%s.%s", p->of->scope, name);
    for (int i = 0; i < all->n; i++)
        if (!all->param[i]->trained && !strcmp(all->param[i]->name, full)) {
            if (shape)
                *shape = all->param[i]->shape;
            return gedi__param_data(all, all->param[i]);
        }
    return NULL;
}

int64_t gedi_pass_iteration(const gedi_pass *p)
{
    return p->iteration - p->in->net->stage->first;
}

int64_t gedi_pass_epoch(const gedi_pass *p)
{
    return gedi_pass_iteration(p) / gedi__batches_epoch(p->in->data);
}

gedi_rng gedi_pass_rng(const gedi_pass *p, uint32_t n)
{
    uint64_t at = UINT64_C(1) << 62 | (uint64_t)p->iteration;
    return gedi_rng_at(p->in->net->e->seed, GEDI_STREAM_VIEW, at, n);
}
