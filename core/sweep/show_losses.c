/* show_losses.c - the numbers of a sweep's runs side by side, from their logs: loss terms, metrics on the way, schedules. */
#include "core/sweep/show_losses.h"
#include "core/base/memory.h"
#include "core/report/words.h"
#include "core/sweep/logs.h"
#include "core/sweep/show_logged.h"
#include "core/sweep/show_labels.h"
#include "core/sweep/table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROWS = 200, /* of a run, at most: what the width of one plot can show */
    TERMS = GEDI__LOGGED_MOST,
};

typedef struct losses {
    const gedi__logged *figure;
    gedi__study *s;
    const gedi__show *w;
    const gedi__table *t;
    int terms;
    const char *term[TERMS]; /* in the order in which the logs have them */
    gedi__log_curve *curve;  /* its line: cell * TERMS + term */
    int curves, room;
    double *optimum; /* [cells * TERMS], NAN: not known */
    int *logs;       /* [cells], runs that have one */
    gedi__arena arena;
} losses;

static gedi_status no_memory(const losses *l, gedi_err *err)
{
    return gedi_no_memory(err, "%s", l->w->name);
}

/* The term of this name, a new one if there is none; -1 without memory, TERMS without room. */
static int term_of(losses *l, const char *name)
{
    for (int k = 0; k < l->terms; k++)
        if (!strcmp(l->term[k], name))
            return k;
    if (l->terms == TERMS)
        return TERMS;
    if (!(l->term[l->terms] = gedi__arena_text(&l->arena, name)))
        return -1;
    return l->terms++;
}

static gedi__log_curve *new_curve(losses *l)
{
    if (l->curves == l->room) {
        int room = l->room ? 2 * l->room : 64;
        gedi__log_curve *more = realloc(l->curve, (size_t)room * sizeof *more);
        if (!more)
            return NULL;
        l->curve = more;
        l->room = room;
    }
    l->curve[l->curves] = (gedi__log_curve){0};
    return &l->curve[l->curves++];
}

static gedi_status keep_terms(losses *l, const gedi__result *r, gedi__metrics *m,
                              int cell)
{
    gedi__log_series of;
    l->figure->choose(m, &of);
    l->logs[cell]++;
    for (int i = 0; i < of.n; i++) {
        int k = term_of(l, of.name[i]);
        if (k == TERMS)
            continue;
        gedi__log_curve *c = k < 0 ? NULL : new_curve(l);
        if (!c)
            return GEDI_NOMEM;
        c->line = cell * TERMS + k;
        if (of.optimum)
            gedi__log_optimum(&l->optimum[c->line], of.optimum[i]);
        GEDI_TRY(gedi__log_thin(m, of.value[i], ROWS, c));
        gedi__log_ending(r, c);
    }
    return GEDI_OK;
}

static gedi_status read_logs(losses *l, gedi_err *err)
{
    for (int i = 0; i < l->t->rows * l->t->columns * TERMS; i++)
        l->optimum[i] = NAN;
    for (int i = 0; i < l->s->results; i++) {
        gedi__metrics m;
        int cell;
        bool there;
        if (gedi__table_cell_of(l->s, l->t, i, &cell))
            return no_memory(l, err);
        if (cell < 0)
            continue;
        GEDI_TRY(gedi__log_read(&l->s->result[i], &m, &there, err));
        if (!there)
            continue;
        gedi_status s = keep_terms(l, &l->s->result[i], &m, cell);
        gedi__metrics_clear(&m);
        if (s)
            return no_memory(l, err);
    }
    if (!l->terms)
        return GEDI_FAIL(err, GEDI_STATE, "%s: no run has logged a %s yet", l->w->name,
                         l->figure->of_log);
    return GEDI_OK;
}

static const char *keep(losses *l, gedi__text *t)
{
    const char *s = t->failed ? NULL : gedi__arena_text(&l->arena, t->s ? t->s : "");
    gedi__text_clear(t);
    return s;
}

/* Runs of this cell that are drawn: those with points in any term, and one of which all of them have some. */
static int drawn_of(const losses *l, int cell, int *line)
{
    int most = 0;
    *line = cell * TERMS;
    for (int k = 0; k < l->terms; k++) {
        int n = 0;
        for (int i = 0; i < l->curves; i++)
            n += l->curve[i].line == cell * TERMS + k && l->curve[i].n > 0;
        if (n > most) {
            most = n;
            *line = cell * TERMS + k;
        }
    }
    return most;
}

