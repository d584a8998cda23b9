/* inception.c - features of images by the 2015 Inception network, as FID wants them.
 *
 * Source:  Heusel et al. 2017, "GANs trained by a two time-scale update rule converge to a
 *          local Nash equilibrium", section 4: FID; the network is in inception_plan.c
 * Inputs:  records  [n, H, W, C], standardised as their dataset does it, C 1 or 3
 * Output:  h  [n, 2048], means over the last map before the classes
 * Differs: pixels are cut to [0, 1], but not rounded to 8 bits. Images are resized as
 *          pytorch-fid does it, by torch.nn.functional.interpolate, bilinear, with centres of
 *          pixels at halves; the network of 2015 took them at whole numbers. Batch
 *          normalisation is folded into the convolutions.
 */
#include "core/evaluate/inception.h"
#include "core/base/loop.h"
#include "core/evaluate/inception_plan.h"
#include "core/store/safetensors.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EPSILON 1e-3 /* of its batch normalisation */
#define ORIGIN "pytorch-fid's pt_inception-2015-12-05"
#define WANTED                                                                           \
    "it is to be a safetensors file of " ORIGIN ", which docs/fid.md says how to make"

typedef struct worker { /* memory of one thread */
    float *place[GEDI__INCEPTION_PLACES];
    float *pixels, *scratch;
} worker;

struct gedi__inception {
    gedi__layer layer[GEDI__INCEPTION_MOST];
    float *weight[GEDI__INCEPTION_MOST]; /* [kh, kw, C, O] of a convolution */
    float *bias[GEDI__INCEPTION_MOST];   /* [O] */
    int layers, last;
    gedi_shape record;
    double scale, shift; /* pixels in [-1, 1] are scale x + shift */
    int threads;
    worker *worker;
};

/* ---- weights ---- */

typedef struct source { /* of the weights */
    const char *path;
    gedi__tensors *file;
} source;

static gedi_status part_of(const source *f, const char *layer, const char *part,
                           gedi_shape shape, const float **out, gedi_err *err)
{
    char name[80];
    const void *data;
    snprintf(name, sizeof name, "%s.%s", layer, part);
    gedi_err own = {0};
    gedi_status s = gedi__tensors_get(f->file, name, GEDI__F32, shape, &data, &own);
    if (s != GEDI_OK)
        return GEDI_FAIL(err, s, "%s; " WANTED, own.msg);
    *out = data;
    int64_t size = gedi_shape_size(shape);
    for (int64_t i = 0; i < size; i++)
        if (!isfinite((*out)[i]))
            return GEDI_FAIL(err, GEDI_DATA, "%s: number %lld of tensor '%s' is %g",
                             f->path, (long long)i, name, (double)(*out)[i]);
    return GEDI_OK;
}

/* w gamma / sqrt(var + epsilon), and beta - mean gamma / sqrt(var + epsilon). */
static gedi_status take_weights(const source *f, const gedi__layer *l, float **weight,
                                float **bias, gedi_err *err)
{
    static const char *const part[] = {"bn.weight", "bn.bias", "bn.running_mean",
                                       "bn.running_var"};
    const int64_t out = l->count, in = l->in.channels, taps = l->window.kh * l->window.kw;
    const float *w, *norm[4];
    GEDI_TRY(part_of(f, l->name, "conv.weight",
                     GEDI_DIMS(out, in, l->window.kh, l->window.kw), &w, err));
    for (int i = 0; i < 4; i++)
        GEDI_TRY(part_of(f, l->name, part[i], GEDI_DIMS(out), &norm[i], err));
    *weight = malloc((size_t)(taps * in * out) * sizeof **weight);
    *bias = malloc((size_t)out * sizeof **bias);
    if (!*weight || !*bias)
        return gedi_no_memory(err, "%s", l->name);
    for (int64_t o = 0; o < out; o++) {
        double variance = norm[3][o] + EPSILON;
        if (!(variance > 0))
            return GEDI_FAIL(err, GEDI_DATA,
                             "%s: number %lld of tensor '%s.bn.running_var' is %g, which "
                             "is no variance",
                             f->path, (long long)o, l->name, (double)norm[3][o]);
        double gain = norm[0][o] / sqrt(variance);
        (*bias)[o] = (float)(norm[1][o] - norm[2][o] * gain);
        for (int64_t c = 0; c < in; c++)
            for (int64_t t = 0; t < taps; t++)
                (*weight)[(t * in + c) * out + o] =
                    (float)(gain * w[(o * in + c) * taps + t]);
    }
    return GEDI_OK;
}

