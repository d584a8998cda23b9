/* product.h - products of matrices, with what follows them: a bias and a kink. */
#ifndef GEDI_OP_PRODUCT_H
#define GEDI_OP_PRODUCT_H

#include "gedi/error.h"

#include <stdbool.h>
#include <stdint.h>

/* c = a b, [m, k] x [k, n], all in rows that follow each other; a lies as [k, m] if ta, b as
 * [n, k] if tb. Then, with `bias`, bias [n] is added to each row, and numbers not above 0 are
 * multiplied by `slope`. */
typedef struct gedi__product {
    bool ta, tb, bias;
    int64_t m, n, k;
    float slope; /* 1: no kink */
} gedi__product;

/* Makes once what takes long. *state is for gedi__product_run and then to be released; NULL
 * where there is nothing to keep. */
gedi_status gedi__product_prepare(const gedi__product *p, void **state, gedi_err *err);
void gedi__product_release(void *state);

/* On at most `threads` threads; the bytes do not depend on how many. */
void gedi__product_run(const gedi__product *p, void *state, const float *a,
                       const float *b, const float *bias, float *c, int threads);

/* ---- what oneDNN computes: product_onednn.c, or product_none.c without it ---- */

typedef struct gedi__onednn_product gedi__onednn_product;

/* *out is NULL where oneDNN is not there or has nothing for this product. */
gedi_status gedi__onednn_product_new(const gedi__product *p, gedi__onednn_product **out,
                                     gedi_err *err);
void gedi__onednn_product_free(gedi__onednn_product *o);
/* On the calling thread; a kink of slope 0 is left to the caller. False if oneDNN failed. */
bool gedi__onednn_product_run(gedi__onednn_product *o, const float *a, const float *b,
                              const float *bias, float *c);

#endif