/* What is said below all: of runs that failed, end before others, or are not drawn. */
enum { REMARKS = 3 };

/* Above the plots of a cell that has some. */
static void say_above(const losses *l, int i, gedi__text *out)
{
    const gedi__table *t = l->t;
    const gedi__table_cell *cell = &t->cell[i];
    if (*l->w->value && cell->n) {
        gedi__path_words(l->w->value, out);
        gedi__text_add(out, " ");
        gedi__table_cell_text(t, i / t->columns, i % t->columns, out);
        gedi__table_marks(t, i / t->columns, i % t->columns, out);
    } else if (cell->failed) {
        gedi__log_failed(cell, out);
    } else if (*l->w->value && cell->runs) {
        gedi__text_add(out, "no value");
    }
}

static void remark(const losses *l, int i, int drawn, int line, gedi__text *remarks)
{
    const gedi__table *t = l->t;
    gedi__text name = {0};
    gedi__text_add(&name, "%s%s%s", t->column[i % t->columns], t->rows > 1 ? ", " : "",
                   t->rows > 1 ? t->row[i / t->columns] : "");
    const char *words = name.s ? name.s : "";
    gedi__log_halted(words, l->curve, l->curves, line, &remarks[0]);
    gedi__log_shorter(words, l->curve, l->curves, line, &remarks[1]);
    if (t->cell[i].runs)
        gedi__log_absent(words, &t->cell[i], l->logs[i], drawn, &remarks[2]);
    remarks->failed |= name.failed;
    gedi__text_clear(&name);
}

/* What is said of the cells, above their plots and in the place of them, and below all. */
static gedi_status say(losses *l, const char **said, const char **why,
                       gedi__text *remarks)
{
    const gedi__table *t = l->t;
    for (int i = 0; i < t->rows * t->columns; i++) {
        const gedi__table_cell *cell = &t->cell[i];
        gedi__text words = {0};
        int line, drawn = drawn_of(l, i, &line);
        if (drawn || (*l->w->value && cell->n))
            say_above(l, i, &words);
        said[i] = keep(l, &words);
        if (!drawn)
            gedi__text_add(&words, "%s",
                           !cell->runs    ? "no such run"
                           : cell->failed ? "failed"
                                          : "no log yet");
        why[i] = keep(l, &words);
        remark(l, i, drawn, line, remarks);
        if (!said[i] || !why[i])
            return GEDI_NOMEM;
    }
    return GEDI_OK;
}

/* Returns whether a plot has a band. */
static gedi_status fill(losses *l, gedi__loss_plot *plot, bool *band)
{
    const gedi__table *t = l->t;
    for (int r = 0; r < t->rows; r++)
        for (int k = 0; k < l->terms; k++)
            for (int c = 0; c < t->columns; c++) {
                gedi__loss_plot *p = &plot[(r * l->terms + k) * t->columns + c];
                int line = (r * t->columns + c) * TERMS + k;
                p->optimum = l->optimum[line];
                GEDI_TRY(gedi__log_line(l->curve, l->curves, line, &p->line));
                *band |= p->line.band;
            }
    return GEDI_OK;
}

/* "mean over seed; band: one sample standard deviation; dashed: the known optimum; dataset moons" */
static void explain(const losses *l, const gedi__loss_plot *plot, bool band,
                    gedi__text *out)
{
    bool known = false;
    for (int i = 0; i < l->t->rows * l->t->columns * l->terms; i++)
        known |= plot[i].line.n && isfinite(plot[i].optimum);
    if (band)
        gedi__text_add(out, "mean over %s; band: one sample standard deviation",
                       *l->t->over ? l->t->over : "runs");
    if (known)
        gedi__text_add(out, "%sdashed: the known optimum", out->len ? "; " : "");
    gedi__show_where(l->w, out);
    if (*l->t->fixed)
        gedi__text_add(out, "%s%s", out->len ? "; " : "", l->t->fixed);
}

/* Terms have the names that the log gives them; what is named by a path is named for people. */
static gedi_status name_terms(losses *l, const char **word)
{
    for (int k = 0; k < l->terms; k++) {
        gedi__text words = {0};
        if (l->figure->terms)
            gedi__text_add(&words, "%s", l->term[k]);
        else
            gedi__path_words_among(l->term, l->terms, k, &words);
        if (!(word[k] = keep(l, &words)))
            return GEDI_NOMEM;
    }
    return GEDI_OK;
}

