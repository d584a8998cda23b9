/* report_matters.c - the table of a report that says which axes a metric depends on. */
#include "core/sweep/report_parts.h"
#include "core/store/summary.h"
#include "core/sweep/stat.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MOST_GROUPS = 12, /* of labels; more numbers are cut into PARTS by their size */
    PARTS = 4,
    LEAST_RUNS = 8,
};

typedef struct gatherer {
    gedi__study *s;
    double *x;    /* [results] */
    int *run;     /* [results]: which result it is of */
    int *group;   /* [results] */
    double *size; /* [results]: labels as numbers */
} gatherer;

/* The finished runs with that number. */
static int numbers_of(gatherer *g, const char *path)
{
    int n = 0;
    for (int i = 0; i < g->s->results; i++) {
        const gedi__result *r = &g->s->result[i];
        if (r->state == GEDI__FINISHED &&
            gedi__summary_value(r->summary, path, &g->x[n]) && isfinite(g->x[n]))
            g->run[n++] = i;
    }
    return n;
}

static int place_of(const char *const *all, const char *label)
{
    int i = 0;
    while (all[i] && strcmp(all[i], label))
        i++;
    return i;
}

/* Numbers as many groups of equal size; false where one is none. */
static bool cut(gatherer *g, int n)
{
    for (int k = 0; k < n; k++) {
        int below = 0;
        if (isnan(g->size[k]))
            return false;
        for (int i = 0; i < n; i++)
            below += g->size[i] < g->size[k];
        g->group[k] = below * PARTS / n;
    }
    return true;
}

/* *share is NAN where the axis cannot be judged, as where each run has a value of its own. */
static gedi_status share_of(gatherer *g, const char *axis, int n, double *share)
{
    const char **all, *label;
    int labels = 0;
    *share = NAN;
    GEDI_TRY(gedi__study_labels(g->s, axis, &all));
    while (all[labels])
        labels++;
    for (int k = 0; k < n; k++) {
        char *end;
        GEDI_TRY(gedi__study_label(g->s, g->run[k], axis, &label));
        g->group[k] = place_of(all, label);
        g->size[k] = strtod(label, &end);
        if (end == label || *end)
            g->size[k] = NAN;
    }
    if (labels > MOST_GROUPS && !cut(g, n))
        return GEDI_OK;
    *share = gedi__numbers_explained(g->x, g->group, n,
                                     labels > MOST_GROUPS ? PARTS : labels + 1);
    return GEDI_OK;
}

static json_t *cell_of(double share)
{
    char text[16] = "";
    if (!isnan(share))
        snprintf(text, sizeof text, "%.0f %%", 100 * share);
    return json_pack("{s:s, s:s, s:o, s:b}", "text", text, "marks", "", "value",
                     isnan(share) ? json_null() : json_real(share), "best", 0);
}

static gedi_status add_row(gatherer *g, const char *axis, const gedi__quantity *q,
                           int columns, json_t *rows)
{
    json_t *cells = json_array();
    bool any = false;
    for (int c = 0; c < columns; c++) {
        double share = NAN;
        int n = numbers_of(g, q[c].path);
        if (n >= LEAST_RUNS && share_of(g, axis, n, &share)) {
            json_decref(cells);
            return GEDI_NOMEM;
        }
        any |= !isnan(share);
        json_array_append_new(cells, cell_of(share));
    }
    if (any)
        json_array_append_new(rows, json_pack("{s:o, s:s, s:o}", "label",
                                              gedi__report_word(axis), "marks", "",
                                              "cells", cells));
    else
        json_decref(cells);
    return GEDI_OK;
}

static json_t *column_of(const gedi__quantity *q)
{
    return json_pack("{s:o, s:o, s:s}", "label", gedi__report_word(q->title), "path",
                     gedi__report_word(q->path), "better", "neither");
}

gedi_status gedi__report_matters(gedi__study *s, const char *const *axes,
                                 const gedi__quantity *q, int columns, json_t *out,
                                 gedi_err *err)
{
    size_t n = (size_t)s->results + 1;
    gatherer g = {s, malloc(n * sizeof *g.x), malloc(n * sizeof *g.run),
                  malloc(n * sizeof *g.group), malloc(n * sizeof *g.size)};
    json_t *rows = json_array(), *heads = json_array();
    char caption[200];
    int finished = 0;
    for (int i = 0; i < s->results; i++)
        finished += s->result[i].state == GEDI__FINISHED;
    snprintf(
        caption, sizeof caption,
        "the part of the variance over %d finished runs that the values of an axis explain "
        "by themselves, beyond chance (epsilon squared)",
        finished);
    gedi_status status = g.x && g.run && g.group && g.size ? GEDI_OK : GEDI_NOMEM;
    for (int a = 0; axes[a] && !status; a++)
        if (strcmp(axes[a], GEDI__DRAW))
            status = add_row(&g, axes[a], q, columns, rows);
    for (int c = 0; c < columns; c++)
        json_array_append_new(heads, column_of(&q[c]));
    if (!status && json_array_size(rows) > 1)
        json_array_append_new(
            out,
            json_pack("{s:s, s:s, s:s, s:s, s:[s], s:O, s:O}", "name", "what matters",
                      "rows_are", "axis", "columns_are", "", "caption", caption, "legend",
                      "more than 12 numbers are taken as four groups of equal size",
                      "columns", heads, "rows", rows));
    json_decref(rows);
    json_decref(heads);
    free(g.x);
    free(g.run);
    free(g.group);
    free(g.size);
    return status ? gedi_no_memory(err, "what matters") : GEDI_OK;
}
