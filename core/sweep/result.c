/* result.c - the numbers of one run, out of its summary. */
#include "core/sweep/study.h"

#include <jansson.h>
#include <string.h>

/* What lies at a path of dots below `v`; NULL where there is nothing. A key may have dots
 * itself, as terms of several objectives do: the shortest that is there is taken. */
static const json_t *follow(const json_t *v, const char *path)
{
    while (*path && json_is_object(v)) {
        char key[128];
        const json_t *next = NULL;
        size_t n = strcspn(path, ".");
        for (; n < sizeof key; n += 1 + strcspn(path + n + 1, ".")) {
            memcpy(key, path, n);
            key[n] = 0;
            next = json_object_get(v, key);
            if (next || !path[n])
                break;
        }
        v = next;
        path += next ? n + (path[n] == '.') : 0;
    }
    return *path ? NULL : v;
}

bool gedi__study_value(const gedi__result *r, const char *path, double *out)
{
    const json_t *v = follow(r->summary, path);
    if (json_is_object(v)) /* a term, with its optimum and weight */
        v = json_object_get(v, "value");
    if (!json_is_number(v) && !json_is_boolean(v))
        return false;
    *out = json_is_number(v) ? json_number_value(v) : json_is_true(v);
    return true;
}

const char *gedi__study_definition(const gedi__result *r, const char *path)
{
    static const char reported[] = "evaluation.";
    const size_t n = sizeof reported - 1;
    if (strncmp(path, reported, n))
        return NULL;
    return json_string_value(
        follow(json_object_get(r->summary, "definitions"), path + n));
}

const char *gedi__study_failure(const gedi__result *r, int i)
{
    const char *name;
    json_t *v;
    json_object_foreach(
        json_object_get(r->summary, "health"), name,
        v) if (json_is_number(json_object_get(v, "failing_since")) &&
               i-- == 0) return json_string_value(json_object_get(v, "failure"));
    return NULL;
}

static void add_paths(const json_t *o, const char *prefix, gedi__text *out)
{
    const char *key;
    json_t *v;
    json_object_foreach((json_t *)o, key, v)
    {
        gedi__text path = {0};
        gedi__text_add(&path, "%s%s%s", prefix, *prefix ? "." : "", key);
        if (path.failed)
            out->failed = true;
        else if (json_is_object(v))
            add_paths(v, path.s, out);
        else if (json_is_number(v) || json_is_boolean(v))
            gedi__text_add(out, "%s\n", path.s);
        gedi__text_clear(&path);
    }
}

void gedi__study_paths(const gedi__result *r, gedi__text *out)
{
    add_paths(r->summary, "", out);
}
