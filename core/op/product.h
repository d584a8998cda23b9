/* product.h - products of matrices, with what follows them: a bias and a kink, or a step. */
#ifndef GEDI_OP_PRODUCT_H
#define GEDI_OP_PRODUCT_H

#include "gedi/error.h"

#include <stdbool.h>
#include <stdint.h>

/* What is done to the numbers of a product, with `extra`. */
typedef enum gedi__after {
    GEDI__NOTHING,
    GEDI__BIAS, /* extra [n] is added to each row; numbers not above 0 times `slope` */
    GEDI__STEP, /* numbers times `slope` where extra [m, n] is not above 0 */
} gedi__after;

/* c = a b, [m, k] x [k, n], all in rows that follow each other; a lies as [k, m] if ta, b as
 * [n, k] if tb. */
typedef struct gedi__product {
    bool ta, tb;
    gedi__after after;
    int64_t m, n, k;
    float slope; /* 1: no kink */
} gedi__product;

/* Makes once what takes long. *state is for gedi__product_run and then to be released; NULL
 * where there is nothing to keep. */
gedi_status gedi__product_prepare(const gedi__product *p, void **state, gedi_err *err);
void gedi__product_release(void *state);

/* On at most `threads` threads; the bytes do not depend on how many. */
void gedi__product_run(const gedi__product *p, void *state, const float *a,
                       const float *b, const float *extra, float *c, int threads);

/* May c be the memory of `extra` [m, n]? */
bool gedi__product_in_place(const gedi__product *p);

/* ---- loops of our own, on the calling thread ---- */

enum { GEDI__FEW = 4 };

/* product_thin.c: at most GEDI__FEW terms a number, in rows as wide as a vector. */
bool gedi__is_thin(const gedi__product *p);
void gedi__thin_run(const gedi__product *p, const float *a, const float *b,
                    const float *extra, float *c);

/* product_narrow.c: at most GEDI__FEW terms a number and GEDI__FEW columns. */
bool gedi__is_narrow(const gedi__product *p);
void gedi__narrow_run(const gedi__product *p, const float *a, const float *b,
                      const float *extra, float *c);

/* The same file: the rows of tall matrices of few columns, [m, k] x [k, n], m and n at most
 * GEDI__FEW. */
bool gedi__is_small(const gedi__product *p);
void gedi__small_run(const gedi__product *p, const float *a, const float *b, float *c);

/* product_gather.c: many rows gathered into at most GEDI__FEW, or few columns. */
bool gedi__is_gathering(const gedi__product *p);
void gedi__gathering_run(const gedi__product *p, const float *a, const float *b, float *c,
                         int threads);

/* The sums that make the derivatives of a layer: c = [x 1]^T (g * step(y)).
 *   x [rows, d], d at most GEDI__FEW; g [rows, n]; y as g, or NULL for no step
 *   -> c [d + 1, n].  */
void gedi__gather(const float *x, int64_t d, const float *g, const float *y, float slope,
                  int64_t rows, int64_t n, float *c, int threads);

/* ---- what libxsmm computes: product_kernel.c ---- */

typedef struct gedi__kernel_product gedi__kernel_product;

/* *out is NULL where libxsmm is not there or has nothing for this product. */
gedi_status gedi__kernel_product_new(const gedi__product *p, gedi__kernel_product **out,
                                     gedi_err *err);
void gedi__kernel_product_free(gedi__kernel_product *o);
/* On the calling thread, with what follows. */
void gedi__kernel_product_run(const gedi__kernel_product *o, const gedi__product *p,
                              const float *a, const float *b, const float *extra,
                              float *c);

/* product.c: what follows, on the block of the result that begins at row i and column j. */
void gedi__follow(const gedi__product *p, const float *extra, float *c, int64_t i,
                  int64_t j, int64_t rows, int64_t columns);

#endif
