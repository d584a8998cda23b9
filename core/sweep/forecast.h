/* forecast.h - how long a crew will still be at work. */
#ifndef GEDI_SWEEP_FORECAST_H
#define GEDI_SWEEP_FORECAST_H

#include "core/sweep/crew.h"

/* Seconds from `now`, a time of gedi__seconds, until no job waits or runs: a run that has
 * begun goes on at its own pace, the others go at the mean of those begun, each on the
 * worker that is free first. NAN while no pace is known, or without memory. */
double gedi__crew_left(const gedi__crew *c, double now);

#endif
