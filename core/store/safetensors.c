/* safetensors.c - writing named tensors; safetensors_read.c reads them. */
#include "core/store/safetensors.h"
#include "core/base/file.h"
#include "core/store/json.h"
#include "core/store/seal.h"
#include "config.h"
#include "core/base/memory.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "numbers are written as they lie in memory, and the format is little endian"
#endif

static const struct {
    const char *name;
    size_t size;
} dtypes[] = {
    [GEDI__F32] = {"F32", 4}, [GEDI__F64] = {"F64", 8},
    [GEDI__I32] = {"I32", 4}, [GEDI__I64] = {"I64", 8},
    [GEDI__U8] = {"U8", 1},   [GEDI__U32] = {"U32", 4},
    [GEDI__U64] = {"U64", 8}, [GEDI__OTHER] = {"of another type", 1},
};

size_t gedi__dtype_size(gedi__dtype d)
{
    return dtypes[d].size;
}

const char *gedi__dtype_name(gedi__dtype d)
{
    return dtypes[d].name;
}

typedef struct chunk { /* borrowed numbers, in file order */
    const void *data;
    size_t size;
} chunk;

struct gedi__tensors_writer {
    gedi__replace file;
    json_t *header; /* of everything added so far */
    chunk *chunk;
    size_t chunks, room;
    size_t end; /* of the last tensor, from the start of the data */
    bool sealed;
    gedi_err error;
};

gedi_status gedi__tensors_write_open(const char *path, gedi__tensors_writer **out,
                                     gedi_err *err)
{
    *out = NULL;
    gedi__tensors_writer *w = gedi__alloc(1, sizeof *w, err, "%s", path);
    if (!w)
        return GEDI_NOMEM;
    gedi_status s = gedi__replace_open(&w->file, path, err);
    if (s == GEDI_OK) {
        w->header = json_object();
        if (!w->header)
            s = gedi_no_memory(err, "%s", path);
    }
    if (s != GEDI_OK) {
        gedi__tensors_write_abandon(w);
        return s;
    }
    *out = w;
    return GEDI_OK;
}

/* Where an error goes: only the first is kept, the later ones follow from it. */
static gedi_err *first(gedi__tensors_writer *w)
{
    return w->error.code == GEDI_OK ? &w->error : NULL;
}

/* Why `s` cannot be in the header: GEDI_USAGE if it is not UTF-8, or GEDI_NOMEM. */
static gedi_status text_status(const char *s)
{
    json_t *checked = json_string(s);
    bool lacks_memory = gedi__json_lacked_memory();
    json_decref(checked);
    if (lacks_memory)
        return GEDI_NOMEM;
    return checked ? GEDI_OK : GEDI_USAGE;
}

static bool make_room(gedi__tensors_writer *w)
{
    if (w->chunks < w->room)
        return true;
    size_t room = w->room ? 2 * w->room : 32;
    chunk *c = realloc(w->chunk, room * sizeof *c);
    if (!c)
        return false;
    w->chunk = c;
    w->room = room;
    return true;
}

void gedi__tensors_write_add(gedi__tensors_writer *w, const char *name, gedi__dtype dtype,
                             gedi_shape shape, const void *data)
{
    const char *path = w->file.path;
    gedi_status text = text_status(name);
    if (text != GEDI_OK) {
        GEDI_FAIL(first(w), text, "%s: tensor '%.64s': %s", path, name,
                  text == GEDI_USAGE ? "the name is not UTF-8" : "out of memory");
        return;
    }
    bool reserved = !strcmp(name, "__metadata__");
    if (reserved || json_object_get(w->header, name)) {
        GEDI_FAIL(first(w), GEDI_USAGE, "%s: tensor '%.64s': the name is %s", path, name,
                  reserved ? "reserved" : "given twice");
        return;
    }
    size_t size = (size_t)gedi_shape_size(shape) * gedi__dtype_size(dtype);
    json_t *dims = json_array();
    for (int i = 0; i < shape.rank; i++)
        json_array_append_new(dims, json_integer(shape.dim[i]));
    json_t *entry =
        json_pack("{s:s, s:o, s:[I, I]}", "dtype", gedi__dtype_name(dtype), "shape", dims,
                  "data_offsets", (json_int_t)w->end, (json_int_t)(w->end + size));
    /* A failed append leaves fewer dims than the shape has. */
    bool whole = entry && json_array_size(dims) == (size_t)shape.rank && make_room(w);
    if (!whole) {
        json_decref(entry);
        entry = NULL;
    }
    if (!entry || json_object_set_new(w->header, name, entry)) {
        gedi_no_memory(first(w), "%s: tensor '%.64s'", path, name);
        return;
    }
    w->chunk[w->chunks++] = (chunk){data, size};
    w->end += size;
}

