/* findings.c - what evaluators report: metrics, and values to be drawn as histograms. */
#include "core/evaluate/findings.h"
#include "core/base/text.h"

#include <stdio.h>
#include <string.h>

void gedi__findings_clear(gedi__findings *f)
{
    gedi__arena_clear(&f->arena);
    memset(f, 0, sizeof *f);
}

/* `*` in a pattern stands for any text. */
static bool matches(const char *pattern, const char *name)
{
    if (*pattern == '*')
        return matches(pattern + 1, name) || (*name && matches(pattern, name + 1));
    return *pattern == *name && (!*name || matches(pattern + 1, name + 1));
}

const gedi_metric *gedi__metric_find(const gedi_metric *metrics, const char *name)
{
    for (const gedi_metric *m = metrics; m->name; m++)
        if (matches(m->name, name))
            return m;
    return NULL;
}

void gedi__findings_omit(gedi__findings *f, const char *name, const char *why)
{
    if (f->chosen && matches(name, f->chosen))
        snprintf(f->omitted, sizeof f->omitted, "%s", why);
}

/* In what is written of a run, and in messages. */
static bool is_named(gedi__findings *f, const char *what, const char *name)
{
    char text[81];
    if (!name) {
        f->failed = GEDI_FAIL(&f->why, GEDI_PLUGIN, "a %s has no name, but NULL", what);
        return false;
    }
    if (gedi__text_is_line(name))
        return true;
    snprintf(text, sizeof text, "%s", name);
    gedi__text_tell(text);
    f->failed = GEDI_FAIL(&f->why, GEDI_PLUGIN,
                          "its %s '%s' has a name that is no line of text: UTF-8 without "
                          "control characters",
                          what, text);
    return false;
}

/* How a value is made is written beside it. */
static bool is_told(gedi__findings *f, const char *name, const char *how)
{
    if (!how || !*how || gedi__text_is_line(how))
        return true;
    f->failed = GEDI_FAIL(&f->why, GEDI_PLUGIN,
                          "how '%.64s' is made is no line of text, '%.200s': UTF-8 "
                          "without control characters",
                          name, how);
    return false;
}

static bool is_reported(const gedi__findings *f, const char *name)
{
    for (int i = f->first; i < f->values; i++)
        if (!strcmp(f->value[i].name, name))
            return true;
    return false;
}

void gedi__findings_value(gedi__findings *f, const char *name, double value,
                          const char *how)
{
    if (f->failed || !is_named(f, "metric", name) || !is_told(f, name, how))
        return;
    const gedi_metric *m = gedi__metric_find(f->metrics, name);
    gedi__finding new = {
        .evaluator = f->evaluator,
        .name = gedi__arena_text(&f->arena, name),
        .value = value,
    };
    if (m) {
        char *text = gedi__arena_text(&f->arena, how && *how ? how : m->definition);
        if (text)
            gedi__text_tell(text);
        new.definition = text;
        new.direction = m->direction;
    }
    if (f->values == GEDI__MAX_FINDINGS)
        f->failed =
            GEDI_FAIL(&f->why, GEDI_USAGE, "more than %d values", GEDI__MAX_FINDINGS);
    else if (!m)
        f->failed =
            GEDI_FAIL(&f->why, GEDI_PLUGIN,
                      "it reports '%.64s', which is not in its table of metrics", name);
    else if (is_reported(f, name))
        f->failed = GEDI_FAIL(&f->why, GEDI_PLUGIN, "it reports '%.64s' twice", name);
    else if (!new.name || !new.definition)
        f->failed = gedi_no_memory(&f->why, "metric %s", name);
    else
        f->value[f->values++] = new;
}

void gedi__findings_histogram(gedi__findings *f, const char *panel, const char *series,
                              const float *x, int64_t n)
{
    if (f->failed || !is_named(f, "panel", panel) || !is_named(f, "series", series))
        return;
    if (n < 0 || (n && !x)) {
        f->failed =
            GEDI_FAIL(&f->why, GEDI_PLUGIN, "a histogram of %.64s has no values, but %s",
                      series, n < 0 ? "fewer than 0" : "NULL");
        return;
    }
    float *copy = gedi__arena_alloc(&f->arena, (size_t)(n + 1) * sizeof *copy);
    gedi__histogram new = {
        .evaluator = f->evaluator,
        .plugin = f->plugin,
        .panel = gedi__arena_text(&f->arena, panel),
        .series = gedi__arena_text(&f->arena, series),
        .n = n,
        .x = copy,
    };
    if (f->histograms == GEDI__MAX_HISTOGRAMS) {
        f->failed = GEDI_FAIL(&f->why, GEDI_USAGE, "more than %d histograms",
                              GEDI__MAX_HISTOGRAMS);
    } else if (!copy || !new.panel || !new.series) {
        f->failed = gedi_no_memory(&f->why, "a histogram of %s", series);
    } else {
        memcpy(copy, x, (size_t)n * sizeof *copy);
        f->histogram[f->histograms++] = new;
    }
}
