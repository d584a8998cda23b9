/* clock.h - seconds that only go forward, for measuring how long something takes. */
#ifndef GEDI_BASE_CLOCK_H
#define GEDI_BASE_CLOCK_H

#include <time.h>

static inline double gedi__seconds(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + 1e-9 * (double)ts.tv_nsec;
}

#endif
