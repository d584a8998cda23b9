/* objectives.h - one objective, or a list of those that add up. */
#ifndef GEDI_DESCRIPTOR_OBJECTIVES_H
#define GEDI_DESCRIPTOR_OBJECTIVES_H

#include "core/descriptor/tree.h"

/* The options of an entry beside its plugin. */
extern const gedi_option gedi__objective_options[];

/* "jem + swav": the plugins of either form; false, with nothing added, where `t` has
 * neither. */
bool gedi__objectives_text(const gedi__tree *t, gedi__text *out);

/* The options of the plugin `name` in a list of objectives, or NULL. */
gedi__tree *gedi__objectives_find(const gedi__tree *list, const char *name, size_t n);

#endif
