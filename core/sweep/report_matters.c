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
    int labels;   /* of the axis */
    int *label;   /* [results]: which of them the run has; `labels`: none */
    double *size; /* [results]: the label as a number, NAN where it is none */
    double *x;    /* [results]: of the finished runs that have the number */
    int *run;     /* which results these are */
    int *group;
    double *own; /* their sizes */
} gatherer;

/* What each run is called for the axis. */
static gedi_status take_axis(gatherer *g, const char *axis)
{
    const char **all, *label;
    GEDI_TRY(gedi__study_labels(g->s, axis, &all));
    for (g->labels = 0; all[g->labels];)
        g->labels++;
    for (int i = 0; i < g->s->results; i++) {
        char *end;
        GEDI_TRY(gedi__study_label(g->s, i, axis, &label));
        int place = gedi__study_place(all, g->labels, label);
        g->label[i] = place < 0 ? g->labels : place;
        g->size[i] = strtod(label, &end);
        if (end == label || *end)
            g->size[i] = NAN;
    }
    return GEDI_OK;
}

/* The finished runs with that number, and with a value for the axis that was taken: to have none is no value. */
static int numbers_of(gatherer *g, const char *path)
{
    int n = 0;
    for (int i = 0; i < g->s->results; i++) {
        const gedi__result *r = &g->s->result[i];
        if (r->state == GEDI__FINISHED && g->label[i] < g->labels &&
            gedi__summary_value(r->summary, path, &g->x[n]) && isfinite(g->x[n]))
            g->run[n++] = i;
    }
    return n;
}

/* Of the axis that was taken; NAN where it cannot be judged, as where each run has a value of its own. */
static gedi_status share_of(gatherer *g, int n, double *share)
{
    const bool many = g->labels > MOST_GROUPS;
    bool numbers = many || 2 * g->labels > n; /* hardly a run beside another */
    *share = NAN;
    for (int k = 0; k < n; k++) {
        g->own[k] = g->size[g->run[k]];
        g->group[k] = g->label[g->run[k]];
        numbers = numbers && !isnan(g->own[k]);
    }
    if (many && !numbers)
        return GEDI_OK;
    if (numbers && !gedi__numbers_cut(g->own, n, PARTS, g->group))
        return GEDI_NOMEM;
    *share = gedi__numbers_explained(g->x, g->group, n, numbers ? PARTS : g->labels);
    return GEDI_OK;
}

static json_t *cell_of(double share)
{
    char text[16] = "";
    if (!isnan(share))
        snprintf(text, sizeof text, "%.0f %%", 100 * share);
    return gedi__report_cell(json_string(text), json_string(""), share, false);
}

static gedi_status add_row(gatherer *g, const char *axis, const gedi__quantity *q,
                           int columns, json_t *rows)
{
    GEDI_TRY(take_axis(g, axis));
    json_t *cells = json_array();
    bool any = false;
    for (int c = 0; c < columns; c++) {
        int n = numbers_of(g, q[c].path);
        double share = NAN;
        if (n >= LEAST_RUNS && share_of(g, n, &share)) {
            json_decref(cells);
            return GEDI_NOMEM;
        }
        any |= !isnan(share);
        json_array_append_new(cells, cell_of(share));
    }
    if (any)
        json_array_append_new(
            rows, gedi__report_row(gedi__report_word(axis), json_string(""), cells));
    else
        json_decref(cells);
    return GEDI_OK;
}

/* Do the labels of two axes say the same, as those of zipped ones do? */
static gedi_status go_together(gedi__study *s, const char *a, const char *b, bool *yes)
{
    const char **a_label, **b_label, *a_own, *b_own;
    GEDI_TRY(gedi__study_labels(s, a, &a_label));
    GEDI_TRY(gedi__study_labels(s, b, &b_label));
    int n = 0, m = 0;
    while (a_label[n])
        n++;
    while (b_label[m])
        m++;
    int *of = malloc(((size_t)n + 1) * sizeof *of);
    gedi_status status = of ? GEDI_OK : GEDI_NOMEM;
    for (int k = 0; of && k < n; k++)
        of[k] = -1;
    *yes = n == m && n > 1;
    for (int i = 0; i < s->results && *yes && !status; i++) {
        if (gedi__study_label(s, i, a, &a_own) || gedi__study_label(s, i, b, &b_own)) {
            status = GEDI_NOMEM;
            break;
        }
        int x = gedi__study_place(a_label, n, a_own),
            y = gedi__study_place(b_label, m, b_own);
        if (x < 0 || y < 0)
            continue;
        for (int k = 0; k < n; k++)
            *yes &= of[k] != y || k == x;
        *yes &= of[x] < 0 || of[x] == y;
        of[x] = y;
    }
    free(of);
    return status;
}

