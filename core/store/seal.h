/* seal.h - checksums in a safetensors file: any flipped bit is noticed. */
#ifndef GEDI_STORE_SEAL_H
#define GEDI_STORE_SEAL_H

#include "core/store/checksum.h"
#include "core/store/safetensors.h"

/* The keys in __metadata__: of the header, and before a tensor's name. */
#define GEDI__SEAL "checksum"
#define GEDI__SEAL_OF GEDI__SEAL " "
#define GEDI__SEAL_OPEN "0000000000000000" /* what is written before it is computed */

/* What comes before the data, its length included, with GEDI__SEAL in it: puts the checksum in. */
void gedi__seal_close(char *head, size_t size);

/* *sealed: is there a checksum at all? `head` is changed.
 *   Errors: GEDI_DATA where it does not fit.  */
gedi_status gedi__seal_check_head(const char *path, char *head, size_t size, bool *sealed,
                                  gedi_err *err);

/* Does the tensor fit `stated`, NULL where the file lacks it?
 *   Errors: GEDI_DATA, naming the tensor.  */
gedi_status gedi__seal_check_tensor(const char *path, const gedi__tensor *t,
                                    const char *stated, gedi_err *err);

#endif
