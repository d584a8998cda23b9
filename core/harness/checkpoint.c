/* checkpoint.c - everything a run needs to go on, in one safetensors file. */
#include "core/harness/checkpoint.h"
#include "core/harness/safetensors.h"
#include "config.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME = 2 * GEDI__SCOPE + 32 };

static const char *slot_name(char *out, int slot, const char *param)
{
    snprintf(out, NAME, "optimizer.%d.%s", slot, param);
    return out;
}

static gedi_shape buffer_shape(const gedi__trainer *t)
{
    return gedi__batch_shape(t->net.record, t->chains.how.buffer);
}

static gedi_status check_finite(const gedi__trainer *t, gedi_err *err)
{
    const gedi__params *p = &t->net.params;
    for (int i = 0; i < p->n; i++) {
        const float *x = gedi__param_data(p, p->param[i]);
        for (int64_t k = 0; k < p->param[i]->size; k++)
            if (!isfinite(x[k]))
                return GEDI_FAIL(err, GEDI_NUMERIC,
                                 "iteration %lld: parameter %s, index %lld, is %g",
                                 (long long)t->iteration, p->param[i]->name, (long long)k,
                                 (double)x[k]);
    }
    return GEDI_OK;
}

gedi_status gedi__checkpoint_write(const gedi__trainer *t, const char *path,
                                   const char *descriptor, gedi_err *err)
{
    const gedi__params *p = &t->net.params;
    gedi__tensors_writer *w;
    char text[NAME];
    GEDI_TRY(check_finite(t, err));
    GEDI_TRY(gedi__tensors_write_open(path, &w, err));
    for (int i = 0; i < p->n; i++)
        gedi__tensors_write_add(w, p->param[i]->name, GEDI__F32, p->param[i]->shape,
                                gedi__param_data(p, p->param[i]));
    for (int k = 0; k < t->slots; k++)
        for (int i = 0; i < t->segments; i++)
            gedi__tensors_write_add(w, slot_name(text, k, t->segment[i].name), GEDI__F32,
                                    t->segment[i].shape,
                                    t->slot[k] + t->segment[i].offset);
    if (t->samples && t->chains.how.buffer)
        gedi__tensors_write_add(w, "sampler.buffer", GEDI__F32, buffer_shape(t),
                                t->chains.buffer);
    snprintf(text, sizeof text, "%" PRId64, t->iteration);
    gedi__tensors_write_meta(w, "iteration", text);
    gedi__tensors_write_meta(w, "gedi", PACKAGE_VERSION);
    gedi__tensors_write_meta(w, "descriptor", descriptor);
    return gedi__tensors_write_commit(w, err);
}

static gedi_status take(const gedi__tensors *f, const char *name, gedi_shape s, float *to,
                        gedi_err *err)
{
    const void *data;
    GEDI_TRY(gedi__tensors_get(f, name, GEDI__F32, s, &data, err));
    memcpy(to, data, (size_t)gedi_shape_size(s) * sizeof(float));
    return GEDI_OK;
}

static gedi_status take_all(gedi__trainer *t, const gedi__tensors *f, gedi_err *err)
{
    const gedi__params *p = &t->net.params;
    char text[NAME];
    for (int i = 0; i < p->n; i++)
        GEDI_TRY(take(f, p->param[i]->name, p->param[i]->shape,
                      gedi__param_data(p, p->param[i]), err));
    for (int k = 0; k < t->slots; k++)
        for (int i = 0; i < t->segments; i++)
            GEDI_TRY(take(f, slot_name(text, k, t->segment[i].name), t->segment[i].shape,
                          t->slot[k] + t->segment[i].offset, err));
    if (t->samples && t->chains.how.buffer)
        GEDI_TRY(take(f, "sampler.buffer", buffer_shape(t), t->chains.buffer, err));
    return GEDI_OK;
}

static gedi_status check_meta(gedi__trainer *t, const gedi__tensors *f, const char *path,
                              const char *descriptor, gedi_err *err)
{
    const char *of = gedi__tensors_meta(f, "descriptor");
    const char *iteration = gedi__tensors_meta(f, "iteration");
    if (!of || !iteration)
        return GEDI_FAIL(err, GEDI_DATA,
                         "%s: not a checkpoint of gedi: its metadata lack %s", path,
                         of ? "iteration" : "descriptor");
    if (strcmp(of, descriptor))
        return GEDI_FAIL(
            err, GEDI_STATE,
            "%s: written for another descriptor than the one beside it: restore "
            "descriptor.yaml, or start a new run from the changed one",
            path);
    char *end;
    long long n = strtoll(iteration, &end, 10);
    if (*end || n < 0 || n > t->e->train.iterations)
        return GEDI_FAIL(err, GEDI_DATA, "%s: iteration '%s' is not in [0, %lld]", path,
                         iteration, (long long)t->e->train.iterations);
    t->iteration = n;
    return GEDI_OK;
}

gedi_status gedi__checkpoint_read(gedi__trainer *t, const char *path,
                                  const char *descriptor, gedi_err *err)
{
    gedi__tensors *f;
    GEDI_TRY(gedi__tensors_read(path, &f, err));
    gedi_status s = check_meta(t, f, path, descriptor, err);
    if (s == GEDI_OK)
        s = take_all(t, f, err);
    gedi__tensors_free(f);
    return s;
}
