/* rowwise.h - does each record of a batch go through a graph on its own? */
#ifndef GEDI_GRAPH_ROWWISE_H
#define GEDI_GRAPH_ROWWISE_H

#include "gedi/graph.h"

/* True when row i of y [B, ...] is known to depend on row i of x [B, ...] alone. */
bool gedi__rowwise(const gedi_node *y, const gedi_node *x);

#endif
