/* report_matters.c - the table of a report that says which axes a metric depends on. */
#include "core/store/summary.h"
#include "core/sweep/report_parts.h"
#include "core/sweep/points.h"
#include "core/sweep/stat.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_GROUPS = 12 }; /* of labels; more numbers are cut by their size */

typedef struct gatherer {
    gedi__study *s;
    int labels;   /* of the axis */
    bool drawn;   /* a search draws its values: */
    bool listed;  /* of a list */
    int *draw;    /* [results] */
    int *cell;    /* [results]: -1: takes no part */
    int *label;   /* [results]: which of them the run has; `labels`: none */
    double *size; /* [results]: the label as a number, NAN where it is none */
    double *
        x; /* [results]: of the finished runs that have the number, or of draws their means */
    int *run; /* which results these are, of draws the first */
    int *group;
    double *own; /* their sizes */
} gatherer;

/* What each run is called for the axis. Of an experiment that has several runs with a value for it one takes part. */
static gedi_status take_axis(gatherer *g, const char *axis)
{
    const char **all, *label;
    g->drawn = gedi__study_draws(g->s, axis);
    g->listed = false;
    for (int i = 0; i < g->s->documents; i++)
        g->listed |= gedi__points_lists(g->s->document[i], axis);
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
        g->cell[i] = place < 0 ? -1 : 0;
    }
    (void)gedi__study_once(g->s, g->cell);
    return GEDI_OK;
}

static bool has_number(const gedi__result *r, const char *path, double *x)
{
    return r->state == GEDI__FINISHED && gedi__summary_value(r->summary, path, x) &&
           isfinite(*x);
}

/* The finished runs with that number, and with a value for the axis that was taken: to have none is no value. */
static int numbers_of(gatherer *g, const char *path)
{
    int n = 0;
    for (int i = 0; i < g->s->results; i++)
        if (g->cell[i] >= 0 && has_number(&g->s->result[i], path, &g->x[n]))
            g->run[n++] = i;
    return n;
}

/* Tells apart the draws of searches: a run has the number of the first one of its draw. */
static void find_draws(gatherer *g)
{
    const gedi__result *all = g->s->result;
    for (int i = 0; i < g->s->results; i++) {
        const json_t *own = json_object_get(all[i].labels, GEDI__DRAW);
        g->draw[i] = i;
        for (int k = i - 1; k >= 0 && own && g->draw[i] == i; k--)
            if (all[k].document == all[i].document &&
                json_equal(own, json_object_get(all[k].labels, GEDI__DRAW)))
                g->draw[i] = g->draw[k];
    }
}

/* Draws, each by the mean over its runs, as the search itself compares them: runs of one draw share all that is drawn,
 * and would be told apart from others by any of it. One with a run that has no number has none. */
static int means_of(gatherer *g, const char *path)
{
    double *sum = g->own, x;
    int *runs = g->group, n = 0;
    for (int i = 0; i < g->s->results; i++)
        sum[i] = runs[i] = 0;
    for (int i = 0; i < g->s->results; i++)
        if (g->cell[i] >= 0) {
            sum[g->draw[i]] += has_number(&g->s->result[i], path, &x) ? x : NAN;
            runs[g->draw[i]]++;
        }
    for (int i = 0; i < g->s->results; i++)
        if (runs[i] && !isnan(sum[i])) {
            g->x[n] = sum[i] / runs[i];
            g->run[n++] = i;
        }
    return n;
}

