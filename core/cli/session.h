/* session.h - what `run` and `resume` share: a run watched from the command line. */
#ifndef GEDI_CLI_SESSION_H
#define GEDI_CLI_SESSION_H

#include "core/run/run.h"
#include "core/report/progress.h"
#include "core/sweep/report.h"

/* A run watched from the command line: progress and lines of text on standard error, of
 * which damage alone is said when `quiet`. */
typedef struct gedi__watch {
    gedi__observer observer; /* for gedi__run, gedi__resume and gedi__evaluate */
    bool quiet;
    bool began;         /* it has done iterations, or asked evaluators */
    bool evaluated;     /* it has asked evaluators */
    bool once_more;     /* it is `gedi evaluate`, which nothing resumes */
    bool drawing;       /* the bar was started and not ended */
    int64_t until;      /* after that iteration the run is to stop; 0: at its end */
    bool until_reached; /* it was asked to */
    const char *page; /* the folder whose page is written while the run trains, or NULL */
    gedi__refresh refresh;
    gedi__progress_bar bar;
} gedi__watch;

void gedi__watch_open(gedi__watch *w, bool quiet);
/* From here on SIGINT, SIGTERM, SIGHUP and SIGUSR1 ask the run to stop with a checkpoint; the
 * second of a kind ends the program at once. */
void gedi__watch_signals(gedi__watch *w);
/* Ends the bar where the run did not get to its end. */
void gedi__watch_close(gedi__watch *w);

/* The page of a run that ended with `s`. One that cannot be written is said, and costs the run
 * nothing: `gedi report` makes it. */
void gedi__session_page(const gedi__watch *w, gedi_status s, const char *directory);

/* After gedi__run or gedi__resume returned `s`: prints the results and where the
 * results lie, as far as there are some, and what went wrong and, unless it is quiet, how to go on. Returns the exit code. */
int gedi__session_end(const gedi__watch *w, gedi_status s, const char *directory,
                      const gedi_err *err);

#endif
