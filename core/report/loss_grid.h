/* loss_grid.h - where the plots of a grid of losses are: what its two files share. */
#ifndef GEDI_REPORT_LOSS_GRID_H
#define GEDI_REPORT_LOSS_GRID_H

#include "core/report/axis.h"
#include "core/report/figure.h"

enum {
    GEDI__LOSS_MARGIN = 40,  /* pixels around all */
    GEDI__LOSS_SIDE = 70,    /* for the labels of the rows, */
    GEDI__LOSS_TERM = 60,    /* for the name of a term */
    GEDI__LOSS_SAID = 45,    /* height of what is said of a cell, */
    GEDI__LOSS_END = 60,     /* of the last value, above a plot */
    GEDI__LOSS_BETWEEN = 70, /* rows */
    GEDI__LOSS_LETTER = 18,  /* width of one, about, */
    GEDI__LOSS_SMALL = 15,   /* and of one of an optimum */
    GEDI__LOSS_LARGE = 28,   /* size of the letters of labels, */
    GEDI__LOSS_USUAL = 26,   /* and of names of terms */
};

/* Of plots that leave out what their axes do not reach. */
extern const char gedi__loss_cut[];

typedef struct gedi__loss_layout {
    int across, blocks; /* columns for which there is no room are below the others */
    int left, right, wide, high, gap; /* gap: between columns */
    int tics;                         /* width of the numbers of y */
    int head, cell;                   /* for labels of columns; for what is said */
    int name;       /* for names of terms above their rows; 0: they are aside */
    int terms;      /* rows that are drawn: the others are named below all */
    char more[160]; /* how, or "" */
    bool brief;     /* optima are their numbers alone */
    int width, height, below;
    double last; /* iteration */
} gedi__loss_layout;

/* The plot of a term in row r and column c. */
const gedi__loss_plot *gedi__loss_plot_at(const gedi__figure_loss_grid *f, int r, int t,
                                          int c);
/* The axis of y of all plots of a term in a row, with their optimum; low and high have room for all points. */
gedi__range gedi__loss_range(const gedi__figure_loss_grid *f, int r, int t, double *low,
                             double *high);
double gedi__loss_tics(gedi__range y, int high);

/* Has the block that begins with column `first` a row for term t? Where columns are below others, each block leaves
 * out the terms that none of its columns has; one without any has the first, to say why. */
bool gedi__loss_shows(const gedi__figure_loss_grid *f, const gedi__loss_layout *l,
                      int first, int t);
/* How many it has, and its height, from the labels of its columns to the name of x. */
int gedi__loss_shown(const gedi__figure_loss_grid *f, const gedi__loss_layout *l,
                     int first);
int gedi__loss_block(const gedi__figure_loss_grid *f, const gedi__loss_layout *l,
                     int first);
/* "ln 2 = 0.6931", or where that is too long for all columns to be beside each other, "0.6931". */
const char *gedi__loss_optimum(double optimum, bool brief, char *out, size_t size);

/* Have the plots of a term in row r more than one optimum? */
bool gedi__loss_differs(const gedi__figure_loss_grid *f, int r, int t);

/* cut: gedi__loss_cut is said; scratch [2 * room], room: points of all plots. */
gedi__loss_layout gedi__loss_layout_of(const gedi__figure_loss_grid *f, bool cut,
                                       double *scratch, int room);
int gedi__loss_letters(double x); /* of a whole number */

#endif
