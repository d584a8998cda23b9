/* program.h - between the files that make a ground program. */
#ifndef GEDI_PLUGINS_RULES_PROGRAM_H
#define GEDI_PLUGINS_RULES_PROGRAM_H

#include "plugins/rules/rules.h"

/* The text of a file, as Prolog may read it: free() it, also where it is refused.
 *   Errors: GEDI_OPTION, GEDI_IO; GEDI_DESCRIPTOR: too large, no text, brackets too deep; GEDI_NOMEM.  */
gedi_status rules_file_read(const char *path, char **text, gedi_err *err);

/* Of any text that Prolog is to read; errors name it by `path`. */
gedi_status rules_check_brackets(const char *path, const char *text, gedi_err *err);

/* From the text of gedi_ground/3 into an empty program, which is to be cleared whatever comes of it.
 *   Errors: GEDI_NOMEM.  */
gedi_status rules_program_read(rules_program *p, const char *text, gedi_err *err);

#endif