/* torchvision trained the same network, with the same names, anew: on 1000 classes in the
 * place of 1008, and with a second head. Its features give another figure. */
static gedi_status check_origin(const source *f, gedi_err *err)
{
    const gedi__tensor *fc = gedi__tensors_find(f->file, "fc.bias");
    if ((fc && gedi_shape_size(fc->shape) != 1008) ||
        gedi__tensors_find(f->file, "AuxLogits.fc.bias"))
        return GEDI_FAIL(
            err, GEDI_DATA,
            "%s: these weights are torchvision's, for 1000 classes; FID is defined with "
            "those of 2015, for 1008: take " ORIGIN ", as docs/fid.md says",
            f->path);
    return GEDI_OK;
}

static gedi_status read_weights(gedi__inception *c, const char *path, gedi_err *err)
{
    source f = {path, NULL};
    gedi_err own = {0};
    gedi_status s = gedi__tensors_read(path, &f.file, &own);
    if (s != GEDI_OK)
        return GEDI_FAIL(err, s, "%s; " WANTED, own.msg);
    s = check_origin(&f, err);
    for (int i = 0; i < c->layers && s == GEDI_OK; i++)
        if (c->layer[i].kind == GEDI__CONVOLVE)
            s = take_weights(&f, &c->layer[i], &c->weight[i], &c->bias[i], err);
    gedi__tensors_free(f.file);
    return s;
}

/* ---- memory ---- */

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t size_of(const gedi__maps *m)
{
    return m->high * m->wide * m->channels;
}

static float *floats(int64_t n)
{
    return malloc((size_t)n * sizeof(float));
}

static gedi_status make_workers(gedi__inception *c, gedi_err *err)
{
    int64_t size[GEDI__INCEPTION_PLACES] = {0}, scratch = 0;
    for (int i = 0; i < c->layers; i++) {
        const gedi__layer *l = &c->layer[i];
        size[l->from] = larger(size[l->from], size_of(&l->in));
        size[l->to] = larger(size[l->to], size_of(&l->out));
        if (l->kind == GEDI__CONVOLVE)
            scratch = larger(scratch, gedi__window_scratch(&l->window, l->in.channels));
    }
    c->worker = calloc((size_t)c->threads, sizeof *c->worker);
    bool ok = c->worker != NULL;
    for (int i = 0; ok && i < c->threads; i++) {
        worker *w = &c->worker[i];
        w->pixels = floats(c->record.dim[0] * c->record.dim[1] * 3);
        w->scratch = floats(scratch);
        ok = w->pixels && w->scratch;
        for (int k = 0; ok && k < GEDI__INCEPTION_PLACES; k++)
            ok = (w->place[k] = floats(size[k])) != NULL;
    }
    return ok ? GEDI_OK : gedi_no_memory(err, "the Inception network");
}

static gedi_status take_records(gedi__inception *c, const gedi_data_info *records,
                                gedi_err *err)
{
    char is[64];
    const gedi_shape *s = &records->record;
    if (s->rank != 3 || (s->dim[2] != 1 && s->dim[2] != 3))
        return GEDI_FAIL(
            err, GEDI_SHAPE,
            "the Inception network takes images, [H, W, 1] or [H, W, 3], but records "
            "have shape %s",
            gedi_shape_text(*s, is, sizeof is));
    if (!(records->std > 0))
        return GEDI_FAIL(err, GEDI_SHAPE,
                         "the Inception network takes images, but the dataset does not "
                         "say that its records are images");
    c->record = *s;
    c->scale = 2 * records->std;
    c->shift = 2 * records->mean - 1;
    return GEDI_OK;
}

