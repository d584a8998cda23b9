/* run_plane.c - maps of the plane: clusters and density, where records are two numbers. */
#include "core/report/figure.h"
#include "core/report/run_sheet.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CELLS = 220 }; /* along the longer side of a map of the plane */

static double nmi_of(const gedi_trial *t)
{
    const gedi__findings *f = gedi__trial_findings(t);
    for (int i = 0; i < f->values; i++)
        if (!strcmp(f->value[i].name, "nmi"))
            return f->value[i].value;
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
    int64_t n = INT64_MAX;
    *m = (map){.k = gedi__trial_clusters(t)};
    GEDI_TRY(gedi__run_records(gedi__trial_data(t), split, &n, &m->points, err));
    m->grid = gedi__grid_around(m->points, n, CELLS);
    m->cells = (int64_t)m->grid.nx * m->grid.ny;
    int64_t most = m->cells > n ? m->cells : n;
    m->centre = malloc((size_t)(2 * m->cells) * sizeof(float));
    m->p = malloc((size_t)(most * m->k + 1) * sizeof(float));
    m->log_density = malloc((size_t)m->cells * sizeof(float));
    m->value = malloc((size_t)m->cells * sizeof(double));
    m->region = malloc((size_t)m->cells * sizeof(int32_t));
    m->cluster = malloc((size_t)(n + 1) * sizeof(int32_t));
    if (!m->centre || !m->p || !m->log_density || !m->value || !m->region || !m->cluster)
        return gedi_no_memory(err, "a figure");
    gedi__grid_centres(&m->grid, m->centre);
    return GEDI_OK;
}

static gedi_status draw_clusters(map *m, const gedi__sheet *s, gedi_err *err)
{
    gedi_trial *t = s->trial;
    int64_t n = gedi_trial_count(t, GEDI_TEST);
    bool own = m->k > 0;
    char title[320];
    if (own) {
        GEDI_TRY(gedi__trial_at(t, m->centre, m->cells, m->p, NULL, err));
        gedi__run_argmax(m->p, m->cells, m->k, m->region);
        GEDI_TRY(gedi__trial_at(t, m->points, n, m->p, NULL, err));
        gedi__run_argmax(m->p, n, m->k, m->cluster);
    } else {
        GEDI_TRY(gedi__run_kmeans(t, GEDI_TEST, m->cluster, &m->k, err));
    }
    snprintf(title, sizeof title, "%s%s", s->title,
             own ? "" : ": k-means of the features");
    gedi__figure_clusters f = {
        .title = title,
        .clusters = (int)m->k,
        .n = n,
        .points = m->points,
        .cluster = m->cluster,
        .grid = m->grid,
        .region = own ? m->region : NULL,
        .nmi = nmi_of(t),
    };
    gedi_status status = GEDI_OK;
    for (int i = 0; i < s->styles && status == GEDI_OK; i++) {
        f.style = &s->style[i];
        status = gedi__draw_clusters(s->folder, "clusters", &f, err);
    }
    return status;
}

static gedi_status draw_density(map *m, const gedi__sheet *s, gedi_err *err)
{
    gedi_trial *t = s->trial;
    GEDI_TRY(gedi__trial_at(t, m->centre, m->cells, NULL, m->log_density, err));
    for (int64_t i = 0; i < m->cells; i++)
        m->value[i] = m->log_density[i];
    gedi__figure_density f = {
        .title = s->title,
        .grid = m->grid,
        .log_density = m->value,
        .n = gedi_trial_count(t, GEDI_TRAIN),
        .points = m->points,
    };
    gedi_status status = GEDI_OK;
    for (int i = 0; i < s->styles && status == GEDI_OK; i++) {
        f.style = &s->style[i];
        status = gedi__draw_density(s->folder, "density", &f, err);
    }
    return status;
}

gedi_status gedi__run_clusters(const gedi__sheet *s, gedi_err *err)
{
    map m;
    gedi_status status = map_init(&m, s->trial, GEDI_TEST, err);
    if (status == GEDI_OK)
        status = draw_clusters(&m, s, err);
    map_clear(&m);
    return status;
}

gedi_status gedi__run_density(const gedi__sheet *s, gedi_err *err)
{
    map m;
    gedi_status status = map_init(&m, s->trial, GEDI_TRAIN, err);
    if (status == GEDI_OK)
        status = draw_density(&m, s, err);
    map_clear(&m);
    return status;
}
