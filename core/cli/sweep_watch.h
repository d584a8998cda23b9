/* sweep_watch.h - a sweep watched from the command line: a line a worker, and the whole. */
#ifndef GEDI_CLI_SWEEP_WATCH_H
#define GEDI_CLI_SWEEP_WATCH_H

#include "core/report/terminal.h"
#include "core/sweep/crew.h"
#include "core/sweep/report.h"

typedef struct gedi__sweep_watch {
    bool quiet, terminal;
    gedi__board board;
    double began;
    double stopping; /* when that was first seen; 0: not */
    bool said_stopping;
    double
        patience; /* seconds after which it is said who keeps a point without being at work */
    bool *said_held;    /* [jobs]; NULL: none yet */
    const char *folder; /* of the sweep, whose page is written while runs are at work */
    const char
        *round; /* of a search: what runs now, "draws 5 to 8 to iteration 100"; "" */
    int ended, failed; /* jobs before it began; */
    double done, all;  /* their iterations */
    gedi__refresh refresh;
} gedi__sweep_watch;

/* Makes `c` report to `w`: on a terminal a line a worker that is redrawn, elsewhere a line
 * when a run ends. `folder`: NULL where no page is to be written. `round`: what of a search the jobs that wait
 * are, and then these alone are counted; "" where they are all. */
void gedi__sweep_watch_open(gedi__sweep_watch *w, gedi__crew *c, const char *folder,
                            const char *round, bool quiet);
void gedi__sweep_watch_close(gedi__sweep_watch *w, const gedi__crew *c);

/* Threads of each of `workers` runs on this machine. */
int gedi__threads_each(long workers);

#endif
