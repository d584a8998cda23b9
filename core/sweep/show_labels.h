/* show_labels.h - what rows and columns of figures are called, and what stands below them. */
#ifndef GEDI_SWEEP_SHOW_LABELS_H
#define GEDI_SWEEP_SHOW_LABELS_H

#include "core/base/arena.h"
#include "core/base/text.h"
#include "core/descriptor/sweep.h"
#include "core/sweep/table.h"

/* Adds a value with the words of its axis: "seed 0", "learning rate = 0.01". */
void gedi__show_value(const char *name, const char *label, gedi__text *out);

/* The n labels of the axis `name`: "clusters 10", as a number, a list or "true" alone does not say what it is of. NULL without
 * memory. */
const char **gedi__show_labels(gedi__arena *arena, const char *name, const char **label,
                               int n);

/* Adds "; seed 0": what the runs of a figure were chosen by. */
void gedi__show_where(const gedi__show *w, gedi__text *out);

/* The lines below a figure of a table's runs -> how many; -1 without memory. `marks`: with what its marks of failures mean;
 * `difference` as of a table, but of the runs that are shown. */
int gedi__show_notes(const gedi__table *t, bool marks, const char *difference,
                     gedi__arena *arena, const char *note[GEDI__MAX_LINES]);

#endif
