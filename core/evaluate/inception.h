/* inception.h - features of images by the 2015 Inception network, as FID wants them. */
#ifndef GEDI_EVALUATE_INCEPTION_H
#define GEDI_EVALUATE_INCEPTION_H

#include "gedi/plugin.h"

typedef struct gedi__inception gedi__inception;

/* From a safetensors file with the names of the usual PyTorch port: Conv2d_1a_3x3.conv.weight,
 * Conv2d_1a_3x3.bn.weight, ... Mixed_7c.branch_pool.bn.running_var. `records` are those that
 * it is to take: images of 1 or 3 channels, [H, W, C], with the standardisation they have.
 *   Errors: GEDI_SHAPE for other records; those of gedi__tensors_read; GEDI_DATA where a tensor
 *   is missing, has another shape or is not finite, and for weights of the same network that
 *   FID is not defined with.  */
gedi_status gedi__inception_open(const char *path, const gedi_data_info *records,
                                 int threads, gedi__inception **out, gedi_err *err);
void gedi__inception_free(gedi__inception *c); /* legal for NULL */

int64_t gedi__inception_features(void); /* 2048 */

/* Records x [n, record], cut to pixels of [0, 1] -> features h [n, 2048]. The bytes do not
 * depend on the number of threads. */
void gedi__inception_run(gedi__inception *c, const float *x, int64_t n, float *h);

#endif
