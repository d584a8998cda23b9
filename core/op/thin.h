/* thin.h - products one side of which is only a few numbers long. */
#ifndef GEDI_OP_THIN_H
#define GEDI_OP_THIN_H

#include <stdint.h>

enum { GEDI__THIN = 4 }; /* so long at most */

/* c[i][j] = sum over k of a[i, k] b[k, j], for k up to GEDI__THIN: c [m, n] in rows that
 * follow each other; a[i, k] lies at a[i ai + k ak], b[k, j] at b[k bk + j bj]. */
void gedi__thin_inner(const float *a, int64_t ai, int64_t ak, const float *b, int64_t bk,
                      int64_t bj, int64_t m, int64_t n, int64_t k, float *c);

#endif
