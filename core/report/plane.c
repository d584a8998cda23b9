/* plane.c - what figures of a rectangle of the plane share. */
#include "core/report/plane.h"
#include "core/report/axis.h"
#include "core/report/csv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    LONGEST = 960, /* sides of the plot, in pixels */
    SHORTEST = 500,
    DIGIT = 21, /* width of a digit of a number, */
    HIGH = 60,  /* and height with some room */
    TICS = 8,   /* numbers of an axis, about */
    ASIDE = 50, /* of the numbers of y */
    LEFT = 130, /* of the plot, at least */
    NAMED = 75, /* for the name of an axis, */
    LINE = 36,  /* with a second line */
    ABOVE = 60,
    NAME = 26, /* size of the letters of an axis' name */
};

gedi__grid gedi__grid_around(const float *points, int64_t n, int cells)
{
    double low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY};
    for (int64_t i = 0; i < n; i++)
        for (int k = 0; k < 2; k++) {
            double x = points[2 * i + k];
            if (isfinite(x)) {
                low[k] = fmin(low[k], x);
                high[k] = fmax(high[k], x);
            }
        }
    double side[2];
    for (int k = 0; k < 2; k++) {
        if (low[k] > high[k]) /* no points */
            low[k] = -1, high[k] = 1;
        side[k] = (high[k] - low[k]) * 1.24;
    }
    double longer = fmax(side[0], side[1]);
    if (!(longer > 0)) /* one point */
        longer = 1;
    double cell = longer / cells;
    double first[2], last[2];
    int count[2];
    for (int k = 0; k < 2; k++) { /* points on a line still get a strip around them */
        double middle = (low[k] + high[k]) / 2;
        count[k] = (int)fmax(2, ceil(fmax(side[k], longer / 4) / cell - 1e-9));
        first[k] = middle - cell * (count[k] - 1) / 2;
        last[k] = middle + cell * (count[k] - 1) / 2;
    }
    return (gedi__grid){count[0], count[1], first[0], last[0], first[1], last[1]};
}

bool gedi__plane_some(const float *points, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        if (isfinite(points[2 * i]) && isfinite(points[2 * i + 1]))
            return true;
    return false;
}

static double at(double first, double last, int i, int n)
{
    return first + (last - first) * i / (n - 1);
}

void gedi__grid_centres(const gedi__grid *g, float *out)
{
    for (int j = 0; j < g->ny; j++)
        for (int i = 0; i < g->nx; i++) {
            *out++ = (float)at(g->x0, g->x1, i, g->nx);
            *out++ = (float)at(g->y0, g->y1, j, g->ny);
        }
}

gedi_status gedi__plane_check(const char *name, const gedi__grid *g, gedi_err *err)
{
    if (g->nx < 2 || g->ny < 2)
        return GEDI_FAIL(err, GEDI_USAGE,
                         "figure '%s': a grid of %d x %d cells; it needs 2 x 2 or more",
                         name, g->nx, g->ny);
    if (!(g->x1 > g->x0 && g->y1 > g->y0 && isfinite(g->x1 - g->x0) &&
          isfinite(g->y1 - g->y0)))
        return GEDI_FAIL(err, GEDI_USAGE,
                         "figure '%s': a grid from (%g, %g) to (%g, %g) has no area",
                         name, g->x0, g->y0, g->x1, g->y1);
    return GEDI_OK;
}

static double cell(double first, double last, int n)
{
    return (last - first) / (n - 1);
}

double gedi__plane_shape(const gedi__grid *g)
{
    return g->ny * cell(g->y0, g->y1, g->ny) / (g->nx * cell(g->x0, g->x1, g->nx));
}

static void usual_size(const gedi__grid *g, int *width, int *height)
{
    double w = g->nx * cell(g->x0, g->x1, g->nx), h = g->ny * cell(g->y0, g->y1, g->ny);
    double scale = LONGEST / fmax(w, h);
    *width = (int)fmax(SHORTEST, scale * w);
    *height = (int)fmax(SHORTEST, scale * h);
}

/* Edges of all cells, along one side. */
typedef struct side {
    double low, high;
} side;

static side side_of(double first, double last, int n)
{
    double half = cell(first, last, n) / 2;
    return (side){first - half, last + half};
}

static double y_tics(const gedi__grid *g, int high)
{
    side y = side_of(g->y0, g->y1, g->ny);
    return gedi__axis_spaced(y.high - y.low, high, HIGH, TICS);
}

/* For the name of y: the plot's height and what is above it. */
static int name_room(int high)
{
    return high + ABOVE;
}

/* As the numbers of a plot of this height need it. */
static int left_of(const gedi__grid *g, int high, const char *const *axis)
{
    side y = side_of(g->y0, g->y1, g->ny);
    int own = ASIDE + DIGIT * gedi__axis_letters(y.low, y.high, y_tics(g, high));
    int lines = axis ? gedi__chart_lines(axis[1], false, NAME, name_room(high)) : 0;
    return (own > LEFT ? own : LEFT) + (lines ? NAMED + (lines - 1) * LINE : 0);
}

void gedi__plane_size(const gedi__grid *g, int right, const gedi__style *style,
                      const char *const *axis, int *width, int *height)
{
    usual_size(g, width, height);
    int aside = left_of(g, *height, axis) + right;
    int wide = gedi__chart_width(style, aside + *width) - aside;
    if (wide >= *width)
        return;
    wide = wide > SHORTEST ? wide : SHORTEST; /* a key needs its room, the plot some */
    *height = *height * wide / *width;
    *width = wide;
}