/* "AXIS and OTHER go together: what one explains may be the other's" */
static gedi_status add_together(gedi__study *s, const char *const *axes, gedi__text *out)
{
    for (int a = 0; axes[a]; a++)
        for (int b = a + 1; axes[b]; b++) {
            bool yes;
            if (gedi__study_draws(s, axes[a]) || gedi__study_draws(s, axes[b]))
                continue;
            GEDI_TRY(go_together(s, axes[a], axes[b], &yes));
            if (yes)
                gedi__text_add(out,
                               "\n%s and %s go together: what one explains may be the "
                               "other's doing",
                               axes[a], axes[b]);
        }
    return out->failed ? GEDI_NOMEM : GEDI_OK;
}

static json_t *column_of(const gedi__quantity *q)
{
    return gedi__report_column(gedi__report_word(q->title), gedi__report_word(q->path),
                               gedi__direction_word(GEDI_NEITHER));
}

gedi_status gedi__report_matters(gedi__study *s, const char *const *axes,
                                 const gedi__quantity *q, int columns, json_t *out,
                                 gedi_err *err)
{
    size_t n = (size_t)s->results + 1;
    gatherer g = {.s = s,
                  .label = malloc(n * sizeof *g.label),
                  .size = malloc(n * sizeof *g.size),
                  .x = malloc(n * sizeof *g.x),
                  .run = malloc(n * sizeof *g.run),
                  .group = malloc(n * sizeof *g.group),
                  .own = malloc(n * sizeof *g.own)};
    bool have = g.label && g.size && g.x && g.run && g.group && g.own;
    json_t *rows = json_array(), *heads = json_array();
    char caption[256];
    char without[80] = "";
    gedi__text legend = {0};
    int finished = 0, left = 0;
    for (int i = 0; i < s->results; i++) {
        finished += s->result[i].state == GEDI__FINISHED;
        left += s->result[i].state == GEDI__MISSING && s->result[i].left;
    }
    if (left)
        snprintf(without, sizeof without,
                 "; not of the %d that the search left before their end", left);
    snprintf(
        caption, sizeof caption,
        "the part of the variance over %d finished runs that the values of an axis explain "
        "by themselves, beyond chance (epsilon squared)%s",
        finished, without);
    gedi_status status = have ? GEDI_OK : GEDI_NOMEM;
    for (int a = 0; axes[a] && !status; a++)
        if (strcmp(axes[a], GEDI__DRAW))
            status = add_row(&g, axes[a], q, columns, rows);
    for (int c = 0; c < columns; c++)
        json_array_append_new(heads, column_of(&q[c]));
    gedi__text_add(
        &legend,
        "numbers, where they are more than 12 or have fewer than two runs each, are taken "
        "as four groups of equal size; an axis is judged by the runs that have a value for it");
    if (!status)
        status = add_together(s, axes, &legend);
    if (!status && json_array_size(rows) > 1)
        json_array_append_new(out, json_pack("{s:s, s:s, s:s, s:s, s:o, s:O, s:O}",
                                             "name", "what matters", "rows_are", "axis",
                                             "columns_are", "", "caption", caption,
                                             "legend", gedi__report_lines(legend.s),
                                             "columns", heads, "rows", rows));
    gedi__text_clear(&legend);
    json_decref(rows);
    json_decref(heads);
    free(g.label);
    free(g.size);
    free(g.x);
    free(g.run);
    free(g.group);
    free(g.own);
    return status ? gedi_no_memory(err, "what matters") : GEDI_OK;
}
