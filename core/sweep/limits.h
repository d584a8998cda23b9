/* limits.h - can the paths of a search be what their spaces say? Asked before the first point trains. */
#ifndef GEDI_SWEEP_LIMITS_H
#define GEDI_SWEEP_LIMITS_H

#include "core/descriptor/sweep.h"

typedef struct gedi__attempt {
    /* Reads the experiment with these settings; what is wrong with it goes to `own`.
     * Errors: GEDI_NOMEM.  */
    gedi_status (*read)(void *context, const gedi__setting *set, int k,
                        gedi__mistakes *own, gedi_err *err);
    void *context;
} gedi__attempt;

/* Puts both limits, or each of the values, of every space into points of the sweep, one at a time, beside what
 * these have drawn. What is wrong at the very place of the limit, whatever stands beside it, goes to `m`: it
 * would be found when a draw comes near, in the midst of the search. What is wrong in some company alone
 * is no mistake here.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__limits_check(const gedi__sweep *s, const gedi__attempt *attempt,
                               gedi__mistakes *m, gedi_err *err);

/* *yes where a search draws more and a draw can be run: one of some that are tried at random.
 *   Errors: those of the attempts; GEDI_NOMEM.  */
gedi_status gedi__limits_leave_some(const gedi__sweep *s, const gedi__attempt *attempt,
                                    bool *yes, gedi_err *err);

#endif
