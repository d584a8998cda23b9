/* product_kernel.c - products of matrices by libxsmm's kernels, on the calling thread.
 *
 * They are made for the very sizes, so those of small networks, 100 columns or so, do not lose
 * a sixth of the time to packing operands as OpenBLAS's do. Some rows of the result at a
 * time, so that what follows finds them in cache.
 */
#include "core/base/memory.h"
#include "core/op/product.h"
#include "core/op/product_xsmm.h"
#include "core/op/strided.h"

#include <stdlib.h>

enum {
    LEAST = 16,  /* terms and columns: below, other loops are faster */
    MOST = 2048, /* terms: beyond, operands do not stay in cache */
    ROWS = 96,   /* of the result at a time, about */
};

struct gedi__kernel_product {
    int64_t rows;
    gedi__xsmm whole, last; /* for so many rows, and for what is left */
    float *turned;          /* b, where it lies transposed */
};

static gedi__xsmm kernel_for(const gedi__product *p, int64_t rows)
{
    gedi__xsmm x = {.m = rows,
                    .n = p->n,
                    .k = p->k,
                    .lda = p->ta ? p->m : p->k,
                    .ldb = p->n,
                    .ldc = p->n,
                    .ta = p->ta};
    gedi__xsmm_make(&x);
    return x;
}

gedi_status gedi__kernel_product_new(const gedi__product *p, gedi__kernel_product **out,
                                     gedi_err *err)
{
    *out = NULL;
    if (p->k < LEAST || p->k > MOST || p->n < LEAST || !gedi__xsmm_version())
        return GEDI_OK;
    gedi__kernel_product *o = gedi__alloc(1, sizeof *o, err, "a product of matrices");
    if (!o)
        return GEDI_NOMEM;
    int64_t blocks = (p->m + ROWS - 1) / ROWS;
    o->rows = (p->m + blocks - 1) / blocks;
    o->whole = kernel_for(p, o->rows);
    o->last = kernel_for(p, p->m - (p->m - 1) / o->rows * o->rows);
    if (p->tb)
        o->turned = gedi__alloc((size_t)(p->k * p->n), sizeof *o->turned, err,
                                "a product of matrices");
    if (o->whole.kernel && o->last.kernel && (!p->tb || o->turned)) {
        *out = o;
        return GEDI_OK;
    }
    gedi_status status = p->tb && !o->turned ? GEDI_NOMEM : GEDI_OK;
    gedi__kernel_product_free(o);
    return status; /* what libxsmm does not have, OpenBLAS does */
}

void gedi__kernel_product_free(gedi__kernel_product *o)
{
    if (o)
        free(o->turned);
    free(o);
}

void gedi__kernel_product_run(const gedi__kernel_product *o, const gedi__product *p,
                              const float *a, const float *b, const float *extra,
                              float *c)
{
    if (p->tb) {
        gedi__copy_strided(b, (const int64_t[]){1, p->k}, GEDI_DIMS(p->k, p->n),
                           o->turned, 1);
        b = o->turned;
    }
    for (int64_t i = 0; i < p->m; i += o->rows) {
        int64_t rows = o->rows < p->m - i ? o->rows : p->m - i;
        gedi__xsmm_run(rows < o->rows ? &o->last : &o->whole, a + (p->ta ? i : i * p->k),
                       b, c + i * p->n);
        gedi__follow(p, extra, c, i, 0, rows, p->n);
    }
}
