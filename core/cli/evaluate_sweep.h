/* evaluate_sweep.h - `gedi evaluate SWEEP`: every point of a sweep evaluated once more. */
#ifndef GEDI_CLI_EVALUATE_SWEEP_H
#define GEDI_CLI_EVALUATE_SWEEP_H

#include "core/cli/arguments.h"

/* Evaluates each point that has a checkpoint and was not evaluated so, `workers` at once. Returns
 * the exit code. `unread`: values that no point reads are taken. */
int gedi__evaluate_sweep(const gedi__arguments *a, long workers, bool unread);

#endif
