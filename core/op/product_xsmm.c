/* product_xsmm.c - small products of matrices, many of one shape.
 *
 * libxsmm (Heinecke et al. 2016) writes machine code for the sizes that it is asked for. It
 * keeps what it wrote until the process ends, so there is nothing to release. Its matrices
 * are columns; ours are rows, so it computes c^T = b^T a^T.
 */
#include "config.h"

#include "core/op/product_xsmm.h"

#include <cblas.h>

#ifdef HAVE_LIBXSMM
#include <libxsmm.h>

enum { LARGEST = 1 << 20 }; /* of a side: beyond, sizes may not fit its integers */

void gedi__xsmm_make(gedi__xsmm *p)
{
    const float one = 1.0f, beta = p->add ? 1.0f : 0.0f;
    const int flags = p->ta ? LIBXSMM_GEMM_FLAG_TRANS_B : LIBXSMM_GEMM_FLAG_NONE;
    p->kernel = NULL;
    if (p->m > LARGEST || p->n > LARGEST || p->k > LARGEST || p->lda > LARGEST ||
        p->ldb > LARGEST || p->ldc > LARGEST)
        return;
    const libxsmm_blasint lda = (libxsmm_blasint)p->ldb, ldb = (libxsmm_blasint)p->lda,
                          ldc = (libxsmm_blasint)p->ldc;
    p->kernel = libxsmm_smmdispatch((libxsmm_blasint)p->n, (libxsmm_blasint)p->m,
                                    (libxsmm_blasint)p->k, &lda, &ldb, &ldc, &one, &beta,
                                    &flags, NULL);
}

const char *gedi__xsmm_version(void)
{
    return "libxsmm " LIBXSMM_VERSION;
}

int gedi__xsmm_lanes(void)
{
    int target = libxsmm_get_target_archid();
    return target >= LIBXSMM_X86_AVX512_CORE ? 16 : target >= LIBXSMM_X86_AVX2 ? 8 : 4;
}

#else

void gedi__xsmm_make(gedi__xsmm *p)
{
    p->kernel = NULL;
}

const char *gedi__xsmm_version(void)
{
    return NULL;
}

int gedi__xsmm_lanes(void)
{
    return 0;
}

#endif

void gedi__xsmm_run(const gedi__xsmm *p, const float *a, const float *b, float *c)
{
    if (p->kernel)
        p->kernel(b, a, c);
    else
        cblas_sgemm(CblasRowMajor, p->ta ? CblasTrans : CblasNoTrans, CblasNoTrans,
                    (blasint)p->m, (blasint)p->n, (blasint)p->k, 1.0f, a, (blasint)p->lda,
                    b, (blasint)p->ldb, p->add ? 1.0f : 0.0f, c, (blasint)p->ldc);
}
