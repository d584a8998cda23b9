/* csv.h - the tables of a figure, read back: whoever handed the folder over may have written
 * anything into them. */
#ifndef GEDI_REPORT_CSV_H
#define GEDI_REPORT_CSV_H

#include "gedi/error.h"
#include <stdbool.h>
#include <stdint.h>

typedef struct gedi__csv {
    int64_t rows;
    int columns;
    double *x; /* [rows, columns]; NAN where the table says so */
    char *
        head; /* with GEDI__CSV_NAMED: the names of the columns, with commas between them */
} gedi__csv;

/* As a head: whatever names there are. */
extern const char GEDI__CSV_NAMED[];

/* Reads FOLDER/NAME[-PART].csv, a table of numbers below the line `head`; NULL: below none.
 * With `optional` a file that is not there is a table without rows.
 *   Errors: GEDI_DATA where the table has anything but numbers that a float can hold, or
 *   lines of different lengths, or is larger than any figure's; GEDI_IO; GEDI_NOMEM. The
 *   messages name the file without FOLDER.  */
gedi_status gedi__csv_read(const char *folder, const char *name, const char *part,
                           const char *head, bool optional, gedi__csv *t, gedi_err *err);

void gedi__csv_clear(gedi__csv *t);

/* The first two columns -> [rows, 2]; NULL with GEDI_NOMEM in `err`. free() it. */
float *gedi__csv_points(const gedi__csv *t, gedi_err *err);

/* Whole numbers -> [n]: number i is x[i * stride], from `least` on; *most is the largest.
 *   Errors: GEDI_DATA, naming `name`, for another number; GEDI_NOMEM.  */
gedi_status gedi__csv_whole(const char *name, const double *x, int64_t n, int stride,
                            int32_t least, int32_t **out, int32_t *most, gedi_err *err);

#endif
