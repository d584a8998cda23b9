/* show_losses.c - the numbers of a sweep's runs side by side, from their logs: loss terms, metrics on the way, schedules. */
#include "core/sweep/show_losses.h"
#include "core/base/memory.h"
#include "core/report/words.h"
#include "core/sweep/logs.h"
#include "core/sweep/show_labels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROWS = 200, /* of a run, at most: what the width of one plot can show */
    TERMS = 32, /* at most */
};

/* What a figure draws of a log. */
typedef struct series {
    int n;
    const char *name[GEDI__MAX_SERIES];
    const double *value[GEDI__MAX_SERIES];
    const double *optimum; /* NULL: none is known */
} series;

typedef void chooser(gedi__metrics *m, series *out);

static void add_series(series *out, const char *name, const double *value)
{
    out->name[out->n] = name;
    out->value[out->n++] = value;
}

static void choose_terms(gedi__metrics *m, series *out)
{
    *out = (series){.optimum = m->optimum};
    for (int i = 0; i < m->terms; i++)
        add_series(out, m->name[i], m->value[i]);
}

static void choose_validations(gedi__metrics *m, series *out)
{
    *out = (series){0};
    for (int i = 0; i < m->validations; i++)
        if (!gedi__metrics_is_end(m, i))
            add_series(out, m->validation_name[i], m->validation[i]);
}

static void choose_schedules(gedi__metrics *m, series *out)
{
    *out = (series){0};
    for (int i = 0; i < m->schedules; i++)
        add_series(out, m->schedule_name[i], m->schedule[i]);
}

static const struct figure {
    const char *name, *title, *one, *of_log;
    chooser *choose;
    int fewest; /* rows, however high the picture is */
} figures[] = {
    {"losses", "Loss terms", "term", "loss term", choose_terms, TERMS},
    {"schedules", "Scheduled options", "option", "scheduled option", choose_schedules, 4},
    {"validation", "Metrics while training", "metric", "metric", choose_validations, 4},
};

static const struct figure *figure_of(const char *name)
{
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        if (!strcmp(figures[i].name, name))
            return &figures[i];
    return NULL;
}

bool gedi__show_is_logged(const char *figure)
{
    return figure_of(figure) != NULL;
}

typedef struct losses {
    const struct figure *figure;
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

static gedi_status keep_terms(losses *l, gedi__metrics *m, int cell)
{
    series of;
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
        if (of.optimum && isfinite(of.optimum[i]))
            l->optimum[c->line] = of.optimum[i];
        GEDI_TRY(gedi__log_thin(m, of.value[i], ROWS, c));
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
        gedi_status s = keep_terms(l, &m, cell);
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

/* Runs of this cell that are drawn: those with points in any term. */
static int drawn_of(const losses *l, int cell)
{
    int most = 0;
    for (int k = 0; k < l->terms; k++) {
        int n = 0;
        for (int i = 0; i < l->curves; i++)
            n += l->curve[i].line == cell * TERMS + k && l->curve[i].n > 0;
        most = n > most ? n : most;
    }
    return most;
}

/* What is said of the cells, above their plots and in the place of them; and below all, of those
 * that are not drawn, or not from all of their runs. */
static gedi_status say(losses *l, const char **said, const char **why, gedi__text *absent)
{
    const gedi__table *t = l->t;
    for (int i = 0; i < t->rows * t->columns; i++) {
        const gedi__table_cell *cell = &t->cell[i];
        gedi__text words = {0}, name = {0};
        int drawn = drawn_of(l, i);
        if (*l->w->value && !cell->n && cell->runs && drawn) {
            gedi__text_add(&words, "no value");
        } else if (*l->w->value && cell->n) {
            gedi__path_words(l->w->value, &words);
            gedi__text_add(&words, " ");
            gedi__table_cell_text(t, i / t->columns, i % t->columns, &words);
            gedi__table_signs(t, i / t->columns, i % t->columns, &words);
        }
        said[i] = keep(l, &words);
        if (!drawn)
            gedi__text_add(&words, "%s",
                           !cell->runs    ? "no such run"
                           : cell->failed ? "failed"
                                          : "no log yet");
        why[i] = keep(l, &words);
        gedi__text_add(&name, "%s%s%s", t->column[i % t->columns],
                       t->rows > 1 ? ", " : "",
                       t->rows > 1 ? t->row[i / t->columns] : "");
        if (cell->runs)
            gedi__log_absent(name.s ? name.s : "", cell, l->logs[i], drawn, absent);
        absent->failed |= name.failed;
        gedi__text_clear(&name);
        if (!said[i] || !why[i])
            return GEDI_NOMEM;
    }
    return absent->failed ? GEDI_NOMEM : GEDI_OK;
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
        if (l->figure->choose == choose_terms)
            gedi__text_add(&words, "%s", l->term[k]);
        else
            gedi__path_words_among(l->term, l->terms, k, &words);
        if (!(word[k] = keep(l, &words)))
            return GEDI_NOMEM;
    }
    return GEDI_OK;
}

static gedi_status draw(losses *l, gedi__loss_plot *plot, const char *folder,
                        const gedi__style *style, int n, gedi_err *err)
{
    const gedi__table *t = l->t;
    size_t cells = (size_t)(t->rows * t->columns);
    const char **said = gedi__arena_alloc(&l->arena, cells * sizeof *said);
    const char **why = gedi__arena_alloc(&l->arena, cells * sizeof *why);
    const char *note[GEDI__MAX_LINES], *word[TERMS];
    gedi__text about = {0}, absent = {0};
    bool band = false;
    const char **row = gedi__show_labels(&l->arena, t->show->rows, t->row, t->rows);
    const char **column =
        gedi__show_labels(&l->arena, t->show->columns, t->column, t->columns);
    gedi_status s =
        said && why && row && column ? say(l, said, why, &absent) : GEDI_NOMEM;
    if (!s)
        s = fill(l, plot, &band);
    if (!s)
        s = name_terms(l, word);
    if (!s)
        explain(l, plot, band, &about);
    for (int k = 0; k < t->notes && !s; k++) {
        gedi__text line = {0};
        gedi__table_note(t, k, &line);
        s = (note[k] = keep(l, &line)) ? GEDI_OK : GEDI_NOMEM;
    }
    int notes = t->notes;
    if (*t->difference)
        note[notes++] = t->difference;
    if (absent.len)
        note[notes++] = absent.s;
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
    gedi__text_clear(&absent);
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
    losses l = {.figure = figure_of(w->figure), .s = s, .w = w, .t = &t};
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