void gedi__tensors_write_meta(gedi__tensors_writer *w, const char *key, const char *value)
{
    const char *path = w->file.path;
    gedi_status text = text_status(key);
    if (text == GEDI_OK)
        text = text_status(value);
    if (text != GEDI_OK) {
        GEDI_FAIL(first(w), text, "%s: metadata '%.64s': %s", path, key,
                  text == GEDI_USAGE ? "key or value is not UTF-8" : "out of memory");
        return;
    }
    json_t *meta = json_object_get(w->header, "__metadata__");
    if (!meta) {
        json_object_set_new(w->header, "__metadata__", json_object());
        meta = json_object_get(w->header, "__metadata__");
    }
    if (json_object_get(meta, key))
        GEDI_FAIL(first(w), GEDI_USAGE, "%s: metadata '%.64s' is given twice", path, key);
    else if (json_object_set_new(meta, key, json_string(value)))
        gedi_no_memory(first(w), "%s: metadata '%.64s'", path, key);
}

void gedi__tensors_write_seal(gedi__tensors_writer *w, gedi__store_file schema)
{
    char text[16];
    snprintf(text, sizeof text, "%d", gedi__store_schema(schema));
    gedi__tensors_write_meta(w, "schema", text);
    gedi__tensors_write_meta(w, "gedi", PACKAGE_VERSION);
    w->sealed = true;
}

void gedi__tensors_write_keep(gedi__tensors_writer *w, const char *old)
{
    (void)gedi__replace_keep(&w->file, old, first(w));
}

/* A checksum of each tensor; the header's own is put in when its text is there. */
static void add_checksums(gedi__tensors_writer *w)
{
    json_t *sums = json_object(), *meta = json_object_get(w->header, "__metadata__");
    const char *name;
    json_t *entry;
    size_t i = 0;
    bool ok = sums != NULL;
    json_object_foreach(w->header, name, entry)
    {
        char sum[GEDI__CHECKSUM + 1];
        if (entry == meta)
            continue;
        gedi__checksum(w->chunk[i].data, w->chunk[i].size, sum);
        ok = ok && !json_object_set_new(sums, name, json_string(sum));
        i++;
    }
    json_object_foreach(sums, name, entry)
    {
        char *key = NULL;
        ok = ok && asprintf(&key, GEDI__SEAL_OF "%s", name) >= 0 &&
             !json_object_set(meta, key, entry);
        free(key);
    }
    ok = ok && !json_object_set_new(meta, GEDI__SEAL, json_string(GEDI__SEAL_OPEN));
    json_decref(sums);
    if (!ok)
        gedi_no_memory(first(w), "checksums of %s", w->file.path);
}

/* The header's length, the header and its padding; NULL without memory. */
static char *make_head(const gedi__tensors_writer *w, size_t *size)
{
    char *header = gedi__json_text(w->header, JSON_COMPACT);
    size_t n = header ? strlen(header) : 0;
    uint64_t padded = (n + 7) / 8 * 8;
    char *head = header ? malloc(sizeof padded + padded) : NULL;
    if (head) {
        memcpy(head, &padded, sizeof padded);
        memcpy(head + sizeof padded, header, n);
        memset(head + sizeof padded + n, ' ', padded - n);
        *size = sizeof padded + padded;
    }
    free(header);
    return head;
}

gedi_status gedi__tensors_write_commit(gedi__tensors_writer *w, gedi_err *err)
{
    char *head = NULL;
    size_t size = 0;
    if (w->error.code == GEDI_OK && w->sealed)
        add_checksums(w);
    if (w->error.code == GEDI_OK) {
        head = make_head(w, &size);
        if (!head)
            gedi_no_memory(first(w), "the header of %s", w->file.path);
    }
    gedi_status s = w->error.code;
    if (s != GEDI_OK) {
        if (err)
            *err = w->error;
    } else {
        if (w->sealed)
            gedi__seal_close(head, size);
        fwrite(head, 1, size, w->file.f);
        for (size_t i = 0; i < w->chunks; i++)
            if (w->chunk[i].size)
                fwrite(w->chunk[i].data, 1, w->chunk[i].size, w->file.f);
        s = gedi__replace_commit(&w->file, err);
    }
    free(head);
    gedi__tensors_write_abandon(w);
    return s;
}

void gedi__tensors_write_abandon(gedi__tensors_writer *w)
{
    if (!w)
        return;
    gedi__replace_abandon(&w->file);
    json_decref(w->header);
    free(w->chunk);
    free(w);
}
