/* eigen.c - eigenvalues of symmetric matrices, in double, by LAPACK. */
#include "core/metric/eigen.h"

#include <cblas.h>
#include <stdlib.h>

/* OpenBLAS contains LAPACK; its Debian package has no header for it. */
void dsyevd_(const char *jobz, const char *uplo, const blasint *n, double *a,
             const blasint *lda, double *w, double *work, const blasint *lwork,
             blasint *iwork, const blasint *liwork, blasint *info);

double *gedi__matrix(int64_t rows, int64_t columns, gedi_err *err)
{
    double *m = calloc((size_t)(rows * columns), sizeof *m);
    if (!m)
        gedi_no_memory(err, "a matrix of %lld x %lld", (long long)rows,
                       (long long)columns);
    return m;
}

gedi_status gedi__eigen(double *a, int64_t d, double *w, bool vectors, gedi_err *err)
{
    const char *job = vectors ? "V" : "N", *half = "U"; /* columns are LAPACK's rows */
    blasint n = (blasint)d, info = 0, work_size = -1, iwork_size = -1, iwork_best;
    double work_best;
    dsyevd_(job, half, &n, a, &n, w, &work_best, &work_size, &iwork_best, &iwork_size,
            &info);
    work_size = (blasint)work_best;
    iwork_size = iwork_best;
    double *work = malloc((size_t)work_size * sizeof *work);
    blasint *iwork = malloc((size_t)iwork_size * sizeof *iwork);
    gedi_status s = GEDI_OK;
    if (!work || !iwork)
        s = gedi_no_memory(err, "%lld eigenvalues", (long long)d);
    else
        dsyevd_(job, half, &n, a, &n, w, work, &work_size, iwork, &iwork_size, &info);
    free(work);
    free(iwork);
    if (s == GEDI_OK && info)
        s = GEDI_FAIL(
            err, GEDI_NUMERIC,
            "the eigenvalues of a covariance of %lld dimensions do not converge",
            (long long)d);
    return s;
}
