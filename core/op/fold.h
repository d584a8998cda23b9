/* fold.h - simpler nodes for what the builders were asked, where that is trivially right.
 *
 * A derivative is full of constants and of numbers broadcast only to be multiplied;
 * folded here, they are never computed. So zero times anything is zero, also where a
 * computed product would be NaN, and nothing depends on a constant node.
 */
#ifndef GEDI_OP_FOLD_H
#define GEDI_OP_FOLD_H

#include "core/op/op.h"
#include "core/base/loop.h"

/* True for a constant node, whose value goes to `v`. */
bool gedi__constant_value(const gedi_node *x, double *v);

/* As gedi__unary for an elementwise operation; of a constant it is a constant, and of
 * something broadcast it is computed before broadcasting. */
gedi_node *gedi__map_unary(const gedi__op *op, gedi_node *x, const gedi__attr *attr);

/* Before building an elementwise operation on a and b: the shape `s` of the result, and a
 * and b without a broadcast that the operation does by itself. False where gedi__binary
 * has an error to report. */
bool gedi__pair(gedi_node **a, gedi_node **b, gedi_shape *s);

/* As gedi__binary for an elementwise operation; of constants it is a constant. */
gedi_node *gedi__map_binary(const gedi__op *op, gedi_node *a, gedi_node *b);

/* leaky_relu of a dense node that has no kink yet, as one node; NULL for others. */
gedi_node *gedi__dense_bent(gedi_node *x, double slope);

/* The loop of an elementwise operation; `expression` speaks of a[i], b[i] and at. */
#define GEDI__MAP(name, expression)                                                      \
    GEDI__CLONES static void name(const gedi__attr *at, int64_t n, const float *a,       \
                                  const float *b, float *y)                              \
    {                                                                                    \
        (void)at;                                                                        \
        (void)b;                                                                         \
        _Pragma("omp simd") for (int64_t i = 0; i < n; i++) y[i] = (expression);         \
    }

/* `rows` of what keeps the first axis as it is, and of what takes each row of its first input
 * by itself, with weights that do not depend on the batch. */
gedi__rows gedi__same_rows(const gedi_node *y, const gedi__rows *in);
gedi__rows gedi__weighted_rows(const gedi_node *y, const gedi__rows *in);

#endif
