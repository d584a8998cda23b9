/* kept.c - identity and artefacts of a run, as its summary keeps them. */
#include "core/store/identity.h"

#include <jansson.h>
#include <string.h>

/* Keys of the summary. */
#define IDENTITY "identity"
#define MADE "made"

/* Up to the end of what names the artefact: "evaluate: knn" of "evaluate: knn; ...". */
static size_t name_length(const char *line)
{
    return strcspn(line, ";\n");
}

static json_t *list_of(const char *lines)
{
    json_t *list = json_array();
    for (const char *l = lines; *l;) {
        size_t n = strcspn(l, "\n");
        json_array_append_new(list, json_stringn(l, n));
        l += n + (l[n] == '\n');
    }
    return list;
}

void gedi__identity_keep(json_t *o, const char *identity)
{
    json_object_set_new(o, IDENTITY, list_of(identity));
}

static bool is_figure(const char *line)
{
    return !strncmp(line, "figure: ", 8);
}

/* Is the artefact of that line named among `lines`, with whatever options? */
static bool is_named(const char *line, const char *lines)
{
    size_t n = name_length(line);
    for (const char *l = lines; *l; l += strcspn(l, "\n") + 1)
        if (name_length(l) == n && !strncmp(l, line, n))
            return true;
    return false;
}

void gedi__artefacts_keep(json_t *o, const char *artefacts, bool drawn,
                          const char *failed)
{
    json_t *made = list_of(artefacts), *old = json_object_get(o, MADE), *v;
    size_t i;
    for (i = json_array_size(made); i-- > 0;) {
        const char *line = json_string_value(json_array_get(made, i));
        if (line && (is_figure(line) ? !drawn || (failed && is_named(line, failed))
                                     : gedi__text_has_line(failed, line, strlen(line))))
            json_array_remove(made, i);
    }
    json_array_foreach(old, i, v) if (json_is_string(v) &&
                                      !is_named(json_string_value(v), artefacts))
        json_array_append(made, v);
    json_object_set_new(o, MADE, made);
}

void gedi__identity_kept(const json_t *summary, gedi__text *out)
{
    json_t *v;
    size_t i;
    json_array_foreach(json_object_get(summary, IDENTITY), i, v) if (json_is_string(v))
        gedi__text_add(out, "%s\n", json_string_value(v));
}

bool gedi__artefacts_have(const json_t *summary, const char *line, size_t n)
{
    json_t *v;
    size_t i;
    json_array_foreach(json_object_get(summary, MADE), i,
                       v) if (json_is_string(v) && json_string_length(v) == n &&
                              !strncmp(json_string_value(v), line, n)) return true;
    return false;
}

bool gedi__artefacts_have_all(const json_t *summary, const char *artefacts)
{
    for (const char *l = artefacts; *l;) {
        size_t n = strcspn(l, "\n");
        if (!gedi__artefacts_have(summary, l, n))
            return false;
        l += n + (l[n] == '\n');
    }
    return true;
}
