/* report.c - runs as one page of HTML that can be browsed. */
#include "core/sweep/report.h"
#include "config.h"

#include "core/base/clock.h"
#include "core/report/curves.h"
#include "core/report/page.h"
#include "core/store/commit.h"
#include "core/store/json.h"
#include "core/sweep/points.h"
#include "core/sweep/report_parts.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    NUMBERS = 1000000, /* of all curves: so many are read within a second */
    SERIES = 12,       /* that a run has, about */
    MOST_ROWS = 500,   /* of a curve: what the width can show */
    LEAST_ROWS = 40,
};

static gedi_status no_memory(gedi_err *err)
{
    return gedi_no_memory(err, "report");
}

/* ---- words ---- */

json_t *gedi__report_word(const char *s)
{
    json_t *o = json_string(s);
    char *plain = o ? NULL : strdup(s);
    for (char *c = plain; c && *c; c++)
        *c = (unsigned char)*c < 0x80 ? *c : '?';
    if (plain)
        o = json_string(plain);
    free(plain);
    return o;
}

json_t *gedi__report_cell(json_t *text, json_t *marks, double value, bool best)
{
    json_t *o = json_object();
    json_object_set_new(o, "text", text);
    json_object_set_new(o, "marks", marks);
    json_object_set_new(o, "value", isfinite(value) ? json_real(value) : json_null());
    json_object_set_new(o, "best", json_boolean(best));
    return o;
}

json_t *gedi__report_row(json_t *label, json_t *marks, json_t *cells)
{
    json_t *o = json_object();
    json_object_set_new(o, "label", label);
    json_object_set_new(o, "marks", marks);
    json_object_set_new(o, "cells", cells);
    return o;
}

json_t *gedi__report_column(json_t *label, json_t *path, const char *better)
{
    json_t *o = json_object();
    json_object_set_new(o, "label", label);
    json_object_set_new(o, "path", path);
    json_object_set_new(o, "better", json_string(better));
    return o;
}

json_t *gedi__report_lines(const char *s)
{
    json_t *out = json_array();
    while (*s) {
        size_t n = strcspn(s, "\n");
        char *line = strndup(s, n);
        json_array_append_new(out, line ? gedi__report_word(line) : NULL);
        free(line);
        s += n + (s[n] == '\n');
    }
    return out;
}

/* ---- axes ---- */

/* Those of sweeps; of other runs what they are usually told apart by. */
static gedi_status find_axes(gedi__study *s, const char *const **out)
{
    static const char *const usual[] = {"objective", "dataset", "seed", NULL};
    const char **axes;
    *out = usual;
    if (!s->documents)
        return GEDI_OK;
    GEDI_TRY(gedi__study_axes(s, &axes));
    *out = axes;
    return GEDI_OK;
}

static gedi_status add_axes(gedi__study *s, const char *const *axes, json_t *root)
{
    const char **label;
    json_t *out = json_array();
    json_object_set_new(root, "axes", out);
    for (int i = 0; axes[i]; i++) {
        json_t *o = json_object(), *labels = json_array();
        json_array_append_new(out, o);
        GEDI_TRY(gedi__study_labels(s, axes[i], &label));
        json_object_set_new(o, "name", gedi__report_word(axes[i]));
        for (; *label; label++)
            json_array_append_new(labels, gedi__report_word(*label));
        json_object_set_new(o, "labels", labels);
    }
    return GEDI_OK;
}

/* ---- curves ---- */

/* Of a log that cannot be read the run says why. */
static gedi_status add_log(const gedi__reported_on *r, gedi__curves *c, int i,
                           json_t *run, gedi_err *err)
{
    const gedi__study *s = r->s;
    gedi__metrics m;
    gedi_err why = {0};
    char *path = gedi__store_path(s->result[i].folder, GEDI__FILE_METRICS, err);
    if (!path)
        return GEDI_NOMEM;
    if (!gedi__file_exists(path)) { /* not begun, or an evaluation */
        free(path);
        return GEDI_OK;
    }
    gedi_status status = gedi__metrics_read(path, &m, &why);
    free(path);
    if (status == GEDI_NOMEM)
        return no_memory(err);
    if (status) {
        json_object_set_new(run, "log", gedi__report_word(why.msg));
        if (r->fault)
            r->fault(why.msg);
        return GEDI_OK;
    }
    status = gedi__curves_add(c, i, &m, err);
    gedi__metrics_clear(&m);
    return status;
}

static gedi_status add_curves(const gedi__reported_on *r, json_t *runs, gedi__text *out,
                              gedi_err *err)
{
    const gedi__study *s = r->s;
    int rows = NUMBERS / SERIES / (s->results + 1);
    gedi__curves c = {.rows = rows > MOST_ROWS    ? MOST_ROWS
                              : rows < LEAST_ROWS ? LEAST_ROWS
                                                  : rows};
    gedi_status status = GEDI_OK;
    for (int i = 0; i < s->results && !status; i++)
        status = add_log(r, &c, i, json_array_get(runs, (size_t)i), err);
    gedi__curves_text(&c, out);
    gedi__curves_clear(&c);
    return status ? status : out->failed ? no_memory(err) : GEDI_OK;
}

/* ---- places ---- */

/* What the i-th place says of its sweep, of which there were *sweep before; NULL where it is none. */
static const json_t *points_of(const gedi__reported_on *r, int i, int *sweep)
{
    gedi__folder_kind kind;
    if (gedi__store_kind(r->place[i], &kind, NULL) || kind != GEDI__FOLDER_SWEEP ||
        *sweep >= r->s->documents)
        return NULL;
    return r->s->document[(*sweep)++];
}

/* ---- pictures ---- */

