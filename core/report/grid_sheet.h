/* grid_sheet.h - what the parts of figure_grid.c share: the panels of a picture, and where they are. */
#ifndef GEDI_REPORT_GRID_SHEET_H
#define GEDI_REPORT_GRID_SHEET_H

#include "core/report/panel.h"

enum {
    GEDI__SHEET_MARGIN = 40, /* pixels around all, */
    GEDI__SHEET_GAP = 40,    /* between panels, */
    GEDI__SHEET_SIDE = 110,  /* for the labels of the rows, */
    GEDI__SHEET_NOTE = 35,   /* for a line of the note of a panel, */
    GEDI__SHEET_AXIS = 80,   /* for the numbers of an axis and its name, */
    GEDI__SHEET_BAR = 30,    /* of a scale of colours, */
    GEDI__SHEET_SCALE = 220, /* and with its numbers */
    GEDI__SHEET_KEY = 50,    /* height of a line of the key */
    GEDI__SHEET_HEAD = 70,   /* above a part: its name and what is said of it, */
    GEDI__SHEET_FOOT = 56,   /* and below it: numbers */
    GEDI__SHEET_PARTS = 16,  /* of all panels */
    GEDI__SHEET_SERIES = 20,
};

typedef struct gedi__sheet_panel {
    gedi__plot plot;
    char name[24]; /* of its tables, "2-1": row and column */
    bool drawn;    /* false: nothing to draw, */
    bool damaged;  /* or nothing that can be read */
    bool whole;    /* a picture of several plots */
} gedi__sheet_panel;

/* Columns for which there is no room are below the others: line `block * rows + row` has `across` of them. */
typedef struct gedi__grid_sheet {
    const gedi__figure_grid *f;
    const char *folder, *name;
    gedi__text tables; /* the folder of the panels' tables */
    gedi__sheet_panel *panel;
    int across, lines;
    int *top, *height;           /* [rows * columns], of a line, pixels */
    int wide, left, gap;         /* of a panel, of the first, between them */
    int right;                   /* room beside all, as there is beside the first */
    int note_lines, label_lines; /* of panels, of columns */
    int parts;                   /* plots of a panel, by name; 0: one without */
    char part[GEDI__SHEET_PARTS][GEDI__PLOT_WORD];
    int names; /* of series */
    char series[GEDI__SHEET_SERIES][GEDI__PLOT_WORD];
    bool cells;                           /* panels have axes of cells, */
    double letters;                       /* whose words have this size; 0: no room */
    gedi__panel_key key;                  /* that all panels have */
    int kinds, entries;                   /* of it, */
    int key_rows, key_wide;               /* beside the panels, pixels; 0: it is below, */
    int key_across, key_high;             /* or there is none */
    double depth;                         /* of the scale of colours; 0: there is none */
    int width, all;                       /* of the whole picture */
    int damaged;                          /* panels */
    char why[sizeof((gedi_err *)0)->msg]; /* the first of them is */
    char note[sizeof((gedi_err *)0)->msg + 64]; /* and what is said of it */
} gedi__grid_sheet;

/* The notes below all. */
int gedi__sheet_notes(const gedi__grid_sheet *s);
const char *gedi__sheet_note(const gedi__grid_sheet *s, int i);

/* Where everything is; panels have been read. */
void gedi__sheet_arrange(gedi__grid_sheet *s);
bool gedi__sheet_has_scale(const gedi__grid_sheet *s);

/* The script. */
void gedi__sheet_write(gedi__chart *c, const gedi__grid_sheet *s);

#endif
