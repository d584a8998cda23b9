/* check.h - is what a .so exports a plugin that this gedi can use? */
#ifndef GEDI_PLUGIN_CHECK_H
#define GEDI_PLUGIN_CHECK_H

#include "gedi/plugin.h"

/* Bytes of the host's struct of a kind. */
size_t gedi__plugin_size(gedi_kind kind);

/* Checks the exported object and copies it into `copy` (gedi__plugin_size bytes), which
 * is zero where the plugin was built with a shorter struct. `file` is for messages.
 *   Errors: GEDI_ABI (number, struct size, signature), GEDI_PLUGIN (name, a required
 *   function, the table of options).  */
gedi_status gedi__plugin_check(gedi_kind kind, const char *name, const char *file,
                               const void *exported, void *copy, gedi_err *err);

#endif
