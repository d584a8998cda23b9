/* safetensors_head.c - what a file of named tensors states of itself; nothing of it is believed. */
#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/store/json.h"
#include "core/store/safetensors_parts.h"
#include "core/store/seal.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { LENGTH = 8 }; /* bytes of the header's length */
enum {
    LONGEST = 1 << 24
}; /* bytes of a header; parsed, they take several times as many */

static bool parse_dtype(const json_t *j, gedi__dtype *out)
{
    const char *name = json_string_value(j);
    for (int d = GEDI__F32; name && d <= GEDI__U64; d++)
        if (!strcmp(name, gedi__dtype_name((gedi__dtype)d))) {
            *out = (gedi__dtype)d;
            return true;
        }
    return false;
}

/* The shape and its size in bytes; false unless all of it is legal. */
static bool parse_shape(const json_t *j, size_t width, gedi_shape *out, size_t *bytes)
{
    if (!json_is_array(j) || json_array_size(j) > GEDI_MAX_RANK)
        return false;
    memset(out, 0, sizeof *out);
    *bytes = width;
    size_t i;
    json_t *dim;
    json_array_foreach(j, i, dim)
    {
        json_int_t d = json_is_integer(dim) ? json_integer_value(dim) : -1;
        if (d < 0 || __builtin_mul_overflow(*bytes, (size_t)d, bytes))
            return false;
        out->dim[out->rank++] = d;
    }
    return *bytes <= INT64_MAX;
}

static bool parse_offsets(const json_t *j, gedi__claim *out)
{
    const json_t *b = json_array_get(j, 0), *e = json_array_get(j, 1);
    if (json_array_size(j) != 2 || !json_is_integer(b) || !json_is_integer(e) ||
        json_integer_value(b) < 0 || json_integer_value(e) < json_integer_value(b))
        return false;
    out->begin = (size_t)json_integer_value(b);
    out->end = (size_t)json_integer_value(e);
    return true;
}

