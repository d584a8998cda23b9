/* sweep_blocks.h - what the readers of a sweep's blocks share. */
#ifndef GEDI_DESCRIPTOR_SWEEP_BLOCKS_H
#define GEDI_DESCRIPTOR_SWEEP_BLOCKS_H

#include "core/descriptor/search.h"
#include "core/descriptor/sweep.h"

/* All return GEDI_OK or GEDI_NOMEM; mistakes are in `m`. */

/* The axes of `sweep:`, and what a search has drawn; `draws` as in gedi__sweep_read. */
gedi_status gedi__sweep_axes(gedi__sweep *s, const gedi__tree *sweep,
                             const gedi__draws *draws, gedi__mistakes *m);

/* `search:`, and its draws as an axis. */
gedi_status gedi__sweep_search(gedi__sweep *s, const gedi__tree *t,
                               const gedi__draws *draws, gedi__mistakes *m);

/* An axis behind those that there are; its levels have room for so many settings. NULL when out of memory. */
gedi__axis *gedi__sweep_new_axis(gedi__sweep *s, int names, int levels, int settings);

/* The values of a path as a list: 0..4, [a, b], a. *out is NULL after a mistake. */
gedi_status gedi__sweep_list(gedi__sweep *s, const gedi__tree *t, gedi__mistakes *m,
                             const gedi__tree **out);
/* What each of them is called in tables. */
gedi_status gedi__sweep_values(gedi__sweep *s, const gedi__tree *list, const char *path,
                               const char **out);

/* What the values of an axis, which are `text` on one line each, are called in tables. */
gedi_status gedi__sweep_labels(gedi__sweep *s, const gedi__tree *list, const char *path,
                               const char *const *text, const char **out);

/* What one axis sets and a later one, or `override`, would lose. */
void gedi__sweep_check_order(const gedi__sweep *s, const gedi__setting *override, int n,
                             gedi__mistakes *m);

/* Does an axis name bases, `base: [a.yaml, b.yaml]`? */
bool gedi__sweep_varies_base(const gedi__tree *sweep);

/* False after a mistake: what belongs to the whole sweep cannot be varied. */
bool gedi__sweep_check_path(const gedi__tree *t, gedi__mistakes *m);

/* The product of the axes without what `exclude:` names, and what `adjust:` sets. `partial`: some axis could
 * not be read; then only what is wrong whatever it is, and no product. */
gedi_status gedi__sweep_expand(gedi__sweep *s, const gedi__tree *sweep, bool partial,
                               gedi__mistakes *m);

/* The blocks `table`, `grid` and `heatmap`. */
gedi_status gedi__sweep_shows(gedi__sweep *s, const gedi__tree *root, gedi__mistakes *m);

/* A text that belongs to the arena; clears `t`. NULL when out of memory. */
const char *gedi__sweep_text(gedi__sweep *s, gedi__text *t);

#endif
