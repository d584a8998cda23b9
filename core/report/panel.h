/* panel.h - figures that can stand beside others: drawn from the tables that they left.
 *
 * A figure's own commands draw both, the picture that stands alone and the panel; a panel is
 * without title and key, shares its scale of colours with others, and its marks are half as large.
 * Sizes are known only when all panels are there: what depends on them is a variable of the script.
 */
#ifndef GEDI_REPORT_PANEL_H
#define GEDI_REPORT_PANEL_H

#include "core/report/figure.h"

#define GEDI__PANEL_MARKS 0.5 /* as large as those of a picture that stands alone */

/* What colours and marks of a plot mean: one key for all panels, where they have the same. */
typedef enum gedi__panel_key {
    GEDI__KEY_NONE,
    GEDI__KEY_CLUSTERS,
    GEDI__KEY_CLASSES,
    GEDI__KEY_SAMPLES, /* data and samples */
    GEDI__KEY_SERIES,  /* of histograms, by name */
} gedi__panel_key;

enum {
    GEDI__PLOT_PARTS = GEDI__CHART_TABLES,
    GEDI__PLOT_SERIES = 12, /* of a plot, and of all together */
    GEDI__PLOT_WORD = 64,
};
/* One of several plots below each other. In the script, of part k from 1: its edges are upperK and lowerK on the
 * screen, tics are stepK apart. A series has the colour toneN, filled lightN, n as in `series`. */
typedef struct gedi__plot_part {
    char name[GEDI__PLOT_WORD];
    double low, high; /* of x */
} gedi__plot_part;

typedef struct gedi__plot {
    gedi__chart chart; /* tables written anew, and a script that draws the plot alone */
    double shape;      /* height over width */
    double
        depth; /* of its scale of colours, which is [-depth, 0]; 0: it has none. The script
                          takes that of all panels, `depth` */
    gedi__grid
        plane; /* that it shows, whose ranges the script leaves to the panel; nx 0: none */
    gedi__panel_key key;
    int kinds; /* clusters or classes */
    /* A table of cells: tics are everyX and everyY labels apart, words are `letters` large, 0: none. */
    int cells_x, cells_y; /* 0: it is none */
    int cell_letters;     /* the longest word, */
    int label_letters;    /* and number at an axis */
    int parts, names;     /* 0: one plot */
    gedi__plot_part part[GEDI__PLOT_PARTS];
    char series[GEDI__PLOT_SERIES][GEDI__PLOT_WORD];
    bool picture; /* in the script `name` is the figure's, not that of the tables */
} gedi__plot;

/* Adds to p->chart what the figure FOLDER/NAME left in its tables.
 *   Errors: GEDI_DATA where they are not what the figure writes; GEDI_IO; GEDI_NOMEM. The
 *   messages do not name FOLDER.  */
typedef gedi_status gedi__panel_of(const char *folder, const char *name, gedi__plot *p,
                                   gedi_err *err);
/* The entries of a key for such panels, behind a plot: ", \\\n keyentry ...". */
void gedi__clusters_key(gedi__chart *c, int kinds);
void gedi__samples_key(gedi__chart *c);
enum { GEDI__KEY_ENTRIES = 20 }; /* clusters or classes that a key names, at most */

/* What reads the figure of this path, whose last word is its name; gedi__picture_panel where there is no other. */
gedi__panel_of *gedi__panel_reader(const char *figure);
/* Has it words that a script may have: "../runs/0123456789ab/figures/clusters"? */
bool gedi__panel_path(const char *path);

gedi__panel_of gedi__picture_panel; /* the picture as it is */
gedi__panel_of gedi__clusters_panel;
gedi__panel_of gedi__confusion_panel;
gedi__panel_of gedi__density_panel;
gedi__panel_of gedi__embedding_panel;
gedi__panel_of gedi__histograms_panel;
gedi__panel_of gedi__samples_panel; /* points or images, whichever there are */
gedi__panel_of gedi__images_panel;

#endif
