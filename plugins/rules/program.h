/* program.h - between ground.c and program.c. */
#ifndef GEDI_PLUGINS_RULES_PROGRAM_H
#define GEDI_PLUGINS_RULES_PROGRAM_H

#include "plugins/rules/rules.h"

/* From the text of gedi_ground/3 into an empty program, which is to be cleared whatever comes of it.
 *   Errors: GEDI_NOMEM.  */
gedi_status rules_program_read(rules_program *p, const char *text, gedi_err *err);

#endif
