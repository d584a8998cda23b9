/* checksum.h - tells whether bytes are those that were written: damage, not malice.
 *
 * Source:  Collet, "xxHash": XXH3, 64 bits.
 */
#ifndef GEDI_STORE_CHECKSUM_H
#define GEDI_STORE_CHECKSUM_H

#include <stddef.h>

enum { GEDI__CHECKSUM = 16 }; /* hexadecimal digits */

/* `out` in small digits. */
void gedi__checksum(const void *data, size_t size, char out[GEDI__CHECKSUM + 1]);

#endif
