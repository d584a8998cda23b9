/* figure_density.c - log p(x) up to a constant as a heat map, the data over it.
 *
 * Source:  Sansone & Manhaeve, "Unifying Self-Supervised Clustering and Energy-Based
 *          Models", figure 5 (bottom rows).
 * Differs: the logarithm, not the density: the constant is not known, and the logarithm
 *          shows what happens away from the data.
 */
#include "core/report/axis.h"
#include "core/report/csv.h"
#include "core/report/palette.h"
#include "core/report/panel.h"
#include "core/report/plane.h"
#include "core/base/memory.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    DRAWN = 2000, /* points, at most */
    RIGHT = 330,  /* pixels beside the plot, at most, about: the scale of colours, */
    ASIDE = 117,  /* which takes this without its numbers, and of the plot's width */
    BAR = 13,     /* a part in so many, as gnuplot has it, */
    DIGIT = 21,   /* whose digits are so wide, */
    HIGH = 56,    /* and so high, with some room */
    TICS = 6,
    NAME = 26,
};

static const char HEAD[] = "x,y,log_density"; /* of the table of points */

static double value_of(const void *cells, int64_t i)
{
    return ((const double *)cells)[i];
}

/* The value of the cell that a point lies in; NAN outside. */
static double value_at(const gedi__figure_density *f, const float *point)
{
    const gedi__grid *g = &f->grid;
    double i = round((point[0] - g->x0) / (g->x1 - g->x0) * (g->nx - 1));
    double j = round((point[1] - g->y0) / (g->y1 - g->y0) * (g->ny - 1));
    if (!(i >= 0 && i < g->nx && j >= 0 && j < g->ny))
        return NAN;
    return f->log_density[(int64_t)j * g->nx + (int64_t)i];
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

typedef struct scale { /* of the colours */
    double low, high;
    bool cut; /* some cells are lower */
} scale;

/* An energy falls without bound away from the data: the scale reaches three times as far
 * below the peak as 98 % of the data do, at least 5 (a density of e^-5), and no further,
 * so that the data's own region keeps most colours. `sorted` has room for all points.
 * False: nothing is finite. */
static bool scale_of(const gedi__figure_density *f, double *sorted, scale *s)
{
    int64_t cells = (int64_t)f->grid.nx * f->grid.ny, m = 0;
    *s = (scale){INFINITY, -INFINITY, false};
    for (int64_t i = 0; i < cells; i++)
        if (isfinite(f->log_density[i])) {
            s->low = fmin(s->low, f->log_density[i]);
            s->high = fmax(s->high, f->log_density[i]);
        }
    if (s->low > s->high)
        return false;
    for (int64_t i = 0; i < f->n; i++) {
        double v = value_at(f, f->points + 2 * i);
        if (isfinite(v))
            sorted[m++] = v;
    }
    if (m > 0) {
        qsort(sorted, (size_t)m, sizeof *sorted, by_value);
        double enough = s->high - fmax(5, 3 * (s->high - sorted[m / 50]));
        s->cut = enough > s->low;
        s->low = fmax(s->low, enough);
    }
    double least = 1e-6 * fmax(fabs(s->high), 1); /* of what gnuplot can tell apart */
    if (!(s->high - s->low > least)) {
        s->low -= least;
        s->high += least;
    }
    return true;
}

static void add_points(gedi__chart *c, const gedi__figure_density *f)
{
    gedi__text *t = gedi__chart_table(c, "data", HEAD);
    int64_t drawn = f->n < DRAWN ? f->n : DRAWN;
    for (int64_t i = 0; i < drawn; i++) {
        const float *point = f->points + 2 * (i * f->n / drawn); /* spread over all */
        gedi__chart_number(t, point[0]);
        gedi__text_add(t, ",");
        gedi__chart_number(t, point[1]);
        gedi__text_add(t, ",");
        gedi__chart_number(t, value_at(f, point));
        gedi__text_add(t, "\n");
    }
}

/* Its tables and the plot. The scale reaches from `low` to `high`, both as gnuplot reads them. */
static void add_map(gedi__chart *c, const gedi__figure_density *f, const char *low,
                    const char *high, double marks)
{
    gedi__plane_cells(c, NULL, &f->grid, value_of, f->log_density);
    if (f->n > 0)
        add_points(c, f);
    gedi__text_add(&c->script,
                   "set palette defined (%s) maxcolors 64\n"
                   "set cbrange [%s:%s]\n"
                   "unset key\n"
                   "# Dark dots on light ground, light dots on dark ground.\n"
                   "dot(v) = v > 0.45 * (%s) + 0.55 * (%s) ? 0x70000000 : 0x60ffffff\n"
                   "plot \\\n"
                   "    name.'.csv' nonuniform matrix using 1:2:3 with image",
                   gedi__viridis, low, high, low, high);
    if (f->n > 0)
        gedi__text_add(
            &c->script,
            ", \\\n    name.'-data.csv' skip 1 using 1:2:(dot($3)) \\\n"
            "        with points pointtype 7 pointsize mark(%.3g) linecolor rgb "
            "variable",
            0.45 * marks);
    gedi__text_add(&c->script, "\n");
}

/* Checks the figure and finds the scale of its colours. */
static gedi_status scale_colours(const char *name, const gedi__figure_density *f,
                                 scale *colours, gedi_err *err)
{
    GEDI_TRY(gedi__plane_check(name, &f->grid, err));
    double *sorted =
        gedi__alloc((size_t)(f->n + 1), sizeof *sorted, err, "figure '%s'", name);
    if (!sorted)
        return GEDI_NOMEM;
    bool some = scale_of(f, sorted, colours);
    free(sorted);
    if (some)
        return GEDI_OK;
    return GEDI_FAIL(err, GEDI_USAGE, "figure '%s': none of the log-densities is finite",
                     name);
}

static double tics_of(const scale *s, int high)
{
    return gedi__axis_spaced(s->high - s->low, high, HIGH, TICS);
}

/* What the scale of colours needs, at any height. */
static int right_of(const gedi__figure_density *f, const scale *s)
{
    int most = 0, w, h;
    gedi__plane_size(&f->grid, RIGHT, f->style, NULL, &w, &h);
    for (int high = h; high > h / 2; high -= HIGH) {
        int own = ASIDE + w / BAR +
                  DIGIT * gedi__axis_letters(s->low, s->high, tics_of(s, high));
        most = own > most ? own : most;
    }
    return most;
}

gedi_status gedi__draw_density(const char *folder, const char *name,
                               const gedi__figure_density *f, gedi_err *err)
{
    scale colours;
    GEDI_TRY(scale_colours(name, f, &colours, err));
    gedi__chart c;
    char dots[64] = "", dark[64] = "", subtitle[160], low[32], high[32];
    if (f->n > 0)
        snprintf(dots, sizeof dots, "dots: %lld training points",
                 (long long)(f->n < DRAWN ? f->n : DRAWN));
    if (colours.cut)
        snprintf(dark, sizeof dark, "darkest: %.4g or less", colours.low);
    snprintf(subtitle, sizeof subtitle, "%s%s%s", dots, *dots && *dark ? "; " : "", dark);
    int right = right_of(f, &colours), w, h;
    gedi__plane_size(&f->grid, right, f->style, NULL, &w, &h);
    gedi__plane_open(&c, folder, name, &f->grid, right, f->style,
                     f->title ? f->title : "Density", *subtitle ? subtitle : NULL, NULL);
    gedi__text_add(&c.script,
                   "set colorbox noborder\nset cbtics %.9g\nset format cb '%s'\n",
                   tics_of(&colours, h), GEDI__AXIS_FORMAT);
    gedi__chart_label(&c, "log p(x) + const", c.width - 45,
                      gedi__chart_head(f->style) + h / 2.0, false, NAME, c.height - 40,
                      "center rotate by 90");
    snprintf(low, sizeof low, "%.9g", colours.low);
    snprintf(high, sizeof high, "%.9g", colours.high);
    add_map(&c, f, low, high, 1);
    return gedi__chart_draw(&c, err);
}

gedi_status gedi__density_panel(const char *folder, const char *name, gedi__plot *p,
                                gedi_err *err)
{
    gedi__csv t;
    gedi__figure_density f = {0};
    float *points = NULL;
    double *cells;
    scale colours;
    GEDI_TRY(gedi__plane_read(folder, name, NULL, &f.grid, &cells, err));
    gedi_status s = gedi__csv_read(folder, name, "data", HEAD, true, &t, err);
    if (s == GEDI_OK && !(points = gedi__csv_points(&t, err)))
        s = GEDI_NOMEM;
    f.log_density = cells;
    f.n = t.rows;
    f.points = points;
    if (s == GEDI_OK)
        s = scale_colours(name, &f, &colours, err);
    if (s == GEDI_OK) {
        /* Each model's constant is another: what can be compared is the fall from its peak. */
        for (int64_t i = 0; i < (int64_t)f.grid.nx * f.grid.ny; i++)
            cells[i] -= colours.high;
        add_map(&p->chart, &f, "-depth", "0", GEDI__PANEL_MARKS);
        p->plane = f.grid;
        p->depth = colours.high - colours.low;
    }
    free(t.x);
    free(cells);
    free(points);
    return s;
}
