/* npy.h - an array in NumPy's own format.
 *
 * Source:  numpy.lib.format, version 1.0: magic, the length of a header, a header in Python's
 *          syntax, padded to 64 bytes, then the numbers
 */
#ifndef GEDI_EXPORT_NPY_H
#define GEDI_EXPORT_NPY_H

#include "core/store/safetensors.h"

/* Replaces `path` by an array in row-major order.
 *   Errors: GEDI_IO, GEDI_NOMEM.  */
gedi_status gedi__npy_write(const char *path, const gedi__tensor *x, gedi_err *err);

#endif
