/* figure_samples.c - samples of the plane over the data that they should look like. */
#include "core/report/csv.h"
#include "core/report/palette.h"
#include "core/report/panel.h"
#include "core/report/plane.h"
#include "core/base/file.h"
#include "core/base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    DRAWN = 4000, /* samples, at most */
    DATA = 2000,  /* points of the data, at most */
    KEY = 260,    /* pixels beside the plot */
    CLEAR = 0x80, /* how transparent samples are, of 0xff */
    DARK = 0x303030,
};

static const char HEAD[] = "x,y"; /* of both tables */

/* Both together: samples may lie far from the data. */
static gedi_status grid_of(const char *name, const gedi__figure_samples *f, gedi__grid *g,
                           gedi_err *err)
{
    float *all = gedi__alloc((size_t)(2 * (f->n + f->data)), sizeof *all, err,
                             "figure '%s'", name);
    if (!all)
        return GEDI_NOMEM;
    memcpy(all, f->samples, (size_t)(2 * f->n) * sizeof *all);
    memcpy(all + 2 * f->n, f->points, (size_t)(2 * f->data) * sizeof *all);
    *g = gedi__grid_around(all, f->n + f->data, 100);
    free(all);
    return gedi__plane_check(name, g, err);
}

static void add_points(gedi__chart *c, const char *part, const float *x, int64_t n,
                       int64_t most)
{
    gedi__text *t = gedi__chart_table(c, part, HEAD);
    int64_t drawn = n < most ? n : most;
    for (int64_t i = 0; i < drawn; i++) {
        const float *point = x + 2 * (i * n / drawn); /* spread over all */
        gedi__chart_number(t, point[0]);
        gedi__text_add(t, ",");
        gedi__chart_number(t, point[1]);
        gedi__text_add(t, "\n");
    }
}

/* Its tables and the plot, to which a key may be added. Samples are transparent and below, so that
 * they do not hide the data. */
static void add_plot(gedi__chart *c, const gedi__figure_samples *f, double marks)
{
    add_points(c, NULL, f->samples, f->n, DRAWN);
    add_points(c, "data", f->points, f->data, DATA);
    gedi__text_add(
        &c->script,
        "plot \\\n"
        "    name.'.csv' skip 1 using 1:2 with points pointtype 7 pointsize mark(%.3g) "
        "linecolor rgb '#%02x%06x' notitle, \\\n"
        "    name.'-data.csv' skip 1 using 1:2 with points pointtype 7 pointsize mark(%.3g) "
        "linecolor rgb '#%06x' notitle",
        0.8 * marks, CLEAR, (unsigned)gedi__colour(1), 0.3 * marks, DARK);
}

void gedi__samples_key(gedi__chart *c)
{
    gedi__text_add(
        &c->script,
        ", \\\n"
        "    keyentry with points pointtype 7 pointsize mark(1.6) linecolor rgb '#%06x' "
        "title 'data', \\\n"
        "    keyentry with points pointtype 7 pointsize mark(1.6) linecolor rgb '#%06x' "
        "title 'samples'",
        DARK, (unsigned)gedi__colour(1));
}

gedi_status gedi__draw_samples(const char *folder, const char *name,
                               const gedi__figure_samples *f, gedi_err *err)
{
    gedi__chart c;
    gedi__grid grid;
    if (f->n < 1)
        return GEDI_FAIL(err, GEDI_USAGE, "figure '%s': there are no samples", name);
    GEDI_TRY(grid_of(name, f, &grid, err));
    gedi__plane_open(&c, folder, name, &grid, KEY, f->style,
                     f->title ? f->title : "Samples", f->subtitle, NULL);
    gedi__text_add(
        &c.script,
        "set key at screen %.4f,%.4f left top Left reverse samplen 0.5 spacing 1.3*up\n",
        1 - (KEY - 30.0) / c.width, 1 - (gedi__chart_head(f->style) - 10.0) / c.height);
    add_plot(&c, f, 1);
    gedi__samples_key(&c);
    gedi__text_add(&c.script, "\n");
    return gedi__chart_draw(&c, err);
}

/* ---- beside others ---- */

static gedi_status add_panel(const char *name, const gedi__figure_samples *f,
                             gedi__plot *p, gedi_err *err)
{
    gedi__grid grid;
    if (!gedi__plane_some(f->samples, f->n))
        return GEDI_FAIL(err, GEDI_DATA, "%s: there are no samples", name);
    GEDI_TRY(grid_of(name, f, &grid, err));
    add_plot(&p->chart, f, GEDI__PANEL_MARKS);
    gedi__text_add(&p->chart.script, "\n");
    p->plane = grid;
    p->key = GEDI__KEY_SAMPLES;
    return GEDI_OK;
}

static gedi_status points_panel(const char *folder, const char *name, gedi__plot *p,
                                gedi_err *err)
{
    gedi__csv own, data;
    GEDI_TRY(gedi__csv_read(folder, name, NULL, HEAD, false, &own, err));
    gedi_status s = gedi__csv_read(folder, name, "data", HEAD, true, &data, err);
    float *samples = s == GEDI_OK ? gedi__csv_points(&own, err) : NULL;
    float *points = samples ? gedi__csv_points(&data, err) : NULL;
    if (s == GEDI_OK && !points)
        s = GEDI_NOMEM;
    gedi__figure_samples f = {
        .n = own.rows, .samples = samples, .data = data.rows, .points = points};
    if (s == GEDI_OK)
        s = add_panel(name, &f, p, err);
    free(own.x);
    free(data.x);
    free(samples);
    free(points);
    return s;
}

gedi_status gedi__samples_panel(const char *folder, const char *name, gedi__plot *p,
                                gedi_err *err)
{
    gedi__text images = {0};
    gedi__text_add(&images, "%s/%s-images.png", folder, name);
    gedi_status s;
    if (images.failed)
        s = gedi_no_memory(err, "%s", name);
    else if (gedi__file_exists(images.s))
        s = gedi__images_panel(folder, name, p, err);
    else
        s = points_panel(folder, name, p, err);
    gedi__text_clear(&images);
    return s;
}
