/* show_curves.c - a number over the iterations, from the logs of a sweep's runs. */
#include "core/sweep/show_curves.h"
#include "core/base/memory.h"
#include "core/report/words.h"
#include "core/store/summary.h"
#include "core/sweep/logs.h"
#include "core/sweep/show_labels.h"
#include "core/sweep/table_format.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 500 }; /* of a run, at most: what the width can show */

typedef struct collector {
    gedi__study *s;
    const gedi__show *w;
    const gedi__table *t; /* its rows are the lines */
    gedi__log_curve *curve;
    int curves;
    double *optimum;  /* [rows of t], as of gedi__log_optimum */
    gedi__text paths; /* of a log without the number */
    gedi__arena arena;
} collector;

static gedi_status read_log(collector *k, int i, int line, gedi_err *err)
{
    gedi__metrics m;
    bool there;
    gedi_status s = gedi__log_read(&k->s->result[i], &m, &there, err);
    if (s || !there)
        return s;
    double optimum = NAN;
    const double *y = gedi__log_column(&m, k->w->value, &optimum);
    gedi__log_optimum(&k->optimum[line], optimum);
    gedi__log_curve *c = &k->curve[k->curves++];
    c->line = line;
    if (y) {
        if (gedi__log_thin(&m, y, ROWS, c))
            s = gedi_no_memory(err, "%s", k->w->name);
        gedi__log_ending(&k->s->result[i], c);
    } else if (!k->paths.len) {
        gedi__log_paths(&m, &k->paths);
    }
    gedi__metrics_clear(&m);
    return s;
}

static gedi_status collect(collector *k, gedi_err *err)
{
    for (int i = 0; i < k->s->results; i++) {
        int cell;
        if (gedi__table_cell_of(k->s, k->t, i, &cell))
            return gedi_no_memory(err, "%s", k->w->name);
        if (cell >= 0)
            GEDI_TRY(read_log(k, i, cell, err));
    }
    int points = 0;
    for (int i = 0; i < k->curves; i++)
        points += k->curve[i].n;
    if (points)
        return GEDI_OK;
    gedi__text t = {0};
    gedi__text_add(&t, "%s: no run has logged such a number; there are: %s", k->w->value,
                   k->paths.len ? k->paths.s : "none");
    return gedi__study_fail(&t, err);
}

/* Is it of the iteration in which a number was made, which a curve shows of each? */
static bool is_of_end(const gedi__note *n)
{
    return !strncmp(n->here, GEDI__INTERRUPTED, strlen("at iteration"));
}

/* The names of the lines, with the marks that a table of the same numbers has. */
static gedi_status name_lines(collector *k, gedi__curve_line *line)
{
    const gedi__table *t = k->t;
    const char **label = gedi__show_labels(&k->arena, k->w->rows, t->row, t->rows);
    for (int r = 0; label && r < t->rows; r++) {
        gedi__text name = {0};
        gedi__text_add(&name, "%s", label[r]);
        for (int i = 0; i < t->notes; i++)
            if (t->cell[r].notes[i] && !is_of_end(&t->note[i]))
                gedi__text_add(&name, "%s", gedi__signs_plain.note[i]);
        line[r].name = name.failed ? NULL : gedi__arena_text(&k->arena, name.s);
        gedi__text_clear(&name);
        gedi__log_failed(&t->cell[r], &name);
        line[r].more =
            name.failed ? NULL : gedi__arena_text(&k->arena, name.s ? name.s : "");
        gedi__text_clear(&name);
        if (!line[r].name || !line[r].more)
            return GEDI_NOMEM;
    }
    return label ? GEDI_OK : GEDI_NOMEM;
}

/* The lines below the figure -> how many; -1 without memory: what marks mean, and the runs that are in no line, by the
 * lines they would be in: "not drawn: A (failed), B (1 of 3 runs)". */
static int keep_notes(collector *k, const gedi__curve_line *line,
                      const char *note[GEDI__MAX_LINES])
{
    gedi__text text = {0}, halted = {0}, shorter = {0};
    int n = 0;
    for (int i = 0; i < k->t->notes; i++) {
        if (is_of_end(&k->t->note[i]))
            continue;
        gedi__table_note(k->t, i, &text);
        note[n] = text.failed ? NULL : gedi__arena_text(&k->arena, text.s);
        gedi__text_clear(&text);
        if (!note[n++])
            return -1;
    }
    if (*k->t->differs)
        note[n++] = k->t->differs;
    for (int r = 0; r < k->t->rows; r++) {
        const gedi__table_cell *cell = &k->t->cell[r];
        int logs = 0, drawn = 0;
        for (int i = 0; i < k->curves; i++)
            if (k->curve[i].line == r) {
                logs++;
                drawn += k->curve[i].n > 0;
            }
        gedi__log_absent(line[r].name, cell, logs, drawn, &text);
        gedi__log_halted(line[r].name, k->curve, k->curves, r, &halted);
        gedi__log_shorter(line[r].name, k->curve, k->curves, r, &shorter);
    }
    bool differ = false;
    for (int r = 0; r < k->t->rows; r++)
        differ |= isinf(k->optimum[r]);
    gedi__log_no_optimum(differ, &text);
    gedi__text *own[] = {&halted, &shorter, &text};
    bool failed = false;
    for (int i = 0; i < 3; i++) {
        failed |= own[i]->failed;
        if (own[i]->len)
            failed |= !(note[n++] = gedi__arena_text(&k->arena, own[i]->s));
        gedi__text_clear(own[i]);
    }
    return failed ? -1 : n;
}

