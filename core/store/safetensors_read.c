/* safetensors_read.c - reading named tensors whole, and asking for them. */
#include "core/base/file.h"
#include "core/store/json.h"
#include "core/store/safetensors_parts.h"
#include "core/store/seal.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const size_t most = (size_t)1 << 34; /* bytes of a file, all kept in memory */

/* Points `e` at its numbers; where they lie unaligned, at a copy that does not. */
static bool place(gedi__tensors *t, int i, const char *at)
{
    gedi__tensor *e = &t->tensor[i];
    e->data = at;
    if (e->size && (uintptr_t)at % gedi__dtype_size(e->dtype)) {
        t->copy[i] = malloc(e->size);
        if (!t->copy[i])
            return false;
        e->data = memcpy(t->copy[i], at, e->size);
    } else if (!e->size) {
        e->data = t->file; /* empty: any aligned address will do */
    }
    return true;
}

static gedi_status check_tensors(const gedi__tensors *t, gedi_err *err)
{
    for (int i = 0; i < t->n; i++) {
        char *key = NULL;
        if (asprintf(&key, GEDI__SEAL_OF "%s", t->tensor[i].name) < 0)
            return gedi_no_memory(err, "%s", t->path);
        gedi_status s = gedi__seal_check_tensor(t->path, &t->tensor[i],
                                                gedi__tensors_meta(t, key), err);
        free(key);
        if (s != GEDI_OK)
            return s;
    }
    return GEDI_OK;
}

gedi_status gedi__tensors_begin(const char *path, gedi__tensors **out, gedi_err *err)
{
    *out = NULL;
    gedi__tensors *t = calloc(1, sizeof *t);
    if (!t || !(t->path = strdup(path))) {
        free(t);
        return gedi_no_memory(err, "%s", path);
    }
    *out = t;
    return GEDI_OK;
}

static gedi_status place_all(gedi__tensors *t, size_t start, const gedi__claim *c,
                             gedi_err *err)
{
    for (int i = 0; i < t->n; i++)
        if (!place(t, c[i].tensor, t->file + start + c[i].begin))
            return gedi_no_memory(err, "%s", t->path);
    return t->sealed ? check_tensors(t, err) : GEDI_OK;
}

static gedi_status read_file(const char *path, bool foreign, gedi__tensors **out,
                             gedi_err *err)
{
    size_t size, start;
    gedi__claim *c = NULL;
    GEDI_TRY(gedi__tensors_begin(path, out, err));
    gedi__tensors *t = *out;
    t->foreign = foreign;
    gedi_status s = gedi__file_read_most(path, most, &t->file, &size, err);
    if (s == GEDI_OK)
        s = gedi__tensors_take_head(t, size, &start, &c, err);
    if (s == GEDI_OK)
        s = place_all(t, start, c, err);
    free(c);
    if (s != GEDI_OK) {
        gedi__tensors_free(t);
        *out = NULL;
    }
    return s;
}

gedi_status gedi__tensors_read(const char *path, gedi__tensors **out, gedi_err *err)
{
    return read_file(path, false, out, err);
}

gedi_status gedi__tensors_read_foreign(const char *path, gedi__tensors **out,
                                       gedi_err *err)
{
    return read_file(path, true, out, err);
}

gedi_status gedi__tensors_read_sealed(const char *path, gedi__store_file schema,
                                      gedi__tensors **out, gedi_err *err)
{
    GEDI_TRY(gedi__tensors_read(path, out, err));
    gedi_status s = gedi__tensors_check_sealed(*out, schema, err);
    if (s != GEDI_OK) {
        gedi__tensors_free(*out);
        *out = NULL;
    }
    return s;
}

void gedi__tensors_free(gedi__tensors *t)
{
    if (!t)
        return;
    for (int i = 0; t->copy && i < t->n; i++)
        free(t->copy[i]);
    free(t->copy);
    free(t->tensor);
    json_decref(t->header);
    free(t->file);
    free(t->path);
    free(t);
}

int gedi__tensors_count(const gedi__tensors *t)
{
    return t->n;
}

const gedi__tensor *gedi__tensors_at(const gedi__tensors *t, int i)
{
    GEDI_ASSERT(i >= 0 && i < t->n);
    return &t->tensor[i];
}

const gedi__tensor *gedi__tensors_find(const gedi__tensors *t, const char *name)
{
    for (int i = 0; i < t->n; i++)
        if (!strcmp(t->tensor[i].name, name))
            return &t->tensor[i];
    return NULL;
}

const char *gedi__tensors_meta(const gedi__tensors *t, const char *key)
{
    return json_string_value(
        json_object_get(json_object_get(t->header, "__metadata__"), key));
}

gedi_status gedi__tensors_get(const gedi__tensors *t, const char *name, gedi__dtype dtype,
                              gedi_shape shape, const void **data, gedi_err *err)
{
    *data = NULL;
    const gedi__tensor *e = gedi__tensors_find(t, name);
    char want[64], have[64];
    gedi_shape_text(shape, want, sizeof want);
    if (!e)
        return GEDI_FAIL(err, GEDI_DATA, "%s: no tensor '%.64s' (expected %s %s)",
                         t->path, name, gedi__dtype_name(dtype), want);
    if (e->dtype != dtype || !gedi_shape_equal(e->shape, shape))
        return GEDI_FAIL(err, GEDI_DATA, "%s: tensor '%.64s' is %s %s, expected %s %s",
                         t->path, name, gedi__dtype_name(e->dtype),
                         gedi_shape_text(e->shape, have, sizeof have),
                         gedi__dtype_name(dtype), want);
    *data = e->data;
    return GEDI_OK;
}
