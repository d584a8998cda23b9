/* ready.h - whether an experiment can be trained, evaluated and drawn: asked by a run before
 * it begins, and by `gedi check`.
 */
#ifndef GEDI_RUN_READY_H
#define GEDI_RUN_READY_H

#include "core/evaluate/shown.h"
#include "core/train/trainer.h"

typedef struct gedi__asking {
    void *context;
    /* What is wrong, and where it was written. NULL: the first error is returned. */
    void (*refused)(void *context, gedi_status s, gedi__place at, const char *why);
    /* What can be run, but is hardly meant. NULL: nobody hears it. */
    void (*warned)(void *context, gedi__place at, const char *why);
    /* Can that figure be drawn? NULL: it is not asked. */
    gedi_status (*figure)(void *context, const gedi__experiment *e, const char *name,
                          const gedi__shown *of, gedi_err *err);
    bool begun; /* the run has its first iterations: it may have a history */
} gedi__asking;

/* Makes the trainer of every stage, asks each evaluator and each figure. The trainer of the
 * last stage is left in *last, which is NULL where that was refused.
 *   Errors: those of the trainer, an evaluator or a figure, where nobody hears of them;
 *   else GEDI_NOMEM alone.  */
gedi_status gedi__ready(gedi__experiment *e, const gedi__asking *a, gedi__trainer **last,
                        gedi_err *err);

#endif
