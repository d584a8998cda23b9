/* sweep_run.h - a sweep run from the command line: its points, then what it shows. */
#ifndef GEDI_CLI_SWEEP_RUN_H
#define GEDI_CLI_SWEEP_RUN_H

#include "core/cli/arguments.h"
#include "core/sweep/crew.h"
#include "core/sweep/search.h"
#include "core/sweep/slurm.h"

typedef struct gedi__sweep_call {
    gedi__arguments a;
    long workers; /* 0: one a processor */
    bool dry, fail_fast;
    bool join;
    bool
        worker; /* joins what an array job of Slurm runs: the sweep's own files are not its affair */
    int lease; /* seconds */
    bool
        slurm; /* array jobs run the points; workers: how many tasks, 0: as many as points */
    gedi__text slurm_options; /* for sbatch */
    gedi__queue queue;        /* of Slurm, when it was asked whether it is there */
    const gedi__look *look;   /* at points that have not begun; NULL: nobody asks */
} gedi__sweep_call;

/* Runs what is left of it, then makes its tables and figures; the exit code. A search replaces *p by plans with
 * more draws. */
int gedi__sweep_run(gedi__plan **p, const char *directory, const gedi__sweep_call *a);

/* How the plan of that call is read. */
gedi__plan_source gedi__sweep_source(const gedi__sweep_call *a);

/* Why points that were finished are not any more; says nothing where `quiet`. */
gedi_status gedi__sweep_say_rebuilt(const gedi__plan *p, const char *directory,
                                    bool quiet, gedi_err *err);

#endif
