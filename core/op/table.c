/* table.c - all operations in the order of ops.def. */
#include "core/op/op.h"

const gedi__op *const gedi__ops[] = {
#define GEDI_OP(id, inputs) &gedi__op_##id,
#include "gedi/ops.def"
#undef GEDI_OP
};

const int gedi__op_inputs[] = {
#define GEDI_OP(id, inputs) inputs,
#include "gedi/ops.def"
#undef GEDI_OP
};

const int gedi__op_count = sizeof gedi__ops / sizeof *gedi__ops;
