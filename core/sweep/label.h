/* label.h - what a resolved descriptor has at a path, as a word for a table. */
#ifndef GEDI_SWEEP_LABEL_H
#define GEDI_SWEEP_LABEL_H

#include "core/base/text.h"

/* "objective" -> "gedi", "objective.gedi.inv" -> "50", "views.1" -> "[...]"; nothing is
 * added where there is no such path. "jem, gedi" where stages have it. `descriptor` is the text of a descriptor.yaml.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__descriptor_label(const char *descriptor, const char *path,
                                   gedi__text *out);

/* What differs between two descriptors: "objective.gedi.inv: 10 -> 50", a line each; not
 * name, folders and threads.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__descriptor_changes(const char *a, const char *b, gedi__text *out);

#endif
