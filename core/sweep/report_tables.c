/* report_tables.c - the tables of a report: text, marks and numbers of every cell. */
#include "core/store/summary.h"
#include "core/sweep/report_parts.h"
#include "core/sweep/table.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_COLUMNS = 8 }; /* of a table that no sweep has named */

/* Takes the text over. */
static json_t *word_of(gedi__text *t)
{
    json_t *o = t->failed ? NULL : gedi__report_word(t->s ? t->s : "");
    gedi__text_clear(t);
    return o;
}

static json_t *marks_of(const gedi__table *t, int r, int c)
{
    gedi__text marks = {0};
    gedi__table_marks(t, r, c, &marks);
    return word_of(&marks);
}

static json_t *cell_of(const gedi__table *t, int r, int c)
{
    const gedi__table_cell *cell = &t->cell[r * t->columns + c];
    gedi__text text = {0};
    gedi__table_cell_text(t, r, c, &text);
    return gedi__report_cell(word_of(&text), marks_of(t, r, c),
                             cell->n ? gedi__table_shown(t, cell) : NAN, cell->best);
}

static json_t *row_of(const gedi__table *t, int r)
{
    json_t *cells = json_array();
    for (int c = 0; c < t->columns; c++)
        json_array_append_new(cells, cell_of(t, r, c));
    return gedi__report_row(gedi__report_word(t->row[r]), marks_of(t, r, -1), cells);
}

static json_t *column_of(const gedi__table *t, int c)
{
    return gedi__report_column(gedi__report_word(t->column[c]),
                               gedi__report_word(t->in[c].path),
                               gedi__direction_word(t->in[c].direction));
}

static json_t *table_of(const gedi__table *t)
{
    gedi__text caption = {0}, legend = {0};
    json_t *o = json_object(), *columns = json_array(), *rows = json_array();
    gedi__table_caption(t, &caption);
    gedi__table_legend(t, &legend);
    if (t->twins)
        gedi__text_add(&legend,
                       "\n%d of the runs are the same experiment as another in their "
                       "cell: each counts once",
                       t->twins);
    json_object_set_new(o, "name", gedi__report_word(t->show->name));
    json_object_set_new(o, "rows_are", gedi__report_word(t->show->rows));
    json_object_set_new(o, "columns_are", gedi__report_word(t->show->columns));
    json_object_set_new(o, "caption", word_of(&caption));
    json_object_set_new(
        o, "legend", legend.failed ? NULL : gedi__report_lines(legend.s ? legend.s : ""));
    gedi__text_clear(&legend);
    for (int c = 0; c < t->columns; c++)
        json_array_append_new(columns, column_of(t, c));
    for (int r = 0; r < t->rows; r++)
        json_array_append_new(rows, row_of(t, r));
    json_object_set_new(o, "columns", columns);
    json_object_set_new(o, "rows", rows);
    return o;
}

/* A table that cannot be made, as before any run is finished, says why. */
static gedi_status add_table(gedi__study *s, const gedi__show *w, json_t *out,
                             gedi_err *err)
{
    gedi__table t;
    gedi_err why = {0};
    gedi_status status = gedi__table_make(s, w, &t, &why);
    if (status == GEDI_NOMEM)
        return gedi_no_memory(err, "table %s", w->name);
    if (status) {
        json_t *o = json_object();
        json_object_set_new(o, "name", gedi__report_word(w->name));
        json_object_set_new(o, "error", gedi__report_word(why.msg));
        json_array_append_new(out, o);
        return GEDI_OK;
    }
    json_array_append_new(out, table_of(&t));
    gedi__table_clear(&t);
    return GEDI_OK;
}

/* The metrics of a run that can be better or worse: those that are asked for first. */
static int metrics_of(const json_t *summary, char **lines, gedi__quantity *q)
{
    gedi__text paths = {0};
    int n = 0;
    gedi__summary_paths(summary, &paths);
    *lines = paths.s;
    for (char *l = paths.failed ? NULL : paths.s; l && *l && n < MOST_COLUMNS;) {
        char *end = l + strcspn(l, "\n"), *next = end + (*end != 0);
        *end = 0;
        const char *name = strchr(l, '.');
        if (!strncmp(l, "evaluation.", 11) && !gedi__summary_is_end(summary, l) &&
            gedi__summary_direction(summary, l) != GEDI_NEITHER)
            q[n++] = (gedi__quantity){name + 1, l};
        l = next;
    }
    return n;
}

/* An axis whose values differ, which is not the seed; NULL without one. */
static gedi_status first_axis(gedi__study *s, const char *const *axes, const char **out)
{
    const char **label;
    *out = NULL;
    for (int i = 0; axes[i] && !*out; i++) {
        GEDI_TRY(gedi__study_labels(s, axes[i], &label));
        if (strcmp(axes[i], "seed") && label[0] && label[1])
            *out = axes[i];
    }
    return GEDI_OK;
}

/* One that no sweep has named, of the metrics that there are. */
static gedi_status add_own(gedi__study *s, const char *const *axes, gedi__quantity *q,
                           int n, json_t *out, gedi_err *err)
{
    const char *rows;
    if (first_axis(s, axes, &rows))
        return gedi_no_memory(err, "tables");
    gedi__show w = {.kind = GEDI__TABLE,
                    .name = "metrics",
                    .rows = rows ? rows : "objective",
                    .columns = "",
                    .value = "",
                    .quantities = n,
                    .quantity = q,
                    .figure = "",
                    .threshold = GEDI__THRESHOLD};
    return n ? add_table(s, &w, out, err) : GEDI_OK;
}

gedi_status gedi__report_tables(gedi__study *s, const char *const *axes, json_t *out,
                                gedi_err *err)
{
    gedi__quantity q[MOST_COLUMNS];
    char *lines = NULL;
    gedi_status status = GEDI_OK;
    int tables = 0, first = 0;
    for (int i = 0; i < s->shows && !status; i++) {
        bool again = false; /* another directory of the same sweep */
        for (int k = 0; k < i; k++)
            again |= !strcmp(s->show[k].name, s->show[i].name);
        if (again || s->show[i].kind != GEDI__TABLE)
            continue;
        tables++;
        status = add_table(s, &s->show[i], out, err);
    }
    while (first < s->results && s->result[first].state != GEDI__FINISHED)
        first++;
    int n = first < s->results ? metrics_of(s->result[first].summary, &lines, q) : 0;
    if (!status && !tables)
        status = add_own(s, axes, q, n, out, err);
    if (!status)
        status = gedi__report_matters(s, axes, q, n, out, err);
    free(lines);
    return status;
}
