/* frechet.c - Frechet distance of two sets of points, as if both were normal.
 *
 * Source:  Dowson & Landau 1982, "The Frechet distance between multivariate normal
 *          distributions"; Heusel et al. 2017, "GANs trained by a two time-scale update rule",
 *          eq. (6)
 * Inputs:  x  [N, D], y  [M, D]
 * Output:  |mx - my|^2 + tr(Sx + Sy - 2 (Sx Sy)^(1/2)), covariances divided by N - 1, M - 1
 * Differs: the trace is that of (Sx^(1/2) Sy Sx^(1/2))^(1/2), which has the same eigenvalues
 *          and is symmetric: all are real, and those that rounding puts below 0 are 0. The
 *          usual square root of the product Sx Sy has complex parts where a covariance is
 *          singular. In double.
 */
#include "core/metric/eigen.h"
#include "core/metric/points.h"
#include "gedi/metric.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>

enum { ROWS = 256 /* that are centred at a time */ };

/* Mean [D] and the lower triangle of the covariance [D, D], which is zero at first. */
static gedi_status moments(const float *x, int64_t n, int64_t d, double *mean,
                           double *cov, gedi_err *err)
{
    double *part = gedi__matrix(ROWS, d, err);
    if (!part)
        return GEDI_NOMEM;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < d; j++)
            mean[j] += (double)x[i * d + j] / (double)n;
    for (int64_t at = 0; at < n; at += ROWS) {
        int64_t m = n - at < ROWS ? n - at : ROWS;
        for (int64_t i = 0; i < m; i++)
            for (int64_t j = 0; j < d; j++)
                part[i * d + j] = (double)x[(at + i) * d + j] - mean[j];
        cblas_dsyrk(CblasRowMajor, CblasLower, CblasTrans, (blasint)d, (blasint)m,
                    1.0 / (double)(n - 1), part, (blasint)d, 1.0, cov, (blasint)d);
    }
    free(part);
    return GEDI_OK;
}

static void mirror(double *a, int64_t d)
{
    for (int64_t i = 0; i < d; i++)
        for (int64_t j = i + 1; j < d; j++)
            a[i * d + j] = a[j * d + i];
}

/* tr (a^(1/2) b a^(1/2))^(1/2); a and b are lost. With a = V' diag(w) V, rows of V being
 * eigenvectors, it is that of (C b C')^(1/2), C = diag(w)^(1/2) V. */
static gedi_status trace_of_root(double *a, double *b, int64_t d, double *trace,
                                 gedi_err *err)
{
    blasint n = (blasint)d;
    double *w = gedi__matrix(1, d, err), *cb = gedi__matrix(d, d, err);
    gedi_status s = w && cb ? gedi__eigen(a, d, w, true, err) : GEDI_NOMEM;
    if (s == GEDI_OK) {
        for (int64_t i = 0; i < d; i++)
            cblas_dscal(n, sqrt(fmax(w[i], 0)), a + i * d, 1);
        mirror(b, d);
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1.0, a, n, b, n,
                    0.0, cb, n);
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, n, n, n, 1.0, cb, n, a, n,
                    0.0, b, n);
        s = gedi__eigen(b, d, w, false, err);
    }
    *trace = 0;
    for (int64_t i = 0; s == GEDI_OK && i < d; i++)
        *trace += sqrt(fmax(w[i], 0));
    free(w);
    free(cb);
    return s;
}

gedi_status gedi_frechet(const float *x, int64_t n, const float *y, int64_t m, int64_t d,
                         double *out, gedi_err *err)
{
    *out = NAN;
    if (n < 2 || m < 2 || d < 1 || d > 65536)
        return GEDI_FAIL(
            err, GEDI_USAGE,
            "Frechet distance of %lld points to %lld points of %lld numbers: "
            "it needs 2 of each",
            (long long)n, (long long)m, (long long)d);
    GEDI_TRY(gedi__points_finite("Frechet distance", x, n, d, err));
    GEDI_TRY(gedi__points_finite("Frechet distance, the others", y, m, d, err));
    double *mean = gedi__matrix(2, d, err), *a = gedi__matrix(d, d, err),
           *b = gedi__matrix(d, d, err);
    gedi_status s = mean && a && b ? moments(x, n, d, mean, a, err) : GEDI_NOMEM;
    if (s == GEDI_OK)
        s = moments(y, m, d, mean + d, b, err);
    double sum = 0, root = 0;
    for (int64_t j = 0; s == GEDI_OK && j < d; j++) {
        double apart = mean[j] - mean[d + j];
        sum += apart * apart + a[j * d + j] + b[j * d + j];
    }
    if (s == GEDI_OK)
        s = trace_of_root(a, b, d, &root, err);
    if (s == GEDI_OK)
        *out = fmax(sum - 2 * root, 0);
    free(mean);
    free(a);
    free(b);
    return s;
}