/* The folder that a path lies in; free() it. */
static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? strndup(path, (size_t)(slash - path)) : strdup(".");
}

static gedi_status add_pictures(const gedi__reported_on *r, const char *path,
                                gedi__report_pictures *p, json_t *root, gedi_err *err)
{
    json_t *runs = json_object_get(root, "runs"), *figures, *all = json_array(), *names;
    char *base = folder_of(path);
    gedi_status status = base ? GEDI_OK : no_memory(err);
    json_object_set_new(root, "figures", all);
    for (int i = 0, sweep = 0; i < r->places && !status; i++) {
        const json_t *points = points_of(r, i, &sweep);
        if (!points)
            continue;
        names = gedi__points_figures(points);
        status = gedi__report_figures(p, r->place[i], base, names, &figures, err);
        json_array_extend(all, figures);
        json_decref(figures);
        json_decref(names);
    }
    for (int i = 0; i < r->s->results && !status; i++) {
        const gedi__result *run = &r->s->result[i];
        figures = NULL;
        status = gedi__report_drawn(r->s, run, &names, err);
        if (!status)
            status = gedi__report_figures(p, run->folder, base, names, &figures, err);
        json_decref(names);
        json_object_set_new(json_array_get(runs, (size_t)i), "figures", figures);
    }
    free(base);
    return status;
}

/* A picture that cannot be read any more is none. */
static gedi_status put_pictures(gedi__page *page, const gedi__report_pictures *p,
                                gedi_err *err)
{
    for (int i = 0; i < p->n; i++) {
        char *png;
        size_t size;
        gedi_status s = p->of[i].number < 0
                            ? GEDI_IO
                            : gedi__file_read_most(p->of[i].path, (size_t)p->of[i].bytes,
                                                   &png, &size, NULL);
        if (s == GEDI_NOMEM)
            return no_memory(err);
        if (s)
            continue;
        gedi__page_picture(page, p->of[i].number, png, size);
        free(png);
    }
    return GEDI_OK;
}

/* ---- the whole ---- */

static gedi_status gather(const gedi__reported_on *r, const char *path, json_t *root,
                          gedi__report_pictures *p, gedi__text *curves, gedi_err *err)
{
    const char *const *axes;
    json_t *tables = json_array(), *places = json_array();
    const char *charts = gedi__page_charts();
    json_object_set_new(root, "gedi", json_string(PACKAGE_VERSION));
    json_object_set_new(root, "commit", json_string(GEDI__COMMIT));
    json_object_set_new(root, "charts", charts ? json_string(charts) : json_null());
    json_object_set_new(root, "live", json_boolean(r->live));
    for (int i = 0; i < r->places; i++)
        json_array_append_new(places, gedi__report_word(r->place[i]));
    json_object_set_new(root, "places", places);
    json_object_set_new(root, "tables", tables);
    if (find_axes(r->s, &axes) || add_axes(r->s, axes, root))
        return no_memory(err);
    GEDI_TRY(gedi__report_tables(r->s, axes, tables, err));
    for (int i = 0, sweep = 0; i < r->places; i++)
        GEDI_TRY(gedi__report_draws(r->place[i], points_of(r, i, &sweep), tables, err));
    GEDI_TRY(gedi__report_runs(r->s, axes, root, err));
    GEDI_TRY(add_curves(r, json_object_get(root, "runs"), curves, err));
    return add_pictures(r, path, p, root, err);
}

static gedi_status put(const char *path, const char *report, const char *curves,
                       const gedi__report_pictures *p, gedi_err *err)
{
    gedi__page page;
    GEDI_TRY(gedi__page_open(&page, path, err));
    gedi__page_data(&page, "report-data", report);
    gedi__page_data(&page, "curves-data", curves);
    gedi_status s = put_pictures(&page, p, err);
    if (!s)
        s = gedi__page_close(&page, err);
    gedi__page_abandon(&page);
    return s;
}

gedi_status gedi__report_write(const gedi__reported_on *r, const char *path,
                               gedi_err *err)
{
    gedi__report_pictures p = {0};
    gedi__text curves = {0};
    (void)gedi__json_lacked_memory();
    json_t *root = json_object();
    gedi_status s = gather(r, path, root, &p, &curves, err);
    char *text = s ? NULL : gedi__json_text(root, JSON_COMPACT | JSON_REAL_PRECISION(7));
    if (!s)
        s = text && curves.s ? put(path, text, curves.s, &p, err) : no_memory(err);
    free(text);
    json_decref(root);
    gedi__text_clear(&curves);
    gedi__report_pictures_clear(&p);
    return s;
}

gedi_status gedi__report_folder(const char *folder, bool live, gedi_err *err)
{
    gedi__study s = {0};
    char *path = gedi__store_path(folder, GEDI__FILE_REPORT, err);
    gedi_status status = path ? gedi__study_add(&s, folder, err) : GEDI_NOMEM;
    gedi__reported_on r = {.s = &s, .place = &folder, .places = 1, .live = live};
    if (!status)
        status = gedi__report_write(&r, path, err);
    gedi__study_clear(&s);
    free(path);
    return status;
}

/* ---- again and again ---- */

static const double FIRST = 10, SELDOM = 15, SHARE = 0.01;

bool gedi__refresh_due(gedi__refresh *r)
{
    double now = gedi__seconds();
    if (r->next <= 0)
        r->next = now + FIRST;
    return now >= r->next;
}

void gedi__refresh_page(gedi__refresh *r, const char *folder)
{
    double began = gedi__seconds();
    (void)gedi__report_folder(folder, true, NULL);
    double now = gedi__seconds();
    r->took = now - began;
    r->next = now + (r->took / SHARE > SELDOM ? r->took / SHARE : SELDOM);
}
