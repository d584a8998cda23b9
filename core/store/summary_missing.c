/* summary_missing.c - why a summary lacks numbers of evaluators, or figures. */
#include "core/store/summary.h"
#include "core/store/summary_parts.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FAILED "evaluator "
#define NOT_DONE "not done: "
#define FIGURE "figure: "

static bool begins(const char *s, const char *word)
{
    return !strncmp(s, word, strlen(word));
}

/* The length of the clause at `s`. What an evaluator says may have semicolons itself. */
static size_t clause_length(const char *s)
{
    size_t n = strcspn(s, ";");
    while (s[n] && !begins(s + n, "; " FAILED) && !begins(s + n, "; " NOT_DONE))
        n += 1 + strcspn(s + n + 1, ";");
    return n;
}

/* Is it to be told of the evaluator whose name has n letters? `only` is NULL where all are. Numbers that have
 * come since, such as those of `gedi evaluate`, are there. */
static bool lacks(const json_t *summary, const char *name, size_t n, const char *only)
{
    const json_t *has = json_object_get(summary, GEDI__SUMMARY_EVALUATION);
    bool wanted = !only || (strlen(only) == n && !strncmp(only, name, n));
    return wanted && !json_object_getn(has, name, n);
}

static void add(gedi__text *out, const char *gap, const char *s, size_t n)
{
    gedi__text_add(out, "%s%.*s", out->len ? gap : "", (int)n, s);
}

/* "not done: ood, knn": of the names those that are still missing. */
static void add_not_done(const json_t *summary, const char *s, size_t n, const char *only,
                         gedi__text *out)
{
    const char *end = s + n, *gap = "; " NOT_DONE;
    for (s += strlen(NOT_DONE); s < end; s += strspn(s, ", ")) {
        size_t m = strcspn(s, ",");
        m = s + m > end ? (size_t)(end - s) : m;
        if (lacks(summary, s, m, only)) {
            gedi__text_add(out, "%s%.*s", out->len ? gap : NOT_DONE, (int)m, s);
            gap = ", ";
        }
        s += m;
    }
}

/* "knn" of "evaluation.knn.accuracy"; "" where the path leads to no metric. */
static void name_of(const char *path, char *out, size_t size)
{
    static const char metrics[] = GEDI__SUMMARY_EVALUATION ".";
    const size_t n = sizeof metrics - 1;
    *out = 0;
    if (begins(path, metrics))
        snprintf(out, size, "%.*s", (int)strcspn(path + n, "."), path + n);
}

void gedi__summary_unevaluated(const json_t *summary, const char *path, gedi__text *out)
{
    const char *s =
        json_string_value(json_object_get(summary, GEDI__SUMMARY_UNEVALUATED));
    char only[128] = "";
    if (path)
        name_of(path, only, sizeof only);
    if (path && !*only)
        return;
    const char *of = path ? only : NULL;
    for (size_t n; s && *s; s += n + (s[n] ? 2 : 0)) {
        n = clause_length(s);
        const char *name = s + strlen(FAILED);
        if (begins(s, NOT_DONE))
            add_not_done(summary, s, n, of, out);
        else if (!begins(s, FAILED)) /* of the records: no evaluator could read them */
            add(out, "; ", s, n);
        else if (lacks(summary, name, strcspn(name, ":"), of))
            add(out, "; ", s, n);
    }
}

/* ---- figures ---- */

/* Does the reason name that figure: "figure losses: ..."? */
static bool is_told(const char *why, const char *figure)
{
    char word[128];
    snprintf(word, sizeof word, "figure %s: ", figure);
    return why && strstr(why, word);
}

void gedi__summary_undrawn(const json_t *summary, gedi__text *out)
{
    const char *why = json_string_value(json_object_get(summary, GEDI__SUMMARY_UNDRAWN));
    const char *gap = "not drawn: ";
    const json_t *v;
    size_t i;
    if (why)
        gedi__text_add(out, "%s", why);
    json_array_foreach(json_object_get(summary, GEDI__SUMMARY_FAILED), i, v)
    {
        const char *line = json_string_value(v);
        if (!line || !begins(line, FIGURE) || is_told(why, line + strlen(FIGURE)))
            continue;
        gedi__text_add(out, "%s%s%s", why && *gap == 'n' ? "; " : "", gap,
                       line + strlen(FIGURE));
        gap = ", ";
    }
}

/* Its line among what was made: "samples; every: 500; ..."; NULL where there is none. */
static const char *drawn_as(const json_t *summary, const char *figure)
{
    const json_t *v;
    size_t i, n = strlen(figure);
    json_array_foreach(json_object_get(summary, GEDI__SUMMARY_MADE), i, v)
    {
        const char *line = json_string_value(v);
        const char *name = line && begins(line, FIGURE) ? line + strlen(FIGURE) : "";
        if (!strncmp(name, figure, n) && (!name[n] || name[n] == ';'))
            return name;
    }
    return NULL;
}

bool gedi__summary_drew(const json_t *summary, const char *figure)
{
    return drawn_as(summary, figure) || !json_object_get(summary, GEDI__SUMMARY_MADE);
}

bool gedi__summary_drew_with(const json_t *summary, const char *figure,
                             const char *option)
{
    char word[64];
    const char *line = drawn_as(summary, figure);
    snprintf(word, sizeof word, "; %s: ", option);
    const char *at = line ? strstr(line, word) : NULL;
    return at ? strtod(at + strlen(word), NULL) > 0
              : !json_object_get(summary, GEDI__SUMMARY_MADE);
}