void gedi__plane_open(gedi__chart *c, const char *folder, const char *name,
                      const gedi__grid *g, int right, const gedi__style *style,
                      const char *title, const char *subtitle, const char *const *axis)
{
    int w, h, bottom = axis ? 165 : 90, head = gedi__chart_head(style);
    gedi__plane_size(g, right, style, axis, &w, &h);
    int left = left_of(g, h, axis);
    side x = side_of(g->x0, g->x1, g->nx);
    gedi__chart_open(c, folder, name, left + w + right, head + h + bottom);
    gedi__chart_style(c, style);
    gedi__chart_title(c, title, subtitle);
    gedi__chart_margins(c, left, right, head, bottom);
    gedi__plane_range(c, g);
    gedi__text_add(&c->script, "set format xy '%s'\nset xtics %.9g\nset ytics %.9g\n",
                   GEDI__AXIS_FORMAT, gedi__axis_numbered(x.low, x.high, w, DIGIT, TICS),
                   y_tics(g, h));
    if (!axis)
        return;
    const char *grey = "center textcolor rgb '#404040'",
               *turned = "center rotate by 90 textcolor rgb '#404040'";
    gedi__chart_label(c, axis[0], left + w / 2.0, head + h + 115, false, NAME,
                      left + w + right, grey);
    gedi__chart_label(c, axis[1], 60, head + h / 2.0, false, NAME, name_room(h), turned);
}

void gedi__plane_range(gedi__chart *c, const gedi__grid *g)
{
    double dx = cell(g->x0, g->x1, g->nx), dy = cell(g->y0, g->y1, g->ny);
    gedi__text_add(&c->script,
                   "set size ratio -1\n"
                   "set xrange [%.9g:%.9g]\n"
                   "set yrange [%.9g:%.9g]\n",
                   g->x0 - dx / 2, g->x1 + dx / 2, g->y0 - dy / 2, g->y1 + dy / 2);
}

/* From the edge of one's first cell to that of its last. */
static void edges(double first, double last, int n, double *low, double *high)
{
    double half = cell(first, last, n) / 2;
    *low = fmin(*low, first - half);
    *high = fmax(*high, last + half);
}

gedi__grid gedi__plane_both(const gedi__grid *a, const gedi__grid *b)
{
    const gedi__grid *of[] = {a, b};
    double x0 = INFINITY, x1 = -INFINITY, y0 = INFINITY, y1 = -INFINITY;
    if (!a->nx || !b->nx)
        return a->nx ? *a : *b;
    for (int i = 0; i < 2; i++) {
        edges(of[i]->x0, of[i]->x1, of[i]->nx, &x0, &x1);
        edges(of[i]->y0, of[i]->y1, of[i]->ny, &y0, &y1);
    }
    double dx = (x1 - x0) / a->nx / 2, dy = (y1 - y0) / a->ny / 2;
    return (gedi__grid){a->nx, a->ny, x0 + dx, x1 - dx, y0 + dy, y1 - dy};
}

void gedi__plane_cells(gedi__chart *c, const char *part, const gedi__grid *g,
                       gedi__cell *value, const void *cells)
{
    gedi__text *t = gedi__chart_table(c, part, NULL);
    gedi__text_add(t, "%d", g->nx);
    for (int i = 0; i < g->nx; i++)
        gedi__text_add(t, ",%.6g", at(g->x0, g->x1, i, g->nx));
    gedi__text_add(t, "\n");
    for (int j = 0; j < g->ny; j++) {
        gedi__text_add(t, "%.6g", at(g->y0, g->y1, j, g->ny));
        for (int i = 0; i < g->nx; i++) {
            double v = value(cells, (int64_t)j * g->nx + i);
            if (isfinite(v))
                gedi__text_add(t, ",%.5g", v);
            else
                gedi__text_add(t, ",NaN");
        }
        gedi__text_add(t, "\n");
    }
}

static gedi_status grid_of(const gedi__csv *t, const char *name, gedi__grid *g,
                           gedi_err *err)
{
    int nx = t->columns - 1, ny = (int)t->rows - 1;
    if (nx < 2 || ny < 2 || !(t->x[0] == nx))
        return GEDI_FAIL(err, GEDI_DATA,
                         "%s: its table has no cells: the first line begins with their "
                         "number, and 2 lines or more follow",
                         name);
    const double *y = t->x + t->columns;
    *g = (gedi__grid){nx, ny, t->x[1], t->x[nx], y[0], y[(int64_t)(ny - 1) * t->columns]};
    GEDI_TRY(gedi__plane_check(name, g, err));
    double shape = gedi__plane_shape(g), most = 100, least = 1e-6;
    bool wide = g->x1 - g->x0 > least * fmax(fabs(g->x0), fabs(g->x1)) &&
                g->y1 - g->y0 > least * fmax(fabs(g->y0), fabs(g->y1));
    if (!(wide && shape <= most && shape >= 1 / most))
        return GEDI_FAIL(
            err, GEDI_DATA,
            "%s: a plane from (%g, %g) to (%g, %g) is too narrow to be drawn", name,
            g->x0, g->y0, g->x1, g->y1);
    return GEDI_OK;
}

gedi_status gedi__plane_read(const char *folder, const char *name, const char *part,
                             gedi__grid *g, double **cells, gedi_err *err)
{
    gedi__csv t;
    *cells = NULL;
    GEDI_TRY(gedi__csv_read(folder, name, part, NULL, part != NULL, &t, err));
    if (!t.x)
        return GEDI_OK;
    gedi_status s = grid_of(&t, name, g, err);
    if (s != GEDI_OK) {
        free(t.x);
        return s;
    }
    for (int64_t j = 0; j < g->ny; j++) /* without the cells' places */
        memmove(t.x + j * g->nx, t.x + (j + 1) * t.columns + 1,
                (size_t)g->nx * sizeof *t.x);
    *cells = t.x;
    return GEDI_OK;
}
