/* report_differs.c - what is not the same in all runs of a report. */
#include "core/descriptor/keys.h"
#include "core/plugin/option.h"
#include "core/sweep/report_parts.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* {path: value} of an identity: "revision of view mine" is a path as well. */
static json_t *identity_of(const gedi__result *r)
{
    const json_t *v;
    size_t i;
    json_t *o = json_object();
    json_array_foreach(json_object_get(r->summary, "identity"), i, v)
    {
        const char *line = json_string_value(v);
        const char *colon = line ? strstr(line, ": ") : NULL;
        if (colon)
            json_object_setn_new(o, line, (size_t)(colon - line),
                                 gedi__report_word(colon + 2));
    }
    return o;
}

/* Marks the keys that some run has otherwise than the first, or not at all. */
static void mark_differing(json_t *first, json_t *own, json_t *differs)
{
    const char *key;
    json_t *v;
    json_object_foreach(own, key, v) if (!json_equal(v, json_object_get(first, key)))
        json_object_set_new(differs, key, json_true());
    json_object_foreach(first, key, v) if (!json_object_get(own, key))
        json_object_set_new(differs, key, json_true());
}

/* Has the run the component of an option, "optimizer: adam" of "optimizer.adam.lr"? */
static bool has_component(const json_t *own, const char *key)
{
    bool has = false;
    for (const char *dot = strchr(key, '.'); dot && !has; dot = strchr(dot + 1, '.')) {
        char *path = strndup(key, (size_t)(dot - key));
        const char *name = path ? json_string_value(json_object_get(own, path)) : NULL;
        size_t n = name ? strlen(name) : 0;
        has = n && !strncmp(dot + 1, name, n) && dot[1 + n] == '.';
        free(path);
    }
    return has;
}

/* An option of gedi itself, such as train.batch: every run has it. */
static bool is_own_option(const char *path)
{
    const gedi__key *key = gedi__key_of_path(path);
    const char *dot = strchr(path, '.');
    return key && key->options && gedi__option_find(key->options, dot ? dot + 1 : path);
}

void gedi__report_differs(const gedi__study *s, json_t *runs)
{
    json_t *all = json_array(), *differs = json_object(), *first = NULL, *v;
    const char *key;
    for (int i = 0; i < s->results; i++) {
        json_t *own = s->result[i].summary ? identity_of(&s->result[i]) : json_null();
        if (json_is_object(own) && !first)
            first = own;
        else if (json_is_object(own))
            mark_differing(first, own, differs);
        json_array_append_new(all, own);
    }
    for (int i = 0; i < s->results; i++) {
        json_t *own = json_array_get(all, (size_t)i), *o = json_object();
        json_object_foreach(differs, key, v)
        {
            json_t *value = json_object_get(own, key);
            if (value)
                json_object_set(o, key, value);
            else
                json_object_set_new(o, key,
                                    is_own_option(key) || has_component(own, key)
                                        ? json_null()
                                        : json_false());
        }
        json_object_set_new(json_array_get(runs, (size_t)i), "differs", o);
    }
    json_decref(all);
    json_decref(differs);
}
