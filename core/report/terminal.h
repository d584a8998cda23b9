/* terminal.h - what a terminal can show; lines that are redrawn in place. */
#ifndef GEDI_REPORT_TERMINAL_H
#define GEDI_REPORT_TERMINAL_H

#include "core/base/text.h"

#include <stdbool.h>
#include <stdio.h>

/* A terminal whose lines can be redrawn (TERM is neither empty nor "dumb"). */
bool gedi__terminal_redraws(FILE *out);
/* Its columns; 80 where they are not known. */
int gedi__terminal_columns(FILE *out);
/* Cuts after `columns` characters of UTF-8; how many are left. */
int gedi__terminal_cut(char *s, int columns);
/* The text; where it is wider, "…" in place of its middle: what tells titles apart is at either end. */
void gedi__terminal_shorten(const char *s, int columns, gedi__text *out);
/* Is there room for all of `more` behind the line? Half a number is none. */
bool gedi__terminal_fits(const char *line, const char *more, int columns);
/* Rows that a line takes which was drawn with so many characters, if the terminal has become narrower
 * since and has broken it. */
int gedi__terminal_rows(int characters, int columns);

/* Writes `begin` and lines of text, each broken between words where a terminal is narrower; what stands
 * in `backquotes` is one word, to be copied. As they are where `out` is no terminal. */
void gedi__terminal_write(FILE *out, const char *begin, const char *text);

/* "0:07", "12:30", "1:02:03"; "-:--" where it is not known. */
void gedi__clock_text(double seconds, char *out, size_t size);

/* Lines at the end of a terminal that are drawn again and again. */
enum { GEDI__BOARD_LINE = 512 };
enum { GEDI__BOARD_LINES = 256 };
typedef struct gedi__board {
    FILE *out;
    int lines;                     /* on the terminal now */
    int length[GEDI__BOARD_LINES]; /* characters of each */
} gedi__board;

/* At most GEDI__BOARD_LINES of them. */
void gedi__board_draw(gedi__board *b, const char *const *line, int n);
/* Takes them off, so that something else can be written above the next. */
void gedi__board_hide(gedi__board *b);

#endif
