/* slurm.h - array jobs of Slurm, asked for and looked at through its own commands. */
#ifndef GEDI_SWEEP_SLURM_H
#define GEDI_SWEEP_SLURM_H

#include "gedi/error.h"

#include <stddef.h>

enum { GEDI__SLURM_NAME = 32, GEDI__SLURM_TASKS = 1000 /* of an array, at most */ };

/* The name of all jobs of one folder: by it they are found again, whoever looks. */
void gedi__slurm_name(const char *directory, char out[GEDI__SLURM_NAME]);

typedef struct gedi__queue { /* tasks of that name */
    int running, waiting;
    char why[64]; /* the first of those that wait does: "Resources"; "" for none */
} gedi__queue;

/*   Errors: GEDI_IO with what squeue says where it fails; GEDI_NOMEM.  */
gedi_status gedi__slurm_ask(const char *name, gedi__queue *q, gedi_err *err);

typedef struct gedi__array {
    const char *name;      /* gedi__slurm_name */
    const char *directory; /* of the sweep; what the tasks say goes to slurm/ in it */
    const char *command;   /* a line of shell */
    const char *options;   /* for sbatch, as in a shell */
    int tasks;
} gedi__array;

/* Submits the array; *job is its number.
 *   Errors: GEDI_STATE with what sbatch says where it fails; GEDI_IO, GEDI_NOMEM.  */
gedi_status gedi__slurm_submit(const gedi__array *a, long *job, gedi_err *err);

/* Takes those tasks out of the queue that have not begun. That it fails is no harm: they will find nothing
 * to do. */
void gedi__slurm_cancel_waiting(const char *name);

/* What the task whose file in slurm/ was written to last said last, "" for nothing, into `out`. */
void gedi__slurm_last_words(const char *directory, char *out, size_t size);

#endif