/* More than one evaluator has an accuracy: " (knn)". */
static void add_evaluator(const char *path, gedi__text *out)
{
    static const char evaluated[] = "evaluation.", last[] = ".accuracy";
    size_t n = strlen(path), from = strlen(evaluated), end = strlen(last);
    if (n > from + end && !strncmp(path, evaluated, from) &&
        !strcmp(path + n - end, last))
        gedi__path_words_evaluator(path + from, n - from - end, out);
}

static gedi_status draw(collector *k, gedi__curve_line *line, const char *folder,
                        const gedi__style *style, int n, gedi_err *err)
{
    gedi__text about = {0}, words = {0};
    const char *note[GEDI__MAX_LINES];
    gedi_status s = GEDI_OK;
    for (int r = 0; r < k->t->rows && !s; r++)
        s = gedi__log_line(k->curve, k->curves, r, &line[r]);
    if (!s)
        s = name_lines(k, line);
    bool band = false;
    for (int r = 0; r < k->t->rows && !s; r++)
        band |= line[r].band;
    if (band)
        gedi__text_add(&about, "mean over %s; band: one sample standard deviation",
                       *k->t->over ? k->t->over : "runs");
    gedi__show_where(k->w, &about);
    if (*k->t->fixed)
        gedi__text_add(&about, "%s%s", about.len ? "; " : "", k->t->fixed);
    gedi__path_words(k->w->value, &words);
    add_evaluator(k->w->value, &words);
    int notes = s ? 0 : keep_notes(k, line, note);
    if (s || notes < 0 || about.failed || words.failed)
        s = gedi_no_memory(err, "%s", k->w->name);
    gedi__figure_curves f = {.title = words.s,
                             .subtitle = about.s,
                             .y_name = words.s ? words.s : "",
                             .path = k->w->value,
                             .optimum = k->optimum,
                             .lines = k->t->rows,
                             .line = line,
                             .notes = notes,
                             .note = note};
    for (int i = 0; i < n && !s; i++) {
        f.style = &style[i];
        s = gedi__draw_curves(folder, k->w->name, &f, err);
    }
    gedi__text_clear(&about);
    gedi__text_clear(&words);
    return s;
}

/* The table of the lines. Of what evaluators report it has the numbers at the end, which say how those on the way are
 * made: not by any run that is at work. */
static gedi_status make_table(gedi__study *s, gedi__show *arranged, gedi__table *t,
                              gedi_err *err)
{
    arranged->stat = GEDI__MEAN;
    arranged->best = GEDI__BEST_NONE;
    if (!strncmp(arranged->value, "evaluation.", 11)) {
        gedi_status status = gedi__table_make(s, arranged, t, err);
        if (status != GEDI_USAGE)
            return status;
    }
    arranged->stat = GEDI__COUNT;
    return gedi__table_make(s, arranged, t, err);
}

gedi_status gedi__show_curves(gedi__study *s, const gedi__show *w, const char *folder,
                              const gedi__style *style, int n, gedi_err *err)
{
    gedi__table t;
    gedi__show arranged = *w;
    GEDI_TRY(make_table(s, &arranged, &t, err));
    collector k = {.s = s, .w = w, .t = &t};
    k.optimum = gedi__arena_alloc(&k.arena, (size_t)t.rows * sizeof *k.optimum);
    for (int r = 0; k.optimum && r < t.rows; r++)
        k.optimum[r] = NAN;
    k.curve = gedi__alloc((size_t)s->results, sizeof *k.curve, err, "%s", w->name);
    gedi__curve_line *line =
        gedi__alloc((size_t)t.rows, sizeof *line, err, "%s", w->name);
    gedi_status status = GEDI_NOMEM;
    if (k.curve && line)
        status = k.optimum ? collect(&k, err) : gedi_no_memory(err, "%s", w->name);
    if (!status)
        status = draw(&k, line, folder, style, n, err);
    for (int i = 0; i < k.curves; i++) {
        free(k.curve[i].x);
        free(k.curve[i].y);
    }
    for (int r = 0; line && r < t.rows; r++)
        free(line[r].point);
    free(line);
    free(k.curve);
    gedi__text_clear(&k.paths);
    gedi__arena_clear(&k.arena);
    gedi__table_clear(&t);
    return status;
}
