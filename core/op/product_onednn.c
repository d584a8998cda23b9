/* product_onednn.c - products of matrices by oneDNN 2, with bias and kink in one pass.
 *
 * Its kernels are made for the very sizes, so those of small networks, 100 columns or so, do
 * not lose a sixth of the time to packing operands as OpenBLAS's do. On the calling thread.
 */
#include "core/op/product.h"
#include "core/op/onednn.h"
#include "core/base/memory.h"

#include <stdlib.h>

enum { LEAST = 16 }; /* terms and columns: below, OpenBLAS is faster */

struct gedi__onednn_product {
    dnnl_engine_t engine;
    dnnl_stream_t stream;
    dnnl_primitive_t run;
    dnnl_memory_t a, b, bias, c;
    bool has_bias;
};

#define TRY(call) GEDI__ONEDNN_TRY(call)

/* A matrix of rows and columns, or lying the other way round. */
static dnnl_status_t describe(int64_t rows, int64_t columns, bool turned,
                              dnnl_memory_desc_t *out)
{
    const dnnl_dims_t dims = {rows, columns};
    return dnnl_memory_desc_init_by_tag(out, 2, dims, dnnl_f32,
                                        turned ? dnnl_ba : dnnl_ab);
}

static dnnl_status_t make_primitive(gedi__onednn_product *o, const dnnl_matmul_desc_t *d,
                                    dnnl_primitive_attr_t attr, dnnl_post_ops_t post,
                                    const float *slope)
{
    dnnl_primitive_desc_t of;
    if (slope) {
        TRY(dnnl_post_ops_append_eltwise(post, 1.0f, dnnl_eltwise_relu, *slope, 0.0f));
        TRY(dnnl_primitive_attr_set_post_ops(attr, post));
    }
    TRY(dnnl_primitive_desc_create(&of, d, attr, o->engine, NULL));
    dnnl_status_t status = dnnl_primitive_create(&o->run, of);
    dnnl_primitive_desc_destroy(of);
    return status;
}

/* A kink of slope 0 would make 0 of NaN, which nobody would see: it is left to the caller. */
static bool has_kink(const gedi__product *p)
{
    return p->after == GEDI__BIAS && p->slope != 1.0f && p->slope != 0.0f;
}

static dnnl_status_t make(gedi__onednn_product *o, const gedi__product *p)
{
    dnnl_memory_desc_t a, b, bias, c;
    dnnl_matmul_desc_t d;
    dnnl_primitive_attr_t attr = NULL;
    dnnl_post_ops_t post = NULL;
    TRY(describe(p->m, p->k, p->ta, &a));
    TRY(describe(p->k, p->n, p->tb, &b));
    TRY(describe(1, p->n, false, &bias));
    TRY(describe(p->m, p->n, false, &c));
    TRY(dnnl_matmul_desc_init(&d, &a, &b, p->after == GEDI__BIAS ? &bias : NULL, &c));
    TRY(dnnl_engine_create(&o->engine, dnnl_cpu, 0));
    TRY(dnnl_stream_create(&o->stream, o->engine, dnnl_stream_default_flags));
    TRY(dnnl_memory_create(&o->a, &a, o->engine, DNNL_MEMORY_NONE));
    TRY(dnnl_memory_create(&o->b, &b, o->engine, DNNL_MEMORY_NONE));
    TRY(dnnl_memory_create(&o->bias, &bias, o->engine, DNNL_MEMORY_NONE));
    TRY(dnnl_memory_create(&o->c, &c, o->engine, DNNL_MEMORY_NONE));
    dnnl_status_t status = dnnl_primitive_attr_create(&attr);
    if (status == dnnl_success)
        status = dnnl_post_ops_create(&post);
    if (status == dnnl_success)
        status = make_primitive(o, &d, attr, post, has_kink(p) ? &p->slope : NULL);
    if (post)
        dnnl_post_ops_destroy(post);
    if (attr)
        dnnl_primitive_attr_destroy(attr);
    return status;
}

gedi_status gedi__onednn_product_new(const gedi__product *p, gedi__onednn_product **out,
                                     gedi_err *err)
{
    *out = NULL;
    if (p->k < LEAST || p->n < LEAST)
        return GEDI_OK;
    gedi__onednn_product *o = gedi__alloc(1, sizeof *o, err, "a product of matrices");
    if (!o)
        return GEDI_NOMEM;
    o->has_bias = p->after == GEDI__BIAS;
    int threads = gedi__onednn_begin_alone();
    dnnl_status_t status = make(o, p);
    gedi__onednn_end_alone(threads);
    if (status == dnnl_success) {
        *out = o;
        return GEDI_OK;
    }
    gedi__onednn_product_free(o);
    if (status == dnnl_out_of_memory)
        return gedi_no_memory(err, "a product of matrices");
    return GEDI_OK; /* what it does not have, OpenBLAS does */
}

void gedi__onednn_product_free(gedi__onednn_product *o)
{
    if (!o)
        return;
    dnnl_memory_t memory[] = {o->a, o->b, o->bias, o->c};
    for (size_t i = 0; i < sizeof memory / sizeof *memory; i++)
        if (memory[i])
            dnnl_memory_destroy(memory[i]);
    if (o->run)
        dnnl_primitive_destroy(o->run);
    if (o->stream)
        dnnl_stream_destroy(o->stream);
    if (o->engine)
        dnnl_engine_destroy(o->engine);
    free(o);
}

static dnnl_status_t execute(gedi__onednn_product *o, const float *a, const float *b,
                             const float *bias, float *c)
{
    TRY(dnnl_memory_set_data_handle(o->a, (float *)a));
    TRY(dnnl_memory_set_data_handle(o->b, (float *)b));
    TRY(dnnl_memory_set_data_handle(o->c, c));
    if (o->has_bias)
        TRY(dnnl_memory_set_data_handle(o->bias, (float *)bias));
    const dnnl_exec_arg_t arg[] = {{DNNL_ARG_SRC, o->a},
                                   {DNNL_ARG_WEIGHTS, o->b},
                                   {DNNL_ARG_DST, o->c},
                                   {DNNL_ARG_BIAS, o->bias}};
    return dnnl_primitive_execute(o->run, o->stream, o->has_bias ? 4 : 3, arg);
}

bool gedi__onednn_product_run(gedi__onednn_product *o, const float *a, const float *b,
                              const float *bias, float *c)
{
    int threads = gedi__onednn_begin_alone();
    dnnl_status_t status = execute(o, a, b, bias, c);
    gedi__onednn_end_alone(threads);
    return status == dnnl_success;
}
