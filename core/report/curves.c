/* curves.c - the logs of many runs as JSON, thinned out to what a screen can show. */
#include "core/report/curves.h"
#include "core/report/stretch.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static gedi_status no_memory(gedi_err *err)
{
    return gedi_no_memory(err, "curves");
}

/* ---- rows ---- */

typedef struct rows {
    const gedi__metrics *m;
    int n;
} rows;

static double mean_of(const rows *r, const double *x, size_t stride, int i)
{
    double sum = 0;
    int64_t first = gedi__stretch_at(r->m->n, r->n, i),
            next = gedi__stretch_at(r->m->n, r->n, i + 1);
    for (int64_t k = first; k < next; k++)
        sum += *(const double *)((const char *)x + (size_t)k * stride);
    return sum / (double)(next - first);
}

/* A metric is in few lines: those without are none. */
static double mean_of_some(const rows *r, const double *x, int i)
{
    double sum = 0;
    int n = 0;
    for (int64_t k = gedi__stretch_at(r->m->n, r->n, i);
         k < gedi__stretch_at(r->m->n, r->n, i + 1); k++)
        if (!isnan(x[k])) {
            sum += x[k];
            n++;
        }
    return n ? sum / n : NAN;
}

static void add_number(gedi__text *t, double x)
{
    if (isfinite(x))
        gedi__text_add(t, "%.5g", x);
    else
        gedi__text_add(t, "null");
}

/* ---- grids and series ---- */

/* The number of the grid of these rows, a new one where there is none. */
static int grid_of(gedi__curves *c, const rows *r)
{
    gedi__text t = {0};
    for (int i = 0; i < r->n; i++)
        gedi__text_add(
            &t, "%s%lld", i ? "," : "[",
            (long long)r->m->iteration[gedi__stretch_middle(r->m->n, r->n, i)]);
    gedi__text_add(&t, "]");
    int found = 0;
    while (!t.failed && found < c->grids && strcmp(c->grid[found], t.s))
        found++;
    if (!t.failed && found < c->grids) {
        gedi__text_clear(&t);
        return found;
    }
    char **more =
        t.failed ? NULL : realloc(c->grid, (size_t)(c->grids + 1) * sizeof *more);
    if (!more) {
        gedi__text_clear(&t);
        return -1;
    }
    c->grid = more;
    c->grid[c->grids] = t.s;
    return c->grids++;
}

/* The number of a series; -1 without memory. */
static int series_of(gedi__curves *c, const char *kind, const char *name)
{
    int i = 0;
    while (i < c->series && (strcmp(c->of[i].kind, kind) || strcmp(c->of[i].name, name)))
        i++;
    if (i == c->room) {
        int room = c->room ? 2 * c->room : 32;
        gedi__curve *more = realloc(c->of, (size_t)room * sizeof *more);
        if (!more)
            return -1;
        c->of = more;
        c->room = room;
    }
    if (i == c->series) {
        c->of[i] = (gedi__curve){.kind = kind};
        snprintf(c->of[i].name, sizeof c->of[i].name, "%s", name);
        c->series++;
    }
    return i;
}

/* ---- a run ---- */

typedef struct writer {
    gedi__curves *c;
    rows r;
    bool any;
    gedi__text optima;
} writer;

/* Adds a series, unless it has no number at all. */
static gedi_status add(writer *w, const char *kind, const char *name, double optimum,
                       const double *x, size_t stride)
{
    gedi__text t = {0};
    bool some = false, sparse = !strcmp(kind, "metric");
    for (int i = 0; i < w->r.n; i++) {
        double v = sparse ? mean_of_some(&w->r, x, i) : mean_of(&w->r, x, stride, i);
        some |= isfinite(v);
        gedi__text_add(&t, i ? "," : "[");
        add_number(&t, v);
    }
    int k = some ? series_of(w->c, kind, name) : 0;
    if (some && k >= 0) {
        gedi__text_add(&w->c->text, "%s\"%d\":%s]", w->any ? "," : "", k,
                       t.s ? t.s : "[");
        w->any = true;
    }
    if (some && isfinite(optimum))
        gedi__text_add(&w->optima, "%s\"%d\":%.9g", w->optima.len ? "," : "", k, optimum);
    bool failed = t.failed || k < 0 || w->c->text.failed || w->optima.failed;
    gedi__text_clear(&t);
    return failed ? GEDI_NOMEM : GEDI_OK;
}

