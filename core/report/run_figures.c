/* run_figures.c - draws the figures a descriptor names, from a finished run. */
#include "core/report/run_figures.h"
#include "core/base/file.h"
#include "core/harness/metrics.h"
#include "core/report/figure.h"
#include "core/report/run_views.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CELLS = 220 }; /* along the longer side of a map of the plane */

static bool of_the_plane(const char *figure)
{
    return !strcmp(figure, "clusters") || !strcmp(figure, "density");
}

gedi_status gedi__run_figures_check(const gedi__experiment *e, gedi_shape record,
                                    gedi_err *err)
{
    char s[64];
    for (int i = 0; i < e->figures; i++) {
        bool image = record.rank == 3 && (record.dim[2] == 1 || record.dim[2] == 3);
        if (!strcmp(e->figure[i], "views") && !image)
            return GEDI_FAIL(
                err, GEDI_DESCRIPTOR,
                "figures: views needs images [H, W, 1] or [H, W, 3], but records "
                "of %s have shape %s: leave it out",
                e->dataset.plugin->name, gedi_shape_text(record, s, sizeof s));
        if (of_the_plane(e->figure[i]) && gedi_shape_size(record) != 2)
            return GEDI_FAIL(
                err, GEDI_DESCRIPTOR,
                "figures: %s needs records of 2 numbers, but those of %s have "
                "shape %s: leave it out",
                e->figure[i], e->dataset.plugin->name,
                gedi_shape_text(record, s, sizeof s));
    }
    return GEDI_OK;
}

/* All records of a split, [N, 2]. NULL when out of memory or unreadable. */
static float *points_of(gedi_trial *t, gedi_split split, gedi_err *err)
{
    int64_t n = gedi_trial_count(t, split);
    float *x = malloc((size_t)(2 * n + 2) * sizeof *x);
    if (!x) {
        GEDI_FAIL(err, GEDI_NOMEM, "out of memory for a figure of %lld points",
                  (long long)n);
        return NULL;
    }
    for (int64_t i = 0; i < n; i++)
        if (gedi__trial_read(t, split, i, x + 2 * i, err) != GEDI_OK) {
            free(x);
            return NULL;
        }
    return x;
}

static void largest(const float *p, int64_t n, int64_t k, int32_t *out)
{
    for (int64_t i = 0; i < n; i++) {
        out[i] = 0;
        for (int64_t j = 1; j < k; j++)
            if (p[i * k + j] > p[i * k + out[i]])
                out[i] = (int32_t)j;
    }
}

static double nmi_of(const gedi_trial *t)
{
    int n;
    const gedi__figure *f = gedi__trial_figures(t, &n);
    for (int i = 0; i < n; i++)
        if (!strcmp(f[i].name, "nmi"))
            return f[i].value;
    return NAN;
}

/* Memory of one map: the grid's centres and what the network says there. */
typedef struct map {
    gedi__grid grid;
    int64_t cells, k;
    float *points, *centre, *p, *log_density;
    double *value;
    int32_t *region, *cluster;
} map;

static void map_clear(map *m)
{
    free(m->points);
    free(m->centre);
    free(m->p);
    free(m->log_density);
    free(m->value);
    free(m->region);
    free(m->cluster);
}

static gedi_status map_init(map *m, gedi_trial *t, gedi_split split, gedi_err *err)
{
    *m = (map){.points = points_of(t, split, err)};
    if (!m->points)
        return err && err->code ? err->code : GEDI_NOMEM;
    int64_t n = gedi_trial_count(t, split);
    m->grid = gedi__grid_around(m->points, n, CELLS);
    m->cells = (int64_t)m->grid.nx * m->grid.ny;
    m->k = gedi__trial_clusters(t);
    int64_t most = m->cells > n ? m->cells : n;
    m->centre = malloc((size_t)(2 * m->cells) * sizeof(float));
    m->p = malloc((size_t)(most * m->k + 1) * sizeof(float));
    m->log_density = malloc((size_t)m->cells * sizeof(float));
    m->value = malloc((size_t)m->cells * sizeof(double));
    m->region = malloc((size_t)m->cells * sizeof(int32_t));
    m->cluster = malloc((size_t)(n + 1) * sizeof(int32_t));
    if (!m->centre || !m->p || !m->log_density || !m->value || !m->region || !m->cluster)
        return GEDI_FAIL(err, GEDI_NOMEM, "out of memory for a figure");
    gedi__grid_centres(&m->grid, m->centre);
    return GEDI_OK;
}

