/* figure_samples.c - samples of the plane over the data that they should look like. */
#include "core/report/palette.h"
#include "core/report/plane.h"
#include "core/base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    DRAWN = 4000, /* samples, at most */
    DATA = 2000,  /* points of the data, at most */
    KEY = 260,    /* pixels beside the plot */
};

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
    gedi__text *t = gedi__chart_table(c, part, "x,y");
    int64_t drawn = n < most ? n : most;
    for (int64_t i = 0; i < drawn; i++) {
        const float *point = x + 2 * (i * n / drawn); /* spread over all */
        gedi__chart_number(t, point[0]);
        gedi__text_add(t, ",");
        gedi__chart_number(t, point[1]);
        gedi__text_add(t, "\n");
    }
}

gedi_status gedi__draw_samples(const char *folder, const char *name,
                               const gedi__figure_samples *f, gedi_err *err)
{
    gedi__chart c;
    gedi__grid grid;
    if (f->n < 1)
        return GEDI_FAIL(err, GEDI_USAGE, "figure '%s': there are no samples", name);
    GEDI_TRY(grid_of(name, f, &grid, err));
    gedi__plane_open(&c, folder, name, &grid, KEY, f->title ? f->title : "Samples",
                     f->subtitle);
    add_points(&c, NULL, f->samples, f->n, DRAWN);
    add_points(&c, "data", f->points, f->data, DATA);
    gedi__text_add(
        &c.script,
        "set key at screen %.4f,%.4f left top Left reverse samplen 0.5 spacing 1.3\n"
        "plot \\\n"
        "    name.'-data.csv' skip 1 using 1:2 with points pointtype 7 pointsize 0.4 "
        "linecolor rgb '#b8b8b8' notitle, \\\n"
        "    name.'.csv' skip 1 using 1:2 with points pointtype 7 pointsize 0.7 "
        "linecolor rgb '#%06x' notitle, \\\n"
        "    keyentry with points pointtype 7 pointsize 1.6 linecolor rgb '#b8b8b8' "
        "title 'data', \\\n"
        "    keyentry with points pointtype 7 pointsize 1.6 linecolor rgb '#%06x' "
        "title 'samples'\n",
        1 - (KEY - 30.0) / c.width, 1 - (GEDI__CHART_HEAD - 10.0) / c.height,
        (unsigned)gedi__colour(1), (unsigned)gedi__colour(1));
    return gedi__chart_draw(&c, err);
}