static gedi_status add_all(writer *w)
{
    static const size_t one = sizeof(double);
    const gedi__metrics *m = w->r.m;
    GEDI_TRY(add(w, "loss", "loss", NAN, m->loss, one));
    for (int i = 0; i < m->terms; i++)
        GEDI_TRY(add(w, "term", m->name[i], m->optimum[i], m->value[i], one));
    for (int i = 0; i < m->validations; i++)
        GEDI_TRY(add(w, "metric", m->validation_name[i], NAN, m->validation[i], one));
    GEDI_TRY(add(w, "sentinel", "spread", NAN, &m->health->spread, sizeof *m->health));
    GEDI_TRY(add(w, "sentinel", "balance", NAN, &m->health->balance, sizeof *m->health));
    GEDI_TRY(add(w, "sentinel", "disagreement", NAN, &m->health->disagreement,
                 sizeof *m->health));
    GEDI_TRY(add(w, "sentinel", "unsure", NAN, &m->health->unsure, sizeof *m->health));
    if (m->rate)
        GEDI_TRY(add(w, "schedule", "learning rate", NAN, m->rate, one));
    for (int i = 0; i < m->schedules; i++)
        GEDI_TRY(add(w, "schedule", m->schedule_name[i], NAN, m->schedule[i], one));
    for (int i = 0; i < m->watches; i++)
        GEDI_TRY(add(w, "watch", m->watch_name[i], NAN, m->watch[i], one));
    return GEDI_OK;
}

gedi_status gedi__curves_add(gedi__curves *c, int run, const gedi__metrics *m,
                             gedi_err *err)
{
    writer w = {.c = c, .r = {m, m->n < c->rows ? (int)m->n : c->rows}};
    if (m->n < 1)
        return GEDI_OK;
    int grid = grid_of(c, &w.r);
    if (grid < 0)
        return no_memory(err);
    gedi__text_add(&c->text, "%s{\"run\":%d,\"grid\":%d,\"values\":{",
                   c->runs++ ? ",\n" : "", run, grid);
    gedi_status status = add_all(&w);
    gedi__text_add(&c->text, "},\"optima\":{%s}}", w.optima.s ? w.optima.s : "");
    gedi__text_clear(&w.optima);
    if (status)
        return no_memory(err);
    return c->text.failed ? no_memory(err) : GEDI_OK;
}

/* ---- the whole ---- */

/* A name as JSON has it; "?" where it is no UTF-8. */
static void add_quoted(const char *s, gedi__text *out)
{
    json_t *o = json_string(s);
    char *text = o ? json_dumps(o, JSON_ENCODE_ANY) : NULL;
    gedi__text_add(out, "%s", text ? text : "\"?\"");
    free(text);
    json_decref(o);
}

void gedi__curves_text(const gedi__curves *c, gedi__text *out)
{
    gedi__text_add(out, "{\"series\":[");
    for (int i = 0; i < c->series; i++) {
        gedi__text_add(out, "%s{\"kind\":\"%s\",\"name\":", i ? "," : "", c->of[i].kind);
        add_quoted(c->of[i].name, out);
        gedi__text_add(out, "}");
    }
    gedi__text_add(out, "],\"grids\":[");
    for (int i = 0; i < c->grids; i++)
        gedi__text_add(out, "%s%s", i ? "," : "", c->grid[i]);
    gedi__text_add(out, "],\"runs\":[%s]}", c->text.s ? c->text.s : "");
    out->failed |= c->text.failed;
}

void gedi__curves_clear(gedi__curves *c)
{
    for (int i = 0; i < c->grids; i++)
        free(c->grid[i]);
    free(c->grid);
    free(c->of);
    gedi__text_clear(&c->text);
    memset(c, 0, sizeof *c);
}
