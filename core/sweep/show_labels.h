/* show_labels.h - what rows and columns of figures are called. */
#ifndef GEDI_SWEEP_SHOW_LABELS_H
#define GEDI_SWEEP_SHOW_LABELS_H

#include "core/base/arena.h"

/* The last word of a path: "nmi". */
const char *gedi__last_word(const char *path);

/* The n labels of the axis `name`: "prior 10", as a number, a list or "true" alone does not say what it is of. NULL without
 * memory. */
const char **gedi__show_labels(gedi__arena *arena, const char *name, const char **label,
                               int n);

#endif
