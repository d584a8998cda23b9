/* cholesky.c - factor of a symmetric positive definite matrix.
 *
 * Source:  LAPACK's spotrf; derivative: Murray 2016, "Differentiation of the Cholesky
 *          decomposition", reverse mode.
 * Inputs:  a [D, D]; (a + a^T) / 2 is what is factored, so every entry has a derivative
 * Output:  L [D, D], L L^T = (a + a^T) / 2, zeros above the diagonal; NaN in the whole
 *          lower triangle where the matrix is not positive definite or not finite
 * Differs: nothing
 */
#include "core/op/triangular.h"

#include <cblas.h>
#include <math.h>
#include <stdio.h>

/* OpenBLAS contains LAPACK; its Debian package has no header for it. */
void spotrf_(const char *uplo, const blasint *n, float *a, const blasint *lda,
             blasint *info);

/* In LAPACK's order of memory our lower triangle is the upper one. OpenBLAS does not carry
 * every NaN on to the factor, so numbers that are not finite are refused here. */
static void cholesky_eval(const gedi__step *s)
{
    int64_t d = s->node->shape.dim[0];
    const float *a = s->in[0];
    float *l = s->out;
    blasint n = (blasint)d, info = 0;
    for (int64_t i = 0; i < d; i++) {
        for (int64_t j = 0; j <= i; j++) {
            l[i * d + j] = 0.5f * (a[i * d + j] + a[j * d + i]);
            if (!isfinite(l[i * d + j]))
                info = 1;
        }
        for (int64_t j = i + 1; j < d; j++)
            l[i * d + j] = 0.0f;
    }
    if (n && !info)
        spotrf_("U", &n, l, &n, &info);
    for (int64_t i = 0; i < d && info; i++)
        for (int64_t j = 0; j <= i; j++)
            l[i * d + j] = NAN;
}

/* ga = sym(L^-T P L^-1), P the lower triangle of L^T gL with half its diagonal. */
static void cholesky_vjp(gedi_node *y, gedi_node *gy, gedi_node **gx)
{
    gedi_node *p = gedi_lower(gedi_matmul(gedi_transpose(y), gy), 0.5);
    gedi_node *s = gedi_triangular_solve(y, p, false, true);
    s = gedi_triangular_solve(y, s, true, false);
    gx[0] = gedi_scale(gedi_add(s, gedi_transpose(s)), 0.5);
}

static void cholesky_nan(const gedi__step *s, int64_t at, char *out, size_t n)
{
    (void)s, (void)at;
    snprintf(out, n, "the matrix is not positive definite");
}

const gedi__op gedi__op_cholesky = {
    .name = "cholesky",
    .infer = gedi__square_infer,
    .eval = cholesky_eval,
    .vjp = cholesky_vjp,
    .nan = cholesky_nan,
};

gedi_node *gedi_cholesky(gedi_node *a)
{
    return gedi__unary(&gedi__op_cholesky, a, NULL);
}

/* log det a = 2 sum_i log L_ii */
gedi_node *gedi_log_det(gedi_node *a)
{
    gedi_node *l = gedi_cholesky(a);
    if (!l)
        return NULL;
    gedi_node *eye = gedi_eye(l->graph, l->shape.dim[0]);
    gedi_node *diagonal = gedi_sum(gedi_mul(l, eye), 1u << 1); /* [D, 1] */
    gedi_node *sum = gedi_sum(gedi_log(diagonal), GEDI_ALL_AXES);
    return gedi_reshape(gedi_scale(sum, 2.0), GEDI_DIMS(1));
}