static gedi_status draw_clusters(map *m, gedi_trial *t, const char *title,
                                 const char *folder, gedi_err *err)
{
    int64_t n = gedi_trial_count(t, GEDI_TEST);
    GEDI_TRY(gedi__trial_at(t, m->centre, m->cells, m->p, NULL, err));
    largest(m->p, m->cells, m->k, m->region);
    GEDI_TRY(gedi__trial_at(t, m->points, n, m->p, NULL, err));
    largest(m->p, n, m->k, m->cluster);
    gedi__figure_clusters f = {
        .title = title,
        .clusters = (int)m->k,
        .n = n,
        .points = m->points,
        .cluster = m->cluster,
        .grid = m->grid,
        .region = m->region,
        .nmi = nmi_of(t),
    };
    return gedi__draw_clusters(folder, "clusters", &f, err);
}

static gedi_status draw_density(map *m, gedi_trial *t, const char *title,
                                const char *folder, gedi_err *err)
{
    GEDI_TRY(gedi__trial_at(t, m->centre, m->cells, NULL, m->log_density, err));
    for (int64_t i = 0; i < m->cells; i++)
        m->value[i] = m->log_density[i];
    gedi__figure_density f = {
        .title = title,
        .grid = m->grid,
        .log_density = m->value,
        .n = gedi_trial_count(t, GEDI_TRAIN),
        .points = m->points,
    };
    return gedi__draw_density(folder, "density", &f, err);
}

static gedi_status draw_losses(const char *title, const char *directory,
                               const char *folder, gedi_err *err)
{
    gedi__metrics m;
    gedi__series series[GEDI__MAX_SERIES];
    char *path = gedi__path_join(directory, "metrics.jsonl");
    if (!path)
        return GEDI_FAIL(err, GEDI_NOMEM, "out of memory for a figure");
    bool trained = gedi__file_exists(path); /* not where a run is evaluated once more */
    gedi_status s = trained ? gedi__metrics_read(path, &m, err) : GEDI_OK;
    free(path);
    if (!trained)
        return GEDI_OK;
    if (s != GEDI_OK)
        return s;
    for (int i = 0; i < m.terms; i++)
        series[i] = (gedi__series){m.name[i], m.optimum[i], m.value[i]};
    gedi__figure_losses f = {
        .title = title,
        .n = m.n,
        .iteration = m.iteration,
        .stage = m.stage,
        .terms = m.terms,
        .term = series,
    };
    s = gedi__draw_losses(folder, "losses", &f, err);
    gedi__metrics_clear(&m);
    return s;
}

/* "jem, gedi on moons, seed 0": the objectives of all stages, the last of which is shown. */
static void title_of(const gedi__experiment *e, char *out, size_t size)
{
    size_t at = 0;
    for (int i = 0; i < e->stages && at < size; i++)
        at += (size_t)snprintf(out + at, size - at, "%s%s", i ? ", " : "",
                               e->stage[i].objective.plugin->name);
    if (at < size)
        snprintf(out + at, size - at, " on %s, seed %llu", e->dataset.plugin->name,
                 (unsigned long long)e->seed);
}

static gedi_status draw(gedi_trial *t, const gedi__experiment *e, const char *figure,
                        const char *directory, const char *folder, gedi_err *err)
{
    char title[256];
    title_of(e, title, sizeof title);
    if (!strcmp(figure, "views"))
        return gedi__run_views(gedi__trial_data(t), folder, err);
    if (!of_the_plane(figure))
        return draw_losses(title, directory, folder, err);
    map m = {0};
    bool clusters = !strcmp(figure, "clusters");
    gedi_status s = map_init(&m, t, clusters ? GEDI_TEST : GEDI_TRAIN, err);
    if (s == GEDI_OK)
        s = clusters ? draw_clusters(&m, t, title, folder, err)
                     : draw_density(&m, t, title, folder, err);
    map_clear(&m);
    return s;
}

gedi_status gedi__run_figures(gedi_trial *t, const gedi__experiment *e,
                              const char *directory, gedi_err *err)
{
    GEDI_TRY(gedi__run_figures_check(e, gedi__trial_record(t), err));
    char *folder = gedi__path_join(directory, "figures");
    if (!folder)
        return GEDI_FAIL(err, GEDI_NOMEM, "out of memory for figures");
    gedi_status first = gedi__folder_make(folder, err);
    for (int i = 0; first == GEDI_OK && i < e->figures; i++) {
        gedi_err own = {0};
        gedi_status s = draw(t, e, e->figure[i], directory, folder, &own);
        if (s != GEDI_OK) /* gnuplot missing or a full disk: the next would fail alike */
            first = GEDI_FAIL(err, s, "figure %s: %s", e->figure[i], own.msg);
    }
    free(folder);
    return first;
}
