/* show_curves.c - a number over the iterations, from the logs of a sweep's runs. */
#include "core/sweep/show_curves.h"
#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/report/stretch.h"
#include "core/report/words.h"
#include "core/store/folder.h"
#include "core/store/metrics.h"
#include "core/sweep/table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 500 }; /* of a run, at most: what the width can show */

/* ---- one log ---- */

typedef struct curve { /* of a run */
    int line, n;
    double *x, *y; /* [n] */
} curve;

static double *health_column(gedi__metrics *m, const char *name)
{
    static const struct {
        const char *name;
        size_t offset;
    } column[] = {{"spread", offsetof(gedi__health, spread)},
                  {"balance", offsetof(gedi__health, balance)},
                  {"disagreement", offsetof(gedi__health, disagreement)},
                  {"unsure", offsetof(gedi__health, unsure)}};
    for (int k = 0; k < 4; k++)
        if (!strcmp(column[k].name, name)) {
            /* No other function needs the loss of this log: its place is taken. */
            for (int64_t i = 0; i < m->n; i++)
                memcpy(&m->loss[i], (const char *)&m->health[i] + column[k].offset,
                       sizeof(double));
            return m->loss;
        }
    return NULL;
}

static const char *behind(const char *path, const char *prefix)
{
    size_t n = strlen(prefix);
    return strncmp(path, prefix, n) ? NULL : path + n;
}

/* The numbers of a path, as a summary names it where it has it as well; NULL where the log has none. */
static double *column_of(gedi__metrics *m, const char *path, double *optimum)
{
    const char *name;
    if (!strcmp(path, "loss"))
        return m->loss;
    if (!strcmp(path, "learning_rate"))
        return m->rate;
    if ((name = behind(path, "health.")))
        return health_column(m, name);
    if ((name = behind(path, "terms.")))
        for (int i = 0; i < m->terms; i++)
            if (!strcmp(m->name[i], name)) {
                *optimum = isfinite(m->optimum[i]) ? m->optimum[i] : *optimum;
                return m->value[i];
            }
    if ((name = behind(path, "evaluation.")))
        for (int i = 0; i < m->validations; i++)
            if (!strcmp(m->validation_name[i], name))
                return m->validation[i];
    if ((name = behind(path, "watch.")))
        for (int i = 0; i < m->watches; i++)
            if (!strcmp(m->watch_name[i], name))
                return m->watch[i];
    for (int i = 0; i < m->schedules; i++)
        if (!strcmp(m->schedule_name[i], path))
            return m->schedule[i];
    return NULL;
}

/* The paths that a log has. */
static void add_paths(const gedi__metrics *m, gedi__text *out)
{
    gedi__text_add(
        out,
        "loss learning_rate health.spread health.balance health.disagreement health.unsure");
    for (int i = 0; i < m->terms; i++)
        gedi__text_add(out, " terms.%s", m->name[i]);
    for (int i = 0; i < m->validations; i++)
        gedi__text_add(out, " evaluation.%s", m->validation_name[i]);
    for (int i = 0; i < m->schedules; i++)
        gedi__text_add(out, " %s", m->schedule_name[i]);
    for (int i = 0; i < m->watches; i++)
        gedi__text_add(out, " watch.%s", m->watch_name[i]);
}

/* Means of at most ROWS stretches of the lines that have the number at all; of a term, one that is
 * not finite makes its stretch a gap. */
static gedi_status thin(const gedi__metrics *m, const double *y, curve *c)
{
    int64_t n = 0, *at = malloc(((size_t)m->n + 1) * sizeof *at);
    if (!at)
        return GEDI_NOMEM;
    for (int64_t i = 0; i < m->n; i++)
        if (!isnan(y[i]))
            at[n++] = i;
    c->n = n < ROWS ? (int)n : ROWS;
    c->x = malloc(((size_t)c->n + 1) * sizeof *c->x);
    c->y = malloc(((size_t)c->n + 1) * sizeof *c->y);
    for (int r = 0; c->x && c->y && r < c->n; r++) {
        int64_t first = gedi__stretch_at(n, c->n, r),
                next = gedi__stretch_at(n, c->n, r + 1);
        double sum = 0;
        for (int64_t i = first; i < next; i++)
            sum += y[at[i]];
        c->x[r] = (double)m->iteration[at[gedi__stretch_middle(n, c->n, r)]];
        c->y[r] = sum / (double)(next - first);
    }
    free(at);
    return c->x && c->y ? GEDI_OK : GEDI_NOMEM;
}

