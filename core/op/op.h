/* op.h - the operations that there are; what one states is in core/graph/operation.h. */
#ifndef GEDI_OP_OP_H
#define GEDI_OP_OP_H

#include "core/graph/operation.h"

#define GEDI_OP(id, inputs) extern const gedi__op gedi__op_##id;
#include "gedi/ops.def"
#undef GEDI_OP

/* An input that the core fills, also while a plugin is building: gedi_input would take it for the
 * plugin's. */
gedi_node *gedi__input(gedi_graph *g, const char *name, gedi_shape s);
/* A plugin made it while a network was built: nothing fills it. */
bool gedi__input_is_lost(const gedi_node *x);

/* An input whose numbers stay the same over many runs: a parameter of a network that is
 * not being trained. */
void gedi__input_stand(gedi_node *input);
bool gedi__input_stands(const gedi_node *x);

/* The numbers of a node of gedi_values. */
const float *gedi__values_of(const gedi_node *x);

/* gedi_gather of rows [K + 1, D] that belong to classes, that of -1 first: an index that is none is said
 * to be no class. */
gedi_node *gedi__gather_classes(gedi_node *rows, gedi_node *class_of);

/* All operations in the order of ops.def. */
extern const gedi__op *const gedi__ops[];
extern const int gedi__op_inputs[]; /* -1: any number */
extern const int gedi__op_count;

#endif
