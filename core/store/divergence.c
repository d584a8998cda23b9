/* divergence.c - that a run has diverged: where, why, and which runs have gone on from it. */
#include "core/store/divergence.h"
#include "core/base/file.h"
#include "core/store/json.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ITERATION "iteration"
#define WHY "why"
#define CONTINUED "continued"

/* *out is NULL where there is none. */
static gedi_status read_file(const char *folder, json_t **out, gedi_err *err)
{
    char *path = gedi__store_path(folder, GEDI__FILE_DIVERGENCE, err);
    *out = NULL;
    if (!path)
        return GEDI_NOMEM;
    gedi_status s = GEDI_OK;
    if (gedi__file_exists(path))
        s = gedi__json_read(path, GEDI__FILE_DIVERGENCE, out, err);
    if (s == GEDI_OK && *out && !json_is_integer(json_object_get(*out, ITERATION))) {
        json_decref(*out);
        *out = NULL;
        s = GEDI_FAIL(err, GEDI_DATA, "%s: '" ITERATION "' is no whole number; %s", path,
                      gedi__store_remedy(GEDI__FILE_DIVERGENCE));
    }
    free(path);
    return s;
}

/* Frees `o`. */
static gedi_status write_file(const char *folder, json_t *o, gedi_err *err)
{
    char *path = gedi__store_path(folder, GEDI__FILE_DIVERGENCE, err);
    gedi_status s = GEDI_NOMEM;
    if (path)
        s = gedi__json_write(path, GEDI__FILE_DIVERGENCE, o, err);
    else
        json_decref(o);
    free(path);
    return s;
}

gedi_status gedi__divergence_write(const char *folder, int64_t iteration, const char *why,
                                   gedi_err *err)
{
    json_t *old = NULL;
    if (read_file(folder, &old, err) == GEDI_NOMEM)
        return GEDI_NOMEM;
    char *text = strdup(why);
    if (text)
        gedi__text_show(text, false);
    json_t *o = text
                    ? json_pack("{s:I, s:s}", ITERATION, (json_int_t)iteration, WHY, text)
                    : NULL;
    json_t *continued = json_object_get(old, CONTINUED);
    if (continued)
        json_object_set(o, CONTINUED, continued);
    json_decref(old);
    free(text);
    return write_file(folder, o, err);
}

gedi_status gedi__divergence_read(const char *folder, int64_t *iteration, gedi__text *why,
                                  gedi__text *continued, gedi_err *err)
{
    json_t *o, *v;
    size_t i;
    *iteration = -1;
    GEDI_TRY(read_file(folder, &o, err));
    if (!o)
        return GEDI_OK;
    const char *text = json_string_value(json_object_get(o, WHY));
    *iteration = json_integer_value(json_object_get(o, ITERATION));
    if (why)
        gedi__text_add(why, "%s", text ? text : "");
    json_array_foreach(continued ? json_object_get(o, CONTINUED) : NULL, i,
                       v) if (json_is_string(v))
        gedi__text_add(continued, "%s%s", continued->len ? ", " : "",
                       json_string_value(v));
    json_decref(o);
    if ((why && why->failed) || (continued && continued->failed))
        return gedi_no_memory(err, "why %s diverged", folder);
    return GEDI_OK;
}

gedi_status gedi__divergence_note(const char *folder, const char *continued,
                                  gedi_err *err)
{
    json_t *o;
    GEDI_TRY(read_file(folder, &o, err));
    if (!o || gedi__text_control(continued)) { /* no text of JSON that is read again */
        json_decref(o);
        return GEDI_OK;
    }
    json_t *list = json_object_get(o, CONTINUED);
    if (!json_is_array(list)) {
        list = json_array();
        json_object_set_new(o, CONTINUED, list);
    }
    json_array_append_new(list, json_string(continued));
    return write_file(folder, o, err);
}

void gedi__divergence_forget(const char *folder)
{
    char *path = gedi__store_path(folder, GEDI__FILE_DIVERGENCE, NULL);
    if (path && !unlink(path))
        gedi__name_sync(path);
    free(path);
}