/* Of the axis that was taken; NAN where it cannot be judged, as where each run has a value of its own. */
static gedi_status share_of(gatherer *g, int n, double *share)
{
    const bool many = g->labels > MOST_GROUPS;
    bool numbers = g->drawn ? !g->listed
                            : many || 2 * g->labels > n; /* hardly a run beside another */
    *share = NAN;
    for (int k = 0; k < n; k++) {
        g->own[k] = g->size[g->run[k]];
        g->group[k] = g->label[g->run[k]];
        numbers = numbers && !isnan(g->own[k]);
    }
    if (many && !numbers && !g->drawn)
        return GEDI_OK;
    return gedi__numbers_matter(g->x, n, numbers ? g->own : NULL, g->labels, g->group,
                                share)
               ? GEDI_OK
               : GEDI_NOMEM;
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
        int n = g->drawn ? means_of(g, q[c].path) : numbers_of(g, q[c].path);
        double share;
        if (share_of(g, n, &share)) {
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

/* What the table is of. */
static void add_caption(gatherer *g, gedi__text *out)
{
    const gedi__study *s = g->s;
    int finished = 0, left = 0;
    for (int i = 0; i < s->results; i++)
        g->cell[i] = 0;
    (void)gedi__study_once(s, g->cell);
    for (int i = 0; i < s->results; i++) {
        finished += s->result[i].state == GEDI__FINISHED && g->cell[i] >= 0;
        left += s->result[i].state == GEDI__MISSING && s->result[i].left;
    }
    gedi__text_add(out,
                   "the part of the variance over %d finished runs that the values of an "
                   "axis explain by themselves, beyond chance (epsilon squared)",
                   finished);
    if (left)
        gedi__text_add(out, "; not of the %d that the search left before their end",
                       left);
}

static gedi_status add_legend(gedi__study *s, const char *const *axes, gedi__text *out)
{
    bool drawn = false;
    for (int a = 0; axes[a]; a++)
        drawn |= gedi__study_draws(s, axes[a]);
    gedi__text_add(
        out,
        "numbers, where they are more than 12 or have fewer than two runs each, are taken "
        "as four groups of equal size; an axis is judged by the runs that have a value for it");
    if (drawn)
        gedi__text_add(
            out,
            "\nwhat a search draws is judged by its draws, each by the mean over its runs at "
            "the end of training; numbers that it draws are always taken as four groups");
    return add_together(s, axes, out);
}

static json_t *table_of(const gedi__text *caption, const gedi__text *legend,
                        json_t *heads, json_t *rows)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:o, s:O, s:O}", "name", "what matters",
                     "rows_are", "axis", "columns_are", "", "caption", caption->s,
                     "legend", gedi__report_lines(legend->s), "columns", heads, "rows",
                     rows);
}

gedi_status gedi__report_matters(gedi__study *s, const char *const *axes,
                                 const gedi__quantity *q, int columns, json_t *out,
                                 gedi_err *err)
{
    size_t n = (size_t)s->results + 1;
    int *room = malloc(5 * n * sizeof *room);
    double *numbers = malloc(3 * n * sizeof *numbers);
    gedi__text caption = {0}, legend = {0};
    json_t *rows = json_array(), *heads = json_array();
    gedi_status status = room && numbers ? GEDI_OK : GEDI_NOMEM;
    if (!status) {
        gatherer g = {.s = s,
                      .draw = room,
                      .cell = room + n,
                      .label = room + 2 * n,
                      .run = room + 3 * n,
                      .group = room + 4 * n,
                      .size = numbers,
                      .x = numbers + n,
                      .own = numbers + 2 * n};
        add_caption(&g, &caption);
        find_draws(&g);
        for (int a = 0; axes[a] && !status; a++)
            if (strcmp(axes[a], GEDI__DRAW))
                status = add_row(&g, axes[a], q, columns, rows);
    }
    for (int c = 0; c < columns; c++)
        json_array_append_new(heads, column_of(&q[c]));
    if (!status)
        status = add_legend(s, axes, &legend);
    if (!status && (caption.failed || legend.failed))
        status = GEDI_NOMEM;
    if (!status && json_array_size(rows) > 1)
        json_array_append_new(out, table_of(&caption, &legend, heads, rows));
    gedi__text_clear(&caption);
    gedi__text_clear(&legend);
    json_decref(rows);
    json_decref(heads);
    free(room);
    free(numbers);
    return status ? gedi_no_memory(err, "what matters") : GEDI_OK;
}
