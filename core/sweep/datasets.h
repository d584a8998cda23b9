/* datasets.h - are the files of a sweep's datasets there? */
#ifndef GEDI_SWEEP_DATASETS_H
#define GEDI_SWEEP_DATASETS_H

#include "core/sweep/plan.h"

/* Opens each dataset of the points that `todo` names, equal ones once, and closes it again:
 * what is missing would otherwise fail in every point. The plan was read from `file` with
 * these values.
 *   Errors: the dataset's, with its name; those of gedi__experiment_read_point.  */
gedi_status gedi__datasets_open(const gedi__plan *p, const bool *todo, const char *file,
                                const char *const *override, int n, gedi_err *err);

#endif
