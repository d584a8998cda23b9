/* summary_read.c - what a summary says: numbers by their paths, and what is known of them. */
#include "core/store/checksum.h"
#include "core/store/json.h"
#include "core/store/summary.h"
#include "core/store/summary_parts.h"

#include <jansson.h>
#include <string.h>

/* What the names of an interval's ends add to that of the number within. */
#define LOW "_low"
#define HIGH "_high"

static const char *const direction_word[] = {
    [GEDI_MORE] = "more", [GEDI_LESS] = "less", [GEDI_NEITHER] = "neither"};

gedi_status gedi__summary_read(const char *path, json_t **out, gedi_err *err)
{
    return gedi__json_read(path, GEDI__FILE_SUMMARY, out, err);
}

const char *gedi__summary_data(const json_t *summary)
{
    return json_string_value(json_object_get(summary, GEDI__SUMMARY_DATA));
}

bool gedi__summary_other_descriptor(const json_t *summary, const char *descriptor)
{
    char sum[GEDI__CHECKSUM + 1];
    const char *kept =
        json_string_value(json_object_get(summary, GEDI__SUMMARY_DESCRIPTOR_SUM));
    gedi__checksum(descriptor, strlen(descriptor), sum);
    return kept && strcmp(kept, sum) != 0;
}

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

bool gedi__summary_value(const json_t *summary, const char *path, double *out)
{
    const json_t *v = follow(summary, path);
    if (json_is_object(v)) /* a term, with its optimum and weight */
        v = json_object_get(v, GEDI__SUMMARY_VALUE);
    if (!json_is_number(v) && !json_is_boolean(v))
        return false;
    *out = json_is_number(v) ? json_number_value(v) : json_is_true(v);
    return true;
}

bool gedi__summary_lacks(const json_t *summary, const char *path)
{
    gedi__text why = {0};
    gedi__summary_unevaluated(summary, path, &why);
    bool known = why.len > 0 || json_is_null(follow(summary, path));
    gedi__text_clear(&why);
    return known;
}

bool gedi__summary_interval(const json_t *o, const char *path, size_t n, double *low,
                            double *high)
{
    char end[256];
    double within;
    if (n + sizeof HIGH > sizeof end)
        return false;
    memcpy(end, path, n);
    end[n] = 0;
    if (!gedi__summary_value(o, end, &within))
        return false;
    memcpy(end + n, LOW, sizeof LOW);
    if (!gedi__summary_value(o, end, low))
        return false;
    memcpy(end + n, HIGH, sizeof HIGH);
    return gedi__summary_value(o, end, high);
}

bool gedi__summary_is_end(const json_t *summary, const char *path)
{
    static const char *const end[] = {LOW, HIGH};
    double low, high;
    size_t n = strlen(path);
    for (int i = 0; i < 2; i++) {
        size_t m = strlen(end[i]);
        if (n > m && !strcmp(path + n - m, end[i]))
            return gedi__summary_interval(summary, path, n - m, &low, &high);
    }
    return false;
}

/* The path below the evaluators; NULL where it leads to no metric. */
static const char *metric_in(const char *path)
{
    static const char reported[] = GEDI__SUMMARY_EVALUATION ".";
    const size_t n = sizeof reported - 1;
    return strncmp(path, reported, n) ? NULL : path + n;
}

static const char *told_of(const json_t *summary, const char *key, const char *metric)
{
    return json_string_value(follow(json_object_get(summary, key), metric));
}

const char *gedi__summary_definition(const json_t *summary, const char *path)
{
    const char *metric = metric_in(path);
    return metric ? told_of(summary, GEDI__SUMMARY_DEFINITIONS, metric) : NULL;
}

gedi_direction gedi__summary_direction(const json_t *summary, const char *path)
{
    const char *metric = metric_in(path);
    if (!metric)
        return GEDI_NEITHER;
    const char *word = told_of(summary, GEDI__SUMMARY_DIRECTIONS, metric);
    for (int i = 0; word && i < (int)(sizeof direction_word / sizeof *direction_word);
         i++)
        if (!strcmp(word, direction_word[i]))
            return (gedi_direction)i;
    return GEDI_MORE;
}

const char *gedi__direction_word(gedi_direction d)
{
    return direction_word[d];
}

const char *gedi__summary_failure(const json_t *summary, int i)
{
    const char *name;
    json_t *v;
    json_object_foreach(json_object_get(summary, GEDI__SUMMARY_HEALTH), name, v)
    {
        if (json_is_number(json_object_get(v, GEDI__SUMMARY_FAILING_SINCE)) && i-- == 0)
            return json_string_value(json_object_get(v, GEDI__SUMMARY_FAILURE));
    }
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

void gedi__summary_paths(const json_t *summary, gedi__text *out)
{
    add_paths(summary, "", out);
}
