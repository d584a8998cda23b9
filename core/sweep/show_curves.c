/* show_curves.c - a number over the iterations, from the logs of a sweep's runs. */
#include "core/sweep/show_curves.h"
#include "core/base/memory.h"
#include "core/report/words.h"
#include "core/sweep/logs.h"

#include <math.h>
#include <stdlib.h>

enum { ROWS = 500 }; /* of a run, at most: what the width can show */

typedef struct collector {
    gedi__study *s;
    const gedi__show *w;
    const gedi__table *t; /* its rows are the lines */
    gedi__log_curve *curve;
    int curves;
    double optimum;
    gedi__text paths; /* of a log without the number */
} collector;

static gedi_status read_log(collector *k, int i, int line, gedi_err *err)
{
    gedi__metrics m;
    bool there;
    gedi_status s = gedi__log_read(&k->s->result[i], &m, &there, err);
    if (s || !there)
        return s;
    const double *y = gedi__log_column(&m, k->w->value, &k->optimum);
    gedi__log_curve *c = &k->curve[k->curves++];
    c->line = line;
    if (y) {
        if (gedi__log_thin(&m, y, ROWS, c))
            s = gedi_no_memory(err, "%s", k->w->name);
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

/* Runs that are in no line, by the lines they would be in: "not drawn: A (failed), B (1 of 3 runs)". */
static void add_absent(const collector *k, gedi__text *out)
{
    for (int r = 0; r < k->t->rows; r++) {
        const gedi__table_cell *cell = &k->t->cell[r];
        int logs = 0, drawn = 0;
        for (int i = 0; i < k->curves; i++)
            if (k->curve[i].line == r) {
                logs++;
                drawn += k->curve[i].n > 0;
            }
        gedi__log_absent(k->t->row[r], cell, logs, drawn, out);
    }
}

static gedi_status draw(collector *k, gedi__curve_line *line, const char *folder,
                        const gedi__style *style, int n, gedi_err *err)
{
    gedi__text about = {0}, words = {0}, absent = {0};
    gedi_status s = GEDI_OK;
    for (int r = 0; r < k->t->rows && !s; r++) {
        line[r].name = k->t->row[r];
        s = gedi__log_line(k->curve, k->curves, r, &line[r]);
    }
    bool band = false;
    for (int r = 0; r < k->t->rows && !s; r++)
        band |= line[r].band;
    if (band)
        gedi__text_add(&about, "mean over %s; band: one sample standard deviation",
                       *k->t->over ? k->t->over : "runs");
    if (*k->t->fixed)
        gedi__text_add(&about, "%s%s", about.len ? "; " : "", k->t->fixed);
    gedi__path_words(k->w->value, &words);
    add_absent(k, &absent);
    if (s || about.failed || words.failed || absent.failed)
        s = gedi_no_memory(err, "%s", k->w->name);
    gedi__figure_curves f = {.title = words.s,
                             .subtitle = about.s,
                             .y_name = words.s ? words.s : "",
                             .path = k->w->value,
                             .optimum = k->optimum,
                             .lines = k->t->rows,
                             .line = line,
                             .note = absent.s};
    for (int i = 0; i < n && !s; i++) {
        f.style = &style[i];
        s = gedi__draw_curves(folder, k->w->name, &f, err);
    }
    gedi__text_clear(&about);
    gedi__text_clear(&words);
    gedi__text_clear(&absent);
    return s;
}

gedi_status gedi__show_curves(gedi__study *s, const gedi__show *w, const char *folder,
                              const gedi__style *style, int n, gedi_err *err)
{
    gedi__table t;
    gedi__show arranged = *w;
    arranged.stat = GEDI__COUNT;
    GEDI_TRY(gedi__table_make(s, &arranged, &t, err));
    collector k = {.s = s, .w = w, .t = &t, .optimum = NAN};
    k.curve = gedi__alloc((size_t)s->results, sizeof *k.curve, err, "%s", w->name);
    gedi__curve_line *line =
        gedi__alloc((size_t)t.rows, sizeof *line, err, "%s", w->name);
    gedi_status status = k.curve && line ? collect(&k, err) : GEDI_NOMEM;
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
    gedi__table_clear(&t);
    return status;
}
