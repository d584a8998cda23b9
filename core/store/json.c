/* json.c - JSON files with the version of their schema and a checksum. */
#include "core/store/json.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/store/checksum.h"
#include "config.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* Numbers with 9 digits are the same text again when they have been read. */
enum { FORM = JSON_INDENT(2) | JSON_REAL_PRECISION(9) };

enum { MOST = 64 << 20 }; /* bytes of a file; parsed, they take several times as many */

#define SCHEMA "schema"
#define WRITER "gedi"
#define SUM "checksum"

static void *(*source)(size_t n) = malloc;
static _Thread_local bool lacked;

static void *allocate(size_t n)
{
    void *p = source(n);
    lacked = lacked || !p;
    return p;
}

void gedi__json_use_malloc(void *(*other)(size_t n))
{
    source = other;
}

__attribute__((constructor)) static void watch_memory(void)
{
    json_set_alloc_funcs(allocate, free);
}

bool gedi__json_lacked_memory(void)
{
    bool was = lacked;
    lacked = false;
    return was;
}

char *gedi__json_text(const json_t *o, size_t flags)
{
    char *text = o ? json_dumps(o, flags) : NULL;
    if (gedi__json_lacked_memory()) {
        free(text); /* jansson ends with less of it */
        text = NULL;
    }
    return text;
}

static bool sum_up(const json_t *o, char sum[GEDI__CHECKSUM + 1])
{
    char *text = gedi__json_text(o, FORM);
    if (text)
        gedi__checksum(text, strlen(text), sum);
    free(text);
    return text != NULL;
}

static gedi_status no_memory(const char *path, gedi_err *err)
{
    return gedi_no_memory(err, "%s", path);
}

gedi_status gedi__json_write(const char *path, gedi__store_file f, json_t *o,
                             gedi_err *err)
{
    char sum[GEDI__CHECKSUM + 1];
    json_t *all =
        json_pack("{s:i, s:s}", SCHEMA, gedi__store_schema(f), WRITER, PACKAGE_VERSION);
    bool ok = o && all && !json_object_update(all, o) && sum_up(all, sum) &&
              !json_object_set_new(all, SUM, json_string(sum));
    char *text = ok ? gedi__json_text(all, FORM) : NULL;
    gedi_status s =
        text ? gedi__file_write(path, text, strlen(text), err) : no_memory(path, err);
    json_decref(all);
    json_decref(o);
    free(text);
    return s;
}

static gedi_status check(const char *path, gedi__store_file f, json_t *o, gedi_err *err)
{
    char sum[GEDI__CHECKSUM + 1], stated[GEDI__CHECKSUM + 2];
    const json_t *schema = json_object_get(o, SCHEMA), *of = json_object_get(o, SUM);
    GEDI_TRY(gedi__store_check_schema(
        path, f, json_is_integer(schema) ? json_integer_value(schema) : -1,
        json_string_value(json_object_get(o, WRITER)), err));
    if (!of)
        return GEDI_OK;
    const char *text = json_string_value(of);
    snprintf(stated, sizeof stated, "%s", text ? text : "");
    json_object_del(o, SUM);
    if (!sum_up(o, sum))
        return no_memory(path, err);
    if (strcmp(sum, stated))
        return GEDI_FAIL(
            err, GEDI_DATA,
            "%s: damaged: its checksum is %s, written was '%s'; %s; if you edited it, remove "
            "the line \"%s\"",
            path, sum, stated, gedi__store_remedy(f), SUM);
    return GEDI_OK;
}

/* In a key or text, at any depth: it would reach terminals and tables. */
static bool has_control(const json_t *o)
{
    const char *key;
    json_t *v;
    size_t i;
    if (json_is_string(o))
        return gedi__text_control(json_string_value(o)) != NULL;
    if (json_is_array(o))
        json_array_foreach(o, i, v) if (has_control(v)) return true;
    if (json_is_object(o))
        json_object_foreach((json_t *)o, key, v)
        {
            if (gedi__text_control(key) || has_control(v))
                return true;
        }
    return false;
}

json_t *gedi__json_parse(const char *text, size_t n, size_t flags, json_error_t *why,
                         bool *lacks_memory)
{
    bool before = lacked; /* of something that is being built */
    lacked = false;
    json_t *o = json_loadb(text, n, flags, why);
    *lacks_memory = lacked;
    if (lacked) {
        json_decref(o); /* it may look whole and have a shorter text */
        o = NULL;
    }
    lacked = before;
    return o;
}

gedi_status gedi__json_read(const char *path, gedi__store_file f, json_t **out,
                            gedi_err *err)
{
    char *data;
    size_t size;
    json_error_t why = {0};
    bool lacks_memory;
    *out = NULL;
    GEDI_TRY(gedi__file_read_most(path, MOST, &data, &size, err));
    json_t *o = gedi__json_parse(data, size, 0, &why, &lacks_memory);
    free(data);
    if (lacks_memory)
        return no_memory(path, err);
    gedi_status s =
        json_is_object(o)
            ? check(path, f, o, err)
            : GEDI_FAIL(err, GEDI_DATA, "%s:%d: not a JSON object: %s; %s", path,
                        o ? 1 : why.line, o ? "something else" : why.text,
                        gedi__store_remedy(f));
    if (s == GEDI_OK && has_control(o))
        s = GEDI_FAIL(err, GEDI_DATA,
                      "%s: a text has a control character, which gedi never writes",
                      path);
    if (s != GEDI_OK) {
        json_decref(o);
        return s;
    }
    json_object_del(o, SCHEMA);
    *out = o;
    return GEDI_OK;
}
