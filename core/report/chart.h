/* chart.h - what all figures share: tables, a gnuplot script, a picture.
 *
 * A figure NAME leaves in its folder
 *   NAME.png        the picture
 *   NAME.gp         the script: `gnuplot NAME.gp` in that folder draws it again
 *   NAME.csv        the numbers drawn, one line of column names first
 *   NAME-PART.csv   further tables, where it has more than one
 *   NAME.pdf        or .svg, where one was asked for, and NAME-pdf.gp, which draws it
 * so that it can be restyled, or drawn with another tool. Knows nothing of training.
 */
#ifndef GEDI_REPORT_CHART_H
#define GEDI_REPORT_CHART_H

#include "core/base/text.h"
#include "core/descriptor/experiment.h"
#include <stdbool.h>

enum { GEDI__CHART_TABLES = 4 };

/* How a picture is to look, in a text or on a screen. */
typedef enum gedi__picture_format {
    GEDI__PNG,
    GEDI__PDF,
    GEDI__SVG
} gedi__picture_format;
typedef struct gedi__style {
    gedi__picture_format format;
    const char
        *title;   /* instead of the figure's own; "": neither that nor a line below it */
    double width; /* inches; 0: as large as the figure is, letters of 8 points */
} gedi__style;

/* Texts are kept in memory until the chart is drawn; like gedi__text they keep a failed
 * allocation, so that only gedi__chart_draw has to be checked. */
typedef struct gedi__chart {
    const char *folder, *name; /* borrowed */
    int width, height;         /* pixels */
    gedi__style style;
    gedi__text script;
    int tables;
    struct {
        const char *part; /* borrowed; NULL for NAME.csv */
        gedi__text text;
    } table[GEDI__CHART_TABLES];
} gedi__chart;

/* Begins a chart of this size in pixels, twice what a screen shows, with the project's
 * fonts and lines. In the script `name` is NAME: plot name.".csv" using 1:2. */
void gedi__chart_open(gedi__chart *c, const char *folder, const char *name, int width,
                      int height);

/* Those that a picture has which a descriptor wants so for print: a PNG for screens, and that; or that
 * alone where it is a PNG. */
int gedi__chart_styles(const gedi__print *print, gedi__style style[2]);

/* The chart has this style; NULL: as ever. Of another width than gedi__chart_width it becomes smaller with all
 * that is in it. Call it before the title. */
void gedi__chart_style(gedi__chart *c, const gedi__style *style);
/* Pixels of a chart that has this style and is `usual` wide otherwise: letters are as large as ever. */
int gedi__chart_width(const gedi__style *style, int usual);
/* What the title takes of the height: GEDI__CHART_HEAD, or little where there is none. */
int gedi__chart_head(const gedi__style *style);

/* Begins a table: add its lines to the text returned, which is valid until draw.
 * `columns` is its first line; NULL for none. */
gedi__text *gedi__chart_table(gedi__chart *c, const char *part, const char *columns);

/* A number as gnuplot and others read it: 7 digits; NaN for all that is not finite. */
void gedi__chart_number(gedi__text *t, double x);
/* "MEAN,MEAN - DEVIATION,MEAN + DEVIATION,RUNS,". */
void gedi__chart_band(gedi__text *t, double mean, double deviation, int runs);
/* A text as a gnuplot string: 'it''s'. Control characters become spaces. */
void gedi__chart_quote(gedi__text *t, const char *s);
/* The same in the list of an axis's tics, where a % would begin a format. */
void gedi__chart_tic(gedi__text *t, const char *s);
/* A text as a field of a table: "it 's". Control characters become spaces, and what a
 * spreadsheet would take for a formula begins with a '. */
void gedi__chart_field(gedi__text *t, const char *s);

/* Bold at the top left, and a smaller line below it; each may be NULL. They take the
 * upper GEDI__CHART_HEAD pixels of the picture. */
enum { GEDI__CHART_HEAD = 150 };
void gedi__chart_title(gedi__chart *c, const char *title, const char *subtitle);

/* Adds `text`, quoted, in letters of this size that `room` pixels are enough for: else in two lines, broken at
 * a blank, and in smaller ones, down to those of 6 points where usual ones have 8; else in up to four lines.
 * Returns their size; lines: how many, may be NULL. */
double gedi__chart_fit(gedi__text *out, const char *text, bool bold, double size,
                       int room, int *lines);

/* Bytes of the first line of a text that is wrapped to so many letters: whole words where they fit. */
int gedi__chart_line(const char *text, int most);

/* How many lines that takes: 0 of no text. */
int gedi__chart_lines(const char *text, bool bold, double size, int room);
/* A label in such letters, x and y pixels from the left and the upper edge, with gnuplot's options for labels. */
void gedi__chart_label(gedi__chart *c, const char *text, double x, double y, bool bold,
                       double size, int room, const char *style);

/* A note below all, whose lowest line is `below` pixels above the edge; NULL or "": none. What its lines, broken between
 * words, take of the height of a picture of this width. */
int gedi__chart_note_height(const char *note, int width);
void gedi__chart_note(gedi__chart *c, const char *note, double below);

/* Places the plot between these distances in pixels from the picture's edges. */
void gedi__chart_margins(gedi__chart *c, int left, int right, int top, int bottom);

/* GEDI_USAGE for a name that cannot be that of files and stand in a script: to gnuplot one
 * that begins with '|' or '<' is a command, one that begins with '-' an option. */
gedi_status gedi__chart_check_name(const char *name, gedi_err *err);

/* Writes the tables, which are then gone, and nothing else.
 *   Errors: as gedi__chart_check_name; GEDI_IO, GEDI_NOMEM.  */
gedi_status gedi__chart_save(gedi__chart *c, gedi_err *err);

/* Writes the tables and the script, runs gnuplot, clears `c` in any case. An old picture
 * of that name is removed first: none is better than one of other numbers.
 *   Errors: as gedi__chart_save; where gnuplot is missing or fails, tables and script are
 *   kept and the message says so.  */
gedi_status gedi__chart_draw(gedi__chart *c, gedi_err *err);
void gedi__chart_clear(gedi__chart *c);

#endif
