/* run.h - one run from beginning to end, in one directory.
 *
 * Its stages, one where the descriptor states none, follow each other: at a border the
 * checkpoint of the one is what the next begins with.
 *
 * Its files are those of core/store/folder.h.
 */
#ifndef GEDI_RUN_RUN_H
#define GEDI_RUN_RUN_H

#include "core/evaluate/shown.h"
#include "core/store/progress.h"
#include <signal.h>

/* What the caller wants to hear; every member may be NULL. Callbacks must not allocate in
 * `progress`, which is called after every iteration. */
typedef struct gedi__observer {
    void *context;
    void (*progress)(void *context, const gedi__progress *p);
    /* One line of text for the user: "resuming at iteration 800". */
    void (*say)(void *context, const char *line);
    /* A line on damage that the run gets round, for one who wants no other, too. NULL: `say` hears
     * it. */
    void (*fault)(void *context, const char *line);
    /* Before anything is trained: can that figure be drawn? */
    gedi_status (*figure)(void *context, const gedi__experiment *e, const char *name,
                          const gedi__shown *of, gedi_err *err);
    /* Before a finished run is evaluated once more: an error of the caller's own checks stops
     * it. Figures may be left out of `e`. */
    gedi_status (*ready)(void *context, gedi__experiment *e, const gedi__shown *of,
                         gedi_err *err);
    /* All iterations are done: what follows is evaluation. */
    void (*making)(void *context);
    /* Draws the figures asked for; `t` gives predictions and densities. Of those that cannot be drawn
     * `undrawn` gets a line "figure: NAME", and `err` the reasons. */
    gedi_status (*figures)(void *context, gedi_trial *t, const gedi__experiment *e,
                           const char *directory, gedi__text *undrawn, gedi_err *err);
    /* Before values are kept that a run in that folder, trained that far, goes on with: can there be the samples
     * on the way that are asked for? */
    gedi_status (*moments)(void *context, const gedi__experiment *e,
                           const char *directory, int64_t iteration, gedi_err *err);
    /* While it trains, where figures of samples are asked for on the way: draws what `t` would
     * generate now. */
    gedi_status (*moment)(void *context, gedi_trial *t, const gedi__experiment *e,
                          const char *directory, int64_t iteration, gedi_err *err);
    const volatile sig_atomic_t
        *stop; /* becomes nonzero: keep what there is and return */
} gedi__observer;

/* A line to `fault`, or to who hears it instead; NULL is legal. */
void gedi__observer_fault(const gedi__observer *o, const char *line);

/* Trains, evaluates, draws. `directory` must not hold a run yet. The experiment stays the
 * caller's.
 *   Errors: GEDI_INTERRUPTED after *stop (a checkpoint is written, or a summary of what was evaluated);
 *   the first evaluator's, where the others have been asked; GEDI_NUMERIC with
 *   iteration, term and last checkpoint; GEDI_STATE if the directory holds a run;
 *   GEDI_IO. All that the experiment is refused for is added to `m`, and the status is the
 *   first one's; where `m` is NULL, only the first is told, in `err`.  */
gedi_status gedi__run(gedi__experiment *e, const char *directory, const gedi__observer *o,
                      gedi__mistakes *m, gedi_err *err);

/* Where a run begins that goes on from another one. */
typedef struct gedi__origin {
    const char *run;                  /* its folder */
    const char *checkpoint, *metrics; /* files in there */
    const char *identity;             /* of the experiment they were written for */
    int stage;                        /* in which it goes on */
} gedi__origin;

/* The same for a run whose first iterations are those of another, up to that checkpoint; the history
 * of `e` tells of it. NULL: none. See core/run/going.h.
 *   Errors: GEDI_DESCRIPTOR, too, where a tensor of the checkpoint has no place in `e`.  */
gedi_status gedi__run_from(gedi__experiment *e, const gedi__origin *from,
                           const char *directory, const gedi__observer *o,
                           gedi__mistakes *m, gedi_err *err);

/* Two that write to one directory would spoil it: *lock is a file to close(), or -1. It ends with its
 * process, however that ends.
 *   Errors: GEDI_STATE where another has it.  */
gedi_status gedi__run_lock(const char *directory, int *lock, gedi_err *err);
/* Has another it now? And is it certain that nobody has, which a file system without locks does not tell? */
bool gedi__run_is_busy(const char *folder);
bool gedi__run_is_idle(const char *folder);

/* Goes on with the run in `directory`, to the same bytes as one never interrupted, with the n
 * values of `override` put into its descriptor for good, on which training must not depend. A
 * finished run is left alone and GEDI_OK returned, with a line to `say`. Errors: as
 * gedi__run; GEDI_STATE if there is no run, or if another process is at work on it;
 * GEDI_DESCRIPTOR with mistakes in `m`. */
gedi_status gedi__resume(const char *directory, const char *const *override, int n,
                         const gedi__observer *o, gedi__mistakes *m, gedi_err *err);

#endif
