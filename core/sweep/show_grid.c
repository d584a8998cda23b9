/* show_grid.c - figures of a sweep's runs beside each other. */
#include "core/sweep/show_grid.h"
#include "core/base/file.h"
#include "core/report/words.h"
#include "core/store/folder.h"
#include "core/store/summary.h"
#include "core/sweep/show_labels.h"
#include "core/sweep/table_format.h"
#include "core/sweep/table_parts.h"

#include <inttypes.h>
#include <string.h>

static gedi_status no_memory(const gedi__show *w, gedi_err *err)
{
    return gedi_no_memory(err, "%s", w->name);
}

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

/* Of the runs that are shown alone; NULL without memory. */
static const char *difference_of(grid *g)
{
    gedi__text said = {0}, remarks = {0};
    int *cell_of =
        gedi__arena_alloc(&g->arena, ((size_t)g->s->results + 1) * sizeof *cell_of);
    if (!cell_of)
        return NULL;
    for (int i = 0; i < g->s->results; i++)
        cell_of[i] = -1;
    for (int i = 0; i < g->t->rows * g->t->columns; i++)
        if (g->of[i] >= 0)
            cell_of[g->of[i]] = i;
    said.failed = gedi__table_differs(g->s, g->t, cell_of, true, &said, &remarks) != 0;
    gedi__text_clear(&remarks);
    return keep(g, &said);
}

static gedi_status draw(grid *g, const char *folder, const gedi__style *style, int styles,
                        gedi_err *err)
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
    const char *difference = difference_of(g);
    int notes =
        difference ? gedi__show_notes(t, has_marks(g), difference, &g->arena, note) : -1;
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
    s = s ? no_memory(g->w, err) : GEDI_OK;
    for (int i = 0; i < styles && !s; i++) {
        f.style = &style[i];
        s = gedi__draw_grid(folder, g->w->name, &f, err);
    }
    gedi__text_clear(&about);
    return s;
}

/* Of clusters without a number of them the table is made all the same, for the marks of those by k-means. */
static gedi_status make_table(gedi__study *s, gedi__show *arranged, gedi__table *t,
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

gedi_status gedi__show_grid(gedi__study *s, const gedi__show *w, const char *folder,
                            const gedi__style *style, int n, gedi_err *err)
{
    gedi__table t;
    gedi__show arranged = *w;
    GEDI_TRY(make_table(s, &arranged, &t, err));
    grid g = {.s = s, .w = w, .t = &t};
    gedi_status status = draw(&g, folder, style, n, err);
    gedi__arena_clear(&g.arena);
    gedi__table_clear(&t);
    return status;
}
