/* trees.h - what many points of a sweep share: the files of their descriptor, read once, and the
 * plugins, loaded once. */
#ifndef GEDI_DESCRIPTOR_TREES_H
#define GEDI_DESCRIPTOR_TREES_H

#include "core/descriptor/tree.h"
#include "core/plugin/registry.h"

/* Zero is empty; what was read from it ends with it. */
typedef struct gedi__trees {
    gedi__arena arena;
    struct gedi__tree_read *first;
    gedi__registry *registry; /* of the points that name no plugins of their own */
} gedi__trees;

/* As gedi__tree_load: *root is a copy that may be changed, but for its `sweep:`, which all copies
 * share. What has mistakes is read again each time. `varied` is told from others by its address. */
gedi_status gedi__trees_load(gedi__trees *t, const char *file, const gedi__tree *varied,
                             gedi__arena *arena, gedi__mistakes *m, gedi__tree **root,
                             bool *whole);
/* A registry for an experiment of this tree: free it. */
gedi_status gedi__trees_registry(gedi__trees *t, const gedi__tree *root,
                                 gedi__registry **out, gedi_err *err);
void gedi__trees_clear(gedi__trees *t);

#endif
