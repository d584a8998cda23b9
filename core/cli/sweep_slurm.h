/* sweep_slurm.h - a sweep whose points are run by array jobs of Slurm, watched from the command line. */
#ifndef GEDI_CLI_SWEEP_SLURM_H
#define GEDI_CLI_SWEEP_SLURM_H

#include "core/cli/sweep_run.h"
#include "core/sweep/shared.h"

/* Is there a Slurm that answers, and what does it have of that folder?
 *   Errors: GEDI_IO, GEDI_NOMEM.  */
gedi_status gedi__sweep_slurm_there(const char *directory, gedi__queue *q, gedi_err *err);

/* How many tasks there are to be: as many as points are left, or as the call allows. */
int gedi__sweep_slurm_tasks(const gedi__crew *c, const gedi__sweep_call *a);

/* Failures of before are to be run again, unless others are at work: from here on those that there are
 * stand.
 *   Errors: GEDI_NOMEM, GEDI_STATE where tasks cannot read the descriptor.  */
gedi_status gedi__sweep_slurm_begin(const gedi__shared *s, gedi__crew *c,
                                    const gedi__sweep_call *a, gedi_err *err);

/* Keeps so many tasks at work, submits others for those that are lost, and returns when every point has
 * ended. `queue` is what Slurm has just said; NULL: it is to be asked.
 *   Errors: GEDI_INTERRUPTED after a signal: the tasks go on; GEDI_STATE where Slurm refuses, or tasks end
 *   without getting any further; GEDI_IO, GEDI_NOMEM.  */
gedi_status gedi__sweep_slurm_run(gedi__shared *s, gedi__crew *c,
                                  const gedi__sweep_call *a, const gedi__queue *queue,
                                  gedi_err *err);

#endif
