/* others.h - datasets that are not the run's own, and that its evaluators look at. */
#ifndef GEDI_EVALUATE_OTHERS_H
#define GEDI_EVALUATE_OTHERS_H

#include "core/descriptor/experiment.h"

/* Opens a dataset of an option for a run whose records have this shape.
 *   Errors: the dataset's; GEDI_SHAPE for records of another shape.  */
gedi_status gedi__other_open(const gedi__experiment *e, const gedi_component *c,
                             gedi_shape record, gedi_data_info *info, gedi_err *err);
void gedi__other_close(const gedi_component *c);

/* Before training: can every dataset that the i-th evaluator names be opened? The error names
 * the evaluator. */
gedi_status gedi__others_check(const gedi__experiment *e, int i, gedi_shape record,
                               gedi_err *err);

#endif
