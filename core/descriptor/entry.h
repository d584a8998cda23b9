/* entry.h - an entry of a list: one plugin, and options of the entry's own beside it.
 *
 * {swav: {prototypes: 10}, weight: 2}, {ood: {against: [svhn]}, name: far}.
 */
#ifndef GEDI_DESCRIPTOR_ENTRY_H
#define GEDI_DESCRIPTOR_ENTRY_H

#include "core/descriptor/reading.h"

/* The plugin of an entry, which may be any of its keys but those in the table `beside`; NULL
 * where there is none. */
gedi__tree *gedi__entry_plugin(const gedi__tree *entry, const gedi_option *beside);

/* Reads the plugin into `part`, and the options of the key, k->options, into `self`.
 *   Errors: GEDI_NOMEM; mistakes go into the reading, and then part may have no plugin.  */
gedi_status gedi__entry_read(gedi__reading *r, const gedi__key *k,
                             const gedi__tree *entry, gedi__component *part, void *self);

#endif
