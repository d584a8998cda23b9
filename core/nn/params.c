/* params.c - all parameters of a network in flat vectors, by name. */
#include "core/nn/params.h"
#include "core/base/loop.h"
#include "core/base/shape.h"
#include "core/base/text.h"
#include "gedi/rng.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static gedi__param *add(gedi__params *p, const char *name, gedi_err *err)
{
    if (p->n == p->room) {
        int room = p->room ? 2 * p->room : 32;
        gedi__param **q = realloc(p->param, (size_t)room * sizeof(gedi__param *));
        if (!q) {
            gedi_no_memory(err, "parameter %s", name);
            return NULL;
        }
        p->param = q;
        p->room = room;
    }
    gedi__param *q = gedi__arena_alloc(&p->arena, sizeof *q); /* its address stays */
    if (q)
        q->name = gedi__arena_text(&p->arena, name);
    if (!q || !q->name) {
        gedi_no_memory(err, "parameter %s", name);
        return NULL;
    }
    p->param[p->n++] = q;
    return q;
}

const gedi__param *gedi__params_named(const gedi__params *p, const char *name)
{
    for (int i = 0; i < p->n; i++)
        if (!strcmp(p->param[i]->name, name))
            return p->param[i];
    return NULL;
}

const gedi__param *gedi__params_find(const gedi__params *p, const char *name,
                                     gedi_shape s, bool trained, gedi_err *err)
{
    char is[64], was[64];
    const gedi__param *q = gedi__params_named(p, name);
    if (!q) {
        GEDI_FAIL(
            err, GEDI_STATE,
            "parameter %s was not there when the network was first built: a plugin's "
            "build must ask for the same parameters every time",
            name);
        return NULL;
    }
    if (gedi_shape_equal(q->shape, s) && q->trained == trained)
        return q;
    GEDI_FAIL(err, GEDI_SHAPE, "parameter %s is %s %s and cannot also be %s %s", name,
              q->trained ? "trained" : "state",
              gedi_shape_text(q->shape, was, sizeof was), trained ? "trained" : "state",
              gedi_shape_text(s, is, sizeof is));
    return NULL;
}

static gedi__param *enter(gedi__params *p, const char *name, gedi_shape s, gedi_init init,
                          bool trained, gedi_err *err)
{
    gedi_err why = {0};
    if (gedi__shape_check(s, 1, &why)) {
        GEDI_FAIL(err, GEDI_SHAPE, "parameter %.200s: %s", name, why.msg);
        return NULL;
    }
    gedi__param *q = add(p, name, err);
    if (!q)
        return NULL;
    int64_t *total = trained ? &p->trained : &p->kept;
    q->shape = s;
    q->init = init;
    q->trained = trained;
    q->size = gedi_shape_size(s);
    q->offset = *total;
    *total += q->size;
    return q;
}

const gedi__param *gedi__params_get(gedi__params *p, const char *name, gedi_shape s,
                                    gedi_init init, bool trained, gedi_err *err)
{
    if (p->frozen || gedi__params_named(p, name))
        return gedi__params_find(p, name, s, trained, err);
    return enter(p, name, s, init, trained, err);
}

int gedi__params_index(const gedi__params *p, const gedi__param *q)
{
    int i = 0;
    while (p->param[i] != q)
        i++;
    return i;
}

static bool same_decay(const gedi_schedule *a, const gedi_schedule *b)
{
    return a == b || (a && b && gedi_schedule_is_constant(a) &&
                      gedi_schedule_is_constant(b) && a->from == b->from);
}

const gedi__param *gedi__params_average(gedi__params *p, const gedi__param *of,
                                        const gedi_schedule *decay, gedi_err *err)
{
    gedi__text name = {0};
    gedi__param *q = NULL;
    for (int i = 0; i < p->n && !q; i++)
        q = p->param[i]->of == of ? p->param[i] : NULL;
    if (q && same_decay(q->decay, decay))
        return q;
    if (q) {
        GEDI_FAIL(err, GEDI_USAGE, "%s has another decay already", q->name);
        return NULL;
    }
    gedi__text_add(&name, GEDI__AVERAGE "%s", of->name);
    if (name.failed)
        gedi_no_memory(err, "the average of %s", of->name);
    else
        q = enter(p, name.s, of->shape, (gedi_init){0}, false, err);
    gedi__text_clear(&name);
    if (!q)
        return NULL;
    q->of = of;
    q->decay = decay;
    return q;
}

bool gedi__name_is_under(const char *name, const char *prefix)
{
    size_t n = strlen(prefix);
    return !strncmp(name, prefix, n) && (!name[n] || name[n] == '.');
}

/* Weights that learn are one vector, for the optimizer; those that are held lie behind. */
static void lay_out(gedi__params *p)
{
    p->trained = p->held = p->kept = p->apart = 0;
    for (int i = 0; i < p->n; i++) {
        gedi__param *q = p->param[i];
        if (q->trained && q->held)
            continue;
        int64_t *total = q->trained ? &p->trained : &p->kept;
        q->offset = *total;
        *total += q->size;
        p->apart += q->trained && q->apart ? q->size : 0;
    }
    for (int i = 0; i < p->n; i++) {
        gedi__param *q = p->param[i];
        if (!q->trained || !q->held)
            continue;
        q->offset = p->trained + p->held;
        p->held += q->size;
    }
}