/* The header's value, for a message. */
static const char *shown(const json_t *j, char *out, size_t n)
{
    char *s = j ? json_dumps(j, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
    snprintf(out, n, "%.*s", (int)n - 1, s ? s : "nothing");
    free(s);
    return out;
}

/* What nobody can read is bytes. */
static gedi_status parse_other(const char *path, const char *name, const json_t *offsets,
                               gedi__tensor *t, gedi__claim *c, gedi_err *err)
{
    char found[80];
    if (!parse_offsets(offsets, c))
        return GEDI_FAIL(err, GEDI_DATA,
                         "%s: tensor '%.64s': data_offsets %s are not [begin, end]", path,
                         name, shown(offsets, found, sizeof found));
    t->size = c->end - c->begin;
    t->dtype = GEDI__OTHER;
    t->shape = (gedi_shape){.rank = 1, .dim = {(int64_t)t->size}};
    return GEDI_OK;
}

static gedi_status parse_tensor(const char *path, bool foreign, const char *name,
                                const json_t *j, gedi__tensor *t, gedi__claim *c,
                                gedi_err *err)
{
    char found[80];
    const json_t *dtype = json_object_get(j, "dtype");
    const json_t *shape = json_object_get(j, "shape");
    const json_t *offsets = json_object_get(j, "data_offsets");
    t->name = c->name = name;
    if (foreign &&
        (!parse_dtype(dtype, &t->dtype) || json_array_size(shape) > GEDI_MAX_RANK))
        return parse_other(path, name, offsets, t, c, err);
    if (!parse_dtype(dtype, &t->dtype))
        return GEDI_FAIL(err, GEDI_DATA,
                         "%s: tensor '%.64s': dtype %s is not one of F32, F64, I32, I64, "
                         "U8, U32, U64",
                         path, name, shown(dtype, found, sizeof found));
    if (!parse_shape(shape, gedi__dtype_size(t->dtype), &t->shape, &t->size))
        return GEDI_FAIL(err, GEDI_DATA,
                         "%s: tensor '%.64s': shape %s is not a list of at most %d sizes",
                         path, name, shown(shape, found, sizeof found), GEDI_MAX_RANK);
    if (!parse_offsets(offsets, c))
        return GEDI_FAIL(err, GEDI_DATA,
                         "%s: tensor '%.64s': data_offsets %s are not [begin, end]", path,
                         name, shown(offsets, found, sizeof found));
    if (c->end - c->begin != t->size)
        return GEDI_FAIL(err, GEDI_DATA,
                         "%s: tensor '%.64s': bytes %zu to %zu are %zu, but %s %s needs "
                         "%zu",
                         path, name, c->begin, c->end, c->end - c->begin,
                         gedi__dtype_name(t->dtype), shown(shape, found, sizeof found),
                         t->size);
    return GEDI_OK;
}

static gedi_status check_metadata(const char *path, json_t *meta, gedi_err *err)
{
    if (meta && !json_is_object(meta))
        return GEDI_FAIL(err, GEDI_DATA, "%s: __metadata__ is not an object", path);
    const char *key;
    json_t *value;
    json_object_foreach(meta, key, value)
    {
        if (!json_is_string(value))
            return GEDI_FAIL(err, GEDI_DATA, "%s: metadata '%.64s' is not a text", path,
                             key);
    }
    return GEDI_OK;
}

static int by_place(const void *a, const void *b)
{
    const gedi__claim *x = a, *y = b;
    if (x->begin != y->begin)
        return x->begin < y->begin ? -1 : 1;
    return (x->end > y->end) - (x->end < y->end);
}

/* Every byte of the data must belong to exactly one tensor: so a file that was cut off or
 * patched by hand is noticed. */
static gedi_status check_places(const char *path, gedi__claim *c, int n, size_t bytes,
                                gedi_err *err)
{
    qsort(c, (size_t)n, sizeof *c, by_place);
    size_t at = 0;
    for (int i = 0; i < n; i++) {
        if (c[i].end > bytes)
            return GEDI_FAIL(
                err, GEDI_DATA,
                "%s: truncated? tensor '%.64s' ends at byte %zu of the data, which "
                "has only %zu",
                path, c[i].name, c[i].end, bytes);
        if (c[i].begin < at)
            return GEDI_FAIL(err, GEDI_DATA,
                             "%s: tensors '%.64s' and '%.64s' overlap at byte %zu", path,
                             c[i - 1].name, c[i].name, c[i].begin);
        if (c[i].begin > at)
            return GEDI_FAIL(err, GEDI_DATA,
                             "%s: bytes %zu to %zu of the data belong to no tensor", path,
                             at, c[i].begin);
        at = c[i].end;
    }
    if (at != bytes)
        return GEDI_FAIL(err, GEDI_DATA,
                         "%s: the tensors end at byte %zu of the data, which has %zu",
                         path, at, bytes);
    return GEDI_OK;
}

/* Parses the JSON between the length and the data; `start` is where the data begins. */
static gedi_status read_header(gedi__tensors *t, size_t size, size_t *start,
                               gedi_err *err)
{
    uint64_t n;
    if (size < LENGTH)
        return GEDI_FAIL(err, GEDI_DATA,
                         "%s: truncated or not a safetensors file: it has %zu bytes, and "
                         "the length of the header takes %d",
                         t->path, size, LENGTH);
    if (!memcmp(t->file, "PK\3\4", 4))
        return GEDI_FAIL(
            err, GEDI_DATA,
            "%s: an archive, as NumPy and PyTorch write them, and no safetensors "
            "file: convert it, as tools/to_safetensors.py does",
            t->path);
    memcpy(&n, t->file, LENGTH);
    if (n > LONGEST || n > size - LENGTH)
        return GEDI_FAIL(err, GEDI_DATA,
                         "%s: truncated or not a safetensors file: its header should "
                         "have %llu bytes, but %zu follow (and the limit is %d)",
                         t->path, (unsigned long long)n, size - LENGTH, LONGEST);
    GEDI_TRY(
        gedi__seal_check_head(t->path, t->file, LENGTH + (size_t)n, &t->sealed, err));
    json_error_t why;
    bool lacks_memory;
    t->header = gedi__json_parse(t->file + LENGTH, (size_t)n, JSON_REJECT_DUPLICATES,
                                 &why, &lacks_memory);
    if (lacks_memory)
        return gedi_no_memory(err, "the header of %s", t->path);
    if (!t->header)
        return GEDI_FAIL(err, GEDI_DATA,
                         "%s: the header is not legal JSON: %s (byte %d of %llu)",
                         t->path, why.text, why.position, (unsigned long long)n);
    if (!json_is_object(t->header))
        return GEDI_FAIL(err, GEDI_DATA, "%s: the header is not a JSON object", t->path);
    *start = LENGTH + (size_t)n;
    return check_metadata(t->path, json_object_get(t->header, "__metadata__"), err);
}

static gedi_status parse_tensors(gedi__tensors *t, size_t bytes, gedi__claim *c,
                                 gedi_err *err)
{
    const char *name;
    json_t *j;
    json_object_foreach(t->header, name, j)
    {
        if (!strcmp(name, "__metadata__"))
            continue;
        GEDI_TRY(
            parse_tensor(t->path, t->foreign, name, j, &t->tensor[t->n], &c[t->n], err));
        c[t->n].tensor = t->n;
        t->n++;
    }
    return check_places(t->path, c, t->n, bytes, err);
}

gedi_status gedi__tensors_take_head(gedi__tensors *t, size_t size, size_t *start,
                                    gedi__claim **c, gedi_err *err)
{
    *c = NULL;
    GEDI_TRY(read_header(t, size, start, err));
    size_t n = json_object_size(t->header) + 1;
    t->tensor = calloc(n, sizeof *t->tensor);
    t->copy = calloc(n, sizeof *t->copy);
    *c = calloc(n, sizeof **c);
    if (!t->tensor || !t->copy || !*c)
        return gedi_no_memory(err, "%s", t->path);
    return parse_tensors(t, size - *start, *c, err);
}

gedi_status gedi__tensors_check_sealed(const gedi__tensors *t, gedi__store_file schema,
                                       gedi_err *err)
{
    if (!t->sealed)
        return GEDI_FAIL(err, GEDI_DATA,
                         "%s: its header is damaged, or gedi did not write it: it has no "
                         "checksum",
                         t->path);
    const char *text = gedi__tensors_meta(t, "schema");
    return gedi__store_check_schema(t->path, schema, text ? strtoll(text, NULL, 10) : -1,
                                    gedi__tensors_meta(t, "gedi"), err);
}

/* ---- the header alone ---- */

/* As much of the file as its header takes; what is too short or too long is left for read_header to
 * refuse. */
static gedi_status read_beginning(gedi__tensors *t, size_t *size, gedi_err *err)
{
    FILE *f;
    struct stat st;
    uint64_t n = 0;
    GEDI_TRY(gedi__file_to_read(t->path, t->path, &f, err));
    bool known = !fstat(fileno(f), &st);
    *size = known ? (size_t)st.st_size : 0;
    size_t take = *size < LENGTH ? *size : LENGTH;
    bool whole = known && fread(&n, 1, take, f) == take;
    if (whole && take == LENGTH && n <= LONGEST && n <= *size - LENGTH)
        take += (size_t)n;
    t->file = gedi__alloc(take + 1, 1, err, "the header of %s", t->path);
    rewind(f);
    whole = whole && t->file && fread(t->file, 1, take, f) == take;
    fclose(f);
    if (!t->file)
        return GEDI_NOMEM;
    return whole ? GEDI_OK : GEDI_FAIL(err, GEDI_IO, "%s: cannot be read", t->path);
}

gedi_status gedi__tensors_read_head(const char *path, gedi__store_file schema,
                                    gedi__tensors **out, gedi_err *err)
{
    size_t size, start;
    gedi__claim *c = NULL;
    GEDI_TRY(gedi__tensors_begin(path, out, err));
    gedi_status s = read_beginning(*out, &size, err);
    if (s == GEDI_OK)
        s = gedi__tensors_take_head(*out, size, &start, &c, err);
    if (s == GEDI_OK)
        s = gedi__tensors_check_sealed(*out, schema, err);
    free(c);
    (*out)->n = 0; /* their numbers were not read */
    if (s != GEDI_OK) {
        gedi__tensors_free(*out);
        *out = NULL;
    }
    return s;
}