gedi_status gedi__inception_open(const char *path, const gedi_data_info *records,
                                 int threads, gedi__inception **out, gedi_err *err)
{
    gedi__inception *c = calloc(1, sizeof *c);
    *out = NULL;
    if (!c)
        return gedi_no_memory(err, "the Inception network");
    c->threads = threads < 1 ? 1 : threads;
    c->layers = gedi__inception_plan(c->layer, &c->last);
    gedi_status s = take_records(c, records, err);
    if (s == GEDI_OK)
        s = read_weights(c, path, err);
    if (s == GEDI_OK)
        s = make_workers(c, err);
    if (s != GEDI_OK) {
        gedi__inception_free(c);
        return s;
    }
    *out = c;
    return GEDI_OK;
}

void gedi__inception_free(gedi__inception *c)
{
    if (!c)
        return;
    for (int i = 0; i < c->layers; i++) {
        free(c->weight[i]);
        free(c->bias[i]);
    }
    for (int i = 0; c->worker && i < c->threads; i++) {
        worker *w = &c->worker[i];
        for (int k = 0; k < GEDI__INCEPTION_PLACES; k++)
            free(w->place[k]);
        free(w->pixels);
        free(w->scratch);
    }
    free(c->worker);
    free(c);
}

int64_t gedi__inception_features(void)
{
    return GEDI__INCEPTION_FEATURES;
}

/* ---- running ---- */

/* A record as the network's image: pixels in [-1, 1], three channels, its size. */
static void show(const gedi__inception *c, const float *x, float *pixels, float *image)
{
    const int64_t channels = c->record.dim[2];
    gedi__maps small = {c->record.dim[0], c->record.dim[1], 3, pixels};
    gedi__maps large = {GEDI__INCEPTION_SIDE, GEDI__INCEPTION_SIDE, 3, image};
    for (int64_t i = 0; i < small.high * small.wide; i++)
        for (int64_t k = 0; k < 3; k++) {
            double v = c->scale * x[i * channels + k % channels] + c->shift;
            *pixels++ = (float)(v < -1 ? -1 : v > 1 ? 1 : v);
        }
    gedi__resize_map(&small, &large);
}

static void run_layer(const gedi__inception *c, int i, const worker *w)
{
    const gedi__layer *l = &c->layer[i];
    gedi__maps in = l->in, out = l->out;
    in.x = w->place[l->from];
    out.x = w->place[l->to];
    if (l->kind == GEDI__CONVOLVE)
        gedi__convolve_maps(&l->window, &in, c->weight[i], c->bias[i], l->count, &out,
                            l->first, w->scratch);
    else
        gedi__pool_maps(&l->window, &in, l->kind == GEDI__POOL_MEAN, &out, l->first);
}

static void run_one(const gedi__inception *c, const float *x, const worker *w, float *h)
{
    const gedi__maps *last = &c->layer[c->layers - 1].out;
    const float *map = w->place[c->last];
    const int64_t area = last->high * last->wide, features = last->channels;
    show(c, x, w->pixels, w->place[0]);
    for (int i = 0; i < c->layers; i++)
        run_layer(c, i, w);
    for (int64_t k = 0; k < features; k++) {
        double sum = 0;
        for (int64_t p = 0; p < area; p++)
            sum += (double)map[p * features + k];
        h[k] = (float)(sum / (double)area);
    }
}

void gedi__inception_run(gedi__inception *c, const float *x, int64_t n, float *h)
{
    const int64_t record = gedi_shape_size(c->record);
    GEDI__PARALLEL_FOR(c->threads, i, n, {
        run_one(c, x + i * record, &c->worker[gedi__thread()],
                h + i * GEDI__INCEPTION_FEATURES);
    });
}
