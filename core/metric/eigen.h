/* eigen.h - eigenvalues of symmetric matrices, in double, by LAPACK. */
#ifndef GEDI_METRIC_EIGEN_H
#define GEDI_METRIC_EIGEN_H

#include "gedi/error.h"
#include <stdbool.h>
#include <stdint.h>

/* Zeros [rows, columns]; free() it. NULL with GEDI_NOMEM in `err`. */
double *gedi__matrix(int64_t rows, int64_t columns, gedi_err *err);

/* Eigenvalues w [D] of the symmetric a [D, D], of which the lower triangle is read, ascending; row
 * i of `a` becomes the eigenvector of w[i] if `vectors`, else `a` is lost.
 *   Errors: GEDI_NUMERIC where they do not converge; GEDI_NOMEM.  */
gedi_status gedi__eigen(double *a, int64_t d, double *w, bool vectors, gedi_err *err);

#endif
