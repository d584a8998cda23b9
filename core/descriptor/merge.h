/* merge.h - a descriptor's tree from its file, the files it is based on, and overrides.
 */
#ifndef GEDI_DESCRIPTOR_MERGE_H
#define GEDI_DESCRIPTOR_MERGE_H

#include "core/descriptor/tree.h"

/* Reads `file` and, through `base:`, what it inherits from. In the tree every component
 * is a map of one entry, {name: options}, however it was written; `base` is gone. *root
 * is NULL when nothing can be checked further; *whole is false when a base is missing, so
 * that what is not there may have been in it. `varied`, which may be NULL, is the base that
 * a point of a sweep names: it is that of the file in which the axis is written.
 *   Errors: GEDI_NOMEM; mistakes are in `m`.  */
gedi_status gedi__tree_load(const char *file, const gedi__tree *varied,
                            gedi__arena *arena, gedi__mistakes *m, gedi__tree **root,
                            bool *whole);

/* Merges `over` over `base` and uses it up: its nodes move into `base`.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__tree_merge(gedi__tree *base, gedi__tree *over, gedi__arena *arena);
/* `over` merged over `base`, as a file is over the one it is based on; uses up `over`, and a
 * copy of `base`. NULL when out of memory. */
gedi__tree *gedi__tree_over(const gedi__tree *base, gedi__tree *over, gedi__arena *arena);

/* `adam`, `{adam: }` and `{adam: {}}` become the same: the last.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__component_normalise(gedi__tree *t, gedi__arena *arena);

/* The same of all components of a descriptor, or of one of its stages. */
gedi_status gedi__tree_normalise(gedi__tree *root, gedi__arena *arena);
/* Puts `from` in the place of `t`, whose key and place in its parent stay. */
void gedi__tree_replace(gedi__tree *t, const gedi__tree *from);
/* `{gedi_no_inv: {}, from: gedi}` in place of `{gedi: {...}}` gets the options of gedi that it does not
 * state itself, and `from` has done its work. Where something else is replaced it stays, for the
 * reader to refuse.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__tree_lend(gedi__tree *t, const gedi__tree *old, gedi__arena *arena);

/* In a component: {gedi_no_inv: {}, from: gedi} in place of {gedi: {...}} keeps the options that both
 * have. */
#define GEDI__FROM "from"

/* A value to be put in at a path, "objective.gedi.inv". */
typedef struct gedi__setting {
    const char *path;
    const gedi__tree *value;
    gedi__place at; /* where it is asked for */
} gedi__setting;

/* Puts a copy of the value in: sets, never merges. What follows `sweep.` is one key, for
 * the axes of a sweep are paths themselves; or an axis of points with names, one of them, and
 * a path that it sets.
 *   Errors: GEDI_NOMEM; mistakes are in `m`.  */
gedi_status gedi__tree_set(gedi__tree *root, const gedi__setting *s, gedi__arena *arena,
                           gedi__mistakes *m);

/* "objective.gedi.inv=10" into a setting. s->path is NULL after a mistake. */
gedi_status gedi__setting_parse(const char *text, gedi__arena *arena, gedi__mistakes *m,
                                gedi__setting *s);

#endif
