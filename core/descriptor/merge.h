/* merge.h - a descriptor's tree from its file, the files it is based on, and overrides.
 */
#ifndef GEDI_DESCRIPTOR_MERGE_H
#define GEDI_DESCRIPTOR_MERGE_H

#include "core/descriptor/tree.h"

/* Reads `file` and, through `base:`, what it inherits from. In the tree every component
 * is a map of one entry, {name: options}, however it was written; `base` is gone. *root
 * is NULL when nothing can be checked further; *whole is false when a base is missing, so
 * that what is not there may have been in it.
 *   Errors: GEDI_NOMEM; mistakes are in `m`.  */
gedi_status gedi__tree_load(const char *file, gedi__arena *arena, gedi__mistakes *m,
                            gedi__tree **root, bool *whole);

/* Applies "objective.gedi.inv=10": sets, never merges. */
gedi_status gedi__tree_override(gedi__tree *root, const char *text, gedi__arena *arena,
                                gedi__mistakes *m);

#endif
