/* idle.h - terms by which nothing learns, although they have derivatives. */
#ifndef GEDI_TRAIN_IDLE_H
#define GEDI_TRAIN_IDLE_H

#include "core/train/trainer.h"

/* After a batch, before weights and states move: is the derivative of term i exactly 0 in all numbers of all
 * weights, although the term is not at its optimum? Of an underflow, or of what saturates. `draws` is where the
 * random numbers of the batch began; idle [GEDI__MAX_TERMS]. Nothing of the trainer changes but its graph. Large
 * steps are not looked at, as that would take the memory of another one: false throughout.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__idle_terms(const gedi__trainer *t, uint64_t draws, bool *idle,
                             gedi_err *err);

#endif
