/* imports.h - does a .so need what gedi keeps to itself? */
#ifndef GEDI_PLUGIN_IMPORTS_H
#define GEDI_PLUGIN_IMPORTS_H

#include "gedi/error.h"

/* Reads the file's dynamic symbols, before anything of it runs. What is no library of this
 * machine passes: dlopen says what is wrong with it.
 *   Errors: GEDI_PLUGIN with the first private symbol that it needs; GEDI_IO.  */
gedi_status gedi__imports_check(const char *file, gedi_err *err);

#endif
