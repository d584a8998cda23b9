/* kept.c - identity and artefacts of a run, as its summary keeps them. */
#include "core/store/identity.h"
#include "core/store/summary_parts.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

/* Keys of the summary; those that others read as well are in summary_parts.h. */
#define IDENTITY "identity"

/* What follows `word` in one of the first n letters' parts, "PATH: VALUE; PATH: VALUE". */
static bool part_of(const char *line, size_t n, const char *word, char *out, size_t size)
{
    const size_t skip = strlen(word);
    for (const char *l = line, *end = line + n; l < end; l += strspn(l, "; ")) {
        size_t m = strcspn(l, ";\n");
        if (m > skip && !strncmp(l, word, skip)) {
            snprintf(out, size, "%.*s", (int)(m - skip), l + skip);
            return true;
        }
        l += m;
        if (*l == '\n')
            break;
    }
    return false;
}

/* Options come before or behind the plugin, in the order of strcmp. */
void gedi__artefact_evaluator(const char *line, size_t n, char *out, size_t size)
{
    *out = 0;
    if (!part_of(line, n, "evaluate.name: ", out, size))
        (void)part_of(line, n, "evaluate: ", out, size);
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

/* "losses" of "figure: losses; format: pdf", the evaluator of another line. */
static void name_of(const char *line, size_t n, char *out, size_t size)
{
    if (!part_of(line, n, "figure: ", out, size))
        gedi__artefact_evaluator(line, n, out, size);
}

/* Is the artefact of that line named among `lines`, with whatever options? */
static bool is_named(const char *line, const char *lines)
{
    char name[128], own[128];
    name_of(line, strlen(line), name, sizeof name);
    for (const char *l = lines; *l; l += strcspn(l, "\n") + 1) {
        name_of(l, strcspn(l, "\n"), own, sizeof own);
        if (is_figure(l) == is_figure(line) && !strcmp(own, name))
            return true;
    }
    return false;
}

void gedi__artefacts_keep(json_t *o, const char *artefacts, bool drawn,
                          const char *failed)
{
    json_t *made = list_of(artefacts), *old = json_object_get(o, GEDI__SUMMARY_MADE), *v;
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
    json_object_set_new(o, GEDI__SUMMARY_MADE, made);
    gedi__artefacts_fail(o, failed);
}

void gedi__artefacts_fail(json_t *o, const char *failed)
{
    json_object_del(o, GEDI__SUMMARY_FAILED);
    if (failed && *failed)
        json_object_set_new(o, GEDI__SUMMARY_FAILED, list_of(failed));
}

void gedi__identity_kept(const json_t *summary, gedi__text *out)
{
    json_t *v;
    size_t i;
    json_array_foreach(json_object_get(summary, IDENTITY), i, v) if (json_is_string(v))
        gedi__text_add(out, "%s\n", json_string_value(v));
}

static bool list_has(const json_t *summary, const char *key, const char *line, size_t n)
{
    json_t *v;
    size_t i;
    json_array_foreach(json_object_get(summary, key), i,
                       v) if (json_is_string(v) && json_string_length(v) == n &&
                              !strncmp(json_string_value(v), line, n)) return true;
    return false;
}

/* Numbers of an evaluator that failed are those of `gedi evaluate`. */
static bool came_later(const json_t *summary, const char *line, size_t n)
{
    char name[128];
    gedi__artefact_evaluator(line, n, name, sizeof name);
    return *name && list_has(summary, GEDI__SUMMARY_FAILED, line, n) &&
           json_object_get(json_object_get(summary, GEDI__SUMMARY_EVALUATION), name);
}

bool gedi__artefacts_have(const json_t *summary, const char *line, size_t n)
{
    return list_has(summary, GEDI__SUMMARY_MADE, line, n) || came_later(summary, line, n);
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
