/* product_none.c - stands in for product_onednn.c where oneDNN is not there. */
#include "core/op/product.h"

#include <stddef.h>

gedi_status gedi__onednn_product_new(const gedi__product *p, gedi__onednn_product **out,
                                     gedi_err *err)
{
    (void)p;
    (void)err;
    *out = NULL;
    return GEDI_OK;
}

void gedi__onednn_product_free(gedi__onednn_product *o)
{
    (void)o;
}

bool gedi__onednn_product_run(gedi__onednn_product *o, const float *a, const float *b,
                              const float *bias, float *c)
{
    (void)o;
    (void)a;
    (void)b;
    (void)bias;
    (void)c;
    return false;
}
