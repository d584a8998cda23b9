/* figure.h - the figures: plain numbers in, a picture with its data and script out.
 *
 * Each writes NAME.png, NAME.gp and NAME.csv (see chart.h) into `folder`.
 *   Errors of all: GEDI_USAGE for numbers that make no figure; GEDI_IO where gnuplot is
 *   missing or fails (data and script are kept); GEDI_NOMEM.
 */
#ifndef GEDI_REPORT_FIGURE_H
#define GEDI_REPORT_FIGURE_H

#include "core/report/chart.h"
#include <stdbool.h>
#include <stdint.h>

/* ---- a rectangle of the plane, cut into equal cells ---- */

typedef struct gedi__grid {
    int nx, ny;            /* cells, at least 2 */
    double x0, x1, y0, y1; /* centres of the first and of the last cell */
} gedi__grid;

/* About `cells` square cells along the longer side, around the points (finite ones) and a
 * margin of 12 %. */
gedi__grid gedi__grid_around(const float *points /* [N, 2] */, int64_t n, int cells);

/* Centres of the cells -> [ny * nx, 2], row by row from y0. */
void gedi__grid_centres(const gedi__grid *g, float *out);

/* ---- clusters: points over the regions of the plane that belong to each cluster ---- */

typedef struct gedi__figure_clusters {
    const char *title;      /* may be NULL */
    int clusters;           /* K; more than 20 share colours */
    int64_t n;              /* points; at most 4000 of them are drawn */
    const float *points;    /* [N, 2] */
    const int32_t *cluster; /* [N], 0 .. K-1 */
    gedi__grid grid;
    const int32_t *region;    /* [ny, nx], 0 .. K-1, or -1 for none; NULL: no regions */
    double nmi;               /* NAN: not known */
    bool classes;             /* colours are those of classes, not of clusters */
    const char *subtitle;     /* NULL: how many points and clusters, and the NMI */
    const char *const *axis;  /* [2], names of x and y; NULL: none */
    const gedi__style *style; /* NULL: as ever */
} gedi__figure_clusters;

gedi_status gedi__draw_clusters(const char *folder, const char *name,
                                const gedi__figure_clusters *f, gedi_err *err);

/* ---- density: log p(x) up to a constant, the data over it ---- */

typedef struct gedi__figure_density {
    const char *title; /* may be NULL */
    gedi__grid grid;
    const double *log_density; /* [ny, nx]; what is not finite is left blank */
    int64_t n;                 /* points; at most 2000 of them are drawn */
    const float *points;       /* [N, 2] */
    const gedi__style *style;  /* NULL: as ever */
} gedi__figure_density;

gedi_status gedi__draw_density(const char *folder, const char *name,
                               const gedi__figure_density *f, gedi_err *err);

/* ---- samples: points of the plane over the data ---- */

typedef struct gedi__figure_samples {
    const char *title, *subtitle; /* may be NULL */
    int64_t n;                    /* samples, at least 1; at most 4000 are drawn */
    const float *samples;         /* [N, 2] */
    int64_t data;                 /* points of it; at most 2000 are drawn */
    const float *points;          /* [data, 2] */
    const gedi__style *style;     /* NULL: as ever */
} gedi__figure_samples;

gedi_status gedi__draw_samples(const char *folder, const char *name,
                               const gedi__figure_samples *f, gedi_err *err);

/* ---- histograms: distributions over each other, a panel for each quantity ---- */

typedef struct gedi__sample_series {
    const char *name;
    int64_t n;      /* at least 1 */
    const float *x; /* [N]; what is not finite is left out */
} gedi__sample_series;

typedef struct gedi__histogram_panel {
    const char *name;
    int series;
    const gedi__sample_series *of; /* the first is what the others are compared with */
} gedi__histogram_panel;

typedef struct gedi__figure_histograms {
    const char *title, *subtitle; /* may be NULL */
    int panels;                   /* 1 to 4 */
    const gedi__histogram_panel *panel;
    const gedi__style *style; /* NULL: as ever */
} gedi__figure_histograms;

gedi_status gedi__draw_histograms(const char *folder, const char *name,
                                  const gedi__figure_histograms *f, gedi_err *err);

/* ---- losses: each term against its known optimum ---- */

typedef struct gedi__series {
    const char *name;
    double optimum;      /* NAN: not known */
    const double *value; /* [N]; what is not finite is a gap */
    const char *path;    /* in the table; NULL: the name */
} gedi__series;

typedef struct gedi__figure_losses {
    const char *title;        /* may be NULL */
    int64_t n;                /* logged iterations */
    const int64_t *iteration; /* [N], ascending */
    const int *stage;         /* [N], ascending: a line where it changes; NULL: none */
    int terms; /* at least 1; for print, as many are drawn as a page has room for */
    const gedi__series *term;
    const char *one;          /* what a term is called; NULL: "term" */
    const gedi__style *style; /* NULL: as ever */
} gedi__figure_losses;

gedi_status gedi__draw_losses(const char *folder, const char *name,
                              const gedi__figure_losses *f, gedi_err *err);

/* ---- curves: a number over the iterations, a line for each method ---- */

typedef struct gedi__curve_point {
    double iteration, mean, deviation; /* 0 of one run */
    int runs;
} gedi__curve_point;

