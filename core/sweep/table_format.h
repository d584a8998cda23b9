/* table_format.h - what the formats of a table share: how a cell, its marks and the legend read. */
#ifndef GEDI_SWEEP_TABLE_FORMAT_H
#define GEDI_SWEEP_TABLE_FORMAT_H

#include "core/sweep/table.h"

typedef struct gedi__signs { /* of a format */
    const char *mark[GEDI__MAX_MARKS], *note[GEDI__MAX_NOTES];
} gedi__signs;

extern const gedi__signs gedi__signs_plain; /* of Markdown, and of all that is text */

const gedi__table_cell *gedi__table_at(const gedi__table *t, int r, int c);
/* Is there a number to show? */
bool gedi__table_has_number(const gedi__table *t, const gedi__table_cell *c);
/* Is something said of the runs without a number? */
bool gedi__table_has_lack(const gedi__table *t, const gedi__table_cell *c);
int gedi__table_successes(const gedi__table *t, const gedi__table_cell *c);

void gedi__table_add_value(const gedi__table *t, int r, int c, const char *plus_minus,
                           gedi__text *out);
/* What is missing of a cell's runs: "2 of 5", "2 of 5, 1 failed"; of success, where all count,
 * "1 failed", "2 missing". */
void gedi__table_add_lack(const gedi__table *t, const gedi__table_cell *c,
                          gedi__text *out);
void gedi__table_add_signs(const gedi__table *t, int r, int c, const gedi__signs *sign,
                           gedi__text *out);
/* "by k-means; elsewhere by argmax": note k without its sign. */
void gedi__table_add_note(const gedi__table *t, int k, gedi__text *out);
/* "† cluster collapse, at the end of 2 of 5 runs", a line for each mark and each note, and what bold
 * means. */
void gedi__table_add_legend(const gedi__table *t, const gedi__signs *sign,
                            const char *before, const char *after, gedi__text *out);

void gedi__table_markdown(const gedi__table *t, gedi__text *out);
/* A line a cell, with all there is to know of it: for programs. */
void gedi__table_csv(const gedi__table *t, gedi__text *out);
void gedi__table_latex(const gedi__table *t, gedi__text *out);

#endif