/* The lines below all -> how many; -1 without memory. */
static int keep_notes(losses *l, const gedi__text *remarks, const char **note)
{
    int n = gedi__show_notes(l->t, *l->w->value, l->t->differs, &l->arena, note);
    for (int k = 0; k < REMARKS && n >= 0; k++) {
        if (remarks[k].failed)
            return -1;
        if (remarks[k].len)
            note[n++] = remarks[k].s;
    }
    return n;
}

static gedi_status draw(losses *l, gedi__loss_plot *plot, const char *folder,
                        const gedi__style *style, int n, gedi_err *err)
{
    const gedi__table *t = l->t;
    size_t cells = (size_t)(t->rows * t->columns);
    const char **said = gedi__arena_alloc(&l->arena, cells * sizeof *said);
    const char **why = gedi__arena_alloc(&l->arena, cells * sizeof *why);
    const char *note[GEDI__MAX_LINES], *word[TERMS];
    gedi__text about = {0}, remarks[REMARKS] = {0};
    bool band = false;
    const char **row = gedi__show_labels(&l->arena, t->show->rows, t->row, t->rows);
    const char **column =
        gedi__show_labels(&l->arena, t->show->columns, t->column, t->columns);
    gedi_status s =
        said && why && row && column ? say(l, said, why, remarks) : GEDI_NOMEM;
    if (!s)
        s = fill(l, plot, &band);
    if (!s)
        s = name_terms(l, word);
    if (!s)
        explain(l, plot, band, &about);
    bool differ = false;
    for (size_t i = 0; i < cells * (size_t)l->terms; i++)
        differ |= plot[i].line.n && isinf(plot[i].optimum);
    gedi__log_no_optimum(differ, &remarks[REMARKS - 1]);
    int notes = s ? 0 : keep_notes(l, remarks, note);
    if (notes < 0)
        s = GEDI_NOMEM;
    s = s || about.failed ? no_memory(l, err) : GEDI_OK;
    gedi__figure_loss_grid f = {.title = l->figure->title,
                                .subtitle = about.s,
                                .rows = t->rows,
                                .columns = t->columns,
                                .terms = l->terms,
                                .row = *t->show->rows ? row : NULL,
                                .column = column,
                                .term = word,
                                .path = l->term,
                                .one = l->figure->one,
                                .fewest = l->figure->fewest,
                                .plot = plot,
                                .said = said,
                                .why = why,
                                .notes = notes,
                                .note = note};
    for (int i = 0; i < n && !s; i++) {
        f.style = &style[i];
        s = gedi__draw_loss_grid(folder, l->w->name, &f, err);
    }
    gedi__text_clear(&about);
    for (int k = 0; k < REMARKS; k++)
        gedi__text_clear(&remarks[k]);
    return s;
}

static gedi_status collect(losses *l, const char *folder, const gedi__style *style, int n,
                           gedi_err *err)
{
    size_t cells = (size_t)(l->t->rows * l->t->columns);
    l->optimum = gedi__arena_alloc(&l->arena, cells * TERMS * sizeof *l->optimum);
    l->logs = gedi__arena_alloc(&l->arena, cells * sizeof *l->logs);
    if (!l->optimum || !l->logs)
        return no_memory(l, err);
    GEDI_TRY(read_logs(l, err));
    size_t plots = cells * (size_t)l->terms;
    gedi__loss_plot *plot = gedi__alloc(plots, sizeof *plot, err, "%s", l->w->name);
    if (!plot)
        return GEDI_NOMEM;
    gedi_status s = draw(l, plot, folder, style, n, err);
    for (size_t i = 0; i < plots; i++)
        free(plot[i].line.point);
    free(plot);
    return s;
}

gedi_status gedi__show_losses(gedi__study *s, const gedi__show *w, const char *folder,
                              const gedi__style *style, int n, gedi_err *err)
{
    gedi__table t;
    gedi__show arranged = *w;
    if (!*w->columns) {
        arranged.columns = w->rows;
        arranged.rows = "";
    }
    if (!*w->value) /* nothing to style for */
        arranged.stat = GEDI__COUNT;
    GEDI_TRY(gedi__table_make(s, &arranged, &t, err));
    losses l = {.figure = gedi__logged_of(w->figure), .s = s, .w = w, .t = &t};
    gedi_status status = collect(&l, folder, style, n, err);
    for (int i = 0; i < l.curves; i++) {
        free(l.curve[i].x);
        free(l.curve[i].y);
    }
    free(l.curve);
    gedi__arena_clear(&l.arena);
    gedi__table_clear(&t);
    return status;
}