typedef struct gedi__curve_line {
    const char *name;
    int n;
    gedi__curve_point *point;
    bool band;        /* of several runs */
    bool stopped;     /* no run of the last point is finished */
    const char *more; /* behind the name in a key: "failed (2 of 2)"; NULL: nothing */
} gedi__curve_line;

/* Adds what draws the line, of the rows of NAME.csv with `row` in that column, which is the first or the second; the other
 * one is x, the third y, the sixth counts runs. Where some runs are over, it is dotted; of at most `few` points
 * each has a mark. */
void gedi__curve_plot(gedi__text *s, const gedi__curve_line *line, int column, int row,
                      int few, int colour);

typedef struct gedi__figure_curves {
    const char *title, *subtitle; /* may be NULL */
    const char *y_name, *path;    /* for people; and where it stands in the log */
    int lines;
    const gedi__curve_line *line;
    const double *optimum; /* [lines], not finite: not known; NULL: of none */
    int notes;
    const char *const *note;  /* [notes], lines below all; broken where they are long */
    const gedi__style *style; /* NULL: as ever */
} gedi__figure_curves;

gedi_status gedi__draw_curves(const char *folder, const char *name,
                              const gedi__figure_curves *f, gedi_err *err);

/* ---- grid of losses: a row for each term, a column for each method ---- */

typedef struct gedi__loss_plot {
    double optimum;        /* not finite: not known, or not the same in all runs */
    gedi__curve_line line; /* no points: there is no such term */
} gedi__loss_plot;

typedef struct gedi__figure_loss_grid {
    const char *title, *subtitle;           /* may be NULL */
    int rows, columns, terms;               /* each row has one of plots for each term */
    const char *const *row, *const *column; /* labels; row may be NULL: none */
    const char *const *term;                /* [terms] */
    const char *const *path;                /* [terms], in the table; NULL: the terms */
    const char *one;                        /* what a term is called: "term", "metric" */
    int fewest; /* of the terms are drawn, however high that is; more where there is room */
    const gedi__loss_plot *plot; /* [rows, terms, columns] */
    const char *const *said;     /* [rows, columns] above a column of plots, or "" */
    const char *const
        *why; /* [rows, columns] in the place of plots where there are none */
    int notes;
    const char *const *note;  /* [notes], lines below all; broken where they are long */
    const gedi__style *style; /* NULL: as ever */
} gedi__figure_loss_grid;

gedi_status gedi__draw_loss_grid(const char *folder, const char *name,
                                 const gedi__figure_loss_grid *f, gedi_err *err);

/* ---- heat map: a number for each pair of values ---- */

typedef struct gedi__figure_heatmap {
    const char *title, *subtitle; /* may be NULL */
    const char *x_name, *y_name;
    int nx, ny;
    const char *const *x_label; /* [nx] */
    const char *const *y_label; /* [ny], from below */
    const double *value;        /* [ny, nx]; what is not finite is grey */
    const char *const *text;    /* [ny, nx], in the cells */
    double low, high;           /* of the colours; equal: as the values are */
    int notes;
    const char *const *note;  /* [notes], lines below the plot */
    const gedi__style *style; /* NULL: as ever */
} gedi__figure_heatmap;

gedi_status gedi__draw_heatmap(const char *folder, const char *name,
                               const gedi__figure_heatmap *f, gedi_err *err);

/* ---- images: groups of rows of them; NAME-images.png has them alone ---- */

typedef struct gedi__image_rows {
    const char *name; /* "" only where there is one group */
    const char *note; /* lines below the name; may be NULL */
    int rows;
} gedi__image_rows;

typedef struct gedi__figure_images {
    const char *title, *subtitle; /* may be NULL */
    const float *x;               /* [rows of all groups, columns, H, W, C] */
    int64_t n;                    /* images; 0: every row is full */
    int64_t high, wide, channels; /* H, W and C, which is 1 or 3 */
    int columns;
    double black, white; /* the numbers that are to be black and white */
    int groups;          /* at least 1 */
    const gedi__image_rows *group;
    const gedi__style *style; /* NULL: as ever */
} gedi__figure_images;

gedi_status gedi__draw_images(const char *folder, const char *name,
                              const gedi__figure_images *f, gedi_err *err);

/* ---- grid: figures of several runs side by side ---- */

typedef struct gedi__panel {
    const char *path; /* of a figure without suffix, seen from the folder; NULL: none */
    const char *note; /* below it, or in its place; may be NULL */
} gedi__panel;

typedef struct gedi__figure_grid {
    const char *title, *subtitle; /* may be NULL */
    int rows, columns;
    const char *const *row, *const *column; /* labels; NULL: none */
    const gedi__panel *panel;               /* [rows, columns] */
    bool one_plane; /* panels of a plane show the same part of it */
    int notes;
    const char *const *note;  /* [notes], lines below all panels */
    const gedi__style *style; /* NULL: as ever */
} gedi__figure_grid;

/* Of the figures their tables are read, never their scripts; what is drawn is in the folder NAME
 * beside the picture, except for pictures, whose paths stay in the script: the folder may be moved
 * together with them. A figure that cannot be read is an empty panel, and a note says why. */
gedi_status gedi__draw_grid(const char *folder, const char *name,
                            const gedi__figure_grid *f, gedi_err *err);

#endif
