/* schema.h - a JSON Schema of descriptors. */
#ifndef GEDI_CLI_SCHEMA_H
#define GEDI_CLI_SCHEMA_H

#include "core/plugin/registry.h"

/* The text of the schema, with every plugin that the registry finds. free() it; NULL with an error.
 */
char *gedi__schema_text(gedi__registry *r, gedi_err *err);

#endif
