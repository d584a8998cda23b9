/* call.h - functions of plugins that can fail, called so that a message names the component and is
 * never empty.
 */
#ifndef GEDI_PLUGIN_CALL_H
#define GEDI_PLUGIN_CALL_H

#include "gedi/plugin.h"

/* Is it of what goes wrong on the way, whatever the user wrote? As errors.def says. */
bool gedi__is_fault(gedi_status s);

/* What a plugin said of its failure; where it said nothing, what the status says. */
const char *gedi__why(gedi_status s, const gedi_err *own);

/* "view crop: WHY" into `err`, unless it begins so by itself. Returns the status. */
gedi_status gedi__blame(gedi_err *err, gedi_status s, const char *kind, const char *name,
                        const gedi_err *own);

/* The functions of a dataset.
 *   Errors: the dataset's, "dataset NAME: ...".  */
gedi_status gedi__dataset_open(const gedi_component *c, uint64_t seed,
                               const char *directory, gedi_data_info *info,
                               gedi_err *err);
void gedi__dataset_close(const gedi_component *c);
gedi_status gedi__dataset_read(const gedi_component *c, gedi_split split, int64_t i,
                               float *x, int32_t *label, gedi_err *err);

#endif
