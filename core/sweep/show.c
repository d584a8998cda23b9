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
#include "core/sweep/show_losses.h"
#include "core/sweep/table_format.h"

#include <inttypes.h>
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

/* The lines below a figure -> how many; -1 without memory. Failures are marked in heat maps alone. */
static int keep_notes(const gedi__table *t, bool marks, gedi__arena *arena,
                      const char *note[GEDI__MAX_LINES])
{
    int n = 0;
    for (int k = 0; k < GEDI__MAX_MARKS + t->notes; k++) {
        gedi__text line = {0};
        if (k >= GEDI__MAX_MARKS) {
            gedi__table_note(t, k - GEDI__MAX_MARKS, &line);
        } else if (marks && t->mark[k]) {
            gedi__text_add(&line, "%s ", gedi__signs_plain.mark[k]);
            gedi__table_mark(t, k, &line);
        } else {
            continue;
        }
        note[n] = line.failed ? NULL : gedi__arena_text(arena, line.s ? line.s : "");
        gedi__text_clear(&line);
        if (!note[n++])
            return -1;
    }
    if (*t->difference)
        note[n++] = t->difference;
    return n;
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
    int notes = keep_notes(t, true, &t->arena, note);
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

/* ---- grids ---- */

typedef struct grid {
    gedi__study *s;
    const gedi__show *w;
    const gedi__table *t; /* its rows and columns; the numbers are not used */
    gedi__panel *panel;
    int *of; /* [panels]: the first result there, -1 for none */
    gedi__arena arena;
} grid;

/* The first run of every cell is the one that is shown. */
static gedi_status choose(grid *g)
{
    const gedi__table *t = g->t;
    for (int i = 0; i < t->rows * t->columns; i++)
        g->of[i] = -1;
    for (int i = 0; i < g->s->results; i++) {
        int cell;
        GEDI_TRY(gedi__table_cell_of(g->s, t, i, &cell));
        if (cell >= 0 && g->of[cell] < 0)
            g->of[cell] = i;
    }
    return GEDI_OK;
}

static const char *keep(grid *g, gedi__text *t)
{
    const char *s = t->failed ? NULL : gedi__arena_text(&g->arena, t->s ? t->s : "");
    gedi__text_clear(t);
    return s;
}

/* Of an axis that is neither rows nor columns: have all panels the same value? NULL where
 * it is no such axis, or no panel has a value. */
static gedi_status value_of_all(grid *g, const char *axis, bool *same, const char **out)
{
    const char *label;
    *same = true;
    *out = NULL;
    if (!strcmp(axis, g->w->rows) || !strcmp(axis, g->w->columns))
        return GEDI_OK;
    for (int i = 0; i < g->t->rows * g->t->columns; i++) {
        if (g->of[i] < 0)
            continue;
        GEDI_TRY(gedi__study_label(g->s, g->of[i], axis, &label));
        *same &= !*out || !strcmp(*out, label);
        *out = label;
    }
    return GEDI_OK;
}

/* "seed 0, learning rate = 0.001": the axes whose value all panels share, or, in panel i (-1: of all),
 * those whose value is not the same in all, so that a picture is not taken for another. */
static gedi_status add_axes(grid *g, int i, gedi__text *out)
{
    const char **axes, *label;
    bool same;
    GEDI_TRY(gedi__study_axes(g->s, &axes));
    for (int a = 0; axes[a]; a++) {
        GEDI_TRY(value_of_all(g, axes[a], &same, &label));
        if (!label || same != (i < 0))
            continue;
        if (i >= 0)
            GEDI_TRY(gedi__study_label(g->s, g->of[i], axes[a], &label));
        if (*label) {
            gedi__text_add(out, "%s", out->len ? ", " : "");
            gedi__show_value(axes[a], label, out);
        }
    }
    return out->failed ? GEDI_NOMEM : GEDI_OK;
}

static bool has_notes(const gedi__table *t, int i)
{
    bool any = false;
    for (int k = 0; k < t->notes; k++)
        any |= t->cell[i].notes[k];
    return any;
}

/* Does a mark of a cell say something of the run that its panel shows? */
static bool has_marks(const grid *g)
{
    for (int i = 0; i < g->t->rows * g->t->columns; i++)
        if (g->t->cell[i].runs > 1)
            return false;
    return *g->w->value;
}

static gedi_status fill_panel(grid *g, int i)
{
    const gedi__result *r = g->of[i] < 0 ? NULL : &g->s->result[g->of[i]];
    const char *figures = gedi__store_name(GEDI__FILE_FIGURES);
    gedi__text path = {0}, note = {0};
    double value;
    if (r && r->state == GEDI__FINISHED) {
        gedi__text_add(&path, "%s/%s/%s.png", r->folder, figures, g->w->figure);
        bool drawn = path.s && gedi__file_exists(path.s);
        if (!drawn)
            gedi__text_add(&note, "not drawn");
        else if (*g->w->value && gedi__summary_value(r->summary, g->w->value, &value)) {
            gedi__path_words(g->w->value, &note);
            gedi__text_add(&note, " %.3f", value);
            (has_marks(g) ? gedi__table_marks : gedi__table_signs)(
                g->t, i / g->t->columns, i % g->t->columns, &note);
        } else if (*g->w->value) {
            gedi__text_add(&note, "no value");
        } else if (has_notes(g->t, i)) {
            gedi__text_add(&note, "clusters");
            gedi__table_signs(g->t, i / g->t->columns, i % g->t->columns, &note);
        }
        gedi__text_clear(&path);
        if (drawn)
            gedi__text_add(&path, "../%s/%s/%s/%s", gedi__store_name(GEDI__FILE_RUNS),
                           strrchr(r->folder, '/') + 1, figures, g->w->figure);
    } else if (r && r->state != GEDI__FAILED && r->left) {
        gedi__text_add(&note, "left at %" PRId64, r->left);
    } else if (r) {
        gedi__text_add(&note, r->state == GEDI__FAILED ? "failed" : "missing");
    }
    gedi_status status = r ? add_axes(g, i, &note) : GEDI_OK;
    if (path.s)
        g->panel[i].path = keep(g, &path);
    g->panel[i].note = keep(g, &note);
    return !g->panel[i].note || path.failed ? GEDI_NOMEM : status;
}

static gedi_status draw_grid(grid *g, const char *folder, gedi_err *err)
{
    const gedi__table *t = g->t;
    int n = t->rows * t->columns;
    gedi__text about = {0};
    g->panel = gedi__arena_alloc(&g->arena, (size_t)n * sizeof *g->panel);
    g->of = gedi__arena_alloc(&g->arena, (size_t)n * sizeof *g->of);
    if (!g->panel || !g->of || choose(g))
        return no_memory(g->w, err);
    for (int i = 0; i < n; i++)
        if (fill_panel(g, i))
            return no_memory(g->w, err);
    const char **row = gedi__show_labels(&g->arena, g->w->rows, t->row, t->rows);
    const char **column =
        gedi__show_labels(&g->arena, g->w->columns, t->column, t->columns);
    gedi_status s = row && column ? add_axes(g, -1, &about) : GEDI_NOMEM;
    const char *note[GEDI__MAX_LINES];
    int notes = keep_notes(t, has_marks(g), &g->arena, note);
    if (notes < 0)
        s = GEDI_NOMEM;
    gedi__figure_grid f = {
        .title = g->w->figure,
        .subtitle = about.s,
        .rows = t->rows,
        .columns = t->columns,
        .row = *g->w->rows ? row : NULL,
        .column = *g->w->columns ? column : NULL,
        .panel = g->panel,
        .notes = notes,
        .note = note,
    };
    gedi__style style[2];
    int styles = styles_of(g->w, style);
    s = s ? no_memory(g->w, err) : GEDI_OK;
    for (int i = 0; i < styles && !s; i++) {
        f.style = &style[i];
        s = gedi__draw_grid(folder, g->w->name, &f, err);
    }
    gedi__text_clear(&about);
    return s;
}

/* Of clusters without a number of them the table is made all the same, for the marks of those by k-means. */
static gedi_status make_grid_table(gedi__study *s, gedi__show *arranged, gedi__table *t,
                                   gedi_err *err)
{
    bool clusters =
        !strcmp(arranged->figure, "confusion") || !strcmp(arranged->figure, "clusters");
    if (*arranged->value)
        return gedi__table_make(s, arranged, t, err);
    arranged->value = "evaluation.clustering.nmi";
    if (clusters) {
        gedi_status status = gedi__table_make(s, arranged, t, err);
        if (status != GEDI_USAGE)
            return status;
    }
    arranged->value = "";
    arranged->stat = GEDI__COUNT; /* nothing to style for */
    return gedi__table_make(s, arranged, t, err);
}

static gedi_status write_grid(gedi__study *s, const gedi__show *w, const char *folder,
                              gedi_err *err)
{
    gedi__table t;
    gedi__show arranged = *w;
    GEDI_TRY(make_grid_table(s, &arranged, &t, err));
    grid g = {.s = s, .w = w, .t = &t};
    gedi_status status = draw_grid(&g, folder, err);
    gedi__arena_clear(&g.arena);
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
        status = write_grid(s, w, folder, err);
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
