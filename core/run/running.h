/* running.h - a run in the hands of the process that carries it out.
 *
 * core/run/run.c begins one, core/run/resume.c goes on with one that is there, core/run/training.c
 * does its iterations, and core/run/finish.c makes of its weights what the descriptor asks for.
 */
#ifndef GEDI_RUN_RUNNING_H
#define GEDI_RUN_RUNNING_H

#include "core/run/run.h"
#include "core/run/summary.h"

#include <stdio.h>

typedef struct gedi__running {
    gedi__experiment *e;
    const gedi__observer *o;
    const char *directory;
    const gedi__origin *from; /* NULL: it begins at the beginning */
    char *checkpoint, *previous, *best, *metrics, *summary, *descriptor;
    gedi__text text; /* the resolved descriptor */
    gedi__text identity, artefacts;
    gedi__trainer *t;
    FILE *log;
    int lock;      /* the directory, held as long as we write to it; -1 */
    int64_t saved; /* iteration of the last checkpoint, -1: none */
    int64_t
        diverged; /* when it was tried before: behind that iteration; -1: it did not */
    gedi__times times;
    bool drawn; /* all figures that the descriptor names were drawn before */
    bool idle[GEDI__MAX_TERMS]; /* they taught nothing in the stage's first iteration */
    gedi__failing failing[GEDI__FAILURES];
    bool told[GEDI__FAILURES];          /* of that */
    bool told_watch[GEDI__MAX_WATCHES]; /* that it was no number, in this stage */
    bool *
        told_evaluator; /* [evaluators] that it failed on the way; NULL: none was asked */
    gedi__mistakes *mistakes; /* why it cannot be run; NULL: the first is the error */
    gedi_status refused;      /* of the first of them */
    bool taken_up;            /* it was there before */
    bool finished;            /* so was its summary, which is of this run */
} gedi__running;

/* Paths in `directory`, and nothing else.
 *   Errors: GEDI_NOMEM; gedi__running_clear() it even then.  */
gedi_status gedi__running_init(gedi__running *r, const char *directory,
                               const gedi__observer *o, gedi_err *err);
/* The experiment stays the caller's. */
void gedi__running_clear(gedi__running *r);

/* A line for the caller. */
void gedi__running_say(const gedi__running *r, const char *fmt, ...) GEDI_PRINTF(2, 3);
/* The same of damage that the run gets round. */
void gedi__running_fault(const gedi__running *r, const char *fmt, ...) GEDI_PRINTF(2, 3);
/* The same where the data are not those that the run began with. */
void gedi__running_say_changed(const gedi__running *r);

/* ---- before it trains ---- */

/* The first time that ranks wait for each other. One that has ended says no.
 *   Errors: GEDI_STATE.  */
gedi_status gedi__running_agree(gedi_err *err);
/* Asks every component, and makes the trainer of that stage. Mistakes show before files do, those of
 * later stages before the first has been trained.
 *   Errors: those of gedi__ready.  */
gedi_status gedi__running_ready(gedi__running *r, const gedi__stage *stage,
                                gedi_err *err);
/* The texts of the descriptor, of the identity and of the artefacts.
 *   Errors: those of gedi__identity_text.  */
gedi_status gedi__running_emit(gedi__running *r, gedi_err *err);
/* The weights of the first iteration.
 *   Errors: those of gedi__init_take.  */
gedi_status gedi__running_take_init(gedi__running *r, gedi_err *err);
/* A trainer for that stage in place of the present one; memory for both is not needed. */
gedi_status gedi__running_trainer(gedi__running *r, const gedi__stage *stage,
                                  gedi_err *err);

/* ---- core/run/training.c ---- */

/* The log was on disk before the checkpoint, which says how many lines that were: a line that it lacks
 * is damage. Weights do not depend on it, so the run goes on with what is good. */
gedi_status gedi__running_open_log(gedi__running *r, gedi_err *err);
/* A checkpoint, where the last is not of this iteration. */
gedi_status gedi__running_save(gedi__running *r, gedi_err *err);
/* From a trainer at any iteration to the end of the last stage. `err` is not NULL.
 *   Errors: as gedi__run.  */
gedi_status gedi__running_train(gedi__running *r, gedi_err *err);

/* ---- core/run/finish.c ---- */

/* Evaluates and draws. What can be made is kept, even where an evaluator fails or it is to stop. What training has put
 * into the summary of a run that was finished before, times among it, stays.
 *   Errors: those of evaluators and figures.  */
gedi_status gedi__running_finish(gedi__running *r, gedi_err *err);

#endif
