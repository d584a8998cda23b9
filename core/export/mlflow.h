/* mlflow.h - a run's log in the file layout of MLflow's tracking store.
 *
 * Source:  mlflow/mlflow, mlflow/store/tracking/file_store.py: EXPERIMENT/meta.yaml, and in
 *          EXPERIMENT/RUN meta.yaml, params/NAME, metrics/NAME (lines "time value step"),
 *          tags/NAME and artifacts/
 */
#ifndef GEDI_EXPORT_MLFLOW_H
#define GEDI_EXPORT_MLFLOW_H

#include "core/export/log.h"

/* Writes the run into the store ROOT, as a run of the experiment that the descriptor's name names.
 * The same run written again replaces itself.
 *   title: what it is called there.
 *   Errors: GEDI_IO, GEDI_NOMEM; GEDI_DATA for a picture that is none.  */
gedi_status gedi__mlflow_write(const gedi__run_log *l, const char *title,
                               const char *root, gedi_err *err);

#endif
