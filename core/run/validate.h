/* validate.h - evaluation of a run while it trains. */
#ifndef GEDI_RUN_VALIDATE_H
#define GEDI_RUN_VALIDATE_H

#include "core/descriptor/validation.h"
#include "core/evaluate/trial.h"
#include "core/run/run.h"
#include "core/store/progress.h"

typedef struct gedi__validated {
    int n;
    gedi__validation_value *value; /* [n] */
    gedi_trial *trial;             /* which owns their names */
    gedi_err chooses;              /* why the one that is to choose the weights failed */
} gedi__validated;

/* Asks the evaluators of the trainer's present weights, with the records that are held out in place
 * of the test records. Nothing that training reads is changed. One that fails leaves the others alone: it
 * is told to `o` where told[i], of the i-th, is not set yet.
 *   Errors: GEDI_NOMEM, what plugins raise; among ranks the evaluators', too: they could not meet again.
 *   Never GEDI_NUMERIC: it is not the training that diverges.  */
gedi_status gedi__validate(gedi__trainer *t, const gedi__observer *o, bool *told,
                           gedi__validated *out, gedi_err *err);
/* Is what was found better than any before? Keeps count of it in the trainer. False where nothing
 * chooses, or in another stage than the last.
 *   Errors: GEDI_STATE where the metric was not reported, or its evaluator failed.  */
gedi_status gedi__validation_choose(gedi__trainer *t, const gedi__validated *v,
                                    bool *better, gedi_err *err);
/* Has patience come to its end? */
bool gedi__validation_over(const gedi__trainer *t);
void gedi__validated_clear(gedi__validated *v);

#endif
