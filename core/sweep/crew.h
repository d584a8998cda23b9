/* crew.h - runs in processes of their own, several at once.
 *
 * A run that crashes, or is killed, ends alone. The processes are `gedi resume`, on a
 * directory that has its descriptor: it begins, or goes on from the last checkpoint.
 */
#ifndef GEDI_SWEEP_CREW_H
#define GEDI_SWEEP_CREW_H

#include "core/base/text.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

typedef enum gedi__job_state {
    GEDI__JOB_WAITING,
    GEDI__JOB_RUNNING,
    GEDI__JOB_DONE,
    GEDI__JOB_FAILED,
    GEDI__JOB_STOPPED,   /* with a checkpoint, because the crew was asked to stop */
    GEDI__JOB_ELSEWHERE, /* another process is at work on it, perhaps on another host */
} gedi__job_state;

typedef struct gedi__job {
    const char *folder; /* of the run */
    const char *title;
    int64_t iterations; /* in all, or of the part that is asked for */
    bool part;      /* it is to stop after them, with a checkpoint, and is done then */
    bool evaluates; /* it is trained, and lacks evaluators or figures */
    int64_t first;  /* done before; set by gedi__crew_run */
    int64_t done;   /* as last logged */
    double loss;    /* then, of a run that is at work; NAN: not known */
    gedi__job_state state;
    gedi__text reason;     /* of a failure, or of one before where it waits: one line */
    double began, seconds; /* began is a time of gedi__seconds */
    double trained; /* seconds after which all iterations were logged; 0: not yet */
    pid_t pid;
    bool lost; /* another process has taken it: what the run says is of no interest */
    double
        held; /* since when, as gedi__seconds, a process without a lease has its folder; 0: none */
    int64_t held_at; /* what it had done then */
    int words;       /* what the process says on standard error: a file in memory */
} gedi__job;

/* Where other processes take jobs, too. */
typedef struct gedi__gate {
    void *context;
    /* Takes a job that waits, and leaves it waiting; or says by its state what others have made of it.
     * Errors: GEDI_IO, GEDI_NOMEM.  */
    gedi_status (*take)(void *context, gedi__job *j, gedi_err *err);
    /* About ten times a second while it runs; false where another has taken it. */
    bool (*hold)(void *context, gedi__job *j);
    void (*leave)(void *context, gedi__job *j); /* it runs no more */
    /* What has become of one that is elsewhere. Errors: as take.  */
    gedi_status (*look)(void *context, gedi__job *j, gedi_err *err);
    bool waits; /* for those that are elsewhere, until they have ended */
} gedi__gate;

typedef struct gedi__crew {
    const gedi__gate *gate; /* NULL: the jobs are this crew's alone */
    int workers;
    int threads; /* of each, whatever its descriptor says; 0: no limit */
    int *of;     /* [workers]: its job, -1: none */
    int jobs;
    gedi__job *job; /* those that are not GEDI__JOB_WAITING at first are left alone */
    /* The command of each in place of `resume`, and its arguments behind the folder. Then nothing is left in
     * a folder but what the command leaves. */
    const char *command;
    const char *const *argument;
    int arguments;
    bool fail_fast; /* the first failure stops all */
    bool
        stopping; /* those at work were asked to leave checkpoints, nothing else begins */
    void *context;
    /* About ten times a second, and when `ended` (else NULL) has ended. */
    void (*tick)(void *context, const struct gedi__crew *c, const gedi__job *ended);
} gedi__crew;

/* Runs the jobs that wait, in order. SIGINT, SIGTERM, SIGHUP and SIGUSR1 are passed on, so
 * that the runs leave checkpoints; the second kills them. A failure's last words are kept in
 * FOLDER/error.txt.
 *   Errors: GEDI_INTERRUPTED after a signal; GEDI_NOMEM; GEDI_IO where no process can be
 *   started. That a job failed is no error.  */
gedi_status gedi__crew_run(gedi__crew *c, gedi_err *err);
/* How many of its jobs are in that state. */
int gedi__crew_count(const gedi__crew *c, gedi__job_state state);
/* "3 to run", "4 to evaluate" or "3 to run, 4 to evaluate", of those that wait. */
const char *gedi__crew_waiting_text(const gedi__crew *c, char *out, size_t size);
void gedi__crew_clear(gedi__crew *c); /* the jobs' reasons, and `of` */

#endif
