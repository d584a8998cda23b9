/* show.c - the tables and figures that a sweep names, from its runs. */
#include "core/sweep/show.h"
#include "core/base/file.h"
#include "core/store/folder.h"
#include "core/store/summary.h"
#include "core/report/figure.h"
#include "core/report/words.h"
#include "core/sweep/former.h"
#include "core/sweep/show_labels.h"
#include "core/sweep/show_curves.h"
#include "core/sweep/show_grid.h"
#include "core/sweep/show_losses.h"
#include "core/sweep/table_format.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static gedi_status no_memory(const gedi__show *w, gedi_err *err)
{
    return gedi_no_memory(err, "%s", w->name);
}

/* ---- tables ---- */

static gedi_status write_table(gedi__study *s, const gedi__show *w, const char *directory,
                               gedi_err *err)
{
    static const char *const suffix[] = {"md", "csv", "tex"};
    gedi__table t;
    GEDI_TRY(gedi__table_make(s, w, &t, err));
    gedi_status status = GEDI_OK;
    for (int f = 0; f < 3 && !status; f++) {
        gedi__text path = {0}, text = {0};
        gedi__text_add(&path, "%s/%s.%s", directory, w->name, suffix[f]);
        gedi__table_text(&t, (gedi__table_format)f, &text);
        status = path.failed || text.failed
                     ? no_memory(w, err)
                     : gedi__file_write(path.s, text.s, text.len, err);
        gedi__text_clear(&path);
        gedi__text_clear(&text);
    }
    gedi__table_clear(&t);
    return status;
}

/* ---- heat maps ---- */

/* "0.998", "0.9 (2 of 5)", "failed": there is room for little. */
static void add_word(const gedi__table *t, int i, double value, gedi__text *out)
{
    const gedi__table_cell *c = &t->cell[i];
    if (!c->n) {
        gedi__text_add(out, "%s", gedi__table_word(c));
        return;
    }
    gedi__table_number(t, i % t->columns, value, out);
    gedi__table_marks(t, i / t->columns, i % t->columns, out);
    if (c->n < c->runs)
        gedi__text_add(out, " (%d of %d)", c->n, c->runs);
}

/* The number that colours a cell, and the words in it. */
static gedi_status fill_cells(const gedi__table *t, double *value, char **text)
{
    for (int i = 0; i < t->rows * t->columns; i++) {
        const gedi__table_cell *c = &t->cell[i];
        gedi__text word = {0};
        value[i] = c->n ? gedi__table_shown(t, c) : NAN;
        add_word(t, i, value[i], &word);
        text[i] = word.failed ? NULL : word.s ? word.s : strdup("");
        if (!text[i])
            return GEDI_NOMEM;
    }
    return GEDI_OK;
}

/* How the picture looks: always as a PNG for screens, and for print where that was asked for. */
static int styles_of(const gedi__show *w, gedi__style style[2])
{
    return gedi__chart_styles(
        &(gedi__print){.format = w->format, .title = w->title, .width = w->width}, style);
}

static gedi_status draw_heatmap(gedi__table *t, const char *folder, double *value,
                                char **text, gedi_err *err)
{
    const gedi__show *w = t->show;
    gedi__text about = {0}, words = {0}, x_words = {0}, y_words = {0};
    const char *note[GEDI__MAX_LINES];
    int notes = gedi__show_notes(t, true, t->differs, &t->arena, note);
    if (notes < 0 || fill_cells(t, value, text))
        return no_memory(w, err);
    gedi__table_about(t, &about);
    gedi__path_words(w->value, &words);
    gedi__path_words(w->columns, &x_words);
    gedi__path_words(w->rows, &y_words);
    gedi__figure_heatmap f = {
        .title = words.s,
        .subtitle = about.s,
        .x_name = x_words.s ? x_words.s : "",
        .y_name = y_words.s ? y_words.s : "",
        .nx = t->columns,
        .ny = t->rows,
        .x_label = t->column,
        .y_label = t->row,
        .value = value,
        .text = (const char *const *)text,
        .low = w->low,
        .high = w->high,
        .notes = notes,
        .note = note,
    };
    gedi__style style[2];
    int styles = styles_of(w, style);
    gedi_status s = about.failed || words.failed || x_words.failed || y_words.failed
                        ? no_memory(w, err)
                        : GEDI_OK;
    for (int i = 0; i < styles && !s; i++) {
        f.style = &style[i];
        s = gedi__draw_heatmap(folder, w->name, &f, err);
    }
    gedi__text_clear(&about);
    gedi__text_clear(&words);
    gedi__text_clear(&x_words);
    gedi__text_clear(&y_words);
    return s;
}

static gedi_status write_heatmap(gedi__study *s, const gedi__show *w, const char *folder,
                                 gedi_err *err)
{
    gedi__table t;
    GEDI_TRY(gedi__table_make(s, w, &t, err));
    size_t n = (size_t)(t.rows * t.columns);
    double *value = calloc(n, sizeof *value);
    char **text = calloc(n, sizeof *text);
    gedi_status status =
        value && text ? draw_heatmap(&t, folder, value, text, err) : no_memory(w, err);
    for (size_t i = 0; text && i < n; i++)
        free(text[i]);
    free(text);
    free(value);
    gedi__table_clear(&t);
    return status;
}

static gedi_status write_show(gedi__study *s, const gedi__show *w, const char *directory,
                              gedi_err *err)
{
    if (w->kind == GEDI__TABLE)
        return write_table(s, w, directory, err);
    char *folder = gedi__store_path(directory, GEDI__FILE_FIGURES, err);
    if (!folder)
        return GEDI_NOMEM;
    gedi__style style[2];
    int styles = styles_of(w, style);
    gedi_status status;
    if (w->kind == GEDI__HEATMAP)
        status = write_heatmap(s, w, folder, err);
    else if (w->kind != GEDI__GRID)
        status = gedi__show_curves(s, w, folder, style, styles, err);
    else if (gedi__show_is_logged(w->figure))
        status = gedi__show_losses(s, w, folder, style, styles, err);
    else
        status = gedi__show_grid(s, w, folder, style, styles, err);
    free(folder);
    return status;
}

gedi_status gedi__show_write(gedi__study *s, const gedi__show *w, const char *directory,
                             gedi_err *err)
{
    gedi_status status = write_show(s, w, directory, err);
    /* A full disk, or want of memory or of gnuplot, says nothing of what the runs have to show. */
    if (status && status != GEDI_IO && status != GEDI_NOMEM)
        GEDI_TRY(gedi__former_remove(w, directory, err));
    return status;
}
