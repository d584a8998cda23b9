/* trees.h - descriptors whose files are read once for many points of a sweep. */
#ifndef GEDI_DESCRIPTOR_TREES_H
#define GEDI_DESCRIPTOR_TREES_H

#include "core/descriptor/tree.h"

/* Zero is empty; what was read from it ends with it. */
typedef struct gedi__trees {
    gedi__arena arena;
    struct gedi__tree_read *first;
} gedi__trees;

/* As gedi__tree_load: *root is a copy that may be changed, but for its `sweep:`, which all copies
 * share. What has mistakes is read again each time. `varied` is told from others by its address. */
gedi_status gedi__trees_load(gedi__trees *t, const char *file, const gedi__tree *varied,
                             gedi__arena *arena, gedi__mistakes *m, gedi__tree **root,
                             bool *whole);
void gedi__trees_clear(gedi__trees *t);

#endif
