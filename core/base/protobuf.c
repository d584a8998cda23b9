/* protobuf.c - writing messages of Protocol Buffers. */
#include "core/base/protobuf.h"

#include <stdlib.h>
#include <string.h>

enum wire { VARINT = 0, FIXED64 = 1, LENGTH = 2, FIXED32 = 5 };

static void append(gedi__message *m, const void *data, size_t n)
{
    if (m->failed || !n)
        return;
    if (m->size - m->len < n) {
        size_t size = 2 * (m->len + n);
        unsigned char *s = size > m->len ? realloc(m->s, size) : NULL;
        if (!s) {
            m->failed = true;
            return;
        }
        m->s = s;
        m->size = size;
    }
    memcpy(m->s + m->len, data, n);
    m->len += n;
}

static void varint(gedi__message *m, uint64_t x)
{
    unsigned char byte[10];
    size_t n = 0;
    do {
        byte[n] = (unsigned char)((x & 0x7f) | (x > 0x7f ? 0x80 : 0));
        x >>= 7;
        n++;
    } while (x);
    append(m, byte, n);
}

static void begin(gedi__message *m, int field, enum wire type)
{
    varint(m, (uint64_t)field << 3 | (uint64_t)type);
}

/* Numbers lie in memory as in a message, little endian (core/store/safetensors.c asks for it). */
void gedi__message_integer(gedi__message *m, int field, int64_t x)
{
    begin(m, field, VARINT);
    varint(m, (uint64_t)x);
}

void gedi__message_float(gedi__message *m, int field, float x)
{
    begin(m, field, FIXED32);
    append(m, &x, sizeof x);
}

void gedi__message_double(gedi__message *m, int field, double x)
{
    begin(m, field, FIXED64);
    append(m, &x, sizeof x);
}

void gedi__message_bytes(gedi__message *m, int field, const void *data, size_t n)
{
    begin(m, field, LENGTH);
    varint(m, n);
    append(m, data, n);
}

void gedi__message_text(gedi__message *m, int field, const char *s)
{
    gedi__message_bytes(m, field, s, strlen(s));
}

void gedi__message_take(gedi__message *m, int field, gedi__message *inner)
{
    gedi__message_bytes(m, field, inner->s, inner->len);
    m->failed |= inner->failed;
    gedi__message_clear(inner);
}

void gedi__message_clear(gedi__message *m)
{
    free(m->s);
    memset(m, 0, sizeof *m);
}
