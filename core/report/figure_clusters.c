/* figure_clusters.c - points coloured by cluster over the clusters' regions.
 *
 * Source:  Sansone & Manhaeve, "Unifying Self-Supervised Clustering and Energy-Based
 *          Models", figures 3 and 5 (top rows).
 * Differs: shows the decision regions, and how many points each cluster has.
 */
#include "core/report/csv.h"
#include "core/report/palette.h"
#include "core/report/panel.h"
#include "core/report/plane.h"
#include "core/base/memory.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    DRAWN = 4000, /* points, at most */
    KEY = GEDI__KEY_ENTRIES,
    LINE = 50,    /* pixels: one line of the key */
    COLUMN = 220, /* one column */
    ASIDE = 110,  /* around them */
    CELLS = 100,  /* along the longer side of a plane that has no regions */
};

/* Of the table of points: by cluster, by class. */
static const char *const head[] = {"x,y,cluster", "x,y,class"};
static const char *const kind[] = {"cluster", "class"};

static gedi_status check(const char *name, const gedi__figure_clusters *f, gedi_err *err)
{
    GEDI_TRY(gedi__plane_check(name, &f->grid, err));
    if (f->clusters < 1)
        return GEDI_FAIL(err, GEDI_USAGE, "figure '%s': %d clusters; it needs 1 or more",
                         name, f->clusters);
    int64_t cells = (int64_t)f->grid.nx * f->grid.ny;
    for (int64_t i = 0; i < f->n; i++)
        if (f->cluster[i] < 0 || f->cluster[i] >= f->clusters)
            return GEDI_FAIL(err, GEDI_USAGE, "figure '%s': point %lld is in %s %d of %d",
                             name, (long long)i, kind[f->classes], (int)f->cluster[i],
                             f->clusters);
    for (int64_t i = 0; f->region && i < cells; i++)
        if (f->region[i] < -1 || f->region[i] >= f->clusters)
            return GEDI_FAIL(err, GEDI_USAGE,
                             "figure '%s': cell %lld is in cluster %d of %d", name,
                             (long long)i, (int)f->region[i], f->clusters);
    return GEDI_OK;
}

static double region_of(const void *cells, int64_t i)
{
    return ((const int32_t *)cells)[i];
}

static void add_points(gedi__chart *c, const gedi__figure_clusters *f)
{
    gedi__text *t = gedi__chart_table(c, NULL, head[f->classes]);
    int64_t drawn = f->n < DRAWN ? f->n : DRAWN;
    for (int64_t i = 0; i < drawn; i++) {
        int64_t k = i * f->n / drawn; /* evenly spread over all */
        gedi__chart_number(t, f->points[2 * k]);
        gedi__text_add(t, ",");
        gedi__chart_number(t, f->points[2 * k + 1]);
        gedi__text_add(t, ",%d\n", (int)f->cluster[k]);
    }
}

/* Gnuplot's arrays of colours and marks by cluster, counted from 1. */
static void add_colours(gedi__chart *c, int clusters)
{
    gedi__text *s = &c->script;
    int n = clusters < GEDI__COLOURS ? clusters : GEDI__COLOURS;
    gedi__text_add(s,
                   "# By cluster: colour of its points, tint of its region, mark.\n"
                   "array colour[%d] = [",
                   n);
    for (int k = 0; k < n; k++)
        gedi__text_add(s, "%s0x%06x", k ? ", " : "", (unsigned)gedi__colour(k));
    gedi__text_add(s, "]\narray tint[%d] = [", n);
    for (int k = 0; k < n; k++)
        gedi__text_add(s, "%s0x%06x", k ? ", " : "", (unsigned)gedi__tint(k, 0.28));
    gedi__text_add(s, "]\narray mark[%d] = [", n);
    for (int k = 0; k < n; k++)
        gedi__text_add(s, "%s%d", k ? ", " : "", gedi__mark(k));
    gedi__text_add(s,
                   "]\n"
                   "kind(k) = int(k) %% %d + 1\n"
                   "part(k, shift) = k < 0 ? 255 : (tint[kind(k)] >> shift) & 255\n",
                   n);
}

