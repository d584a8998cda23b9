/* plane.h - what figures of a rectangle of the plane share. */
#ifndef GEDI_REPORT_PLANE_H
#define GEDI_REPORT_PLANE_H

#include "core/report/chart.h"
#include "core/report/figure.h"

/* Checks the grid; `name` is the figure's, for the message. */
gedi_status gedi__plane_check(const char *name, const gedi__grid *g, gedi_err *err);

/* Is any of the points finite? Gnuplot draws no plane on which nothing is. */
bool gedi__plane_some(const float *points /* [n, 2] */, int64_t n);

/* Height over width of the plot. */
double gedi__plane_shape(const gedi__grid *g);

/* Width and height in pixels of the plot that gedi__plane_open makes room for. */
void gedi__plane_size(const gedi__grid *g, int right, const gedi__style *style,
                      const char *const *axis, int *width, int *height);

/* Opens a chart whose picture has the grid's proportions, one unit being as long in x as
 * in y, and `right` pixels beside it for a key. `axis` [2]: names of x and y, or NULL. */
void gedi__plane_open(gedi__chart *c, const char *folder, const char *name,
                      const gedi__grid *g, int right, const gedi__style *style,
                      const char *title, const char *subtitle, const char *const *axis);

/* The commands for the ranges of both axes alone. */
void gedi__plane_range(gedi__chart *c, const gedi__grid *g);

/* A plane that has both; one without cells is none. */
gedi__grid gedi__plane_both(const gedi__grid *a, const gedi__grid *b);

/* Adds the table of the grid's cells, for `plot ... nonuniform matrix`: the first line
 * has nx and the columns' x, each further line y and the cells' values. */
typedef double gedi__cell(const void *cells, int64_t i);
void gedi__plane_cells(gedi__chart *c, const char *part, const gedi__grid *g,
                       gedi__cell *value, const void *cells);

/* Reads such a table back -> [ny, nx]; free() *cells, which is NULL where there is a `part`
 * and no such table.
 *   Errors: as gedi__csv_read, and GEDI_DATA or GEDI_USAGE for a plane that cannot be
 *   drawn.  */
gedi_status gedi__plane_read(const char *folder, const char *name, const char *part,
                             gedi__grid *g, double **cells, gedi_err *err);

#endif
