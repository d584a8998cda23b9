/* figure_clusters.c - points coloured by cluster over the clusters' regions.
 *
 * Source:  Sansone & Manhaeve, "Unifying Self-Supervised Clustering and Energy-Based
 *          Models", figures 3 and 5 (top rows).
 * Differs: shows the decision regions, and how many points each cluster has.
 */
#include "core/report/palette.h"
#include "core/report/plane.h"
#include "core/base/memory.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    DRAWN = 4000, /* points, at most */
    KEY = 20,     /* clusters in the key, at most */
    LINE = 50,    /* pixels: one line of the key */
    COLUMN = 220, /* one column */
    ASIDE = 110,  /* around them */
};

static gedi_status check(const char *name, const gedi__figure_clusters *f, gedi_err *err)
{
    GEDI_TRY(gedi__plane_check(name, &f->grid, err));
    if (f->clusters < 1)
        return GEDI_FAIL(err, GEDI_USAGE, "figure '%s': %d clusters; it needs 1 or more",
                         name, f->clusters);
    int64_t cells = (int64_t)f->grid.nx * f->grid.ny;
    for (int64_t i = 0; i < f->n; i++)
        if (f->cluster[i] < 0 || f->cluster[i] >= f->clusters)
            return GEDI_FAIL(err, GEDI_USAGE,
                             "figure '%s': point %lld is in cluster %d of %d", name,
                             (long long)i, (int)f->cluster[i], f->clusters);
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
    gedi__text *t = gedi__chart_table(c, NULL, "x,y,cluster");
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

/* How many entries the key has, in columns that are as high as the plot. */
static int key_columns(const gedi__figure_clusters *f, int *entries)
{
    int width, height;
    gedi__plane_size(&f->grid, &width, &height);
    *entries = f->clusters < KEY ? f->clusters : KEY + 1; /* the last: how many more */
    int rows = height / LINE - 1;
    return (*entries + rows - 1) / rows;
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
            "    keyentry with points pointtype %d pointsize 2 linecolor rgb '#%06x' "
            "title '%d: %lld'",
            gedi__mark(k), (unsigned)gedi__colour(k), k, (long long)count[k]);
    if (f->clusters > shown)
        gedi__text_add(s, ", \\\n    keyentry title '%d more'", f->clusters - shown);
    gedi__text_add(s, "\n");
    free(count);
    return GEDI_OK;
}

static gedi_status add_plot(gedi__chart *c, const gedi__figure_clusters *f, int right,
                            gedi_err *err)
{
    gedi__text *s = &c->script;
    int entries, columns = key_columns(f, &entries);
    gedi__text_add(s,
                   "set key at screen %.4f,%.4f left top Left reverse samplen 0.5 "
                   "spacing 1.2 maxrows %d\nset key title 'cluster: points' left\n",
                   1 - (right - 30.0) / c->width,
                   1 - (GEDI__CHART_HEAD - 10.0) / c->height,
                   (entries + columns - 1) / columns);
    gedi__text_add(s, "plot \\\n");
    if (f->region)
        gedi__text_add(s, "    name.'-regions.csv' nonuniform matrix using "
                          "1:2:(part($3,16)):(part($3,8)):(part($3,0)) \\\n"
                          "        with rgbimage notitle, \\\n");
    gedi__text_add(s, "    name.'.csv' skip 1 using "
                      "1:2:(mark[kind($3)]):(colour[kind($3)]) \\\n"
                      "        with points pointtype variable pointsize 0.8 linecolor "
                      "rgb variable notitle");
    return add_key(c, f, err);
}

gedi_status gedi__draw_clusters(const char *folder, const char *name,
                                const gedi__figure_clusters *f, gedi_err *err)
{
    GEDI_TRY(check(name, f, err));
    gedi__chart c;
    char subtitle[96], nmi[32] = "";
    int entries, right = ASIDE + COLUMN * key_columns(f, &entries);
    if (!isnan(f->nmi))
        snprintf(nmi, sizeof nmi, "NMI %.3f, ", f->nmi);
    snprintf(subtitle, sizeof subtitle, "%s%lld test points, %d clusters", nmi,
             (long long)f->n, f->clusters);
    gedi__plane_open(&c, folder, name, &f->grid, right, f->title ? f->title : "Clusters",
                     subtitle);
    add_points(&c, f);
    if (f->region)
        gedi__plane_cells(&c, "regions", &f->grid, region_of, f->region);
    add_colours(&c, f->clusters);
    gedi_status s = add_plot(&c, f, right, err);
    if (s != GEDI_OK) {
        gedi__chart_clear(&c);
        return s;
    }
    return gedi__chart_draw(&c, err);
}
