/* table.h - rows of text in aligned columns, for people and for grep. */
#ifndef GEDI_CLI_TABLE_H
#define GEDI_CLI_TABLE_H

#include "core/base/text.h"

enum { GEDI__TABLE_COLUMNS = 6 };

/* Zero-initialise, then set `columns`. */
typedef struct gedi__table {
    int columns;
    int rows, size;
    char **cell; /* rows x columns */
    bool failed; /* out of memory: stays so, printing says it */
} gedi__table;

/* Adds a row: `columns` strings are copied; NULL is "". */
void gedi__table_row(gedi__table *t, const char *const *cells);

/* Prints the rows behind `indent` spaces and clears the table. On a terminal the last
 * column is broken between words to fit; elsewhere a row is a line. Returns an exit code.
 */
int gedi__table_print(gedi__table *t, int indent);

#endif
