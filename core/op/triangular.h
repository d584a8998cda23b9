/* triangular.h - what operations on square matrices share. */
#ifndef GEDI_OP_TRIANGULAR_H
#define GEDI_OP_TRIANGULAR_H

#include "core/op/fold.h"

/* [D, D] of [D, D]; refuses anything else. */
gedi_status gedi__square_infer(const gedi_node *y, gedi_shape *out, gedi_err *err);

#endif