/* How many entries the key has, in how many columns that are as high as the plot. Whoever adds
 * one may make the plot lower. */
static int key_columns(const gedi__figure_clusters *f, int *entries)
{
    int width, height, columns = 0, rows;
    *entries = f->clusters < KEY ? f->clusters : KEY + 1; /* the last: how many more */
    do {
        columns++;
        gedi__plane_size(&f->grid, ASIDE + COLUMN * columns, f->style, f->axis, &width,
                         &height);
        rows = height / LINE - 1;
    } while (rows * columns < *entries);
    return columns;
}

static gedi_status add_key(gedi__chart *c, const gedi__figure_clusters *f, gedi_err *err)
{
    gedi__text *s = &c->script;
    int shown = f->clusters < KEY ? f->clusters : KEY;
    int64_t *count =
        gedi__alloc((size_t)f->clusters, sizeof *count, err, "figure '%s'", c->name);
    if (!count)
        return GEDI_NOMEM;
    for (int64_t i = 0; i < f->n; i++)
        count[f->cluster[i]]++;
    for (int k = 0; k < shown; k++)
        gedi__text_add(
            s,
            ", \\\n"
            "    keyentry with points pointtype %d pointsize mark(2) linecolor rgb '#%06x' "
            "title '%d: %lld'",
            gedi__mark(k), (unsigned)gedi__colour(k), k, (long long)count[k]);
    if (f->clusters > shown)
        gedi__text_add(s, ", \\\n    keyentry title '%d more'", f->clusters - shown);
    gedi__text_add(s, "\n");
    free(count);
    return GEDI_OK;
}

/* Its tables and the plot, to which a key may be added. */
static void add_map(gedi__chart *c, const gedi__figure_clusters *f, double marks)
{
    gedi__text *s = &c->script;
    add_points(c, f);
    if (f->region)
        gedi__plane_cells(c, "regions", &f->grid, region_of, f->region);
    add_colours(c, f->clusters);
    gedi__text_add(s, "plot \\\n");
    if (f->region)
        gedi__text_add(s, "    name.'-regions.csv' nonuniform matrix using "
                          "1:2:(part($3,16)):(part($3,8)):(part($3,0)) \\\n"
                          "        with rgbimage notitle, \\\n");
    gedi__text_add(
        s,
        "    name.'.csv' skip 1 using "
        "1:2:(mark[kind($3)]):(colour[kind($3)]) \\\n"
        "        with points pointtype variable pointsize mark(%.3g) linecolor "
        "rgb variable notitle",
        0.8 * marks);
}

/* A single class needs none. */
static bool has_key(const gedi__figure_clusters *f)
{
    return !(f->classes && f->clusters == 1);
}

gedi_status gedi__draw_clusters(const char *folder, const char *name,
                                const gedi__figure_clusters *f, gedi_err *err)
{
    GEDI_TRY(check(name, f, err));
    gedi__chart c;
    char subtitle[96], nmi[32] = "";
    int entries, columns = key_columns(f, &entries),
                 right = has_key(f) ? ASIDE + COLUMN * columns : ASIDE;
    if (!isnan(f->nmi))
        snprintf(nmi, sizeof nmi, "NMI %.3f, ", f->nmi);
    snprintf(subtitle, sizeof subtitle, "%s%lld test points, %d clusters", nmi,
             (long long)f->n, f->clusters);
    gedi__plane_open(&c, folder, name, &f->grid, right, f->style,
                     f->title ? f->title : "Clusters",
                     f->subtitle ? f->subtitle : subtitle, f->axis);
    if (has_key(f))
        gedi__text_add(&c.script,
                       "set key at screen %.4f,%.4f left top Left reverse samplen 0.5 "
                       "spacing 1.2*up maxrows %d\nset key title '%s: points' left\n",
                       1 - (right - 30.0) / c.width,
                       1 - (gedi__chart_head(f->style) - 10.0) / c.height,
                       (entries + columns - 1) / columns, kind[f->classes]);
    add_map(&c, f, 1);
    gedi_status s = GEDI_OK;
    if (has_key(f))
        s = add_key(&c, f, err);
    else
        gedi__text_add(&c.script, "\n");
    if (s != GEDI_OK) {
        gedi__chart_clear(&c);
        return s;
    }
    return gedi__chart_draw(&c, err);
}

