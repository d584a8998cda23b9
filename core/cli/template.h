/* template.h - the files that `gedi new` starts a plugin from. */
#ifndef GEDI_CLI_TEMPLATE_H
#define GEDI_CLI_TEMPLATE_H

#include "core/plugin/registry.h"

/* The folder that holds common/ and one folder a kind: GEDI_TEMPLATE_PATH, else that of
 * the build tree the program runs in, else the installed one. free() it; NULL when out of
 * memory. */
char *gedi__template_folder(void);

/* Writes the files of common/ and of `kind` into the new folder `out`, with @NAME@,
 * @KIND@, @SCHEMA@ and @VERSION@ replaced; plugin.c becomes NAME.c. Where the JSON Schema is not
 * installed, it is written beside them.
 *   Errors: GEDI_STATE if `out` exists, GEDI_IO, GEDI_NOMEM. Nothing is left behind
 * unless the disk itself fails while writing.  */
gedi_status gedi__template_write(gedi_kind kind, const char *name, const char *out,
                                 gedi_err *err);

#endif