int gedi__params_hold(gedi__params *p, const char *prefix)
{
    int n = 0;
    GEDI_ASSERT(!p->frozen);
    for (int i = 0; i < p->n; i++)
        if (gedi__name_is_under(p->param[i]->name, prefix)) {
            p->param[i]->held = true;
            n++;
        }
    lay_out(p);
    return n;
}

void gedi__params_set_apart(gedi__params *p, const char *prefix)
{
    gedi__param **last = p->param + p->n;
    GEDI_ASSERT(!p->frozen);
    for (int i = 0, left = p->n; left; left--) {
        gedi__param *q = p->param[i];
        if (!gedi__name_is_under(q->name, prefix)) {
            i++;
            continue;
        }
        q->apart = true;
        memmove(&p->param[i], &p->param[i + 1],
                (size_t)(last - &p->param[i + 1]) * sizeof(gedi__param *));
        last[-1] = q;
    }
    lay_out(p);
}

float *gedi__param_data(const gedi__params *p, const gedi__param *q)
{
    return (q->trained ? p->w : p->state) + q->offset;
}

static uint64_t hash(const char *s)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (; *s; s++)
        h = (h ^ (unsigned char)*s) * 0x100000001b3u; /* FNV-1a */
    return h;
}

static void fill(const gedi__params *p, const gedi__param *q, uint64_t seed)
{
    float *x = gedi__param_data(p, q);
    if (q->of || q->init.kind == GEDI__INIT_NODE)
        return; /* once what it begins as is there */
    gedi_rng r = gedi_rng_at(seed, GEDI_STREAM_INIT, hash(q->name), 0);
    int64_t last = q->shape.rank ? q->shape.dim[q->shape.rank - 1] : 1;
    int64_t fan_in = q->init.fan_in, fan_out = q->init.fan_out ? q->init.fan_out : last;
    if (!fan_in)
        fan_in = last > 0 ? q->size / last : 1;
    double bound = q->init.value;
    switch (q->init.kind) {
    case GEDI_INIT_CONSTANT:
        for (int64_t i = 0; i < q->size; i++)
            x[i] = (float)q->init.value;
        return;
    case GEDI_INIT_NORMAL:
        gedi_rng_fill_normal(&r, x, q->size);
        for (int64_t i = 0; i < q->size; i++)
            x[i] *= (float)q->init.value;
        return;
    case GEDI_INIT_UNIFORM:
        break;
    case GEDI_INIT_FAN_IN:
        bound /= sqrt((double)(fan_in > 0 ? fan_in : 1));
        break;
    case GEDI_INIT_XAVIER:
        bound *= sqrt(6.0 / (double)(fan_in + fan_out));
        break;
    }
    gedi_rng_fill_uniform(&r, x, q->size);
    for (int64_t i = 0; i < q->size; i++)
        x[i] = (float)(bound * (2.0 * x[i] - 1.0));
}

gedi_status gedi__params_freeze(gedi__params *p, uint64_t seed, gedi_err *err)
{
    p->w = calloc((size_t)(p->trained + p->held) + 1, sizeof *p->w);
    p->g = calloc((size_t)p->trained + 1, sizeof *p->g);
    p->state = calloc((size_t)p->kept + 1, sizeof *p->state);
    if (!p->w || !p->g || !p->state)
        return gedi_no_memory(err, "%lld parameters",
                              (long long)(p->trained + p->held + p->kept));
    p->frozen = true;
    for (int i = 0; i < p->n; i++)
        fill(p, p->param[i], seed);
    return GEDI_OK;
}

void gedi__params_clear(gedi__params *p)
{
    gedi__arena_clear(&p->arena);
    free(p->param);
    free(p->w);
    free(p->g);
    free(p->state);
    memset(p, 0, sizeof *p);
}

/* Lanes, as one running sum would wait for each addition. */
GEDI__CLONES static double sum_of_squares(const float *x, int64_t n)
{
    enum { LANES = 32 };
    double lane[LANES] = {0}, sum = 0;
    int64_t i = 0;
    for (; i + LANES <= n; i += LANES)
#pragma omp simd
        for (int64_t j = 0; j < LANES; j++)
            lane[j] += (double)x[i + j] * (double)x[i + j];
    for (; i < n; i++)
        sum += (double)x[i] * (double)x[i];
    for (int64_t j = 0; j < LANES; j++)
        sum += lane[j];
    return sum;
}

double gedi__params_gradient_norm(const gedi__params *p)
{
    return sqrt(sum_of_squares(p->g, p->trained - p->apart));
}

static void scale(float *restrict g, int64_t n, double factor)
{
    for (int64_t i = 0; i < n; i++)
        g[i] = (float)(factor * g[i]);
}

void gedi__params_scale_gradient(const gedi__params *p, double factor)
{
    scale(p->g, p->trained, factor);
}

void gedi__params_clip_gradient(const gedi__params *p, double norm, double most)
{
    double factor = most / (norm + 1e-6);
    if (factor < 1)
        scale(p->g, p->trained - p->apart, factor);
}
