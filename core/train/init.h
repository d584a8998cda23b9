/* init.h - a trainer begins with the weights that `init` names. */
#ifndef GEDI_TRAIN_INIT_H
#define GEDI_TRAIN_INIT_H

#include "core/data/digest.h"
#include "core/train/trainer.h"

/* What was taken, for who reads what a run says. */
typedef struct gedi__init_taken {
    int parameters, of; /* tensors of the network: taken, all */
    char from[512];     /* the file */
    char changed
        [GEDI__CHANGED]; /* of a run on the same dataset: what of its data is not as it was; "": nothing */
} gedi__init_taken;

/* Weights and states of the network, in place of what the seed says; running averages of them, and
 * states that begin as a node's value, follow. Nothing happens where `init` is not given.
 *   Errors: GEDI_DESCRIPTOR where `only` or `names` name no parameter; where the file lacks what is to be
 * taken, or has another shape or type; where it is not the file of the checksum; those of reading.  */
gedi_status gedi__init_take(gedi__trainer *t, gedi__init_taken *out, gedi_err *err);

#endif