/* ---- beside others ---- */

void gedi__clusters_key(gedi__chart *c, int kinds)
{
    for (int k = 0; k < kinds && k < KEY; k++)
        gedi__text_add(
            &c->script,
            ", \\\n"
            "    keyentry with points pointtype %d pointsize mark(2) linecolor rgb '#%06x' "
            "title '%d'",
            gedi__mark(k), (unsigned)gedi__colour(k), k);
    if (kinds > KEY)
        gedi__text_add(&c->script, ", \\\n    keyentry title '%d more'", kinds - KEY);
}

/* What the tables say; `cells` are the regions as read. */
static gedi_status read_back(const char *name, const gedi__csv *t, const double *cells,
                             gedi__figure_clusters *f, float **points, int32_t **cluster,
                             int32_t **region, gedi_err *err)
{
    int32_t last, lowest;
    GEDI_TRY(
        gedi__csv_whole(name, t->x + 2, t->rows, t->columns, 0, cluster, &last, err));
    if (!(*points = gedi__csv_points(t, err)))
        return GEDI_NOMEM;
    if (cells) {
        GEDI_TRY(gedi__csv_whole(name, cells, (int64_t)f->grid.nx * f->grid.ny, 1, -1,
                                 region, &lowest, err));
        last = lowest > last ? lowest : last;
    } else if (!gedi__plane_some(*points, t->rows)) {
        return GEDI_FAIL(err, GEDI_DATA, "%s: there are no points", name);
    } else {
        f->grid = gedi__grid_around(*points, t->rows, CELLS);
    }
    f->clusters = last + 1; /* colours do not depend on those behind the last one seen */
    f->n = t->rows;
    f->points = *points;
    f->cluster = *cluster;
    f->region = *region;
    return GEDI_OK;
}

static gedi_status points_panel(const char *folder, const char *name, bool classes,
                                gedi__plot *p, gedi_err *err)
{
    gedi__csv t;
    gedi__figure_clusters f = {.nmi = NAN, .classes = classes};
    float *points = NULL;
    int32_t *cluster = NULL, *region = NULL;
    double *cells;
    GEDI_TRY(gedi__csv_read(folder, name, NULL, head[classes], false, &t, err));
    gedi_status s = gedi__plane_read(folder, name, "regions", &f.grid, &cells, err);
    if (s == GEDI_OK)
        s = read_back(name, &t, cells, &f, &points, &cluster, &region, err);
    if (s == GEDI_OK)
        s = gedi__plane_check(name, &f.grid, err);
    if (s == GEDI_OK) {
        add_map(&p->chart, &f, GEDI__PANEL_MARKS);
        gedi__text_add(&p->chart.script, "\n");
        p->plane = f.grid;
        p->kinds = f.clusters;
        p->key = classes ? GEDI__KEY_CLASSES : GEDI__KEY_CLUSTERS;
    }
    free(t.x);
    free(cells);
    free(points);
    free(cluster);
    free(region);
    return s;
}

gedi_status gedi__clusters_panel(const char *folder, const char *name, gedi__plot *p,
                                 gedi_err *err)
{
    return points_panel(folder, name, false, p, err);
}

/* Which of the two it is coloured by, its table says. */
gedi_status gedi__embedding_panel(const char *folder, const char *name, gedi__plot *p,
                                  gedi_err *err)
{
    gedi_status s = points_panel(folder, name, true, p, err);
    if (s != GEDI_DATA)
        return s;
    return points_panel(folder, name, false, p, err);
}
