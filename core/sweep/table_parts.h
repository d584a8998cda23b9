/* table_parts.h - what the files that make a table share. */
#ifndef GEDI_SWEEP_TABLE_PARTS_H
#define GEDI_SWEEP_TABLE_PARTS_H

#include "core/sweep/table.h"

/* Of the table's `show`, which is set: its rows and columns, and the cell of each run; -1 where it is in none.
 *   cell_of: [results].
 *   Errors: GEDI_USAGE where no run is meant, or none has such a label; GEDI_NOMEM.  */
gedi_status gedi__table_arrange(gedi__study *s, gedi__table *t, int *cell_of,
                                gedi_err *err);

/* Counts `runs` more of this definition.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__made_add(gedi__table *t, gedi__made **list, const char *definition,
                           int runs);

/* Fills notes, note and the cells' notes, from what the cells are made of.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__table_annotate(gedi__table *t);

/* Adds a line for what else its rows and columns differ in: options that a component resets, axes that are not
 * crossed with theirs; and to the remarks what the first of them changes of the descriptor. For people, axes are named
 * as in pictures, and there is one line. A run is in the
 * table where cell_of [results] is not negative.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__table_differs(gedi__study *s, const gedi__table *t, const int *cell_of,
                                bool people, gedi__text *out, gedi__text *remarks);

/* Adds a line where some of the finished runs are draws of a search and others are not: what was chosen by a
 * number has to be known beside what was not.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__table_chosen(const gedi__study *s, const int *cell_of, gedi__text *out);

/* Adds a line where all runs of two rows, or of two columns, have come to the same numbers to the last bit: as
 * an axis does that sets an option which nothing uses.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__table_equal(const gedi__study *s, const gedi__table *t,
                              const int *cell_of, gedi__text *out);

/* Adds a line for each reason why finished runs lack a number of the table, where their summaries say it.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__table_lacking(const gedi__study *s, const gedi__table *t,
                                const int *cell_of, gedi__text *out);

#endif
