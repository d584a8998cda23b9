/* principal.c - points of many numbers in the plane of their first two principal components.
 *
 * Source:  Pearson 1901, "On lines and planes of closest fit to systems of points in space";
 *          Hotelling 1933, "Analysis of a complex of statistical variables into principal
 *          components"
 * Inputs:  x  [N, D]
 * Output:  y  [N, 2]  (x - mean) v, v being the eigenvectors of the covariance with the two
 *          largest eigenvalues
 * Differs: where N < D the eigenvectors are those of the N x N matrix of inner products, which
 *          has the same eigenvalues other than 0. Signs are fixed. In double.
 */
#include "core/metric/principal.h"
#include "core/metric/eigen.h"
#include "core/metric/points.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>

/* What rounding leaves: of the mean, relative to the numbers, and of an eigenvalue, relative to the
 * largest. Features are float, which tells 6e-8 apart. */
static const double EQUAL = 1e-10, NOTHING = 1e-14;
static const double AS_LARGE = 1 - 1e-6;

/* Less the mean of each column; -> c [N, D], and the sum of its squares. */
static double centre(const float *x, int64_t n, int64_t d, double *c)
{
    double total = 0;
    for (int64_t j = 0; j < d; j++) {
        double mean = 0;
        for (int64_t i = 0; i < n; i++)
            mean += (double)x[i * d + j] / (double)n;
        for (int64_t i = 0; i < n; i++) {
            double apart = (double)x[i * d + j] - mean;
            c[i * d + j] = fabs(apart) > EQUAL * fabs(mean) ? apart : 0;
            total += c[i * d + j] * c[i * d + j];
        }
    }
    return total;
}

/* The component's weights in all D numbers, up to a factor above 0 -> v [D]; `vector` is that of the
 * covariance, or of the inner products. */
static void weights(const double *c, int64_t n, int64_t d, const double *vector,
                    double *v)
{
    if (d <= n)
        cblas_dcopy((blasint)d, vector, 1, v, 1);
    else
        cblas_dgemv(CblasRowMajor, CblasTrans, (blasint)n, (blasint)d, 1.0, c, (blasint)d,
                    vector, 1, 0.0, v, 1);
}

/* Makes `v` a unit vector whose first weight as large as any is positive. */
static void normalise(double *v, int64_t d)
{
    double length = cblas_dnrm2((blasint)d, v, 1), largest = 0;
    int64_t first = 0;
    for (int64_t j = 0; j < d; j++)
        largest = fmax(largest, fabs(v[j]));
    while (first < d - 1 && !(fabs(v[first]) >= AS_LARGE * largest))
        first++;
    cblas_dscal((blasint)d, (v[first] < 0 ? -1 : 1) / length, v, 1);
}

/* Places along the two largest of the m eigenvalues w, whose vectors are the rows of `a`. */
static void project(const double *c, int64_t n, int64_t d, const double *a,
                    const double *w, double *v, float *y, gedi__plane_of *out)
{
    int64_t m = d < n ? d : n;
    for (int k = 0; k < 2 && k < m; k++) {
        double variance = w[m - 1 - k];
        if (!(variance > NOTHING * w[m - 1]))
            return;
        out->variance[k] = variance;
        weights(c, n, d, a + (m - 1 - k) * m, v);
        normalise(v, d);
        for (int64_t i = 0; i < n; i++)
            y[2 * i + k] = (float)cblas_ddot((blasint)d, c + i * d, 1, v, 1);
    }
}

gedi_status gedi__principal_plane(const float *x, int64_t n, int64_t d, float *y,
                                  gedi__plane_of *out, gedi_err *err)
{
    *out = (gedi__plane_of){0};
    if (n < 1 || d < 1)
        return GEDI_FAIL(
            err, GEDI_USAGE,
            "principal components of %lld points of %lld numbers: it needs 1 "
            "of each",
            (long long)n, (long long)d);
    GEDI_TRY(gedi__points_finite("principal components", x, n, d, err));
    int64_t m = d < n ? d : n;
    double *c = gedi__matrix(n, d, err), *a = gedi__matrix(m, m, err),
           *w = gedi__matrix(1, m, err), *v = gedi__matrix(1, d, err);
    gedi_status s = c && a && w && v ? GEDI_OK : GEDI_NOMEM;
    for (int64_t i = 0; i < 2 * n; i++)
        y[i] = 0;
    double squares = s == GEDI_OK ? centre(x, n, d, c) : 0;
    if (squares > 0) {
        out->total = squares / (double)(n - 1);
        cblas_dsyrk(CblasRowMajor, CblasLower, d <= n ? CblasTrans : CblasNoTrans,
                    (blasint)m, (blasint)(d <= n ? n : d), 1.0 / (double)(n - 1), c,
                    (blasint)d, 0.0, a, (blasint)m);
        s = gedi__eigen(a, m, w, true, err);
        if (s == GEDI_OK)
            project(c, n, d, a, w, v, y, out);
    }
    free(c);
    free(a);
    free(w);
    free(v);
    return s;
}
