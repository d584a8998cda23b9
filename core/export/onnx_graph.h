/* onnx_graph.h - the ONNX graph that is being written, for onnx.c and onnx_nodes.c. */
#ifndef GEDI_EXPORT_ONNX_GRAPH_H
#define GEDI_EXPORT_ONNX_GRAPH_H

#include "core/base/protobuf.h"
#include "core/graph/node.h"

enum { GEDI__ONNX_NAME = 256 }; /* letters of a tensor's name */

typedef struct gedi__onnx {
    gedi__message graph;
    /* Of the node that is being written: does its dimension i count records? Its size is then
     * not known. */
    const gedi_node *other; /* the same node, built for another number of records */
    int fresh;              /* names that were made up */
} gedi__onnx;

/* The name of what a node computes. */
void gedi__onnx_name(const gedi_node *x, char out[GEDI__ONNX_NAME]);

/* Adds constants under that name: n numbers of that shape. */
void gedi__onnx_floats(gedi__onnx *o, const char *name, const float *x,
                       const int64_t *dim, int rank);
void gedi__onnx_integers(gedi__onnx *o, const char *name, const int64_t *x, int n);

/* Adds what computes `y`, which is no leaf, of its inputs.
 *   Errors: GEDI_STATE where ONNX has no such operation, or its size depends on how many records
 *   there are.  */
gedi_status gedi__onnx_node(gedi__onnx *o, const gedi_node *y, gedi_err *err);

#endif
