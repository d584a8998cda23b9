/* product_xsmm.h - small products of matrices, many of one shape: by kernels that libxsmm
 * makes for the very sizes, or by OpenBLAS. On the calling thread.
 */
#ifndef GEDI_OP_PRODUCT_XSMM_H
#define GEDI_OP_PRODUCT_XSMM_H

#include <stdbool.h>
#include <stdint.h>

/* c = a b, or with `add` c += a b: [m, k] x [k, n], rows so many numbers apart; a lies as
 * [k, m] if ta. */
typedef struct gedi__xsmm {
    int64_t m, n, k, lda, ldb, ldc;
    bool ta, add;
    void (*kernel)(const float *b, const float *a, float *c, ...); /* NULL: OpenBLAS */
} gedi__xsmm;

/* Sets the kernel, if libxsmm has one. */
void gedi__xsmm_make(gedi__xsmm *p);
void gedi__xsmm_run(const gedi__xsmm *p, const float *a, const float *b, float *c);

/* "libxsmm 1.17.0", or NULL without it. */
const char *gedi__xsmm_version(void);
/* Numbers in a vector of its kernels: 16 with AVX-512, 8 with AVX2, else 4; 0 without it. It
 * obeys LIBXSMM_TARGET.  */
int gedi__xsmm_lanes(void);

#endif
