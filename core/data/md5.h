/* md5.h - the sum by which data sets are published. It finds damage, not malice. */
#ifndef GEDI_DATA_MD5_H
#define GEDI_DATA_MD5_H

#include <stddef.h>
#include <stdint.h>

typedef struct gedi__md5 {
    uint32_t state[4];
    uint64_t length; /* bytes so far */
    uint8_t block[64];
} gedi__md5;

enum { GEDI__MD5_TEXT = 33 };

void gedi__md5_start(gedi__md5 *m);
void gedi__md5_add(gedi__md5 *m, const void *data, size_t n);
/* The sum in 32 small hexadecimal digits. */
void gedi__md5_end(gedi__md5 *m, char text[GEDI__MD5_TEXT]);

#endif
