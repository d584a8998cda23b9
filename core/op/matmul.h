/* matmul.h - what the operations that multiply matrices share. */
#ifndef GEDI_OP_MATMUL_H
#define GEDI_OP_MATMUL_H

#include "core/op/op.h"
#include "core/op/product.h"

/* Of a product of the first two inputs, which lie transposed where attributes i, j say so. */
gedi_status gedi__matmul_infer(const gedi_node *y, gedi_shape *out, gedi_err *err);
gedi__product gedi__matmul_product(const gedi_node *y);

/* Of a transposed matrix takes the matrix; 1 if it did. */
int64_t gedi__untranspose(gedi_node **x);

/* x times the step of y: of a product of matrices one operation, which then takes the place of
 * the product. Who reads that elsewhere, too, has it computed twice. */
gedi_node *gedi__times_step(gedi_node *x, gedi_node *y, double below);

/* The derivatives of weights and bias of x W + bias in one: [x 1]^T (gy * step(y)), [D + 1, K].
 *   x [B, D]; gy, y [B, K]; without the step where `below` is 1.
 * With a few inputs gy * step(y) is not written to memory. With more, that node is shared with
 * the derivative to x. */
gedi_node *gedi__dense_weight(gedi_node *x, gedi_node *gy, gedi_node *y, double below);

/* Of a batch, unless the first matrix is transposed or a weight depends on the batch. */
gedi__rows gedi__matmul_rows(const gedi_node *y, const gedi__rows *in);

#endif
