/* checksum.c - tells whether bytes are those that were written. */
#include "core/store/checksum.h"

#include <inttypes.h>
#include <stdio.h>
#include <xxhash.h>

void gedi__checksum(const void *data, size_t size, char out[GEDI__CHECKSUM + 1])
{
    snprintf(out, GEDI__CHECKSUM + 1, "%016" PRIx64, (uint64_t)XXH3_64bits(data, size));
}
