/* logs.c - numbers over the iterations, from the logs of runs: thinned, and averaged over them. */
#include "core/sweep/logs.h"
#include "core/base/file.h"
#include "core/report/stretch.h"
#include "core/store/folder.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- one log ---- */

const char *const gedi__log_always[] = {"loss",
                                        "learning_rate",
                                        "health.spread",
                                        "health.balance",
                                        "health.disagreement",
                                        "health.unsure",
                                        NULL};

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

double *gedi__log_column(gedi__metrics *m, const char *path, double *optimum)
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

void gedi__log_paths(const gedi__metrics *m, gedi__text *out)
{
    for (int i = 0; gedi__log_always[i]; i++)
        gedi__text_add(out, "%s%s", i ? " " : "", gedi__log_always[i]);
    for (int i = 0; i < m->terms; i++)
        gedi__text_add(out, " terms.%s", m->name[i]);
    for (int i = 0; i < m->validations; i++)
        gedi__text_add(out, " evaluation.%s", m->validation_name[i]);
    for (int i = 0; i < m->schedules; i++)
        gedi__text_add(out, " %s", m->schedule_name[i]);
    for (int i = 0; i < m->watches; i++)
        gedi__text_add(out, " watch.%s", m->watch_name[i]);
}

gedi_status gedi__log_thin(const gedi__metrics *m, const double *y, int rows,
                           gedi__log_curve *c)
{
    int64_t n = 0, *at = malloc(((size_t)m->n + 1) * sizeof *at);
    if (!at)
        return GEDI_NOMEM;
    for (int64_t i = 0; i < m->n; i++)
        if (!isnan(y[i]))
            at[n++] = i;
    c->n = n < rows ? (int)n : rows;
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
    c->since = n ? (double)m->iteration[at[0]] : 0;
    c->until = c->halt = n ? (double)m->iteration[at[n - 1]] : 0;
    free(at);
    return c->x && c->y ? GEDI_OK : GEDI_NOMEM;
}

void gedi__log_ending(const gedi__result *r, gedi__log_curve *c)
{
    long long at;
    c->state = r->underway ? GEDI__MISSING : r->state;
    if (c->state == GEDI__FAILED && r->reason &&
        sscanf(r->reason, "iteration %lld:", &at) == 1)
        c->halt = (double)at;
}

void gedi__log_optimum(double *have, double x)
{
    if (!isfinite(x))
        return;
    *have = isnan(*have) || *have == x ? x : INFINITY;
}

/* ---- lines ---- */

/* The value of a curve at x, between its neighbours; NAN outside. The first and the last stretch reach to their ends. */
static double value_at(const gedi__log_curve *c, double x)
{
    int low = 0, high = c->n - 1;
    if (c->n < 1 || x < c->since || x > c->until)
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

static gedi__curve_point point_at(const gedi__log_curve *c, int curves, int line,
                                  double x)
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

gedi_status gedi__log_line(const gedi__log_curve *c, int curves, int line,
                           gedi__curve_line *out)
{
    const gedi__log_curve *longest = NULL;
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
    out->stopped = longest;
    for (int i = 0; i < curves && longest; i++)
        if (c[i].line == line && c[i].state == GEDI__FINISHED && c[i].n &&
            c[i].until >= longest->x[longest->n - 1])
            out->stopped = false;
    return GEDI_OK;
}

gedi_status gedi__log_read(const gedi__result *r, gedi__metrics *m, bool *there,
                           gedi_err *err)
{
    char *path = gedi__store_path(r->folder, GEDI__FILE_METRICS, err);
    if (!path)
        return GEDI_NOMEM;
    *there = gedi__file_exists(path);
    gedi_status s = *there ? gedi__metrics_read(path, m, err) : GEDI_OK;
    free(path);
    return s;
}

void gedi__log_absent(const char *name, const gedi__table_cell *cell, int logs, int drawn,
                      gedi__text *out)
{
    if (drawn >= cell->runs)
        return;
    gedi__text_add(out, "%s%s (", out->len ? ", " : "not drawn: ", name);
    if (drawn)
        gedi__text_add(out, "%d of %d runs%s)", cell->runs - drawn, cell->runs,
                       cell->failed ? ", which failed" : "");
    else
        gedi__text_add(out, "%s)",
                       cell->failed ? "failed"
                       : logs       ? "has no such number"
                                    : "has no log yet");
}

void gedi__log_no_optimum(bool differ, gedi__text *out)
{
    if (differ)
        gedi__text_add(out, "%soptima that differ between runs of a line",
                       out->len ? ", " : "not drawn: ");
}

void gedi__log_failed(const gedi__table_cell *cell, gedi__text *out)
{
    if (cell->failed && cell->failed == cell->runs && cell->runs > 1)
        gedi__text_add(out, "failed (%d of %d)", cell->failed, cell->runs);
    else if (cell->failed && cell->failed == cell->runs)
        gedi__text_add(out, "failed");
    else if (cell->failed)
        gedi__text_add(out, "%d of %d failed", cell->failed, cell->runs);
}

/* "300", "200 to 300" */
static void add_span(double low, double high, gedi__text *out)
{
    gedi__text_add(out, "%.0f", low);
    if (high > low)
        gedi__text_add(out, " to %.0f", high);
}

void gedi__log_halted(const char *name, const gedi__log_curve *c, int curves, int line,
                      gedi__text *out)
{
    int runs = 0, failed = 0;
    double low = INFINITY, high = -INFINITY;
    for (int i = 0; i < curves; i++) {
        if (c[i].line != line || !c[i].n)
            continue;
        runs++;
        if (c[i].state != GEDI__FAILED)
            continue;
        failed++;
        low = fmin(low, c[i].halt);
        high = fmax(high, c[i].halt);
    }
    if (!failed)
        return;
    gedi__text_add(out, "%s%s (", out->len ? ", " : "failed: ", name);
    if (runs > 1)
        gedi__text_add(out, "%d of %d runs, ", failed, runs);
    gedi__text_add(out, "at iteration ");
    add_span(low, high, out);
    gedi__text_add(out, ")");
}

void gedi__log_shorter(const char *name, const gedi__log_curve *c, int curves, int line,
                       gedi__text *out)
{
    int runs = 0, shorter = 0;
    double end = -INFINITY, low = INFINITY, high = -INFINITY;
    for (int i = 0; i < curves; i++)
        if (c[i].line == line && c[i].n)
            end = fmax(end, c[i].until);
    for (int i = 0; i < curves; i++) {
        if (c[i].line != line || !c[i].n)
            continue;
        runs++;
        if (c[i].until >= end)
            continue;
        shorter++;
        low = fmin(low, c[i].until);
        high = fmax(high, c[i].until);
    }
    if (!shorter)
        return;
    gedi__text_add(out, "%s%s (%d of %d %s at ",
                   out->len ? ", " : "dotted where not all runs are left: ", name,
                   shorter, runs, shorter == 1 ? "ends" : "end");
    add_span(low, high, out);
    gedi__text_add(out, ")");
}
