/* columns.h - rows of text in aligned columns, for people and for grep. */
#ifndef GEDI_CLI_COLUMNS_H
#define GEDI_CLI_COLUMNS_H

#include "core/base/text.h"

enum { GEDI__COLUMNS_MAX = 8 };

/* Zero-initialise, then set `columns`. */
typedef struct gedi__columns {
    int columns;
    int rows, size;
    char **cell; /* rows x columns */
    bool failed; /* out of memory: stays so, printing says it */
} gedi__columns;

/* Adds a row: `columns` strings are copied; NULL is "". */
void gedi__columns_row(gedi__columns *t, const char *const *cells);

/* Prints the rows behind `indent` spaces and clears the table. On a terminal the last
 * column is broken between words to fit; elsewhere a row is a line. Returns an exit code.
 */
int gedi__columns_print(gedi__columns *t, int indent);

#endif
