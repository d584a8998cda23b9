/* findings.c - what evaluators report: figures, and values to be drawn as histograms. */
#include "core/evaluate/findings.h"

#include <string.h>

void gedi__findings_clear(gedi__findings *f)
{
    gedi__arena_clear(&f->arena);
    memset(f, 0, sizeof *f);
}

void gedi__findings_figure(gedi__findings *f, const char *name, double value,
                           const char *definition)
{
    gedi__figure new = {
        .evaluator = f->evaluator,
        .name = gedi__arena_text(&f->arena, name),
        .definition = gedi__arena_text(&f->arena, definition ? definition : ""),
        .value = value,
    };
    if (f->figures == GEDI__MAX_FINDINGS)
        f->failed =
            GEDI_FAIL(&f->why, GEDI_USAGE, "more than %d figures", GEDI__MAX_FINDINGS);
    else if (!new.name || !new.definition)
        f->failed = GEDI_FAIL(&f->why, GEDI_NOMEM, "out of memory for figure %s", name);
    else
        f->figure[f->figures++] = new;
}

void gedi__findings_histogram(gedi__findings *f, const char *panel, const char *series,
                              const float *x, int64_t n)
{
    float *copy = gedi__arena_alloc(&f->arena, (size_t)(n + 1) * sizeof *copy);
    gedi__histogram new = {
        .evaluator = f->evaluator,
        .panel = gedi__arena_text(&f->arena, panel),
        .series = gedi__arena_text(&f->arena, series),
        .n = n,
        .x = copy,
    };
    if (f->histograms == GEDI__MAX_HISTOGRAMS) {
        f->failed = GEDI_FAIL(&f->why, GEDI_USAGE, "more than %d histograms",
                              GEDI__MAX_HISTOGRAMS);
    } else if (!copy || !new.panel || !new.series) {
        f->failed =
            GEDI_FAIL(&f->why, GEDI_NOMEM, "out of memory for a histogram of %s", series);
    } else {
        memcpy(copy, x, (size_t)n * sizeof *copy);
        f->histogram[f->histograms++] = new;
    }
}