/* ---- lines ---- */

/* The value of a curve at x, between its neighbours; NAN outside. */
static double value_at(const curve *c, double x)
{
    int low = 0, high = c->n - 1;
    if (c->n < 1 || x < c->x[0] || x > c->x[high])
        return NAN;
    while (high - low > 1) {
        int middle = (low + high) / 2;
        if (c->x[middle] <= x)
            low = middle;
        else
            high = middle;
    }
    if (x <= c->x[low])
        return c->y[low];
    if (x >= c->x[high])
        return c->y[high];
    return c->y[low] +
           (c->y[high] - c->y[low]) * (x - c->x[low]) / (c->x[high] - c->x[low]);
}

static gedi__curve_point point_at(const curve *c, int curves, int line, double x)
{
    gedi__curve_point p = {.iteration = x, .mean = NAN};
    double sum = 0, squares = 0, v;
    for (int i = 0; i < curves; i++)
        if (c[i].line == line && isfinite(v = value_at(&c[i], x))) {
            sum += v;
            p.runs++;
        }
    if (!p.runs)
        return p;
    p.mean = sum / p.runs;
    for (int i = 0; i < curves; i++)
        if (c[i].line == line && isfinite(v = value_at(&c[i], x)))
            squares += (v - p.mean) * (v - p.mean);
    p.deviation = p.runs > 1 ? sqrt(squares / (p.runs - 1)) : 0;
    return p;
}

/* On the iterations of the curve that gets furthest. */
static gedi_status make_line(const curve *c, int curves, int line, gedi__curve_line *out)
{
    const curve *longest = NULL;
    for (int i = 0; i < curves; i++)
        if (c[i].line == line && c[i].n &&
            (!longest || c[i].x[c[i].n - 1] > longest->x[longest->n - 1]))
            longest = &c[i];
    out->n = longest ? longest->n : 0;
    out->point = malloc(((size_t)out->n + 1) * sizeof *out->point);
    if (!out->point)
        return GEDI_NOMEM;
    for (int i = 0; i < out->n; i++) {
        out->point[i] = point_at(c, curves, line, longest->x[i]);
        out->band |= out->point[i].runs > 1;
    }
    return GEDI_OK;
}

/* ---- the whole ---- */

typedef struct collector {
    gedi__study *s;
    const gedi__show *w;
    const gedi__table *t; /* its rows are the lines */
    curve *curve;
    int curves;
    double optimum;
    gedi__text paths; /* of a log without the number */
} collector;

static gedi_status read_log(collector *k, int i, int line, gedi_err *err)
{
    gedi__metrics m;
    char *path = gedi__store_path(k->s->result[i].folder, GEDI__FILE_METRICS, err);
    if (!path)
        return GEDI_NOMEM;
    bool there = gedi__file_exists(path);
    gedi_status s = there ? gedi__metrics_read(path, &m, err) : GEDI_OK;
    free(path);
    if (s || !there)
        return s;
    const double *y = column_of(&m, k->w->value, &k->optimum);
    curve *c = &k->curve[k->curves++];
    c->line = line;
    if (y) {
        if (thin(&m, y, c))
            s = gedi_no_memory(err, "%s", k->w->name);
    } else if (!k->paths.len) {
        add_paths(&m, &k->paths);
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
        if (drawn >= cell->runs)
            continue;
        gedi__text_add(out, "%s%s (", out->len ? ", " : "not drawn: ", k->t->row[r]);
        if (drawn)
            gedi__text_add(out, "%d of %d runs%s)", cell->runs - drawn, cell->runs,
                           cell->failed ? ", which failed" : "");
        else
            gedi__text_add(out, "%s)",
                           cell->failed ? "failed"
                           : logs       ? "has no such number"
                                        : "has no log yet");
    }
}

static gedi_status draw(collector *k, gedi__curve_line *line, const char *folder,
                        const gedi__style *style, int n, gedi_err *err)
{
    gedi__text about = {0}, words = {0}, absent = {0};
    gedi_status s = GEDI_OK;
    for (int r = 0; r < k->t->rows && !s; r++) {
        line[r].name = k->t->row[r];
        s = make_line(k->curve, k->curves, r, &line[r]);
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
